// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { formOf, type FormOptions } from "../../src/code/_form.ts";
import { type Node, parseUnit, UnknownSyntaxError } from "../../src/code/_parse.ts";
import { analyzeScopes } from "../../src/code/_scopes.ts";

const NORMAL: FormOptions = {
  verbatim: false,
  outer: new Set(),
  numbered: new Map(),
  omitted: new Set(),
  unnamed: undefined,
};
const NAMED: FormOptions = { ...NORMAL, verbatim: true };

function digestOf(text: string, options: FormOptions = NORMAL): string {
  const { root, program } = parseUnit(text, "expression")!;
  return formOf([root], analyzeScopes(program), options).digest;
}

function digestOfNode(fields: Record<string, unknown>): string {
  const node: Node = { type: "Thing", start: 0, end: 0, ...fields };
  const program: Node = { type: "Program", start: 0, end: 0, body: [] };
  return formOf([node], analyzeScopes(program), NORMAL).digest;
}

Deno.test("formOf() counts fields and types of nodes that it does not know", () => {
  const digests = [
    {},
    { type: "Other" },
    { flag: true },
    { other: true },
    { flag: 1 },
    { flag: "1" },
    { flag: "true" },
    { flag: [] },
    { flag: [null] },
    { flag: [[]] },
    { flag: ["a", "b"] },
    { flag: ["ab"] },
    { flag: ['a","b'] },
    { flag: { type: "Thing" } },
    { flag: [{ type: "Thing" }] },
    { flag: "a", other: "b" },
    { flag: 'a"other:"b' },
  ].map(digestOfNode);
  assertEquals(new Set(digests).size, digests.length);
});

Deno.test("formOf() counts neither places in the text nor empty fields", () => {
  const plain = digestOfNode({});
  assertEquals(digestOfNode({ start: 1, end: 2, range: [1, 2], loc: {}, extra: {} }), plain);
  assertEquals(digestOfNode({ flag: false, other: null, third: undefined }), plain);
});

Deno.test("formOf() throws an UnknownSyntaxError when a tree has something that it can't write", () => {
  for (
    const flag of [
      { type: "Identifier", name: "x" },
      { type: "Literal", value: {} },
      { type: "BreakStatement", label: { type: "Identifier", name: "l" } },
      1n,
      Symbol.iterator,
      () => {},
      {},
    ]
  ) {
    assertThrows(() => digestOfNode({ flag }), UnknownSyntaxError);
  }
});

Deno.test("formOf() keeps names apart when they are verbatim", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["(x) => x", "(y) => y"],
    ["() => { l: for (;;) break l }", "() => { m: for (;;) break m }"],
    ["f = () => {}", "(f) = () => {}"],
    ["[f = () => {}] = a", "[(f) = () => {}] = a"],
  ];
  for (const [one, other] of pairs) {
    assertNotEquals(digestOf(one, NAMED), digestOf(other, NAMED), one);
    assertEquals(digestOf(one), digestOf(other), one);
  }
});

Deno.test("formOf() counts ways to write the same as one, also when names are verbatim", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["a.b", "a['b']"],
    ["a?.b", "a?.[`b`]"],
    ["({ a: 1 })", "({ 'a': 1 })"],
    ["({ 1: 1 })", "({ '1': 1 })"],
    ["({ a })", "({ a: a })"],
    ["`a`", "'a'"],
    ["0x10", "16"],
  ];
  for (const [one, other] of pairs) {
    assertEquals(digestOf(one, NAMED), digestOf(other, NAMED), one);
    assertEquals(digestOf(one), digestOf(other), one);
  }
});

Deno.test("formOf() tells apart what is not the same, also when names are verbatim", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["a.b", "a[b]"],
    ["a[1]", "a['1']"],
    ["({ a: b })", "({ [a]: b })"],
    ["({ __proto__ })", "({ __proto__: __proto__ })"],
    ["({ __proto__: a })", "({ ['__proto__']: a })"],
    ["f`a`", "f('a')"],
    ["f`\\n`", "f`\n`"],
    ["`${a}`", "a"],
    ["1", "1n"],
    ["1", "'1'"],
  ];
  for (const [one, other] of pairs) {
    assertNotEquals(digestOf(one, NAMED), digestOf(other, NAMED), one);
    assertNotEquals(digestOf(one), digestOf(other), one);
  }
});

Deno.test("formOf() tells labels by their places, also where a name is used again", () => {
  assertEquals(
    digestOf("() => { l: for (;;) break l; l: for (;;) continue l }"),
    digestOf("() => { l: for (;;) break l; m: for (;;) continue m }"),
  );
  assertNotEquals(
    digestOf("() => { l: for (;;) m: for (;;) { break l } }"),
    digestOf("() => { l: for (;;) m: for (;;) { break m } }"),
  );
  assertEquals(
    digestOf("() => { l: for (;;) f(() => { l: for (;;) break l }) }"),
    digestOf("() => { l: for (;;) f(() => { m: for (;;) break m }) }"),
  );
});

Deno.test("formOf() gives another digest when the options are others", () => {
  assertNotEquals(digestOf("1"), digestOf("1", NAMED));
});
