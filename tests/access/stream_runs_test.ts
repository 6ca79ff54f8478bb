// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { CacheDict, CacheError, CacheMissError, NoCache } from "@pecapiku/cache";
import { importMapArguments } from "../_deno.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import {
  chunkDigest,
  decodeManifest,
  encodeManifest,
  encodeRuns,
  runsDigest,
} from "../../src/access/stream_entries.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Digest, Store } from "../../src/stores/store.ts";
import { RecordingStore } from "./_recording_store.ts";
import { sizeOf } from "./_size_of.ts";

const HOUR = 3_600_000;

/** A cached generator function over chunks that a test may change; it says how often it was evaluated. */
function makeWords(store: Store, words: string[], options = {}) {
  const seen = { runs: 0 };
  const f = CacheDict.decorate(function* f(): Generator<string, string> {
    seen.runs++;
    for (const word of words) yield word;
    return "end";
  }, { store, ...options });
  return Object.assign(f, { seen });
}

function digestOfChunk(store: Store, call: Digest, index: number): Digest {
  return chunkDigest(call, decodeManifest(store.get(call)!)!.run, index);
}

function remove(store: Store, digest: Digest): void {
  assert(store.has(digest));
  store.commit([{ type: "delete", digest }]);
}

Deno.test("a cached generator function evaluates again when a chunk is not there", () => {
  for (const index of [0, 1, 2, 3]) {
    const store = new MemoryStore();
    const f = makeWords(store, ["a", "b", "c"]);
    assertEquals([...f()], ["a", "b", "c"]);
    remove(store, digestOfChunk(store, f.keyFor(), index));
    assertEquals([f.has(), f.get() instanceof NoCache], [false, true]);
    assertEquals([...f()], ["a", "b", "c"]);
    assertEquals([f.seen.runs, f.has(), sizeOf(store)], [2, true, 5]);
  }
});

Deno.test("a cached generator function evaluates again when a chunk is damaged in the file", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const words = ["alpha", "beta", "gamma"];
  assertEquals([...makeWords(new LogStore(filePath), words)()], words);
  const bytes = Deno.readFileSync(filePath);
  const at = new TextDecoder("latin1").decode(bytes).indexOf('"beta"');
  bytes[at + 1]! ^= 1;
  Deno.writeFileSync(filePath, bytes);
  using _ = collectWarnings();
  const f = makeWords(new LogStore(filePath), words);
  assertEquals([...f()], words);
  assertEquals([[...f()], f.seen.runs], [words, 1]);
});

Deno.test("a replay goes on with what the function gives when a chunk gets lost on the way", () => {
  for (const gone of [1, 2, 3]) {
    const store = new MemoryStore();
    const f = makeWords(store, ["a", "b", "c"]);
    assertEquals([...f()].length, 3);
    const generator = f();
    assertEquals(generator.next().value, "a");
    remove(store, digestOfChunk(store, f.keyFor(), gone));
    assertEquals([...generator], ["b", "c"]);
    assertEquals([f.seen.runs, f.has(), sizeOf(store), [...f()]], [2, true, 5, ["a", "b", "c"]]);
  }
});

Deno.test("a replay goes on with another whole run when its own was replaced", () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a", "b", "c"]);
  assertEquals([...f()].length, 3);
  const generator = f();
  assertEquals([generator.next().value, generator.next().value], ["a", "b"]);
  assertEquals([...f.rerun()].length, 3);
  assertEquals([generator.next(), generator.next(), f.seen.runs], [
    { done: false, value: "c" },
    { done: true, value: "end" },
    2,
  ]);
});

Deno.test("a replay throws, and never mixes two runs, when the function gives other chunks now", () => {
  for (const replaces of [true, false]) {
    for (const later of [["x", "b", "c"], ["a", "B", "c"], ["a"], []]) {
      const store = new MemoryStore();
      const words = ["a", "b", "c"];
      const f = makeWords(store, words);
      assertEquals([...f()].length, 3);
      const generator = f();
      assertEquals([generator.next().value, generator.next().value], ["a", "b"]);
      words.splice(0, 3, ...later);
      if (replaces) assertEquals([...f.rerun()], later);
      else remove(store, digestOfChunk(store, f.keyFor(), 2));
      const error = assertThrows(() => generator.next(), CacheMissError, "Cannot go on with f");
      assertEquals([error.key, generator.next().done], [f.keyFor(), true]);
      // What stays is whole, or a miss.
      assertEquals([...f()], later);
    }
  }
});

