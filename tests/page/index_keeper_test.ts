// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { IndexKeeper } from "../../src/page/_index_keeper.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { digestOf, remove } from "../stores/_changes.ts";
import { putCall } from "./_served.ts";

/** Each entry is a turn, and nobody waits. */
const IMPATIENT = { turn: -1, patience: 0, quick: Infinity };

function storeOf(count: number): MemoryStore {
  const store = new MemoryStore();
  store.commit(Array.from({ length: count }, (_, n) => putCall(n, "f", `${n}`, n)));
  return store;
}

/** Looks until there is an index of so many entries. */
async function lookFor(keeper: IndexKeeper, count: number) {
  for (let looks = 1;; looks++) {
    const reading = await keeper.look();
    if (reading?.index.count === count) return { reading, looks };
    assert(looks < 10_000);
  }
}

Deno.test("IndexKeeper.look() gives nothing while a store is read for the first time, and how far that is", async () => {
  const keeper = new IndexKeeper(storeOf(50), IMPATIENT);
  assertEquals(await keeper.look(), undefined);
  const { done, total } = keeper.progress;
  assert(done > 0 && done < 50);
  assertEquals(total, 50);
  const { reading, looks } = await lookFor(keeper, 50);
  assert(looks > 1);
  assertEquals([reading.index.length, reading.unread], [50, 0]);
});

Deno.test("IndexKeeper.look() gives what was there before while a store is read again", async () => {
  const store = storeOf(50);
  const keeper = new IndexKeeper(store, IMPATIENT);
  await lookFor(keeper, 50);
  store.commit([putCall(99, "g", "", 1)]);
  assertEquals((await keeper.look())!.index.count, 50);
  const { reading } = await lookFor(keeper, 51);
  assertEquals(reading.index.functions.map(({ name }) => name), ["f", "g"]);
});

Deno.test("IndexKeeper.look() reads a store that takes long for half of the time", async () => {
  const store = storeOf(50);
  const keeper = new IndexKeeper(store, { turn: 1_000, patience: 10_000, quick: -Infinity });
  // As if the clock stood still, nothing that was read is read again before as much time has passed.
  const { now } = performance;
  let time = 0;
  performance.now = () => time++;
  try {
    await keeper.look();
    store.commit([putCall(99, "g", "", 1)]);
    assertEquals((await keeper.look())!.index.count, 50);
    time += 1_000_000;
    assertEquals((await keeper.look())!.index.count, 51);
  } finally {
    performance.now = now;
  }
});

Deno.test("IndexKeeper.remove() takes entries out, also while the store is being read", async () => {
  const store = storeOf(50);
  const keeper = new IndexKeeper(store, IMPATIENT);
  await keeper.look();
  store.commit([remove(0), remove(49)]);
  assertEquals(keeper.remove(new Set([0, 49].map(digestOf))), 0);
  const { reading } = await lookFor(keeper, 48);
  assertEquals(
    reading.queries.select(
      { sort: "key", descending: false, search: "", functionName: undefined, parts: false },
      0,
      1,
    ).found,
    48,
  );
  store.commit([remove(7)]);
  assertEquals(keeper.remove(new Set([7, 200].map(digestOf))), 1);
  assertEquals(reading.index.count, 47);
});

Deno.test("IndexKeeper.stop() ends a reading", async () => {
  const keeper = new IndexKeeper(storeOf(50), IMPATIENT);
  await keeper.look();
  keeper.stop();
  // Two turns later, nothing goes on.
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve));
  const { done } = keeper.progress;
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(keeper.progress.done, done);
});

Deno.test("IndexKeeper.look() raises what the store does, and looks again the next time", async () => {
  const store = storeOf(1);
  let isBroken = true;
  const broken = new Proxy(store, {
    get(target, name) {
      if (name === "size" && isBroken) throw new Error("broken");
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const keeper = new IndexKeeper(broken);
  await assertRejects(() => keeper.look(), Error, "broken");
  isBroken = false;
  assertEquals((await keeper.look())!.index.count, 1);
});
