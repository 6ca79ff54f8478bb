// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { drawTerminal } from "../../tools/draw_terminal.ts";

Deno.test("drawTerminal() gives each line a text of its own", () => {
  const svg = drawTerminal("deno task demo", "one  two\n\nthree");
  const texts = [...svg.matchAll(/<text x="20" y="(\d+)"[^>]*>([^<]*)<\/text>/g)];
  assertEquals(texts.map(([, y, text]) => [Number(y), text]), [
    [33, "$\u00a0deno\u00a0task\u00a0demo"],
    [73, "one\u00a0\u00a0two"],
    [113, "three"],
  ]);
});

Deno.test("drawTerminal() makes the picture as wide as the longest line and as high as all lines", () => {
  const [, width, height] = drawTerminal("a", "b".repeat(100)).match(/viewBox="0 0 (\d+) (\d+)"/)!;
  assertEquals([Number(width), Number(height)], [820, 100]);
});

Deno.test("drawTerminal() escapes what is markup, and shows what is hidden", () => {
  const svg = drawTerminal(`<script>"&'`, "</text><a href='x'>\u001b[31m\u202e");
  assertMatch(
    svg,
    /^<svg [^<>]*>\n<title>[^<>]*<\/title>\n<rect [^<>]*\/>\n<g [^<>]*>\n(<text [^<>]*>[^<>]*<\/text>\n){2}<\/g>\n<\/svg>\n$/,
  );
  assertMatch(svg, /&lt;script&gt;&quot;&amp;&#39;/);
  assertMatch(svg, /\\u\{1b\}\[31m\\u\{202e\}/);
});
