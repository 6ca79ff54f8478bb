// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { entriesBundle, failureBundle, type ShownEntry } from "../../src/display/entries.ts";
import { assertHarmless } from "./_html.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onmouseover='alert(1)",
  "&lt;b&gt;&#60;",
  "\x1b[2J\x1b]52;c;AAAA\x07\x9b31m",
  "\u202egnp.exe\u2066",
  "\ud800\udc00\ud800",
  "\u0000\r\n\t\u2028",
  "]]><!--",
];

function entry(key: unknown, value: unknown, options: Partial<ShownEntry> = {}): ShownEntry {
  return {
    key: () => ({ value: key }),
    value: () => ({ value }),
    bytes: 10,
    age: 5000,
    functionName: "",
    ...options,
  };
}

Deno.test("entriesBundle() shows entries as HTML and as text", () => {
  const bundle = entriesBundle("CacheDict(3) in /a.cache", [
    entry("x", { a: [1, 2] }, { functionName: "load", bytes: 1500 }),
    entry(["k", 1], new Map([["a", 1n]])),
  ], 1);
  assertEquals(
    bundle["text/plain"],
    `CacheDict(3) in /a.cache
key         value                   size  age  function
"x"         { a: [ 1, 2 ] }       1.5 kB  5 s  load
[ "k", 1 ]  Map(1) { "a" => 1n }    10 B  5 s
… and 1 more`,
  );
  const text = assertHarmless(bundle["text/html"]);
  for (const part of ["key", "&quot;x&quot;", "Map(1)", "1.5 kB", "load", "… and 1 more"]) {
    assertStringIncludes(text, part);
  }
});

Deno.test("entriesBundle() shows keys, values and names as text, whatever is in them", () => {
  for (const hostile of HOSTILE) {
    class Named {}
    Object.defineProperty(Named, "name", { value: hostile });
    const values = [hostile, { [hostile]: hostile }, new Error(hostile), new Named(), [hostile]];
    for (const value of [...values, Symbol.for(hostile), Object(hostile), new Set([hostile])]) {
      const { "text/html": html, "text/plain": plain } = entriesBundle(
        hostile,
        [entry(value, value, { functionName: hostile }), {
          ...entry(1, 1),
          key: () => ({ text: hostile }),
          value: () => {
            throw new Error(hostile);
          },
        }],
        0,
      );
      assertHarmless(html);
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(html + plain));
      assert(html.isWellFormed() && plain.isWellFormed());
      assert(plain.split("\n").length <= 4);
    }
  }
});

Deno.test("entriesBundle() shows why something can't be shown", () => {
  const odd = {
    [Symbol.for("Deno.customInspect")]() {
      throw new Error("no <b>way</b>");
    },
  };
  const thrower = () => {
    throw {
      toString: () => {
        throw new Error("odd");
      },
    };
  };
  const { "text/plain": plain, "text/html": html } = entriesBundle("x", [
    entry(odd, 1),
    { ...entry(1, 1), value: thrower },
  ], 0);
  assertStringIncludes(plain, "<no <b>way</b>>");
  assertStringIncludes(plain, "<it can't be shown>");
  assertHarmless(html);
});

Deno.test("entriesBundle() keeps previews short", () => {
  const { "text/html": html, "text/plain": plain } = entriesBundle("x", [
    entry("k".repeat(100_000), "😀".repeat(100_000)),
    entry(Array(10_000).fill(1), { deep: { deeper: { deepest: { more: { and: 1 } } } } }),
  ], 1_000_000);
  assert(html.length < 6000, `${html.length}`);
  for (const line of plain.split("\n")) assert(line.length < 110, line);
  assertStringIncludes(plain, "… and 1,000,000 more");
});

Deno.test("entriesBundle() shows errors without their stacks", async () => {
  const caught = await Promise.all([1].map((x) => Promise.reject(new TypeError(`worst ${x}`))))
    .catch((error) => error);
  const bundle = entriesBundle("x", [
    entry("k", new RangeError("bad")),
    entry("l", [new RangeError("worse"), 1]),
    entry("m", { caught, n: 2 }),
    entry("n", "a\n    at all"),
  ], 0);
  const cells = bundle["text/plain"].split("\n").slice(2).map((line) => line.split(/ {2,}/)[1]);
  assertEquals(cells, [
    "RangeError: bad",
    "[ RangeError: worse, 1 ]",
    "{ caught: TypeError: worst 1, n…",
    `"a\\n`,
  ]);
});

Deno.test("entriesBundle() says of an empty dictionary that it is one", () => {
  const { "text/html": html, "text/plain": plain } = entriesBundle("CacheDict(0)", [], 0);
  assertEquals([plain, assertHarmless(html).trim()], ["CacheDict(0)", "CacheDict(0)"]);
});

Deno.test("failureBundle() shows the message as text", () => {
  const { "text/html": html, "text/plain": plain } = failureBundle("x", new Error("<b>\x1b"));
  assertEquals([plain, assertHarmless(html).trim()], ["x: <b>\\u{1b}", "x: &lt;b&gt;\\u{1b}"]);
});
