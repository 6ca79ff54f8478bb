// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import * as path from "../../../tools/offline/path.ts";

const isWindows = Deno.build.os === "windows";

/** Calls and what `@std/path` 1.1.6 gives, where `node:path` gives something else. */
const GOLDEN: readonly (readonly [string, string])[] = [
  [path.basename("/"), "/"],
  [path.basename("///"), "/"],
  [path.basename("a", "a"), "a"],
  [path.basename("/x/a.ts", ".ts"), "a"],
  [path.basename(new URL("file:///x/a%20b")), "a b"],
  [path.dirname("//a"), "/"],
  [path.dirname("a//b"), "a"],
  [path.dirname(new URL("file:///x/y")), "/x"],
  [path.extname(new URL("file:///x/y.z")), ".z"],
  [path.join(new URL("file:///x/"), "..", "y"), "/y"],
  [path.join("", "", ""), "."],
  [path.normalize(new URL("file:///x/../y")), "/y"],
  [path.resolve("/a", "..", "b"), "/b"],
  [path.relative("/a/b", "/a/c/d"), "../c/d"],
];

Deno.test({
  name: "path functions give what @std/path gives where node:path differs",
  ignore: isWindows,
  fn() {
    for (const [actual, expected] of GOLDEN) assertEquals(actual, expected);
  },
});

Deno.test({
  name: "toFileUrl() and fromFileUrl() are each other's inverse",
  ignore: isWindows,
  fn() {
    const paths = [
      "/",
      "/a b",
      "/100%",
      "/%41",
      "/a#b?c",
      "/tab\there",
      "/back\\slash",
      "/ü😀",
      "/a/",
    ];
    for (const given of paths) assertEquals(path.fromFileUrl(path.toFileUrl(given)), given);
    assertEquals(path.toFileUrl("//a\n%").href, "file:///a%0A%25");
    assertEquals(path.fromFileUrl("file:///%zz"), "/%zz");
  },
});

Deno.test("toFileUrl() throws a TypeError when the path is relative", () => {
  assertThrows(() => path.toFileUrl("a"), TypeError, 'Path must be absolute: received "a"');
  assertThrows(() => path.toFileUrl(""), TypeError, 'Path must be absolute: received ""');
});

Deno.test("fromFileUrl() throws a TypeError when the URL is not one of a file", () => {
  for (const url of ["http://a/b", new URL("data:,x")]) {
    assertThrows(() => path.fromFileUrl(url), TypeError, "URL must be a file URL: received");
  }
  assertThrows(() => path.fromFileUrl("a"), TypeError);
  assertThrows(() => path.fromFileUrl("file:///%ff"), URIError);
});

Deno.test("path functions throw a TypeError when they are given no path", () => {
  const bad = 5 as never;
  const calls = [
    () => path.basename(bad),
    () => path.dirname(bad),
    () => path.extname(bad),
    () => path.isAbsolute(bad),
    () => path.join("a", bad),
    () => path.normalize(bad),
    () => path.relative("a", bad),
    () => path.resolve("a", bad),
    () => path.toFileUrl(bad),
  ];
  for (const call of calls) {
    assertThrows(call, TypeError, 'Path must be a string, received "5"');
  }
  assertThrows(() => path.basename("a", bad), TypeError, 'Suffix must be a string, received "5"');
});
