// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import { digestCall, type KeyedCall } from "../../src/keys/digest_call.ts";
import { digestKey } from "../../src/keys/digest_key.ts";

Deno.test("digestCall() tells calls apart by name, source, this and arguments", () => {
  const object = {};
  const calls: KeyedCall[] = [
    { name: "f", args: [] },
    { name: "g", args: [] },
    { name: "", args: [] },
    { name: "f", source: "", args: [] },
    { name: "f", source: "() => 1", args: [] },
    { name: "f", self: { value: undefined }, args: [] },
    { name: "f", self: { value: 1 }, args: [] },
    { name: "f", args: [1] },
    { name: "f", args: [undefined] },
    { name: "f", args: [undefined, undefined] },
    { name: "f", args: [[1]] },
    { name: "f", args: [1, 2] },
    { name: "f", args: [[1, 2]] },
    { name: "f", args: ["f"] },
    { name: "f", args: [object, object] },
    { name: "f", args: [{}, {}] },
    { name: "f", self: { value: object }, args: [object] },
    { name: "f", self: { value: {} }, args: [{}] },
  ];
  assertEquals(new Set(calls.map((call) => digestCall(call))).size, calls.length);
});

Deno.test("digestCall() never gives the digest of a dictionary key", () => {
  assertNotEquals(digestCall({ name: "f", args: [1] }), digestKey(["f", [1]]));
  assertNotEquals(digestCall({ name: "f", args: [] }), digestKey("f"));
});

Deno.test("digestCall() counts the order of properties when told so", () => {
  const digest = (value: unknown) => digestCall({ name: "f", args: [value] }, { keyOrder: "keep" });
  assertNotEquals(digest({ a: 1, b: 2 }), digest({ b: 2, a: 1 }));
  assertEquals(digest({ a: 1, b: 2 }), digest({ a: 1, b: 2 }));
});
