// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { DigestTable } from "../../src/stores/_digest_table.ts";
import { isRetainable, retainBytes, retainValue } from "../../src/stores/_retained.ts";
import type { StoredValue } from "../../src/stores/store.ts";
import { digestOf, noise } from "./_changes.ts";

function retain(table: DigestTable, number: number, bytes: Uint8Array): StoredValue {
  table.put(digestOf(number), 0, number + 1, bytes.length);
  const value: StoredValue = {
    codec: "structured",
    parts: [retainBytes(bytes)],
    promised: false,
    writtenAt: 0,
    duration: 0,
  };
  retainValue(table, table.find(digestOf(number)), value);
  return value;
}

function countKept(table: DigestTable, numbers: number): number {
  let kept = 0;
  for (let number = 0; number < numbers; number++) {
    if (table.value(table.find(digestOf(number))) !== undefined) kept++;
  }
  return kept;
}

Deno.test("isRetainable() takes values of one part of at most 64 KiB", () => {
  assert(isRetainable(1, 0));
  assert(isRetainable(1, 64 * 1024));
  assertEquals(isRetainable(1, 64 * 1024 + 1), false);
  assertEquals(isRetainable(2, 10), false);
});

Deno.test("retainBytes() copies, and never over what is still held", () => {
  const table = new DigestTable();
  const held: [StoredValue, Uint8Array][] = [];
  for (let number = 0; number < 50; number++) {
    const bytes = noise(60_000, number);
    held.push([retain(table, number, bytes), bytes.slice()]);
    bytes.fill(0);
  }
  for (const [value, bytes] of held) assertEquals(value.parts[0], bytes);
});

Deno.test("retainValue() keeps 32 MiB at the most, and the newest of them", () => {
  const table = new DigestTable();
  const bytes = noise(64 * 1024, 1);
  const values = 1000;
  for (let number = 0; number < values; number++) retain(table, number, bytes);
  const kept = countKept(table, values);
  assert(kept > 400 && kept <= 512, `${kept} values of 64 KiB`);
  assert(table.value(table.find(digestOf(values - 1))) !== undefined);
  assertEquals(table.value(table.find(digestOf(0))), undefined);
});

Deno.test("retainValue() keeps a bounded number of empty values", () => {
  const table = new DigestTable();
  const empty = new Uint8Array(0);
  retain(table, 1, empty);
  const other = new DigestTable();
  const value = retain(other, 2, empty);
  for (let count = 0; count < 32 * 16 * 1024; count++) {
    retainBytes(empty);
    retainValue(other, 0, value);
  }
  assertEquals(table.value(table.find(digestOf(1))), undefined);
});
