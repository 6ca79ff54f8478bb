// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Codec } from "../../src/codecs/codec.ts";
import { compressionOf, compressParts, decompressParts } from "../../src/codecs/compression.ts";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { structured } from "../../src/codecs/structured.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import type { Parts } from "../../src/stores/store.ts";

function codec(encode: (value: unknown) => unknown): Codec {
  return { name: "mine", encode: encode as Codec["encode"], decode: (...given) => given };
}

Deno.test("encodeParts() takes one array of bytes, or several", () => {
  const bytes = Uint8Array.of(1);
  assertEquals(encodeParts(codec(() => bytes), 0), [bytes]);
  assertEquals(encodeParts(codec(() => [bytes, bytes]), 0), [bytes, bytes]);
});

Deno.test("encodeParts() throws and names the codec when it gives no bytes", () => {
  for (const wrong of [undefined, null, "bytes", [], ["a"], [1, 2], new ArrayBuffer(1)]) {
    assertThrows(() => encodeParts(codec(() => wrong), 0), UncacheableValueError, "mine");
  }
  assertThrows(
    () => encodeParts(codec(() => Promise.resolve(new Uint8Array())), 0),
    UncacheableValueError,
    "neither a Uint8Array nor several",
  );
});

Deno.test("encodeParts() makes what a codec throws the cause", () => {
  const cause = new TypeError("no");
  const error = assertThrows(
    () =>
      encodeParts(
        codec(() => {
          throw cause;
        }),
        0,
      ),
    UncacheableValueError,
  );
  assertStrictEquals(error.cause, cause);
});

Deno.test("encodeParts() passes an error of the cache on as it is", () => {
  const own = new UncacheableValueError("Cannot store value: it is Monday");
  const error = assertThrows(() =>
    encodeParts(
      codec(() => {
        throw own;
      }),
      0,
    )
  );
  assertStrictEquals(error, own);
});

Deno.test("decodeParts() gives a codec the bytes and the buffers apart", () => {
  const parts: Parts = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  const mine = codec(() => parts);
  assertEquals(decodeParts(mine, parts), [parts[0], [parts[1], parts[2]]]);
  assertEquals(decodeParts(mine, [parts[0]]), [parts[0], []]);
});

/** A view of a part of a larger `Buffer`, whose `slice` is no copy. */
function viewOf(bytes: Uint8Array): Uint8Array {
  const pool = Buffer.alloc(bytes.byteLength + 64, 7);
  pool.set(bytes, 24);
  return pool.subarray(24, 24 + bytes.byteLength);
}

Deno.test("decodeParts() gives the value that was encoded when the bytes are Buffers of a pool", () => {
  const values = [
    new Float64Array(100_000).fill(2.5),
    { text: "x".repeat(1_000), bytes: new Uint8Array(70_000).fill(3) },
    new Map([[1, new Date(5)]]),
    "text",
  ];
  for (
    const [codec, value] of [
      ...values.map((value) => [structured, value] as const),
      [msgpack, values[1]] as const,
    ]
  ) {
    for (const compression of [undefined, "gzip", "deflate"] as const) {
      const parts = encodeParts(codec, value);
      const stored = compression === undefined
        ? { codec: codec.name, parts }
        : compressParts(codec.name, parts, compression);
      const pooled = stored.parts.map(viewOf) as unknown as Parts;
      const used = compressionOf(stored.codec);
      const plain = used === undefined ? pooled : decompressParts(pooled, used);
      const decoded = decodeParts(codec, plain);
      assertEquals(decoded, value);
      for (const part of pooled) part.fill(0);
      if (typeof value !== "string") assertEquals(decoded, value, "it has memory of its own");
    }
  }
});

Deno.test("encodeParts() gives plain bytes when a codec gives Buffers", () => {
  const [one, two] = [viewOf(Uint8Array.of(1, 2)), viewOf(Uint8Array.of(3))];
  for (
    const part of [...encodeParts(codec(() => one), 0), ...encodeParts(codec(() => [one, two]), 0)]
  ) {
    assertStrictEquals(Object.getPrototypeOf(part), Uint8Array.prototype);
  }
  assertEquals(encodeParts(codec(() => [one, two]), 0), [Uint8Array.of(1, 2), Uint8Array.of(3)]);
});