Deno.test("a replay throws when a chunk gets lost and nothing may be evaluated", () => {
  const store = new MemoryStore();
  assertEquals([...makeWords(store, ["a", "b"])()].length, 2);
  const f = makeWords(store, ["a", "b"], { access: "r" });
  const found = f.get();
  assert(!(found instanceof NoCache));
  const generator = f();
  assertEquals([generator.next().value, found.next().value], ["a", "a"]);
  remove(store, digestOfChunk(store, f.keyFor(), 1));
  assertThrows(() => generator.next(), CacheMissError, "Cannot go on with f: behind chunk 1");
  assertThrows(() => found.next(), CacheMissError);
  assertThrows(() => f().next(), CacheMissError, "nothing is cached");
});

Deno.test("a replay throws when a chunk gets lost and its arguments have changed", () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(function* each(list: string[]) {
    yield* list;
  }, { store });
  const list = ["a", "b"];
  assertEquals([...f(list)], ["a", "b"]);
  const generator = f(list);
  generator.next();
  remove(store, digestOfChunk(store, f.keyFor(list), 1));
  list.push("c");
  assertThrows(() => generator.next(), CacheMissError, "its arguments have changed");
});

Deno.test("a replayed stream goes on with what the function gives when a chunk gets lost", async () => {
  const store = new MemoryStore();
  let evaluations = 0;
  let gives: unknown[] = ["a", "b", "c"];
  const load = CacheDict.decorate((): unknown => {
    evaluations++;
    return gives.length === 0 ? 7 : ReadableStream.from(gives);
  }, { store, innerKey: "'k'" });
  assertEquals(await Array.fromAsync(load() as ReadableStream), gives);
  const replays = [1, 2, 3].map(() => (load() as ReadableStream).getReader());
  for (const reader of replays) assertEquals((await reader.read()).value, "a");
  remove(store, digestOfChunk(store, load.keyFor(), 1));
  assertEquals((await replays[0]!.read()).value, "b");
  gives = ["A", "b", "c"];
  await assertRejects(() => replays[1]!.read(), CacheMissError, "other chunks");
  gives = [];
  await assertRejects(() => replays[2]!.read(), TypeError, "evaluated again, it gave none");
  assertEquals(evaluations, 4);
  assertEquals((await replays[0]!.read()).value, "c");
  assertEquals((await replays[0]!.read()).done, true);
  assert(load.has());
});

Deno.test("a cached generator function keeps within limits, and a stream that is too large is not kept", () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(function* f(n: number) {
    for (let i = 0; i < n; i++) yield `chunk ${i} of ${n}`;
  }, { store, maxEntries: 6 });
  for (let round = 0; round < 2; round++) {
    for (const n of [1, 2, 3, 2, 5, 1]) {
      const expected = Array.from({ length: n }, (_, i) => `chunk ${i} of ${n}`);
      assertEquals([[...f(n)], [...f(n)]], [expected, expected]);
      assert(sizeOf(store) <= 6);
    }
  }
  assertEquals([f.has(1), f.has(5)], [true, false]);
  assertEquals([[...f(6)].length, f.has(6), sizeOf(store) <= 6], [6, false, true]);
  // It drove out nothing but what was in the way of the chunks that came before it was known.
  const small = CacheDict.decorate(function* small(n: number) {
    for (let i = 0; i < n; i++) yield "x".repeat(1000);
  }, { store: new MemoryStore(), maxBytes: 3000 });
  assertEquals([[...small(5)].length, small.has(5)], [5, false]);
  assertEquals([[...small(1)].length, small.has(1)], [1, true]);
});

Deno.test("a hit of a stream spares all of it from eviction", () => {
  const store = new MemoryStore();
  let made = 0;
  const f = CacheDict.decorate(function* f(id: string) {
    for (let i = 0; i < 3; i++) {
      made++;
      yield `${id}${i}`;
    }
  }, { store, maxEntries: 9 });
  for (const id of ["a", "b", "a", "c"]) assertEquals([...f(id)].length, 3);
  assertEquals([f.has("a"), f.has("b"), f.has("c"), made], [true, false, true, 9]);
});

