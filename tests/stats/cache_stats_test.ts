// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inspect } from "node:util";
import { CacheStats } from "../../src/stats/cache_stats.ts";
import { assertHarmless } from "../display/_html.ts";

const COUNTS = { hits: 30, misses: 10, stores: 9, evictions: 1, savedMilliseconds: 90_000 };

const FIGURES = {
  location: "/tmp/a.cache",
  functionName: undefined,
  entries: 8,
  bytes: 3000,
  bytesLive: 2000,
  bytesDead: 500,
  session: COUNTS,
  total: { ...COUNTS, hits: 1234, savedMilliseconds: 7_260_000 },
};

async function display(stats: CacheStats): Promise<Record<string, string>> {
  const show = Reflect.get(stats, Symbol.for("Jupyter.display")) as () => Promise<
    Record<string, string>
  >;
  return await show.call(stats);
}

Deno.test("CacheStats prints as a table, whoever prints it", () => {
  const stats = new CacheStats(FIGURES);
  const expected = `CacheStats of /tmp/a.cache
8 entries, 3.0 kB (2.0 kB live, 500 B dead)
            since open  in total
hits                30     1,234
misses              10        10
stores               9         9
evictions            1         1
time saved  1 m 30 s  2 h 1 m`;
  const lines = (text: string) => text.split("\n").map((line) => line.replaceAll(/ +/g, " "));
  for (const text of [String(stats), Deno.inspect(stats), inspect(stats)]) {
    assertEquals(lines(text), lines(expected));
  }
  const widths = String(stats).split("\n").slice(2).map((line) => line.length);
  assertEquals(new Set(widths).size, 1, "numbers are set to the right");
});

Deno.test("CacheStats leaves out what is not known", () => {
  const stats = new CacheStats({
    ...FIGURES,
    ...{ functionName: "load", entries: 1, bytes: undefined, bytesLive: undefined },
    total: undefined,
  });
  const [title, room, head] = String(stats).split("\n");
  assertEquals([title, room, head?.trim()], [
    "CacheStats of load in /tmp/a.cache",
    "1 entry",
    "since open",
  ]);
});

Deno.test("CacheStats shows bars in a notebook, with words for who can't see them", async () => {
  const bundle = await display(new CacheStats(FIGURES));
  assertEquals(Object.keys(bundle).sort(), ["text/html", "text/plain"]);
  assertEquals(bundle["text/plain"], String(new CacheStats(FIGURES)));
  const html = bundle["text/html"]!;
  const text = assertHarmless(html);
  for (const part of ["since open", "1,234", "2.0 kB live, 500 B dead, 500 B index"]) {
    assertStringIncludes(text, part);
  }
  const bars = [...html.matchAll(/<svg role="img"[^>]*>.*?<\/svg>/g)].map(([svg]) => svg);
  assertEquals(bars.length, 4);
  for (const svg of bars) {
    assert(/ aria-label="[^"]+"/.test(svg) && /<title>[^<]+<\/title><desc>[^<]+<\/desc>/.test(svg));
    const widths = [...svg.matchAll(/<rect x="[\d.]+" y="0" width="([\d.]+)"/g)];
    const sum = widths.reduce((total, [, width]) => total + Number(width), 0);
    assert(Math.abs(sum - 320) < 0.1, `${sum}`);
  }
  assertStringIncludes(bars[0]!, "hits: 30, misses: 10");
});

Deno.test("CacheStats shows bars of nothing, and names as text", async () => {
  const nothing = { hits: 0, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 0 };
  const hostile = `<script>"'&\x1b[31m\u202e\ud800`;
  const bundle = await display(
    new CacheStats({
      ...{ location: hostile, functionName: hostile, entries: 0, session: nothing },
      ...{ bytes: 0, bytesLive: 0, bytesDead: 0, total: nothing },
    }),
  );
  assertHarmless(bundle["text/html"]!);
  assert(!bundle["text/html"]!.includes("NaN"));
  for (const text of Object.values(bundle)) {
    // deno-lint-ignore no-control-regex
    assert(text.isWellFormed() && !/[\x00-\x09\x0b-\x1f\u202e]/.test(text));
  }
});
