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
    [{ ...own, name: "own+gzip" }, "compressed entry"],
    [{ ...own, name: "+deflate" }, "compressed entry"],
  ];
  for (const [option, words] of wrong) {
    assertThrows(() => resolveCodec(option as Codec), TypeError, words);
  }
});

Deno.test("resolveCodec() leaves room in the name for how values are compressed", () => {
  const named = (length: number): Codec => ({ ...own, name: "x".repeat(length) });
  assertEquals(resolveCodec(named(255), false).name.length, 255);
  assertEquals(resolveCodec(named(250), "gzip").name.length, 250);
  assertEquals(resolveCodec(named(247), "deflate").name.length, 247);
  assertThrows(() => resolveCodec(named(251), "gzip"), TypeError, "1 to 250 bytes");
  assertThrows(() => resolveCodec(named(248), "deflate"), TypeError, "1 to 247 bytes");
  assertStrictEquals(resolveCodec("msgpack", "deflate"), msgpack);
});

Deno.test("codecNamed() finds the codec of what is compressed", () => {
  assertStrictEquals(codecNamed("structured+gzip", own), structured);
  assertStrictEquals(codecNamed("msgpack+deflate", own), msgpack);
  assertStrictEquals(codecNamed("own+deflate", own), own);
  assertEquals(codecNamed("other+gzip", own), undefined);
  assertEquals(codecNamed("own+gzip+gzip", own), undefined);
  assertEquals(codecNamed("+gzip", own), undefined);
});

Deno.test("codecNamed() finds the built-in codecs and the reader's own", () => {
  assertStrictEquals(codecNamed("structured", own), structured);
  assertStrictEquals(codecNamed("msgpack", own), msgpack);
  assertStrictEquals(codecNamed("own", own), own);
  assertEquals(codecNamed("other", own), undefined);
  assertEquals(codecNamed("toString", own), undefined);
});
