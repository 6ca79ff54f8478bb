// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/stores";
import * as testing from "@pecapiku/cache/stores/testing";

/** What a module and the modules that it reaches import that is no file of theirs. */
function foreignImports(url: URL, seen = new Set<string>()): Set<string> {
  const foreign = new Set<string>();
  if (seen.has(url.href)) return foreign;
  seen.add(url.href);
  const source = Deno.readTextFileSync(url).replaceAll(/\/\*[^]*?\*\//g, "");
  for (const [, specifier] of source.matchAll(/^(?:import|export)\b[^;"]* from "([^"]+)";$/gm)) {
    const others = specifier!.startsWith(".")
      ? foreignImports(new URL(specifier!, url), seen)
      : [specifier!];
    for (const each of others) foreign.add(each);
  }
  return foreign;
}

Deno.test("stores/mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "DENO_DIRECTORY_DISK",
    "DirectoryStore",
    "LogStore",
    "MemoryStore",
    "fromKeyv",
    "fromUnstorage",
    "keyvAdapter",
    "objectStore",
    "redisStore",
    "repair",
    "tiered",
    "toAsyncStore",
    "verify",
  ]);
});

Deno.test("stores/testing.ts exports this name and no others", () => {
  assertEquals(Object.keys(testing), ["testStore"]);
});

Deno.test("stores/testing.ts alone reaches what tests need", () => {
  const stores = foreignImports(new URL("../../src/stores/mod.ts", import.meta.url));
  assert(!stores.has("@std/assert"));
  const tests = foreignImports(new URL("../../src/stores/testing.ts", import.meta.url));
  assertEquals([...tests], ["@std/assert"]);
});
