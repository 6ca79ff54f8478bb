// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache";
import { runScript } from "./access/_run_script.ts";

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "CacheDict",
    "CacheError",
    "CacheFormatError",
    "CacheMissError",
    "CallKey",
    "CheckpointFailedError",
    "CorruptCacheError",
    "NoCache",
    "SingleValueCache",
    "UncacheableKeyError",
    "UncacheableValueError",
    "cachedMethod",
    "config",
    "registerType",
  ]);
});

Deno.test("mod.ts needs no permission to be imported", async () => {
  const result = await runScript(`console.log(Object.keys(cache).length);`);
  assertEquals(result, { code: 0, stdout: "14", stderr: "" });
});

Deno.test("mod.ts reaches nothing but its own files, @std and what is built in", () => {
  const foreign: string[] = [];
  const seen = new Set<string>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = Deno.readTextFileSync(url).replaceAll(/\/\*[^]*?\*\//g, "");
    for (const [, specifier] of source.matchAll(/^(?:import|export)\b[^;"]* from "([^"]+)";$/gm)) {
      if (specifier!.startsWith(".")) visit(new URL(specifier!, url));
      else foreign.push(specifier!);
    }
  };
  visit(new URL("../mod.ts", import.meta.url));
  assertEquals([...new Set(foreign)].sort(), [
    "@std/crypto",
    "@std/msgpack",
    "node:crypto",
    "node:path",
    "node:process",
    "node:util/types",
    "node:v8",
  ]);
});
