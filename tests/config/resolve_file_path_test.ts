// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { config } from "../../src/config/config.ts";
import { checkFilePath, resolveFilePath } from "../../src/config/resolve_file_path.ts";

Deno.test("resolveFilePath() stays inside the cache directory when the path is relative", () => {
  config.setCacheDir("/cache");
  const cases: Record<string, string> = {
    "a.cache": "/cache/a.cache",
    "sub/a.cache": "/cache/sub/a.cache",
    "./a.cache": "/cache/a.cache",
    "sub/../a.cache": "/cache/a.cache",
    "sub//a.cache": "/cache/sub/a.cache",
    "..a": "/cache/..a",
    "...": "/cache/...",
    ".hidden": "/cache/.hidden",
  };
  for (const [path, resolved] of Object.entries(cases)) {
    checkFilePath(path);
    assertEquals(resolveFilePath(path), resolved);
  }
});

Deno.test("resolveFilePath() takes absolute paths and URLs as they are", () => {
  config.setCacheDir("/cache");
  assertEquals(resolveFilePath("/x/a.cache"), "/x/a.cache");
  assertEquals(resolveFilePath("/x/../y/./a.cache"), "/y/a.cache");
  assertEquals(resolveFilePath(new URL("file:///x/a%20b.cache")), "/x/a b.cache");
  assertEquals(resolveFilePath("file:///x/a.cache"), "/x/a.cache");
  config.setCacheDir("/");
  assertEquals(resolveFilePath("a.cache"), "/a.cache");
});

Deno.test("checkFilePath() throws a TypeError when the path climbs out or is none", () => {
  const bad: unknown[] = [
    "../a.cache",
    "..",
    "sub/../../a.cache",
    "sub/../../cache/a.cache",
    "..\\a.cache",
    "sub\\..\\..\\a.cache",
    "",
    ".",
    "sub/",
    "sub/..",
    "sub/.",
    "/",
    "/x/",
    "a\0",
    new URL("file:///x/"),
    new URL("https://example.com/a.cache"),
    "http://example.com/a.cache",
    null,
    undefined,
    1,
    ["a"],
  ];
  for (const path of bad) {
    assertThrows(() => checkFilePath(path as string), TypeError, "Cannot use cache file");
  }
});

Deno.test("resolveFilePath() never leaves the cache directory when checkFilePath() let the path pass", () => {
  config.setCacheDir("/cache/dir");
  const segment = fc.constantFrom("..", ".", "", "a", "b.cache", "...", "\\", "..\\", "\\..");
  fc.assert(fc.property(fc.array(segment, { minLength: 1, maxLength: 8 }), (segments) => {
    const path = segments.join("/");
    if (path.startsWith("/")) return;
    try {
      checkFilePath(path);
    } catch (error) {
      assertEquals(error instanceof TypeError, true);
      return;
    }
    assertEquals(resolveFilePath(path).startsWith("/cache/dir/"), true, path);
  }));
});
