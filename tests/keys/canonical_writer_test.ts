// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { CanonicalWriter, DigestMemo } from "../../src/keys/_canonical_writer.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

Deno.test("CanonicalWriter gives the SHA-256 of what was written, however long", () => {
  for (const length of [0, 1, 4095, 4096, 4097, 65_536, 262_143, 262_144, 262_145, 1_000_000]) {
    const writer = new CanonicalWriter();
    for (let i = 0; i < length; i++) writer.byte(i & 0xff);
    assertEquals(writer.digest(), sha256(Uint8Array.from({ length }, (_, i) => i & 0xff)));
  }
});

Deno.test("CanonicalWriter writes the same however the parts meet the ends of its buffer", () => {
  const text = "aé€".repeat(200), long = "€".repeat(100_000), latin = "é".repeat(300_000);
  const block = new Uint8Array(60_000).fill(7);
  const lengthOf = (value: number) =>
    value < 128
      ? [value]
      : value < 16_384
      ? [value & 127 | 128, value >> 7]
      : [value & 127 | 128, value >> 7 & 127 | 128, value >> 14];
  const units = (value: string) =>
    [...value].flatMap((unit) => [unit.charCodeAt(0) & 0xff, unit.charCodeAt(0) >> 8]);
  const expected = [
    8,
    ...lengthOf(600),
    ...units(text),
    5,
    ...new Uint8Array(new Float64Array([1.5]).buffer),
    ...lengthOf(60_000),
    ...block,
    7,
    3,
    97,
    98,
    0xe9,
  ];
  for (const skipped of [0, 4000, 4090, 262_000, 262_130, 262_143]) {
    const writer = new CanonicalWriter();
    for (let i = 0; i < skipped; i++) writer.byte(0);
    writer.string(text);
    writer.number(1.5);
    writer.block(block);
    writer.string("abé");
    writer.string(long);
    writer.string(latin);
    const whole = new Uint8Array([
      ...new Uint8Array(skipped),
      ...expected,
      8,
      ...lengthOf(100_000),
      ...units(long),
      7,
      ...lengthOf(300_000),
      ...new Uint8Array(300_000).fill(0xe9),
    ]);
    assertEquals(writer.digest(), sha256(whole));
  }
});

Deno.test("CanonicalWriter begins anew after reset()", () => {
  const writer = new CanonicalWriter();
  writer.string("x".repeat(500_000));
  writer.digest();
  writer.reset();
  writer.number(1);
  assertEquals(writer.bytes(), new Uint8Array([6, 1]));
  assertEquals(writer.digest(), sha256(new Uint8Array([6, 1])));
});

Deno.test("CanonicalWriter writes numbers of every size", () => {
  const bytes = (write: (writer: CanonicalWriter) => void): string => {
    const writer = new CanonicalWriter();
    write(writer);
    return writer.bytes()!.toHex();
  };
  assertEquals(bytes((writer) => writer.varuint(0)), "00");
  assertEquals(bytes((writer) => writer.varuint(127)), "7f");
  assertEquals(bytes((writer) => writer.varuint(128)), "8001");
  assertEquals(bytes((writer) => writer.varuint(2 ** 31)), "8080808008");
  assertEquals(bytes((writer) => writer.varuint(2 ** 32)), "8080808010");
  assertEquals(bytes((writer) => writer.varuint(Number.MAX_SAFE_INTEGER)), "ffffffffffffff0f");
  assertEquals(bytes((writer) => writer.bigint(-0x1_00ffn)), "0a03ff0001");
  assertEquals(bytes((writer) => writer.double(NaN)), "000000000000f87f");
});

Deno.test("DigestMemo finds what was added, by all of its bytes", () => {
  const memo = new DigestMemo();
  for (let i = 0; i < 10_000; i++) memo.add(bytesOf(`key ${i}`), `digest ${i}`);
  let found = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = bytesOf(`key ${i}`);
    const digest = memo.find(bytes, bytes.length);
    if (digest === undefined) continue;
    found++;
    assertEquals(digest, `digest ${i}`);
  }
  assert(found > 2000 && found <= 4096);
});

Deno.test("DigestMemo takes the beginning of a buffer only", () => {
  const memo = new DigestMemo();
  memo.add(bytesOf("ab"), "digest");
  assertEquals(memo.find(bytesOf("abc"), 2), "digest");
  assertEquals(memo.find(bytesOf("abc"), 3), undefined);
  assertEquals(memo.find(bytesOf("abc"), 1), undefined);
});

Deno.test("DigestMemo keeps bytes of its own", () => {
  const memo = new DigestMemo();
  const bytes = bytesOf("ab");
  memo.add(bytes, "digest");
  bytes[0] = 0;
  assertEquals(memo.find(bytesOf("ab"), 2), "digest");
  assertEquals(memo.find(bytes, 2), undefined);
});

Deno.test("DigestMemo.addIfSeen() adds what comes a second time, and not what comes once in a long while", () => {
  const memo = new DigestMemo();
  const bytesOf = (number: number) => new TextEncoder().encode(`key ${number}`);
  const find = (number: number) => memo.find(bytesOf(number), bytesOf(number).length);
  memo.addIfSeen(bytesOf(1), "a".repeat(64));
  assertEquals(find(1), undefined);
  memo.addIfSeen(bytesOf(1), "a".repeat(64));
  assertEquals(find(1), "a".repeat(64));
  for (let round = 0; round < 3; round++) {
    for (let number = 2; number < 100_000; number++) {
      memo.addIfSeen(bytesOf(number), "b".repeat(64));
    }
  }
  let found = 0;
  for (let number = 2; number < 100_000; number++) found += Number(find(number) !== undefined);
  assertEquals([found, find(1)], [0, "a".repeat(64)]);
});

Deno.test("DigestMemo keeps at most 1 MiB of bytes, and none that are long", () => {
  const memo = new DigestMemo();
  memo.add(new Uint8Array(5000), "digest");
  assertEquals(memo.find(new Uint8Array(5000), 5000), undefined);
  const make = (i: number) => new Uint8Array(4000).fill(i, 0, 1).fill(i >> 8, 1, 2);
  for (let i = 0; i < 1000; i++) memo.add(make(i), `${i}`);
  const found = Array.from({ length: 1000 }, (_, i) => memo.find(make(i), 4000)).filter((digest) =>
    digest !== undefined
  );
  assert(found.length > 0 && found.length * 4000 <= 1024 * 1024);
});
