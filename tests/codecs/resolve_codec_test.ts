// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Codec } from "../../src/codecs/codec.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { codecNamed, resolveCodec } from "../../src/codecs/resolve_codec.ts";
import { structured } from "../../src/codecs/structured.ts";

const own: Codec = { name: "own", encode: () => new Uint8Array(), decode: () => undefined };

Deno.test("resolveCodec() gives the codec that is asked for", () => {
  assertStrictEquals(resolveCodec(undefined), structured);
  assertStrictEquals(resolveCodec("structured"), structured);
  assertStrictEquals(resolveCodec("msgpack"), msgpack);
  assertStrictEquals(resolveCodec(own), own);
  assertStrictEquals(resolveCodec(msgpack), msgpack);
});

Deno.test("resolveCodec() takes methods of a class, and names of up to 255 bytes", () => {
  class Mine implements Codec {
    readonly name = "é".repeat(127) + "x";
    encode(): Uint8Array {
      return new Uint8Array();
    }
    decode(): unknown {
      return undefined;
    }
  }
  assertEquals(resolveCodec(new Mine()).name.length, 128);
});

Deno.test("resolveCodec() throws and shows what was given when it is no codec", () => {
  const wrong: [unknown, string][] = [
    ["json", '"json"'],
    ["", '""'],
    [null, "null"],
    [5, "5"],
    [{}, "must be functions"],
    [{ ...own, encode: 1 }, "must be functions"],
    [{ ...own, decode: undefined }, "must be functions"],
    [{ ...own, name: "" }, '""'],
    [{ ...own, name: 1 }, "1"],
    [{ ...own, name: "é".repeat(128) }, "1 to 255 bytes"],
    [{ ...own, name: "structured" }, "built-in codec"],
    [{ ...own, name: "msgpack" }, "built-in codec"],
  ];
  for (const [option, words] of wrong) {
    assertThrows(() => resolveCodec(option as Codec), TypeError, words);
  }
});

Deno.test("codecNamed() finds the built-in codecs and the reader's own", () => {
  assertStrictEquals(codecNamed("structured", own), structured);
  assertStrictEquals(codecNamed("msgpack", own), msgpack);
  assertStrictEquals(codecNamed("own", own), own);
  assertEquals(codecNamed("other", own), undefined);
  assertEquals(codecNamed("toString", own), undefined);
});
