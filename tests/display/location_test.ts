// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { shownLocation } from "../../src/display/location.ts";

Deno.test("shownLocation() names what is in the current directory from there on", () => {
  const cases: [location: string, currentDir: string, expected: string][] = [
    ["/home/me/project/.pecapiku/a.cache", "/home/me/project", ".pecapiku/a.cache"],
    ["/home/me/project/a.cache", "/home/me/project", "a.cache"],
    ["C:\\work\\data\\a.cache", "C:\\work", "data\\a.cache"],
    ["/home/me/project/日本/a.cache", "/home/me/project", "日本/a.cache"],
  ];
  for (const [location, currentDir, expected] of cases) {
    assertEquals(shownLocation(location, currentDir), expected);
  }
  assertEquals(shownLocation(join(Deno.cwd(), "x", "a.cache")), join("x", "a.cache"));
});

Deno.test("shownLocation() leaves what is elsewhere as it is", () => {
  const cases: [location: string, currentDir: string][] = [
    ["/home/me/projectshop/a.cache", "/home/me/project"],
    ["/home/me/a.cache", "/home/me/project"],
    ["/home/me/project", "/home/me/project"],
    ["/home/me/project/", "/home/me/project"],
    ["/tmp/a.cache", "/"],
    ["/tmp/a.cache", ""],
    ["memory", "/home/me/project"],
    ["", "/home/me/project"],
  ];
  for (const [location, currentDir] of cases) {
    assertEquals(shownLocation(location, currentDir), location);
  }
});