Deno.test("a run goes on uncached when the disk is full in its middle, and leaves no half of itself", () => {
  for (const failsAt of [0, 1, 2, 3]) {
    const store = new RecordingStore();
    let n = 0;
    const f = CacheDict.decorate(function* f() {
      for (n = 0; n < 3; n++) {
        store.commitError = n === failsAt ? new Deno.errors.WriteZero("disk full") : undefined;
        yield n;
      }
      store.commitError = n === failsAt ? new Deno.errors.WriteZero("disk full") : undefined;
      return "end";
    }, { store, onError: "ignore" });
    assertEquals([...f()], [0, 1, 2]);
    store.commitError = undefined;
    assertEquals(f.has(), false);
    const raising = CacheDict.decorate(f.fn, { store });
    const given: unknown[] = [];
    const error = assertThrows(
      () => {
        for (const chunk of raising()) given.push(chunk);
      },
      CacheError,
      "disk full",
    );
    assertEquals([given, error.value], [
      [0, 1, 2].slice(0, failsAt),
      failsAt === 3 ? "end" : failsAt,
    ]);
    store.commitError = undefined;
    const whole = CacheDict.decorate(function* f() {
      yield* [0, 1, 2];
      return "end";
    }, { store });
    assertEquals([[...whole()], whole.has(), sizeOf(store)], [[0, 1, 2], true, 5]);
  }
});

Deno.test("a run that nobody holds any more is removed by the next one", async () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a", "b"]);
  const held = f();
  held.next();
  // Still held: the next run leaves it alone.
  assertEquals([...f()], ["a", "b"]);
  assertEquals(sizeOf(store), 6);
  assertEquals([...held], ["b"]);
  assertEquals([sizeOf(store), f.seen.runs], [4, 2]);
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) return;
  f.delete();
  (() => void f().next())();
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
  assertEquals([[...f()], sizeOf(store)], [["a", "b"], 4]);
});

Deno.test("a process that is killed in the middle of a run leaves a miss, and nothing in the end", async () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", ...importMapArguments()],
      ...["--allow-read", "--allow-write"],
      fromFileUrl(new URL("_killed_run.ts", import.meta.url)),
      filePath,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  while (!printed.includes("chunk 4")) printed += (await reader.read()).value ?? "";
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();

  let time = Date.now();
  let runs = 0;
  const store = new LogStore(filePath);
  const slow = CacheDict.decorate(function* slow(n: number): Generator<string> {
    runs++;
    for (let i = 0; i < n; i++) yield `chunk ${i}`;
  }, { store, now: () => time });
  assertEquals([slow.has(100), slow.get(100) instanceof NoCache], [false, true]);
  // Whether the other process still goes on is not known so early.
  const left = sizeOf(store);
  assert(left >= 6);
  assertEquals([...slow(100)].length, 100);
  assertEquals([...slow(100)].length, 100);
  assertEquals([runs, sizeOf(store)], [1, left + 101]);
  time += 2 * HOUR;
  assertEquals([[...slow(100)].length, runs, sizeOf(store)], [100, 1, 101]);
});

Deno.test("a run removes what runs of other processes left that were silent for long", () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a", "b"]);
  const time = Date.now();
  const abandon = (run: string, seen: number, length: number) => {
    const call = f.keyFor();
    const known = JSON.parse(
      new TextDecoder().decode(
        store.get(runsDigest(call))?.parts[0] ?? new TextEncoder().encode('{"runs":[]}'),
      ),
    );
    known.runs.push({ run, owner: "another", seen, reserved: 4 });
    const entry = {
      type: "put" as const,
      key: { kind: "call" as const, parts: [new TextEncoder().encode('{"part":"runs"}')] as const },
      functionName: "f",
      writtenAt: seen,
      duration: 0,
      promised: false,
    };
    store.commit([{
      ...entry,
      digest: runsDigest(call),
      codec: "pecapiku runs",
      parts: [new TextEncoder().encode(JSON.stringify(known))],
    }]);
    for (let index = 0; index < length; index++) {
      store.commit([{
        ...entry,
        digest: chunkDigest(call, run, index),
        codec: "structured",
        parts: [Uint8Array.of(48)],
      }]);
    }
  };
  abandon("old", time - 2 * HOUR, 3);
  abandon("from a clock that was wrong", time + 2 * HOUR, 2);
  abandon("going", time, 2);
  assertEquals(sizeOf(store), 8);
  assertEquals([...f()], ["a", "b"]);
  assertEquals(sizeOf(store), 4 + 3);
  // More than sixteen are not remembered: those go that were silent for longest.
  for (let i = 0; i < 20; i++) abandon(`crash ${i}`, time - i, 1);
  assertEquals([...f.rerun()], ["a", "b"]);
  assertEquals(sizeOf(store), 4 + 1 + 2 + 15);
});

