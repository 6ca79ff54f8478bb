// Copyright 2026 the pecapiku authors. MIT license.

import { functionSource } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";

/** What every function has, and what its code tells. */
const PLAIN_OWN = new Set<PropertyKey>(["length", "name", "prototype", "arguments", "caller"]);

/** What a function has beside that, if it stands for another one. */
const HANDLES = new Set<PropertyKey>([
  ...["fn", "rerun", "get", "has", "delete", "keyFor", "explain"],
  ...["prime", "map", "stats"],
]);

/** What is known of a function or class: which names occur in its text. */
interface Known {
  readonly text: string;
  readonly isClass: boolean;
  readonly inText: Map<PropertyKey, boolean>;
}

const known = new WeakMap<AnyFunction, Known>();

/**
 * Finds what a program has put on a function or class beside its code, such as `f.unit = "m"`: code that is given the function
 * can see it, and its text does not tell.
 *
 * @param fn The function or class.
 * @param isSubstitute Whether it stands for another one, which is looked at by itself.
 * @returns What was added, to be encoded as a value; `undefined` if nothing was.
 */
export function addedProperties(
  fn: AnyFunction,
  isSubstitute: boolean = false,
): readonly unknown[] | undefined {
  const keys = Reflect.ownKeys(fn);
  const prototype = prototypeOf(fn);
  // An arrow function or method has two, any other function in strict mode three.
  if (keys.length <= 2 && prototype === undefined) return undefined;
  const facts = knownOf(fn);
  const added: unknown[] = [];
  for (const key of keys) {
    if (PLAIN_OWN.has(key) || (isSubstitute && HANDLES.has(key))) continue;
    add(added, "own", fn, key, facts);
  }
  if (prototype !== undefined) {
    for (const key of Reflect.ownKeys(prototype)) {
      if (key !== "constructor") add(added, "prototype", prototype, key, facts);
    }
  }
  return added.length === 0 ? undefined : added;
}

function add(
  added: unknown[],
  where: "own" | "prototype",
  holder: object,
  key: string | symbol,
  facts: Known,
): void {
  const declared = facts.isClass && isInText(facts, key);
  // What a class declares is a part of its code; only a simple static value may be another one by now.
  if (declared && where === "prototype") return;
  const descriptor = Reflect.getOwnPropertyDescriptor(holder, key);
  if (descriptor === undefined) return;
  const { value, get, set } = descriptor;
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  if (declared && (isObject || get !== undefined || set !== undefined)) return;
  added.push([where, key, value, get, set]);
}

function isInText({ text, inText }: Known, key: string | symbol): boolean {
  let found = inText.get(key);
  if (found === undefined) {
    const name = typeof key === "symbol" ? key.description ?? "" : key;
    inText.set(key, found = name !== "" && text.includes(name));
  }
  return found;
}

function knownOf(fn: AnyFunction): Known {
  let facts = known.get(fn);
  if (facts === undefined) {
    const text = functionSource(fn) ?? "";
    const isClass = Object.getOwnPropertyDescriptor(fn, "prototype")?.writable === false;
    known.set(fn, facts = { text, isClass, inText: new Map() });
  }
  return facts;
}

function prototypeOf(fn: AnyFunction): object | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, "prototype")?.value;
  return typeof prototype === "object" && prototype !== null ? prototype : undefined;
}
