// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { MemoryStore } from "@pecapiku/cache/stores";
import { sortedRows, type SortedRowsOptions, SORTS } from "../../src/inspect/sorted_rows.ts";
import { entryRows } from "../../src/inspect/entry_rows.ts";
import { call } from "../cli/_run_cli.ts";
import { digestOf, put } from "../stores/_changes.ts";

Deno.test("sortedRows() gives the page that sorting all would, whatever the order", () => {
  const entry = fc.record({
    bytes: fc.nat(5),
    age: fc.oneof(fc.nat(5), fc.constant(NaN)),
    duration: fc.nat(3),
    name: fc.constantFrom("f", "g"),
  });
  const page = fc.record({ limit: fc.nat(12), offset: fc.nat(12), reverse: fc.boolean() });
  fc.assert(fc.property(fc.array(entry, { maxLength: 30 }), page, (entries, options) => {
    const store = new MemoryStore();
    store.commit(
      entries.map(({ bytes, age, duration, name }, at) =>
        call(at, name, "x".repeat(bytes), { writtenAt: age, duration })
      ),
    );
    for (const sort of [undefined, ...SORTS]) {
      const all = [...sortedRows(store, { sort, reverse: options.reverse })];
      assertEquals(all.length, entries.length);
      const { limit, offset } = options;
      assertEquals([...sortedRows(store, { ...options, sort })], all.slice(offset, offset + limit));
    }
    const sizes = [...sortedRows(store, { sort: "size" })].map(({ bytes }) => bytes);
    assertEquals(sizes, sizes.toSorted((one, other) => other - one));
  }));
});

Deno.test("sortedRows() reads no more of a store than it needs where nothing is sorted", () => {
  const store = new MemoryStore();
  store.commit(Array.from({ length: 100 }, (_, at) => put(at, "1")));
  let read = 0;
  const entries = function* () {
    for (const info of MemoryStore.prototype.entries.call(store)) {
      read++;
      yield info;
    }
    return undefined;
  };
  const counting = Object.create(store, { entries: { value: entries } });
  assertEquals([...sortedRows(counting, { limit: 5, offset: 10 })].length, 5);
  assertEquals(read, 15);
  assertEquals([...sortedRows(counting, { limit: 0 })], []);
  assertEquals(read, 15);
});

Deno.test("entryRows() shows keys of all kinds, and what is wrong with one", () => {
  const store = new MemoryStore();
  const bytes = (text: string) => [new TextEncoder().encode(text)] as [Uint8Array];
  const keys = [
    { kind: "value", parts: bytes('{"a":[1]}') },
    { kind: "value", parts: bytes(`"${"x".repeat(3000)}"`) },
    { kind: "value", parts: bytes(`"${"x".repeat(70_000)}"`) },
    { kind: "value", parts: bytes("{") },
    { kind: "call", parts: bytes('{"name":"","preview":""}') },
    { kind: "call", parts: bytes("not json") },
    { kind: "call", parts: bytes("null") },
    { kind: "call", parts: bytes('{"part":"sample","of":"?","index":2,"name":"f","preview":"1"}') },
  ] as const;
  store.commit(keys.map((key, at) => put(at, "1", { key })));
  const rows = [...entryRows(store, { parts: true } satisfies SortedRowsOptions)];
  assertEquals(rows.map(({ digest }) => digest), keys.map((_, at) => digestOf(at)));
  assertEquals(rows.map(({ key }) => key.length < 40 ? key : key.length), [
    '{"a":[1]}',
    1024,
    "(a key of 70002 bytes)",
    rows[3]!.key.length < 40 ? rows[3]!.key : rows[3]!.key.length,
    "(anonymous)()",
    "(can't be read)",
    "(anonymous)()",
    "f(1)",
  ]);
  assertEquals(rows[3]!.key.startsWith("(can't be decoded: "), true);
  assertEquals(rows.map(({ isPart }) => isPart).indexOf(true), 7);
  assertEquals([rows[7]!.part, rows[7]!.partOf], ["sample 2", undefined]);
  assertEquals([...entryRows(store)].length, 7);
});
