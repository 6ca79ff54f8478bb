// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { crypto, DIGEST_ALGORITHM_NAMES } from "../../../tools/offline/crypto.ts";

const DATA = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31 + (i >>> 8));

function hex(digest: ArrayBuffer): string {
  return new Uint8Array(digest).toHex();
}

function expected(algorithm: string, bytes: Uint8Array): string {
  return createHash(algorithm.toLowerCase().replace("-", "")).update(bytes).digest("hex");
}

Deno.test("digestSync() gives the digests of FIPS 180-4's examples", () => {
  const encoder = new TextEncoder();
  const vectors = [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ] as const;
  for (const [text, digest] of vectors) {
    assertEquals(hex(crypto.subtle.digestSync("SHA-256", encoder.encode(text))), digest);
  }
});

Deno.test("digestSync() gives the platform's digests whatever the length", () => {
  const lengths = [...Array(300).keys(), 4_095, 65_535, 65_536, 65_537, DATA.length - 1];
  for (const length of lengths) {
    const bytes = DATA.subarray(1, 1 + length);
    const digest = hex(crypto.subtle.digestSync("SHA-256", bytes));
    assertEquals(digest, expected("SHA-256", bytes), `${length} bytes`);
  }
});

Deno.test("digestSync() takes every algorithm, its name in any case, and its own length", () => {
  for (const name of DIGEST_ALGORITHM_NAMES) {
    for (const bytes of [DATA.subarray(0, 3), DATA]) {
      const digest = expected(name, bytes);
      const lower = name.toLowerCase() as typeof name;
      assertEquals(hex(crypto.subtle.digestSync(name, bytes)), digest);
      assertEquals(hex(crypto.subtle.digestSync(lower, bytes)), digest);
      assertEquals(
        hex(crypto.subtle.digestSync({ name, length: digest.length / 2 }, bytes)),
        digest,
      );
    }
  }
});

Deno.test("digestSync() reads exactly the bytes of a view", () => {
  const digest = expected("SHA-256", DATA.subarray(8, 24));
  const views = [
    DATA.subarray(8, 24),
    new Float64Array(DATA.buffer, 8, 2),
    new DataView(DATA.buffer, 8, 16),
    DATA.slice(8, 24).buffer,
  ];
  for (const view of views) {
    assertEquals(hex(crypto.subtle.digestSync("SHA-256", view)), digest);
    assertEquals(hex(crypto.subtle.digestSync("SHA-256", [view])), digest);
  }
});

Deno.test("digestSync() and digest() read chunks before the next is asked for", async () => {
  function* chunks(count: number, size: number): Generator<Uint8Array<ArrayBuffer>> {
    const buffer = new Uint8Array(size);
    for (let i = 0; i < count; i++) yield buffer.fill(i);
  }
  async function* later(count: number, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* chunks(count, size);
  }
  for (const [count, size] of [[0, 1], [20, 7], [300, 900]] as const) {
    const joined = Uint8Array.from({ length: count * size }, (_, i) => Math.floor(i / size));
    const digest = expected("SHA-256", joined);
    assertEquals(hex(crypto.subtle.digestSync("SHA-256", chunks(count, size))), digest);
    assertEquals(hex(await crypto.subtle.digest("SHA-256", chunks(count, size))), digest);
    assertEquals(hex(await crypto.subtle.digest("SHA-256", later(count, size))), digest);
  }
});

Deno.test("digestSync() and digest() refuse an unknown algorithm", async () => {
  for (const name of ["", "FOO", "SHA256", "toString"]) {
    assertThrows(
      () => crypto.subtle.digestSync(name as never, DATA),
      TypeError,
      "unsupported algorithm",
    );
    await assertRejects(() => crypto.subtle.digest(name as never, DATA), DOMException);
  }
});

Deno.test("digestSync() refuses a length that is none, or not the algorithm's", () => {
  for (const length of [-1, 0.5, NaN, 2 ** 31]) {
    assertThrows(
      () => crypto.subtle.digestSync({ name: "SHA-256", length }, DATA),
      RangeError,
      "length must be an integer between 0 and 2147483647, inclusive",
    );
  }
  for (const length of [0, 16, 33]) {
    assertThrows(
      () => crypto.subtle.digestSync({ name: "SHA-256", length }, DATA),
      TypeError,
      "non-default length specified for non-extendable algorithm",
    );
  }
});

Deno.test("digestSync() and digest() refuse data that is no bytes", async () => {
  for (const data of [5, {}, new SharedArrayBuffer(1)]) {
    assertThrows(
      () => crypto.subtle.digestSync("SHA-256", data as never),
      TypeError,
      "data must be a BufferSource or Iterable<BufferSource>",
    );
    await assertRejects(
      () => crypto.subtle.digest("SHA-256", data as never),
      TypeError,
      "data must be a BufferSource or [Async]Iterable<BufferSource>",
    );
  }
  for (const data of ["abc", [DATA, "x"], [null]]) {
    assertThrows(
      () => crypto.subtle.digestSync("SHA-256", data as never),
      TypeError,
      "A chunk is not ArrayBuffer nor ArrayBufferView",
    );
  }
});
