// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import * as zlib from "node:zlib";
import { crc32, tableCrc32 } from "../../src/stores/_crc32.ts";
import { bytesOf, noise } from "./_changes.ts";

Deno.test("crc32() gives the check value of CRC-32", () => {
  assertEquals(crc32(bytesOf("123456789")), 0xcbf43926);
  assertEquals(crc32(bytesOf("")), 0);
  assertEquals(crc32(bytesOf(""), 0xdeadbeef), 0xdeadbeef);
});

Deno.test("crc32() gives what zlib gives, for any bytes, view and seed", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.nat(20), fc.nat(20), fc.nat(0xffff_ffff), (data, skip, drop, seed) => {
      const view = data.subarray(skip, Math.max(skip, data.length - drop));
      assertEquals(crc32(view, seed), zlib.crc32(view, seed));
      const end = Math.max(skip, data.length - drop);
      assertEquals(
        tableCrc32(data, Math.min(skip, end), end, seed),
        zlib.crc32(data.subarray(skip, end), seed),
      );
    }),
  );
});

Deno.test("crc32() of parts, one after another, is that of the whole", () => {
  const data = noise(1000, 1);
  for (let cut = 0; cut <= data.length; cut += 7) {
    assertEquals(crc32(data.subarray(cut), crc32(data.subarray(0, cut))), zlib.crc32(data));
  }
});

Deno.test("crc32() is the same before and after native code takes over", () => {
  const data = noise(1024 * 1024 + 5, 2).subarray(3);
  const expected = zlib.crc32(data);
  for (let time = 0; time < 12; time++) {
    assertEquals(crc32(data), expected);
    assertEquals(crc32(data.subarray(9), crc32(data.subarray(0, 9))), expected);
  }
  const shared = new Uint8Array(new SharedArrayBuffer(data.length));
  shared.set(data);
  assertEquals(crc32(shared), expected);
});
