// Copyright 2026 the pecapiku authors. MIT license.

import traverse from "@babel/traverse";
import * as t from "@babel/types";
import fc from "fast-check";
import type { Callable, CorpusFunction } from "./_corpus.ts";
import { type ParsedFunction, parseFunction } from "./_function_text.ts";
import { loadPackage } from "./_packages.ts";
import { isOverflow, Recorder, TooLongError } from "./_recorder.ts";

/** What of the platform code may really use in a run. Anything else is a stand-in: clocks, timers, the network. */
const PLATFORM = new Set(
  ("Array ArrayBuffer BigInt BigInt64Array Boolean DataView Date Error Float32Array Float64Array Infinity Int16Array Int32Array " +
    "Int8Array Intl JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol " +
    "SyntaxError TypeError Uint16Array Uint32Array Uint8Array WeakMap WeakSet decodeURIComponent encodeURIComponent isFinite " +
    "isNaN parseFloat parseInt undefined").split(" "),
);

const NOW = 1e12;

const FixedDate = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [NOW] : args, newTarget),
  apply: () => new Date(NOW).toString(),
  get: (target, key) => key === "now" ? () => NOW : Reflect.get(target, key),
});

/** Runs code at a time that is always the same, and without chance; also what packages export is called in it. */
async function withoutChance<T>(run: () => Promise<T>): Promise<T> {
  const { Date: date } = globalThis;
  const { random } = Math;
  globalThis.Date = FixedDate;
  Math.random = () => 0.25;
  try {
    return await run();
  } finally {
    globalThis.Date = date;
    Math.random = random;
  }
}

/** Stands for a stand-in, which is made anew for each run. */
const STAND_IN = Symbol("stand-in");

const plain = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.double({ min: -20, max: 20 }),
  fc.constantFrom("", "a", "Ab c", "2020-02-30", "12.5", "é-x_y", "$1", "a.b[0].c"),
  fc.constantFrom(undefined, null, true, false, NaN),
);

const argument = fc.oneof(
  { weight: 5, arbitrary: plain },
  { weight: 3, arbitrary: fc.array(plain, { maxLength: 5 }) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.array(plain, { maxLength: 3 }), { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.dictionary(fc.constantFrom("a", "b", "name", "months"), plain) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2e12 }).map((time) => new Date(time)) },
  { weight: 4, arbitrary: fc.constant(STAND_IN) },
);

/**
 * What a function did to each list of arguments, in lines that can be compared; `undefined` where that is not told by its code
 * alone.
 */
export type Observation = readonly (string | undefined)[];

/**
 * Lets code that is run leave rejected promises behind. It is for good: they are told of after all else, and a test file is a
 * process of its own for that.
 */
export function ignoreRejections(): void {
  addEventListener("unhandledrejection", (event) => event.preventDefault());
}

/**
 * Runs a function that is given by its text, on generated arguments, with what its package exports for the names that it uses,
 * and stand-ins for other names.
 *
 * @param of The function of the package that it is, or is a change of.
 * @param text Its text.
 * @param options How many lists of arguments, and the seed of them.
 * @returns What it did; `undefined` if it can't be run.
 */
export async function observe(
  of: CorpusFunction,
  text: string,
  options: { readonly runs: number; readonly seed: number },
): Promise<Observation | undefined> {
  const parsed = parseFunction(text);
  const original = parseFunction(of.text);
  if (parsed === undefined || original === undefined) return undefined;
  // The names of both, so that what has one more sees what is there for it.
  const names = [...new Set([...freeNames(original), ...freeNames(parsed)])].sort();
  const values = await Promise.all(names.map((name) => valueOf(of, name)));
  const lists = fc.sample(fc.array(argument, { minLength: 4, maxLength: 4 }), {
    numRuns: options.runs,
    seed: options.seed,
  });
  const runs: (string | undefined)[] = [];
  for (const [index, list] of lists.entries()) {
    const recorder = new Recorder(options.seed + index);
    const bound = values.map((value, at) =>
      // Every second time none of the package's own is used: a stand-in sees more.
      value === STAND_IN || index % 2 === 1 ? recorder.standIn(names[at]!) : value
    );
    const run = { names, bound, list, recorder, sloppy: of.from.sloppy };
    runs.push(await withoutChance(() => runOnce(parsed, run)));
  }
  return runs;
}

interface Run {
  readonly names: readonly string[];
  readonly bound: readonly unknown[];
  readonly list: readonly unknown[];
  readonly recorder: Recorder;
  readonly sloppy: true | undefined;
}

