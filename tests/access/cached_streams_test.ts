// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { CacheDict, CacheError, NoCache, UncacheableValueError } from "@pecapiku/cache";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { RecordingStore } from "./_recording_store.ts";
import { STORES } from "./_stores.ts";
import { sizeOf } from "./_size_of.ts";

/** A stream of bytes of these chunks, each a view into a larger buffer; it counts what it was asked for. */
function bytesOf(chunks: readonly (readonly number[])[], seen: { pulls: number }): ReadableStream {
  const left = [...chunks];
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      seen.pulls++;
      const next = left.shift();
      if (next === undefined) return controller.close();
      controller.enqueue(Uint8Array.of(255, ...next, 255, 255).subarray(1, 1 + next.length));
    },
  });
}

for (const kind of STORES) {
  Deno.test(`a cached function gives a stream again with its chunks when in a ${kind.name}`, async () => {
    const open = kind.make();
    let evaluations = 0;
    const split = (text: string): ReadableStream<{ word: string }> => {
      evaluations++;
      return ReadableStream.from(text.split(" ").map((word) => ({ word })));
    };
    for (let i = 0; i < 3; i++) {
      const cached = CacheDict.decorate(split, { store: open() });
      const stream = cached("to be or");
      assert(stream instanceof ReadableStream);
      assertEquals(await Array.fromAsync(stream), [{ word: "to" }, { word: "be" }, { word: "or" }]);
      assertEquals([cached.has("to be or"), evaluations], [true, 1]);
    }
    const store = open();
    assert(CacheDict.decorate(split, { store }).delete("to be or"));
    assertEquals(sizeOf(store), 0);
  });

  Deno.test(`a cached async function gives a stream of bytes again when in a ${kind.name}`, async () => {
    const open = kind.make();
    const chunks = [[1], [2, 3, 4], [5, 6]];
    let evaluations = 0;
    const load = async (_path: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> => {
      evaluations++;
      return await Promise.resolve(bytesOf(chunks, { pulls: 0 }));
    };
    for (let i = 0; i < 3; i++) {
      const cached = CacheDict.decorate(load, { store: open() });
      const stream = await cached("a");
      const reader = stream.getReader({ mode: "byob" });
      reader.releaseLock();
      const read = await Array.fromAsync(stream);
      assertEquals(read.map((chunk) => [...chunk]), chunks);
      // What the buffer holds beside the chunk is not stored.
      if (i > 0) assert(read.every((chunk) => chunk.byteLength === chunk.buffer.byteLength));
      assertEquals([await cached.has("a"), evaluations], [true, 1]);
    }
  });
}

Deno.test("a cached stream of bytes is read into memory of the reader's own", async () => {
  const load = CacheDict.decorate(() => bytesOf([[1, 2, 3, 4, 5]], { pulls: 0 }), {
    store: new MemoryStore(),
    innerKey: "'k'",
  });
  for (let i = 0; i < 2; i++) {
    const reader = load().getReader({ mode: "byob" });
    const read: number[][] = [];
    while (true) {
      const { done, value } = await reader.read(new Uint8Array(3));
      if (done) break;
      read.push([...value]);
    }
    assertEquals(read, [[1, 2, 3], [4, 5]]);
  }
});

Deno.test("a cached stream asks for a chunk when its consumer does", async () => {
  const seen = { pulls: 0 };
  const store = new RecordingStore();
  const load = CacheDict.decorate(() => bytesOf([[1], [2], [3]], seen), {
    store,
    innerKey: "'k'",
  });
  const reader = load().getReader();
  await Promise.resolve();
  assertEquals([seen.pulls, store.commits.length], [0, 0]);
  await reader.read();
  assertEquals([seen.pulls, store.commits.length], [1, 1]);
  await reader.read();
  await reader.read();
  assertEquals((await reader.read()).done, true);
  assert(load.has());
});

Deno.test("a cached stream is cut off when its consumer cancels it, and tells the original why", async () => {
  const store = new MemoryStore();
  const reasons: unknown[] = [];
  const endless = CacheDict.decorate(() => {
    let n = 0;
    return new ReadableStream<number>({
      pull: (controller) => controller.enqueue(n++),
      cancel: (reason) => void reasons.push(reason),
    });
  }, { store, innerKey: "'k'" });
  for await (const n of endless()) if (n === 2) break;
  assertEquals([reasons.length, sizeOf(store), endless.has()], [1, 0, false]);
  await endless().cancel("enough");
  assertEquals(reasons[1], "enough");
});

Deno.test("a cached stream that is cancelled while it waits for a chunk is not taken for a whole one", async () => {
  const store = new MemoryStore();
  const load = CacheDict.decorate(() => {
    let isFirst = true;
    return new ReadableStream<string>({
      pull(controller): Promise<void> | void {
        if (!isFirst) return new Promise(() => {});
        isFirst = false;
        controller.enqueue("a");
      },
    }, { highWaterMark: 0 });
  }, { store, innerKey: "'k'" });
  const reader = load().getReader();
  assertEquals((await reader.read()).value, "a");
  const pending = reader.read();
  await reader.cancel();
  assertEquals((await pending).done, true);
  assertEquals([sizeOf(store), load.has()], [0, false]);
});

Deno.test("a cached stream passes its error on where it happens, and stores nothing", async () => {
  const store = new MemoryStore();
  const error = new RangeError("mine");
  let fails = true;
  const load = CacheDict.decorate(() =>
    ReadableStream.from(async function* () {
      yield 1;
      await Promise.resolve();
      if (fails) throw error;
      yield 2;
    }()), { store, innerKey: "'k'" });
  const reader = load().getReader();
  assertEquals((await reader.read()).value, 1);
  assertStrictEquals(await assertRejects(() => reader.read()), error);
  assertEquals([sizeOf(store), load.has()], [0, false]);
  fails = false;
  assertEquals(await Array.fromAsync(load()), [1, 2]);
  assertEquals(await Array.fromAsync(load()), [1, 2]);
});

Deno.test("a cached stream refuses a chunk that can't be stored", async () => {
  const store = new MemoryStore();
  const chunk = { a: () => 1 };
  const fn = () => ReadableStream.from<unknown>([1, chunk, 3]);
  const reader = CacheDict.decorate(fn, { store, innerKey: "'k'" })().getReader();
  await reader.read();
  const error = await assertRejects(() => reader.read(), UncacheableValueError, "value.a");
  assertStrictEquals(error.value, chunk);
  const quiet = CacheDict.decorate(fn, { store, innerKey: "'k'", onError: "ignore" });
  assertEquals(await Array.fromAsync(quiet()), [1, chunk, 3]);
  assertEquals([sizeOf(store), quiet.has()], [0, false]);
});

Deno.test("a function that gives a locked stream is refused as what can't be encoded is", async () => {
  const store = new MemoryStore();
  const fn = (isLocked: boolean): ReadableStream<number> => {
    const stream = ReadableStream.from([1]);
    if (isLocked) stream.getReader();
    return stream;
  };
  const load = CacheDict.decorate(fn, { store, outerKey: "k" });
  assertEquals(await Array.fromAsync(load(false)), [1]);
  let thrown: unknown;
  try {
    load.rerun(true);
  } catch (error) {
    thrown = error;
  }
  assert(thrown instanceof UncacheableValueError && thrown.value instanceof ReadableStream);
  assertEquals([sizeOf(store), load.has(false)], [0, false]);
});

Deno.test("concurrent calls of a function that promises a stream each get one of their own", async () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const load = CacheDict.decorate(async () => {
    evaluations++;
    await Promise.resolve();
    return ReadableStream.from(["a", "b"]);
  }, { store, innerKey: "'k'" });
  const streams = await Promise.all([load(), load(), load()]);
  const read = await Promise.all(streams.map((stream) => Array.fromAsync(stream)));
  assertEquals(read, [["a", "b"], ["a", "b"], ["a", "b"]]);
  assertEquals([evaluations, sizeOf(store)], [3, 3]);
  const found = await load.get();
  assert(!(found instanceof NoCache));
  assertEquals([await Array.fromAsync(found), evaluations], [["a", "b"], 3]);
  await Array.fromAsync(await load.rerun());
  assertEquals([evaluations, sizeOf(store), await load.delete(), sizeOf(store)], [4, 3, true, 0]);
  assert(await load.get() instanceof NoCache);
});

