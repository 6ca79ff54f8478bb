// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { LockFile } from "../../src/code/_lock_file.ts";
import { packageSpecifier } from "../../src/code/_packages.ts";

Deno.test("LockFile.versionOf() reads the versions 3, 4 and 5 of the format", () => {
  const specifiers = {
    "npm:a@1": "1.0.0",
    "npm:a@2": "2.0.0",
    "npm:@s/b@^1.2.0": "1.3.0_c@4.0.0__d@1.0.0",
    "jsr:@a/b@1": "1.0.0",
    "npm:ab@3": "3.0.0",
  };
  const third = {
    "npm:a@1": "npm:a@1.0.0",
    "npm:a@2": "npm:a@2.0.0",
    "npm:@s/b@^1.2.0": "npm:@s/b@1.3.0_c@4.0.0__d@1.0.0",
    "jsr:@a/b@1": "jsr:@a/b@1.0.0",
    "npm:ab@3": "npm:ab@3.0.0",
  };
  for (
    const value of [
      { version: "5", specifiers },
      { version: "4", specifiers },
      { version: "3", packages: { specifiers: third } },
    ]
  ) {
    const lock = new LockFile(value);
    const version = (text: string): string | undefined => lock.versionOf(packageSpecifier(text)!);
    assertEquals(version("npm:a@1"), "1.0.0");
    assertEquals(version("npm:@s/b@^1.2.0"), "1.3.0");
    assertEquals(version("jsr:@a/b@1/sub"), "1.0.0");
    // Deno writes "^1" as "1": with one version only, there is no doubt; with two, there is.
    assertEquals([version("jsr:@a/b@^1"), version("npm:a@^1"), version("npm:ab")], [
      "1.0.0",
      undefined,
      "3.0.0",
    ]);
    assertEquals([version("npm:c@1"), version("jsr:@a/c@1")], [undefined, undefined]);
  }
});

Deno.test("LockFile.remoteDigest() is another one when what a module may import is another", () => {
  const lockOf = (remote: Record<string, string>, redirects = {}) =>
    new LockFile({ version: "5", remote, redirects });
  const one = lockOf({ "https://x/a.ts": "11", "https://x/b.ts": "22" });
  const two = lockOf({ "https://x/b.ts": "22", "https://x/a.ts": "11" });
  const other = lockOf({ "https://x/a.ts": "11", "https://x/b.ts": "33" });
  const whole = (lock: LockFile) => lock.remoteDigest("https://x/a.ts", true);
  assertEquals(whole(one), whole(two));
  assert(whole(one) !== whole(other));
  assertEquals(other.remoteDigest("https://x/a.ts", false), "11");
  assertEquals(one.remoteDigest("https://x/c.ts", true), undefined);
  assertEquals(one.remoteDigest("constructor", false), undefined);
  const circle = lockOf({}, { "https://a": "https://b", "https://b": "https://a" });
  assert(["https://a", "https://b"].includes(circle.redirect("https://a")));
});
