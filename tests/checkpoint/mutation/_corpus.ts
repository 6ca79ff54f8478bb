// Copyright 2026 the pecapiku authors. MIT license.

import * as t from "@babel/types";
import { parseFunction } from "./_function_text.ts";
import { type CorpusPackage, loadPackage, PACKAGES } from "./_packages.ts";

/** A function of a published package. */
export interface CorpusFunction {
  /** The package. */
  readonly from: CorpusPackage;
  /** Where it is: `"chunk"`, `"Interval.prototype.splitAt"`, `"memoize > 2:9"` of one that is in another. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
  /** The function itself; `undefined` of one that is in another. */
  readonly value: Callable | undefined;
}

/** Any function. */
// deno-lint-ignore ban-types
export type Callable = Function;

/** Shorter ones are all alike, longer ones are mostly tables. */
const LENGTHS = { least: 30, most: 6000 };

/** Shorter ones that are in another are a part of it and no more. */
const LEAST_NESTED = 60;

/**
 * Reads the functions of all packages: those that they export, the methods of their classes, and what is nested in them.
 *
 * @returns The functions, in an order that is always the same; each text once.
 */
export async function readCorpus(): Promise<CorpusFunction[]> {
  const all = new Map<string, CorpusFunction>();
  for (const from of PACKAGES) {
    const found: CorpusFunction[] = [];
    collect(await loadPackage(from), "", { from, found, seen: new Set() });
    for (const one of found) {
      if (!all.has(one.text)) all.set(one.text, one);
    }
    for (const outer of found) {
      for (const one of nestedIn(outer)) {
        if (!all.has(one.text)) all.set(one.text, one);
      }
    }
  }
  return [...all.values()];
}

interface Collection {
  readonly from: CorpusPackage;
  readonly found: CorpusFunction[];
  readonly seen: Set<unknown>;
}

/** Takes the functions that are an object's own, and those of the objects in it. */
function collect(holder: object, path: string, into: Collection): void {
  if (into.seen.has(holder)) return;
  into.seen.add(holder);
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    const name = path === "" ? key : `${path}.${key}`;
    if (key === "constructor") continue;
    for (const value of [property.value, property.get, property.set]) {
      if (typeof value === "function") take(value, name, into);
      // A package has its functions in an object, or as a namespace of its own; what is deeper is data.
      const isHolder = typeof value === "object" && value !== null && !Array.isArray(value) &&
        name.split(".").length < 3;
      if (isHolder) collect(value, name, into);
    }
  }
}

function take(value: Callable, name: string, into: Collection): void {
  if (into.seen.has(value)) return;
  const text = Function.prototype.toString.call(value);
  if (text.includes("[native code]")) return;
  if (text.length >= LENGTHS.least && text.length <= LENGTHS.most) {
    into.found.push({ from: into.from, name, text, value });
  }
  collect(value, name, into);
  if (typeof value.prototype === "object" && value.prototype !== null) {
    collect(value.prototype, `${name}.prototype`, into);
  }
}

function nestedIn(outer: CorpusFunction): CorpusFunction[] {
  const parsed = parseFunction(outer.text);
  if (parsed === undefined) return [];
  const found: CorpusFunction[] = [];
  t.traverseFast(parsed.node, (node) => {
    if (node === parsed.node || !(t.isFunction(node) || t.isClass(node))) return;
    // Nobody outside holds one of a private name.
    if (t.isClassPrivateMethod(node)) return;
    // A method's text begins after `static`.
    if (t.isClassMethod(node) && (node.static || node.kind === "constructor")) return;
    const start = node.start! - parsed.before.length;
    const text = outer.text.slice(start, node.end! - parsed.before.length);
    if (text.length < LEAST_NESTED || text.length > LENGTHS.most) return;
    const place = placeOf(outer.text, start);
    found.push({ from: outer.from, name: `${outer.name} > ${place}`, text, value: undefined });
  });
  return found;
}

/**
 * Says where an offset is in a text, for people.
 *
 * @param text The text.
 * @param offset The offset, in UTF-16 units.
 * @returns The line and the column, both from 1 on.
 */
export function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${lines.at(-1)!.length + 1}`;
}
