// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict, type DecorateOptions, FileKey } from "@pecapiku/cache";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { graphDifference } from "../codecs/_graph_difference.ts";
import { type GoldenFile, now } from "./_golden_file.ts";
import { makeKeys, makePlainValues, makeValues, Point } from "./_values.ts";

/** What functions may do: all of it where a file is made, and only look up where it is checked. */
type Mode = Pick<DecorateOptions, "access" | "filePath" | "now">;

/** Arguments that no dictionary takes as keys, but calls do. */
function makeArguments(): unknown[] {
  class Names extends Map<string, number> {}
  class List extends Array<number> {}
  class Spoken {
    #secret = 1;
    [Symbol.for("pecapiku.key")](): unknown {
      return ["spoken", this.#secret];
    }
  }
  return [
    ...[Symbol.iterator, Symbol.for("a"), { [Symbol.for("b")]: 1, [Symbol.iterator]: 2, z: 3 }],
    Object.defineProperty({}, "hidden", { value: 1 }),
    Object.assign([1], { more: 2 }),
    ...[new Point(1, 2), new Names([["a", 1]]), List.of(1, 2), new Spoken()],
    new Uint8Array(65_537).fill(7),
    new FileKey("/anywhere", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3),
  ];
}

class Scale {
  constructor(readonly factor: number) {}

  apply(x: number): number {
    return this.factor * x;
  }
}

function makeFunctions(mode: Mode) {
  const argument = CacheDict.decorate(function argument(...args: unknown[]): number {
    return args.length;
  }, mode);
  const ordered = CacheDict.decorate(function ordered(_options: object): string {
    return "ordered";
  }, { ...mode, keyOrder: "keep" });
  const later = CacheDict.decorate(async function later(name: string): Promise<unknown> {
    return await Promise.resolve(makeValues()[name]);
  }, mode);
  const promising = CacheDict.decorate(function promising(x: number): Promise<number> {
    return Promise.resolve(x + 1);
  }, mode);
  const inner = CacheDict.decorate(function inner(x: number): number {
    return x * 2;
  }, { ...mode, innerKey: "['inner', x]" });
  const outer = CacheDict.decorate(() => "outer", { ...mode, outerKey: { outer: true } });
  const spaced = CacheDict.decorate(function spaced(): string {
    return "in a namespace";
  }, { ...mode, namespace: "golden.ipynb" });
  const apply = CacheDict.decorate(Scale.prototype.apply, mode);
  const plain = CacheDict.decorate(function plain(name: string): unknown {
    return makePlainValues()[name];
  }, { ...mode, codec: "msgpack", compress: "gzip" });
  return { argument, ordered, later, promising, inner, outer, spaced, apply, plain };
}

const functions: GoldenFile = {
  name: "functions.cache",
  entries: makeKeys().length + makeArguments().length + Object.keys(makePlainValues()).length + 14,
  async make(filePath) {
    await callFunctions(makeFunctions({ filePath, now }));
  },
  async check(filePath) {
    await callFunctions(makeFunctions({ filePath, access: "r" }));
    using cache = new CacheDict(filePath, { access: "r" });
    assertEquals([cache.get(["inner", 21]), cache.get({ outer: true })], [42, "outer"]);
  },
};

async function callFunctions(all: ReturnType<typeof makeFunctions>): Promise<void> {
  for (const key of [...makeKeys(), ...makeArguments()]) assertEquals(all.argument(key), 1);
  assertEquals([all.argument(), all.argument(1, "a", [1], { b: 2, a: 1 })], [0, 4]);
  // The order of properties does not count, unless it is said to.
  assertEquals(all.argument(1, "a", [1], { a: 1, b: 2 }), 4);
  assertEquals([all.ordered({ a: 1, b: 2 }), all.ordered({ b: 2, a: 1 })], ["ordered", "ordered"]);
  for (const name of ["a registered class", "an envelope with types", "JSON", "key 0"]) {
    const difference = graphDifference(makeValues()[name], await all.later(name));
    assert(difference === undefined, difference);
  }
  const promise = all.promising(1);
  assert(promise instanceof Promise);
  assertEquals(await promise, 2);
  assertEquals([all.inner(21), all.outer(), all.spaced()], [42, "outer", "in a namespace"]);
  assertEquals(all.apply.call(new Scale(2), 21), 42);
  assertEquals(all.apply.call(new Scale(3), 21), 63);
  for (const [name, value] of Object.entries(makePlainValues())) {
    const difference = graphDifference(value, all.plain(name));
    assert(difference === undefined, difference);
  }
}

/** Errors, and several results of one call. */
const results: GoldenFile = {
  name: "errors_and_samples.cache",
  entries: 6,
  async make(filePath) {
    await callResults(makeResults({ filePath, now }));
  },
  async check(filePath) {
    await callResults(makeResults({ filePath, access: "r" }));
  },
};

function makeResults(mode: Mode) {
  const cacheErrors = () => true;
  const fail = CacheDict.decorate(function fail(x: number): number {
    throw new RangeError(`no ${x}`, { cause: { x } });
  }, { ...mode, cacheErrors });
  const reject = CacheDict.decorate(async function reject(x: number): Promise<number> {
    return await Promise.reject(new DOMException(`no ${x}`, "AbortError"));
  }, { ...mode, cacheErrors });
  let drawn = 0;
  const draw = CacheDict.decorate(function draw(name: string): string {
    return `${name} ${drawn++}`;
  }, { ...mode, samples: 3 });
  return { fail, reject, draw };
}

async function callResults({ fail, reject, draw }: ReturnType<typeof makeResults>): Promise<void> {
  const thrown = assertThrows(() => fail(1), RangeError, "no 1");
  assertEquals(thrown.cause, { x: 1 });
  const rejected = await assertRejects(() => reject(2), DOMException, "no 2");
  assertEquals(rejected.name, "AbortError");
  // In the end it is the turn of the first one again.
  assertEquals([1, 2, 3].map(() => draw("a")), ["a 0", "a 1", "a 2"]);
}

const streams: GoldenFile = {
  name: "streams.cache",
  entries: 18,
  async make(filePath) {
    await callStreams(makeStreams({ filePath, now }));
  },
  async check(filePath) {
    await callStreams(makeStreams({ filePath, access: "r" }));
  },
};

function makeStreams(mode: Mode) {
  const count = CacheDict.decorate(function* count(to: number) {
    for (let n = 0; n < to; n++) yield n;
    return "counted";
  }, mode);
  const tell = CacheDict.decorate(async function* tell(...words: string[]) {
    for (const word of words) yield await Promise.resolve({ word, at: new Date(0) });
  }, mode);
  const load = CacheDict.decorate(
    async function load(text: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
      const chunks = text.split("|").map((chunk) => new TextEncoder().encode(chunk));
      return await Promise.resolve(ReadableStream.from(chunks));
    },
    mode,
  );
  const objects = CacheDict.decorate(function objects(): ReadableStream<unknown> {
    return ReadableStream.from([new Map([[1, 2]]), undefined, "x".repeat(2000)]);
  }, { ...mode, compress: "gzip" });
  return { count, tell, load, objects };
}

async function callStreams(all: ReturnType<typeof makeStreams>): Promise<void> {
  const counting = all.count(3);
  assertEquals([0, 1, 2].map(() => counting.next().value), [0, 1, 2]);
  assertEquals(counting.next(), { done: true, value: "counted" });
  assertEquals([...all.count(0)], []);
  assertEquals(await Array.fromAsync(all.tell("a", "b")), [
    { word: "a", at: new Date(0) },
    { word: "b", at: new Date(0) },
  ]);
  const chunks = await Array.fromAsync(await all.load("one|two"));
  assertEquals(chunks.map((chunk) => new TextDecoder().decode(chunk)), ["one", "two"]);
  assertEquals(await Array.fromAsync(all.objects()), [
    new Map([[1, 2]]),
    undefined,
    "x".repeat(2000),
  ]);
}

/** The golden files of functions. */
export const FUNCTIONS: readonly GoldenFile[] = [functions, results, streams];
