// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { escapeHtml, escapeText, shorten } from "../../src/display/escape.ts";
import { noise } from "../stores/_changes.ts";

Deno.test("escapeText() shows what is hidden in a text, and leaves the rest", () => {
  const cases: [string, string][] = [
    ["plain, é, 日本語, 😀, 👩‍💻".replaceAll("\u200d", ""), "plain, é, 日本語, 😀, 👩💻"],
    ["a\n  b\tc\r\n d", "a b c d"],
    ["\x1b[31mred\x1b]0;title\x07", "\\u{1b}[31mred\\u{1b}]0;title\\u{7}"],
    ["\x9b2J\x00\x7f", "\\u{9b}2J\\u{0}\\u{7f}"],
    ["\u202eevil\u2066\u200f", "\\u{202e}evil\\u{2066}\\u{200f}"],
    ["a\u200bb\ufeffc\u2028d", "a\\u{200b}b\\u{feff}c\\u{2028}d"],
    ["\ud800x\udc00", "\\u{d800}x\\u{dc00}"],
    ["\u{e0041}", "\\u{e0041}"],
    ["<b>&\"'", "<b>&\"'"],
  ];
  for (const [text, expected] of cases) assertEquals(escapeText(text), expected);
});

Deno.test("escapeHtml() makes text of everything", () => {
  const cases: [string, string][] = [
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    [`" onload="x' &amp;`, "&quot; onload=&quot;x&#39; &amp;amp;"],
    ["</title><img src=x onerror=alert(1)>", "&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;"],
    ["\u202e<\ud800", "\\u{202e}&lt;\\u{d800}"],
  ];
  for (const [text, expected] of cases) assertEquals(escapeHtml(text), expected);
});

Deno.test("escapeHtml() gives well-formed text without markup or controls, whatever it is given", () => {
  for (let seed = 0; seed < 300; seed++) {
    const units = new Uint16Array(noise(60, seed).buffer);
    const text = String.fromCharCode(...units, ...noise(60, seed + 1000));
    const html = escapeHtml(text);
    assert(html.isWellFormed());
    // deno-lint-ignore no-control-regex
    assert(!/[<>"'\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(html), html);
    assert(!/&(?!(?:amp|lt|gt|quot|#39);)/.test(html), html);
  }
});

Deno.test("shorten() cuts no character in two", () => {
  assertEquals(shorten("abc", 3), "abc");
  assertEquals(shorten("abcd", 3), "ab…");
  assertEquals(shorten("a😀bcd", 3), "a…");
  assertEquals(shorten("😀😀😀", 4), "😀…");
  for (let most = 2; most < 12; most++) {
    const text = shorten("a😀b😀c😀d", most);
    assert(text.isWellFormed() && text.length <= most);
  }
});
