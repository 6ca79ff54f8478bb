// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { safeJson, safeLines, safeText } from "../../src/inspect/safe_text.ts";

Deno.test("safeText() writes what could be a command to a terminal as an escape", () => {
  assertEquals(safeText("\x1b[31mred\x07\x9b0m"), "\\x1b[31mred\\x07\\x9b0m");
  assertEquals(safeText("a\nb\rc\td\0"), "a\\nb\\rc\\td\\x00");
  assertEquals(
    safeText("\u202eabc\u2066\u200b\ufeff\u2028"),
    "\\u{202e}abc\\u{2066}\\u{200b}\\u{feff}\\u{2028}",
  );
  assertEquals(safeText("\ud800x\udfff"), "\\u{d800}x\\u{dfff}");
  assertEquals(safeText("\u{e0041}\u{f0000}"), "\\u{e0041}\\u{f0000}");
});

Deno.test("safeText() leaves other text as it is, also emoji of several parts", () => {
  for (const text of ["", "plain", "日本語", "é", "e\u0301", "👨‍👩‍👧", "❤️‍🔥", "👩🏽‍💻", "<b>&amp;</b>"]) {
    assertEquals(safeText(text), text);
  }
  // Where it joins no pictures, it only hides something.
  assertEquals(safeText("a\u200db"), "a\\u{200d}b");
});

Deno.test("safeLines() keeps line breaks, and nothing else", () => {
  assertEquals(safeLines("a\nb\r\n\x1b"), "a\nb\\r\n\\x1b");
});

Deno.test("safeJson() means what it did, in one line without control characters", () => {
  for (let code = 0; code < 0x3000; code++) {
    const value = { [String.fromCodePoint(code)]: `x${String.fromCodePoint(code)}` };
    const json = safeJson(value);
    assertEquals(JSON.parse(json), value);
    assert(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(json));
  }
  assertEquals(JSON.parse(safeJson("\u{e0041}👨‍👩‍👧\ud800")), "\u{e0041}👨‍👩‍👧\ud800");
});
