// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { textDigest } from "../../src/code/text_digest.ts";

Deno.test("textDigest() is the SHA-256 of the UTF-8 when a text is well-formed", () => {
  assertEquals(
    textDigest(""),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  const points = fc.array(fc.nat(0x10ffff).filter((point) => point < 0xd800 || point > 0xdfff));
  fc.assert(fc.property(points, (some) => {
    const text = String.fromCodePoint(...some);
    assertEquals(textDigest(text), createHash("sha256").update(text, "utf8").digest("hex"));
  }));
});

Deno.test("textDigest() tells texts apart when surrogates stand alone in them", () => {
  const texts = [
    "\ud800",
    "\udc00",
    "\ufffd",
    "\ud800\ud800",
    "\udc00\ud800",
    "\u{10000}",
    "\ud800 \udc00",
    "a\ud800",
    "a\ufffd",
    "\ud83d\ud83d\ude00",
    "\ud83d\ude00\ud83d",
  ];
  assertEquals(new Set(texts.map(textDigest)).size, texts.length);
});

Deno.test("textDigest() gives two digests when two texts of any code units differ", () => {
  const units = fc.array(fc.constantFrom(0x61, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffd), {
    maxLength: 4,
  });
  fc.assert(fc.property(units, units, (one, other) => {
    const [a, b] = [String.fromCharCode(...one), String.fromCharCode(...other)];
    assertEquals(textDigest(a) === textDigest(b), a === b);
  }));
});
