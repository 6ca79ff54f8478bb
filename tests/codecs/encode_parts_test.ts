// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Codec } from "../../src/codecs/codec.ts";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
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
