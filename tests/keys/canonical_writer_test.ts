// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { CanonicalWriter } from "../../src/keys/_canonical_writer.ts";

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
