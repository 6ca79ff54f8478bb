// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { shownLocation } from "../../src/display/location.ts";

Deno.test("shownLocation() names what is in the current directory from there on", () => {
  const cases: [location: string, currentDir: string, expected: string][] = [
    ["/home/me/work/.pecapiku/a.cache", "/home/me/work", ".pecapiku/a.cache"],
    ["/home/me/work/a.cache", "/home/me/work", "a.cache"],
    ["C:\\work\\data\\a.cache", "C:\\work", "data\\a.cache"],
    ["/home/me/work/日本/a.cache", "/home/me/work", "日本/a.cache"],
  ];
  for (const [location, currentDir, expected] of cases) {
    assertEquals(shownLocation(location, currentDir), expected);
  }
  assertEquals(shownLocation(join(Deno.cwd(), "x", "a.cache")), join("x", "a.cache"));
});

Deno.test("shownLocation() leaves what is elsewhere as it is", () => {
  const cases: [location: string, currentDir: string][] = [
    ["/home/me/workshop/a.cache", "/home/me/work"],
    ["/home/me/a.cache", "/home/me/work"],
    ["/home/me/work", "/home/me/work"],
    ["/home/me/work/", "/home/me/work"],
    ["/tmp/a.cache", "/"],
    ["/tmp/a.cache", ""],
    ["memory", "/home/me/work"],
    ["", "/home/me/work"],
  ];
  for (const [location, currentDir] of cases) {
    assertEquals(shownLocation(location, currentDir), location);
  }
});
