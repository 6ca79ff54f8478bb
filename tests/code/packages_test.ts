// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import {
  cachedPackageFile,
  hasExactVersion,
  isPure,
  jsrPackageFile,
  modulesPackageFile,
  packageSpecifier,
} from "../../src/code/_packages.ts";

Deno.test("packageSpecifier() takes specifiers apart", () => {
  const parts = (text: string) => {
    const found = packageSpecifier(text);
    return found && [found.name, found.range, found.path];
  };
  assertEquals(parts("npm:a"), ["a", "", ""]);
  assertEquals(parts("npm:/@s/a@^1.0/x/y"), ["@s/a", "^1.0", "/x/y"]);
  assertEquals(parts("jsr:@s/a/x"), ["@s/a", "", "/x"]);
  assertEquals(parts("npm:a@%3E=1%20%3C2"), ["a", ">=1 <2", ""]);
  assertEquals([parts("jsr:a@1"), parts("http://a"), parts("npm:"), parts("npm:%zz")?.[0]], [
    undefined,
    undefined,
    undefined,
    "%zz",
  ]);
});

Deno.test("hasExactVersion() takes no range for a version", () => {
  for (
    const url of [
      "https://deno.land/std@0.220.0/a.ts",
      "https://deno.land/x/oak@v12.6.1/mod.ts",
      "https://esm.sh/@scope/a@1.2.3",
      "https://esm.sh/a@1.2.3-rc.1/b?deps=c@2.0.0",
    ]
  ) assert(hasExactVersion(url), url);
  for (
    const url of [
      "https://deno.land/std/a.ts",
      "https://esm.sh/a@1.2",
      "https://esm.sh/a@^1.2.3",
      "https://esm.sh/a@latest/b@1.0.0",
      "https://esm.sh/@scope/a",
      "https://esm.sh/a@1.2.3?deps=c@2",
      "https://esm.sh/a@1.2.3?deps=c@^2.0.0",
      "https://x/?a@1.2.3",
    ]
  ) assert(!hasExactVersion(url), url);
});

Deno.test("cachedPackageFile() and others know the files of packages", () => {
  const cache = "file:///home/u/.cache/deno/npm";
  const known = (file: ReturnType<typeof cachedPackageFile>) =>
    file && [file.name, file.version, file.path];
  assertEquals(known(cachedPackageFile(`${cache}/registry.npmjs.org/@s/a/1.0.0_2/x/y.js`)), [
    "@s/a",
    "1.0.0",
    "/x/y.js",
  ]);
  assertEquals(known(cachedPackageFile(`${cache}/localhost_4873/a/1.0.0/x.js`)), [
    "a",
    "1.0.0",
    "/x.js",
  ]);
  assertEquals(known(cachedPackageFile(`${cache}/example.com/deep/a/1.0.0/x.js`, "a")), [
    "a",
    "1.0.0",
    "/x.js",
  ]);
  assertEquals(cachedPackageFile(`${cache}/registry.npmjs.org/b/1.0.0/x.js`, "a"), undefined);
  assertEquals(cachedPackageFile("file:///home/u/npm/tools/1.0.0/x.js"), undefined);
  assertEquals(
    known(modulesPackageFile("file:///p/node_modules/.pnpm/a@1/node_modules/@s/a/x.js")),
    ["@s/a", undefined, "/x.js"],
  );
  assertEquals(modulesPackageFile("file:///p/node_modules/.bin/x.js"), undefined);
  assertEquals(known(jsrPackageFile("https://jsr.io/@a/b/1.0.0/m.ts")), ["@a/b", "1.0.0", "/m.ts"]);
  assertEquals([
    jsrPackageFile("https://x/@a/b/1.0.0/m.ts"),
    jsrPackageFile("https://jsr.io/@a/b/meta.json"),
  ], [undefined, undefined]);
});

Deno.test("isPure() knows a few packages only", () => {
  for (
    const name of ["node:path", "node:util", "jsr:@std/path@1.0.0/posix", "jsr:@std/bytes@1.0.0"]
  ) assert(isPure(name), name);
  for (
    const name of [
      "node:fs",
      "node:os",
      "node:process",
      "node:util/types/x",
      "npm:path@1.0.0",
      "jsr:@std/ulid@1.0.0",
      "jsr:@std/fs@1.0.0",
      "jsr:@x/path@1.0.0",
    ]
  ) assert(!isPure(name), name);
});
