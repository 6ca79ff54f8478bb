// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { entryPoints, publicApi, valueNames } from "./_public_api.ts";

/** Shown where a test fails. */
const HOW_TO_UPDATE = "The API has changed. If it is meant to, run: " +
  "deno run -A --no-config tests/api/_pin.ts";

Deno.test("each entry point exports what is pinned beside this test", async () => {
  const texts = await publicApi();
  for (const { name, pinned } of entryPoints()) {
    assertEquals(texts.get(name), Deno.readTextFileSync(pinned), `${name}: ${HOW_TO_UPDATE}`);
  }
});

Deno.test("each entry point has a pinned list, and each list an entry point", () => {
  const lists = [...Deno.readDirSync(new URL(".", import.meta.url))]
    .map(({ name }) => name).filter((name) => name.endsWith(".txt"));
  const expected = entryPoints().map(({ pinned }) => pinned.pathname.split("/").at(-1)!);
  assertEquals(lists.sort(), expected.sort());
});

Deno.test("each entry point has at run time the values that are pinned, and no others", async () => {
  for (const { name, url, pinned } of entryPoints()) {
    const values = Object.keys(await import(url.href)).sort();
    assertEquals(values, valueNames(Deno.readTextFileSync(pinned)), `${name}: ${HOW_TO_UPDATE}`);
  }
});