Deno.test("a sync function that gave a stream in a promise gives one in a promise again", async () => {
  const load = CacheDict.decorate(() => Promise.resolve(ReadableStream.from([1])), {
    store: new MemoryStore(),
    innerKey: "'k'",
  });
  for (let i = 0; i < 2; i++) {
    const given = load();
    assert(given instanceof Promise);
    assertEquals(await Array.fromAsync(await given), [1]);
  }
});

Deno.test("a function may give a stream at one call and a value at the next", async () => {
  const store = new MemoryStore();
  let gives: unknown = 7;
  const fn = CacheDict.decorate((): unknown => gives, { store, outerKey: "k" });
  assertEquals(fn(), 7);
  gives = ReadableStream.from([1, 2]);
  assertEquals(await Array.fromAsync(fn.rerun() as ReadableStream), [1, 2]);
  assertEquals(await Array.fromAsync(fn() as ReadableStream), [1, 2]);
  gives = 8;
  assertEquals([fn.rerun(), fn(), sizeOf(store)], [8, 8, 1]);
});

Deno.test("a cached stream gives the bytes of large chunks, whatever becomes of the first ones", async () => {
  const store = new MemoryStore();
  const load = CacheDict.decorate(() => {
    let n = 0;
    return new ReadableStream({
      type: "bytes",
      pull(controller) {
        if (n++ === 3) return controller.close();
        controller.enqueue(new Uint8Array(100_000 + n).fill(n).subarray(n));
      },
    });
  }, { store, outerKey: "k" });
  for (let i = 0; i < 3; i++) {
    let n = 0;
    for await (const chunk of load()) {
      n++;
      assertEquals(chunk.byteLength, 100_000);
      assert(chunk.every((byte: number) => byte === n));
      chunk.fill(9);
    }
    assertEquals(n, 3);
  }
});

