// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { Codec } from "../../src/codecs/codec.ts";
import { compressionOf, compressParts, decompressParts } from "../../src/codecs/compression.ts";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { structured } from "../../src/codecs/structured.ts";
import type { Parts } from "../../src/stores/store.ts";
import { graphDifference } from "./_graph_difference.ts";

/** The document that specifies the bytes. */
const DOCUMENT = new URL("../../docs/format.md", import.meta.url);

/** The rows of the table of examples in the section of a codec: a value as JavaScript, and its parts in hexadecimal. */
function examples(section: string): { expression: string; parts: string[] }[] {
  const text = Deno.readTextFileSync(DOCUMENT);
  const from = text.indexOf(`### \`${section}\``);
  assert(from >= 0, `No section ${section}`);
  const end = text.indexOf("\n### ", from + 1);
  const body = text.slice(from, end < 0 ? undefined : end);
  return [...body.matchAll(/^\| `(.+?)` +\| (`[^|]*[0-9a-f ×…]+`) *\|$/gm)].map((match) => ({
    expression: match[1]!,
    parts: match[2]!.split(" + ").map((part) => part.replaceAll("`", "").trim()),
  })).filter(({ parts }) => parts.every((part) => /^[0-9a-f]{2}( |$)|×/.test(part)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function bytesOf(text: string): Uint8Array {
  const zeros = /^(\d+) × 00$/.exec(text);
  if (zeros !== null) return new Uint8Array(Number(zeros[1]));
  return Uint8Array.from(text.split(" "), (byte) => Number.parseInt(byte, 16));
}

function testExamples(section: string, codec: Codec, atLeast: number): void {
  const found = examples(section);
  assert(found.length >= atLeast, `Only ${found.length} examples in section ${section}`);
  for (const { expression, parts } of found) {
    const value: unknown = (0, eval)(`(${expression})`);
    const given = parts.map(bytesOf) as unknown as Parts;
    const written = encodeParts(codec, value);
    // V8 writes an array in one of two ways, by what it knows of the array's past.
    const fixed = codec !== structured || ![0x01, 0xff].includes(given[0][0]!);
    if (fixed) assertEquals(written.map(hex), given.map(hex), expression);
    assertEquals([written.length, written[0][0]], [given.length, given[0][0]], expression);
    const difference = graphDifference(value, decodeParts(codec, given));
    assert(difference === undefined, `${expression}: ${difference}`);
  }
}

Deno.test("structured writes and reads the bytes that the document gives", () => {
  testExamples("structured", structured, 19);
});

Deno.test("msgpack writes and reads the bytes that the document gives", () => {
  testExamples("msgpack", msgpack, 10);
});

Deno.test("compressParts() writes, and decompressParts() reads, what the document gives", () => {
  const text = Deno.readTextFileSync(DOCUMENT);
  const body = text.slice(text.indexOf("### Compressed values"), text.indexOf("\n## Files"));
  const rows = [...body.matchAll(/^\| `(.+?)` +\| `([a-z+]+)` +\| (`[0-9a-f +`]+`) *\|$/gm)];
  assertEquals(rows.length, 3);
  for (const [, expression, name, bytes] of rows) {
    const value: unknown = (0, eval)(`(${expression})`);
    const given = bytes!.split(" + ").map((part) => bytesOf(part.replaceAll("`", "").trim()));
    const compression = compressionOf(name!)!;
    assertEquals(name, `structured+${compression}`);
    const plain = decompressParts(given as unknown as Parts, compression);
    const difference = graphDifference(value, decodeParts(structured, plain));
    assert(difference === undefined, `${expression}: ${difference}`);
    // Only what does not depend on the version of zlib: the length, and the header of the compressed data.
    const written = compressParts("structured", encodeParts(structured, value), compression);
    assertEquals(written.codec, name);
    const shown = (part: Uint8Array): string => hex(part.subarray(0, 8 + 2));
    assertEquals(written.parts.map(shown), given.map(shown), expression);
    if (compression === "gzip") {
      assertEquals(hex(written.parts[0].subarray(8, 18)), hex(given[0]!.subarray(8, 18)));
    }
  }
});