Deno.test("many runs of one call in one process leave each other alone", async () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(async function* f() {
    for (let i = 0; i < 3; i++) yield await Promise.resolve(i);
  }, { store });
  const begun = Array.from({ length: 40 }, () => f());
  for (const generator of begun) await generator.next();
  assertEquals(sizeOf(store), 41);
  for (const generator of begun) {
    assertEquals(await Array.fromAsync(generator), [1, 2]);
    assert(f.has());
  }
  assertEquals(sizeOf(store), 4);
});

Deno.test("a number of chunks that can't be is no reason to look for them without end", () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a"]);
  const entry = {
    type: "put" as const,
    key: { kind: "call" as const, parts: [new TextEncoder().encode("{}")] as const },
    functionName: "f",
    writtenAt: Date.now(),
    duration: 0,
    promised: false,
  };
  const most = Number.MAX_SAFE_INTEGER;
  store.commit([{
    ...entry,
    digest: f.keyFor(),
    codec: "structured+stream",
    parts: encodeManifest({ kind: "generator", run: "a", chunks: most, returns: false }),
  }, {
    ...entry,
    digest: runsDigest(f.keyFor()),
    codec: "pecapiku runs",
    parts: encodeRuns([{ run: "b", owner: "a", seen: 0, reserved: most }]),
  }]);
  assertEquals([f.has(), [...f()], [...f()], f.seen.runs, sizeOf(store)], [
    false,
    ["a"],
    ["a"],
    1,
    3,
  ]);
});

Deno.test("a run whose chunks were taken away is not stored, and neither is a half of it", () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a", "b", "c"]);
  const generator = f();
  generator.next();
  generator.next();
  store.commit([...store.entries()].map(({ digest }) => ({ type: "delete", digest })));
  assertEquals([...generator], ["c"]);
  assertEquals(f.has(), false);
  assertEquals([[...f()], [...f()], f.seen.runs, sizeOf(store)], [
    ["a", "b", "c"],
    ["a", "b", "c"],
    2,
    5,
  ]);
});

Deno.test("a run whose first chunk was taken away is not stored when it goes on with more of them", () => {
  const store = new MemoryStore();
  const f = makeWords(store, ["a", "b", "c", "d", "e"]);
  const generator = f();
  generator.next();
  store.commit([...store.entries()].map(({ digest }) => ({ type: "delete", digest })));
  assertEquals([...generator], ["b", "c", "d", "e"]);
  assertEquals([f.has(), sizeOf(store)], [false, 0]);
});

Deno.test("delete() has a run that has given chunks not stored, nor does it see it", async () => {
  const store = new MemoryStore();
  const words = ["a", "b", "c"];
  const f = makeWords(store, words, { innerKey: "'words'" });
  const load = CacheDict.decorate((_key: string) => ReadableStream.from([...words]), { store });
  const deletions: readonly (() => boolean)[] = [
    () => f.delete(),
    () => CacheDict.with(undefined, { store }, (cache) => cache.delete("words")),
  ];
  for (const deletion of deletions) {
    const generator = f();
    generator.next();
    assertEquals(deletion(), false);
    words[0] = "new";
    assertEquals([...generator], ["b", "c"]);
    assertEquals(f.has(), false);
    assertEquals([[...f()], [...f()]], [["new", "b", "c"], ["new", "b", "c"]]);
    assertEquals([deletion(), f.has()], [true, false]);
    words[0] = "a";
  }
  const reader = load("k").getReader();
  await reader.read();
  assertEquals(load.delete("k"), false);
  while (!(await reader.read()).done);
  assertEquals([load.has("k"), sizeOf(store)], [false, 0]);
});

Deno.test("a long stream is stored and replayed chunk by chunk", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const count = 3_000;
  let made = 0;
  const fn = function* long(): Generator<{ n: number }> {
    for (let n = 0; n < count; n++) {
      made++;
      yield { n };
    }
  };
  const store = new LogStore(filePath);
  let expected = 0;
  for (const { n } of CacheDict.decorate(fn, { store })()) {
    assertEquals(n, expected++);
    assertEquals(made, expected);
  }
  expected = 0;
  for (const { n } of CacheDict.decorate(fn, { store: new LogStore(filePath) })()) {
    assertEquals(n, expected++);
  }
  assertEquals([expected, made, sizeOf(store)], [count, count, count + 1]);
});