Deno.test("a stream that is evaluated again is cancelled when its consumer left meanwhile", async () => {
  const store = new MemoryStore();
  const reasons: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let evaluations = 0;
  const load = CacheDict.decorate(async () => {
    if (evaluations++ > 0) await promise;
    let n = 0;
    return new ReadableStream<number>({
      pull(controller) {
        if (n === 3) return controller.close();
        controller.enqueue(n++);
      },
      cancel: (reason) => void reasons.push(reason),
    });
  }, { store, outerKey: "k" });
  assertEquals(await Array.fromAsync(await load()), [0, 1, 2]);
  const reader = (await load()).getReader();
  await reader.read();
  store.commit([...store.entries()].map(({ digest }) => ({ type: "delete", digest })));
  const pending = reader.read();
  while (evaluations < 2) await Promise.resolve();
  await reader.cancel("enough");
  assertEquals((await pending).done, true);
  resolve();
  for (let i = 0; i < 100 && reasons.length === 0; i++) {
    await new Promise((done) => setTimeout(done, 0));
  }
  assertEquals(reasons.length, 1);
  assertEquals([evaluations, sizeOf(store)], [2, 0]);
});

Deno.test("a function that gives streams writes nothing without the right to", async () => {
  const store = new RecordingStore();
  let stream = ReadableStream.from([1, 2]);
  const load = CacheDict.decorate(() => stream, { store, access: "re", outerKey: "k" });
  assertStrictEquals(load(), stream);
  const writing = CacheDict.decorate(() => stream, { store, access: "rew", outerKey: "k" });
  assertEquals(await Array.fromAsync(writing()), [1, 2]);
  stream = ReadableStream.from([3]);
  const { length } = store.commits;
  assertEquals(await Array.fromAsync(load()), [1, 2]);
  assertEquals(store.commits.length, length);
});

Deno.test("a cached stream gives the chunk in the error when it can't be written", async () => {
  const store = new RecordingStore();
  const fn = () => ReadableStream.from(["a", "b", "c"]);
  const reader = CacheDict.decorate(fn, { store, outerKey: "k" })().getReader();
  assertEquals((await reader.read()).value, "a");
  store.commitError = new Deno.errors.WriteZero("disk full");
  const error = await assertRejects(() => reader.read(), CacheError, "disk full");
  assertEquals(error.value, "b");
  const quiet = CacheDict.decorate(fn, { store, outerKey: "k", onError: "ignore" });
  assertEquals(await Array.fromAsync(quiet()), ["a", "b", "c"]);
  store.commitError = undefined;
  assertEquals(quiet.has(), false);
  assertEquals(await Array.fromAsync(quiet()), ["a", "b", "c"]);
  assertEquals([quiet.has(), sizeOf(store)], [true, 4]);
});
