// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { ImportMap, parseObject } from "../../src/code/_import_map.ts";

Deno.test("ImportMap.resolve() follows scopes, prefixes and null as the standard has it", () => {
  const map = ImportMap.of(
    {
      imports: {
        a: "./a.ts",
        "a/": "./a/",
        "a/b/": "./ab/",
        "lib/": "./lib.ts",
        none: null,
        wrong: "not a url",
        "./x.ts": "./y.ts",
        "https://s/": "./vendored/",
        "npm:p@1": "npm:p@1.0.5",
        "": "./never.ts",
      },
      scopes: {
        "./in/": { a: "./in_a.ts" },
        "./in/deep/": { a: "./deep_a.ts" },
        "./one.ts": { a: "./one_a.ts" },
        "https:// not a url": { a: "./zzz.ts" },
      },
    },
    "file:///m/map.json",
    false,
  );
  const at = (specifier: string, referrer = "file:///m/main.ts") =>
    map.resolve(specifier, referrer);
  assertEquals(at("a"), "file:///m/a.ts");
  assertEquals(at("a/c.ts"), "file:///m/a/c.ts");
  assertEquals(at("a/b/c.ts"), "file:///m/ab/c.ts");
  assertEquals([at("a/../../x"), at("lib/x"), at("none"), at("wrong")], [null, null, null, null]);
  assertEquals([at("b"), at("ab"), at("")], [undefined, undefined, undefined]);
  assertEquals(at("file:///m/x.ts"), "file:///m/y.ts");
  assertEquals(at("https://s/t.ts"), "file:///m/vendored/t.ts");
  assertEquals([at("npm:p@1"), at("npm:p@1/s")], ["npm:p@1.0.5", undefined]);
  assertEquals(at("a", "file:///m/in/x.ts"), "file:///m/in_a.ts");
  assertEquals(at("a", "file:///m/in/deep/x.ts"), "file:///m/deep_a.ts");
  assertEquals(at("a/c.ts", "file:///m/in/x.ts"), "file:///m/a/c.ts");
  assertEquals([at("a", "file:///m/one.ts"), at("a", "file:///m/one.ts.ts")], [
    "file:///m/one_a.ts",
    "file:///m/a.ts",
  ]);
  const deno = ImportMap.of(
    { imports: { p: "npm:p@^1", "q": "jsr:@a/q@1", "q/": "./q/" } },
    "file:///m/deno.json",
    true,
  );
  assertEquals(deno.resolve("p/sub", "file:///m/"), "npm:/p@^1/sub");
  assertEquals(deno.resolve("q/sub", "file:///m/"), "file:///m/q/sub");
  assertEquals(
    ImportMap.of({ imports: [], scopes: 1 }, "file:///m", true).resolve("a", "file:///"),
    undefined,
  );
});

Deno.test("parseObject() takes comments and trailing commas, and leaves strings as they are", () => {
  assertEquals(parseObject('{ // c\n "a": "//x", /* , */ "b": [1, 2,], }'), {
    a: "//x",
    b: [1, 2],
  });
  assertEquals(parseObject('{"a": "/* no */ ,}", "b\\"//": ",]"}'), {
    a: "/* no */ ,}",
    'b"//': ",]",
  });
  for (const text of ["", "[]", "null", "{", "1", '{"a": }', "{,}x"]) {
    assertEquals(parseObject(text), undefined, text);
  }
});
