// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import { cut, keyLabel, readEntryKey } from "../../src/inspect/entry_key.ts";
import type { StoredKey } from "../../src/stores/store.ts";
import { bytesOf, digestOf } from "../stores/_changes.ts";

function keyOf(key: StoredKey, codec = "structured", most?: number) {
  return readEntryKey({ key, codec }, most);
}

function call(text: string): StoredKey {
  return { kind: "call", parts: [bytesOf(text)] };
}

function value(key: unknown): StoredKey {
  return { kind: "value", parts: encodeParts(structured, key) };
}

Deno.test("readEntryKey() shows calls, and keys of dictionaries as JSON or a preview", () => {
  assertEquals(keyOf(call('{"name":"add","preview":"1, 2"}')), { key: "add(1, 2)" });
  assertEquals(keyOf(call('{"name":"","preview":""}')), { key: "(anonymous)()" });
  assertEquals(keyOf(value(["row", { x: 1 }])), { key: '["row",{"x":1}]' });
  assertEquals(keyOf(value(2n)), { key: "2n" });
});

Deno.test("readEntryKey() tells what an entry is of which one", () => {
  const of = digestOf(1);
  const chunk = keyOf(call(`{"part":"chunk","of":"${of}","index":3,"name":"f","preview":"1"}`));
  assertEquals(chunk, { key: "f(1)", part: "chunk 3", partOf: of });
  assertEquals(keyLabel(chunk), "f(1) (chunk 3)");
  assertEquals(keyLabel({ key: "f(1)" }), "f(1)");
  for (const wrong of ["1", `"A${of.slice(1)}"`, `"${of}0"`, "null", '"../x"']) {
    const { part, partOf } = keyOf(call(`{"part":"error","of":${wrong},"name":"f"}`));
    assertEquals([part, partOf], ["error", undefined]);
  }
});

Deno.test("readEntryKey() shows what is wrong with a key, and throws nothing", () => {
  for (const text of ["", "{", "\x80", '{"part":"']) {
    assertEquals(keyOf(call(text)).key, "(can't be read)");
  }
  for (const text of ["null", "1", "[]", '"x"', '{"__proto__":{"name":"x"}}']) {
    assert(keyOf(call(text)).key.endsWith("()"), text);
  }
  assert(
    keyOf({ kind: "value", parts: [Uint8Array.of(255)] }).key.startsWith("(can't be decoded: "),
  );
  assertEquals(keyOf(value(1), "none").key, '(can\'t be decoded: no codec named "none" here)');
  assertEquals(keyOf(value("x".repeat(70_000))).key.replace(/\d+/, "N"), "(a key of N bytes)");
  assertEquals(keyOf(call(" ".repeat(70_000))).key, "(a key of 70000 bytes)");
  const long = keyOf(call(JSON.stringify({ part: "x".repeat(500), name: "f", preview: "" })));
  assertEquals(long.part!.length, 32);
});

Deno.test("readEntryKey() and cut() give no more of a text than is asked for", () => {
  assertEquals(keyOf(call('{"name":"f","preview":"12345"}'), "structured", 5).key, "f(12…");
  assertEquals(keyOf(value("x".repeat(5000))).key.length, 1024);
  assertEquals([cut("abc", 3), cut("abcd", 3), cut("\ud800\ud800\ud800", 2)], [
    "abc",
    "ab…",
    "\ud800…",
  ]);
});
