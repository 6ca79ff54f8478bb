// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DigestTable, isDigest } from "../../src/stores/_digest_table.ts";
import type { Digest, StoredValue } from "../../src/stores/store.ts";
import { bytesOf, digestOf, randomNumbers } from "./_changes.ts";

interface Location {
  offset: number;
  length: number;
}

function toBytes(digest: Digest): Uint8Array {
  return Uint8Array.fromHex(digest);
}

function locationOf(table: DigestTable, digest: Digest): Location | undefined {
  const entry = table.find(digest);
  return entry < 0 ? undefined : {
    offset: table.offset(entry),
    length: table.length(entry),
  };
}

function assertLike(table: DigestTable, model: Map<Digest, Location>): void {
  assertEquals(table.count, model.size);
  assertEquals([...table.digests()], [...model.keys()]);
  for (const [digest, location] of model) assertEquals(locationOf(table, digest), location);
}

Deno.test("DigestTable does what a Map does, whatever is put and removed", () => {
  const step = fc.record({
    number: fc.nat(40),
    action: fc.constantFrom("put", "put", "put", "remove", "clear"),
    asBytes: fc.boolean(),
    offset: fc.integer({ min: 1, max: 2 ** 48 }),
    length: fc.nat(2 ** 40),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    const table = new DigestTable();
    const model = new Map<Digest, Location>();
    for (const { number, action, asBytes, offset, length } of steps) {
      const digest = digestOf(number);
      const given = asBytes ? new Uint8Array([9, 9, ...toBytes(digest)]) : digest;
      if (action === "put") {
        const location = { offset, length };
        table.put(given, 2, offset, length);
        model.set(digest, location);
      } else if (action === "remove") {
        table.remove(given, 2, offset);
        model.delete(digest);
      } else if (number < 3) {
        table.clear();
        model.clear();
      }
      assertEquals(table.count, model.size);
      assertEquals(locationOf(table, digest), model.get(digest));
    }
    assertLike(table, model);
  }));
});

Deno.test("DigestTable stays right while it grows, and while many entries come and go", () => {
  const table = new DigestTable();
  const model = new Map<Digest, Location>();
  const random = randomNumbers(1);
  for (let step = 0; step < 60_000; step++) {
    const digest = digestOf(Math.floor(random() * 5000) * (step < 30_000 ? 1 : 7));
    if (random() < 0.6) {
      table.put(digest, 0, step + 1, 2);
      model.set(digest, { offset: step + 1, length: 2 });
    } else {
      table.remove(digest, 0, step + 1);
      model.delete(digest);
    }
  }
  assertLike(table, model);
  for (const digest of model.keys()) table.remove(digest, 0, 1);
  assertLike(table, new Map());
});

Deno.test("DigestTable tells digests apart that differ in one bit, or in the order of their words", () => {
  const base = "0123456789abcdef".repeat(4);
  const digests = new Set([base]);
  for (let at = 0; at < 64; at++) {
    for (let bit = 0; bit < 4; bit++) {
      const digit = (parseInt(base[at]!, 16) ^ 1 << bit).toString(16);
      digests.add(base.slice(0, at) + digit + base.slice(at + 1));
    }
  }
  for (let shift = 8; shift < 64; shift += 8) digests.add(base.slice(shift) + base.slice(0, shift));
  digests.add("0".repeat(64)).add("f".repeat(64));
  const table = new DigestTable();
  let offset = 0;
  for (const digest of digests) table.put(digest, 0, ++offset, 0);
  offset = 0;
  for (const digest of digests) assertEquals(table.offset(table.find(digest)), ++offset);
  assertEquals(table.count, digests.size);
});

Deno.test("DigestTable keeps and releases values, and forgets them with their entries", () => {
  const table = new DigestTable();
  const value: StoredValue = {
    codec: "structured",
    parts: [bytesOf("1")],
    promised: false,
    writtenAt: 0,
    duration: 0,
  };
  const other: StoredValue = { ...value };
  table.put(digestOf(1), 0, 1, 1);
  const entry = table.find(digestOf(1));
  assertEquals(table.value(entry), undefined);
  table.keep(entry, value);
  table.markChecked(entry);
  assert(table.value(entry) === value && table.isChecked(entry));
  table.release(entry, other);
  assert(table.value(entry) === value);
  table.release(entry, value);
  assertEquals(table.value(entry), undefined);
  table.keep(entry, value);
  table.put(digestOf(1), 0, 2, 1);
  assertEquals(table.value(table.find(digestOf(1))), undefined);
  assertEquals(table.isChecked(table.find(digestOf(1))), false);
});

Deno.test("DigestTable gives no value of another entry, when numbers change", () => {
  const table = new DigestTable();
  const values = new Map<Digest, StoredValue>();
  for (let number = 0; number < 1000; number++) {
    const digest = digestOf(number);
    table.put(digest, 0, number + 1, 0);
    const value: StoredValue = {
      codec: digest,
      parts: [bytesOf("")],
      promised: false,
      writtenAt: 0,
      duration: 0,
    };
    table.keep(table.find(digest), value);
    values.set(digest, value);
    if (number % 3 === 0) {
      table.remove(digest, 0, 1);
      values.delete(digest);
    }
    for (const [each, kept] of number % 50 === 0 ? values : []) {
      const found = table.value(table.find(each));
      assert(found === undefined || found === kept);
    }
  }
});

Deno.test("DigestTable.digests() goes by the time of the call", () => {
  const table = new DigestTable();
  table.put(digestOf(1), 0, 1, 0);
  const digests = table.digests();
  table.put(digestOf(2), 0, 1, 0);
  table.remove(digestOf(1), 0, 1);
  assertEquals([...digests], [digestOf(1)]);
});

Deno.test("isDigest() takes 64 lowercase hexadecimal digits only", () => {
  assert(isDigest("0123456789abcdef".repeat(4)));
  for (let code = 0; code < 300; code++) {
    const character = String.fromCharCode(code);
    const text = "0".repeat(31) + character + "f".repeat(32);
    assertEquals(isDigest(text), /^[0-9a-f]{64}$/.test(text), character);
    assertEquals(new DigestTable().find(text), -1);
  }
  for (const text of ["", "0".repeat(63), "0".repeat(65), 7, undefined, ["0".repeat(64)]]) {
    assertEquals(isDigest(text as string), false);
    assertEquals(isDigest(text as string), false);
  }
});
