// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { mayHavePrivateNames } from "../../src/keys/_classes.ts";

const WITH: readonly string[] = [
  "class A { #x = 1; }",
  "class A { #método() {} }",
  "class A { #\\u0061 = 1; }",
  "class A { #𠮷 = 1; }",
  "class A { static #x = 1; }",
  "class A { get #x() { return 1; } }",
  "class A { a = '\\''; #x = '#'; }",
  "class A { a = `${`${'}'}`}`; #x; }",
  "class A { a = `\\``; #x; }",
  "class A { a = `${{ b: `}` }.b}`; #x; }",
  "class A { /* ' */ #x; }",
  "class A { // '\n #x; }",
  "class A { // '\u2028 #x; }",
  "class A { a = `${this.#x}`; }",
  "class A { a = 1 / 2; b = '; '; #x; }",
  "class A { a = /'/; #x; b = /'/; }",
  "class A { a = /`/; #x; b = /`/; }",
  "class A { a = /[/]/; #x }",
  "class A { a = 1 <!--'\n #x; b = '' }",
  "class A extends (class { #x }) {}",
];

const WITHOUT: readonly string[] = [
  "class A {}",
  "class A { a = '#x'; b = \"#y\"; c = `#z`; }",
  "class A { a = `<p style='color: #fff'>${this.b}</p>#abc`; }",
  "class A { a = `${{ b: `#x` }.b}#y`; }",
  "class A { /* #x */ // #y\n a = 1; }",
  "class A { a = '# 1'; b = /#1/; }",
  "function A() { this.a = '#x'; }",
];

Deno.test("mayHavePrivateNames() finds every private name", () => {
  for (const source of WITH) assertEquals(mayHavePrivateNames(source), true, source);
});

Deno.test("mayHavePrivateNames() leaves strings, templates and comments out", () => {
  for (const source of WITHOUT) assertEquals(mayHavePrivateNames(source), false, source);
});

Deno.test("mayHavePrivateNames() ends on text that is cut off", () => {
  for (const source of [...WITH, ...WITHOUT]) {
    for (let end = 0; end < source.length; end++) mayHavePrivateNames(source.slice(0, end));
  }
});