async function runOnce(parsed: ParsedFunction, run: Run): Promise<string | undefined> {
  const { recorder, list, names, bound, sloppy } = run;
  const args = list.map((one, index) =>
    one === STAND_IN ? recorder.standIn(`argument ${index}`) : structuredClone(one)
  );
  const self = recorder.standIn("this");
  try {
    const mode = sloppy ? "" : '"use strict";';
    const make = new Function("$step", ...names, `${mode}return ${guarded(parsed)}`);
    const holder = make(recorder.step, ...bound);
    const outcome = recorder.attempt(() => {
      const fn = functionOf(holder, parsed);
      if (t.isClass(parsed.node)) return useClass(fn, args, recorder);
      const result = Reflect.apply(fn, self, args);
      if (result instanceof Promise) result.then((value) => note(recorder, value), () => {});
      return typeof result === "function" ? note(recorder, callResult(result, recorder)) : result;
    });
    recorder.log.push(outcome, recorder.show(args));
  } catch (error) {
    if (isOverflow(error)) return undefined;
    recorder.log.push(error instanceof TooLongError ? "too long" : `never made`);
  }
  // What is asynchronous goes on until it waits for something that does not come.
  for (let turn = 0; turn < 30; turn++) await undefined;
  return recorder.log.join("\n");
}

function note(recorder: Recorder, value: unknown): unknown {
  recorder.log.push(recorder.show(value));
  return value;
}

/** What is made by a function is used, too. */
function callResult(result: Callable, recorder: Recorder): unknown {
  const args = [3, recorder.standIn("later argument")];
  return recorder.attempt(() => Reflect.apply(result, undefined, args));
}

/** A class is made, and all its methods are called. */
function useClass(made: Callable, args: readonly unknown[], recorder: Recorder): unknown {
  const instance = Reflect.construct(made, args);
  for (const holder of [made.prototype, made]) {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
      if (key === "constructor" || key === "prototype") continue;
      for (const method of [property.value, property.get, property.set]) {
        if (typeof method !== "function") continue;
        const self = holder === made ? made : instance;
        recorder.log.push(`${key}: ${recorder.attempt(() => Reflect.apply(method, self, args))}`);
      }
    }
  }
  return instance;
}

/** The function in what was made of its text. */
function functionOf(holder: object, { node }: ParsedFunction): Callable {
  if (!t.isMethod(node)) return holder as Callable;
  const home: object = typeof holder === "function" ? holder.prototype : holder;
  const key = Reflect.ownKeys(home).findLast((one) => one !== "constructor")!;
  const { value, get, set } = Object.getOwnPropertyDescriptor(home, key)!;
  return value ?? get ?? set;
}

/** The code, with a step counted in each turn of a loop. */
function guarded({ text, before, after, node }: ParsedFunction): string {
  const inserts: [number, string][] = [];
  t.traverseFast(node, (one) => {
    if (!t.isLoop(one)) return;
    inserts.push([one.body.start!, "{$step();"], [one.body.end!, "}"]);
  });
  let code = before + text + after;
  // From the end on, so that the offsets of the others stay. Loops that end together end from the inside out.
  for (const [at, insert] of inserts.sort(([a], [b]) => b - a)) {
    code = code.slice(0, at) + insert + code.slice(at);
  }
  return code;
}

function freeNames(parsed: ParsedFunction): string[] {
  let names: string[] = [];
  traverse(parsed.file, {
    Program({ scope }) {
      names = Object.keys((scope as unknown as { globals: object }).globals);
    },
  });
  return names.filter((name) => name !== "arguments" && name !== "eval" && !PLATFORM.has(name));
}

const found = new Map<string, Promise<unknown>>();

/** What a name stands for in the module of a function, as far as its package exports that. */
function valueOf(of: CorpusFunction, name: string): Promise<unknown> {
  const key = `${of.from.name} ${name}`;
  if (!found.has(key)) found.set(key, find(of, name));
  return found.get(key)!;
}

async function find(of: CorpusFunction, name: string): Promise<unknown> {
  for (const part of of.from.homes?.(name) ?? []) {
    // It is tried whether it is there.
    const home = await loadPackage(of.from, part).catch(() => ({}));
    const exports = home as Record<string, unknown>;
    if (Object.hasOwn(exports, name)) return exports[name];
    if (part.endsWith(".js") && exports["default"] !== undefined) return exports["default"];
  }
  return STAND_IN;
}
