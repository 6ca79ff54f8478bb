// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { codeOf, identify } from "./_program.ts";

const d = "const d = (c, _) => c;";

async function digestOf(code: string): Promise<string> {
  const { digest, unseen } = await identify(code);
  assertEquals(unseen, [], code);
  return digest;
}

Deno.test("CodeReader.read() finds functions that use classes with decorators", async () => {
  const programs = [
    `${d} @d class P { v() { return $; } } export function foo() { return new P().v(); }`,
    `${d} @d class P { v() { return $; } } export const foo = () => ({ P, q: [class extends P {}] });`,
    `${d} @d export class P { v() { return $; } } const p = 1; export function foo() { return [new P(), p]; }`,
    `${d} @d class P { v() { return $; } } @d class Q { w() { return P; } } export const foo = () => Q;`,
    `${d} @d class P { v() { return $; } } export class foo extends P {}`,
    `${d} @d class P { static v = $; w() { return P; } } export const foo = () => P;`,
    `const d = (c, _) => class extends c { v = $; }; @d class P {} export const foo = () => P;`,
    `const d = (n) => (c, _) => class extends c { v = n; }; @d($) class P {} export const foo = () => P;`,
  ];
  for (const program of programs) {
    const two = await digestOf(program.replace("$", "2"));
    assertEquals(await digestOf(program.replace("$", "2 /* why */")), two, program);
    assertNotEquals(await digestOf(program.replace("$", "3")), two, program);
  }
});

Deno.test("CodeReader.read() tells defaults that use classes with decorators apart", async () => {
  const defaultOf = async (code: string) => {
    const { unseen, digest } = (await codeOf(`${d} ${code}`)).identifyDefault(0);
    assertEquals(unseen, [], code);
    return digest;
  };
  const two = "@d class P { v = 2; } export function foo(a = new P()) { return [a, P.name]; }";
  const found = await defaultOf(two);
  assertEquals(await defaultOf(two.replace("[a", "[1, a")), found);
  assertNotEquals(await defaultOf(two.replace("2", "3")), found);
  assertNotEquals(await defaultOf(two.replace("new P()", "[new P()]")), found);
});

Deno.test("CodeReader.read() finds classes with decorators", async () => {
  const programs = [
    `${d} @d class foo { v() { return $; } } export { foo };`,
    `${d} const n = $; @d export class foo { v() { return n; } }`,
    `${d} @d class P { v() { return $; } } @d class foo extends P { static s = foo; @d w() {} } export { foo };`,
    `const d = (n) => (c, _) => c; export class foo { @d($) accessor v = 1; @d(1) static w() {} }`,
  ];
  for (const program of programs) {
    const two = await digestOf(program.replace("$", "2"));
    assertNotEquals(await digestOf(program.replace("$", "3")), two, program);
  }
});

Deno.test("CodeReader.read() tells classes with decorators of one name apart, or says that it can't", async () => {
  const make = (n: string, v: number) =>
    `function ${n}() { @d class foo { v() { return ${v} + ${n}.length; } } return foo; }`;
  const apart = `${d} ${make("a", 1)} ${make("b", 2)} export const foo = a();`;
  const other = `${d} ${make("a", 1)} ${make("b", 3)} export const foo = a();`;
  assertEquals(await digestOf(apart), await digestOf(other));
  const same = (n: string, v: number) =>
    `function ${n}() { @d class foo { v() { return ${v}; } } return foo; }`;
  const { unseen } = await identify(
    `${d} ${same("a", 1)} ${same("b", 2)} export const foo = a();`,
  );
  assert(unseen.length > 0);
  assertStringIncludes(unseen.join(), "several places");
});

Deno.test("CodeReader.read() takes no other class for one with decorators", async () => {
  const { unseen } = await identify(
    `${d} @d class foo { v() { return 1; } }
    const made = new Function("return class foo { v() { return 2; } }")(); export { made as foo }; foo;`,
  );
  // Its text is nowhere, and nothing says what it is.
  const decorated = await identify(`${d} @d class foo { v() { return 1; } } export { foo };`);
  const other = await identify(
    `const made = new Function("return class foo { v() { return 2; } }")(); export { made as foo };`,
  );
  assertEquals(unseen, other.unseen);
  assertEquals(decorated.unseen, []);
});

Deno.test("CodeReader.read() does not guess where a module has names as Deno makes them", async () => {
  for (const name of ["_P", "_P2", "_P1"]) {
    const { unseen } = await identify(
      `${d} @d class P {} const ${name} = 1; export function foo() { return [P, ${name}]; }`,
    );
    assert(unseen.length > 0, name);
  }
});

Deno.test("CodeReader.read() does not take other names for those of classes with decorators", async () => {
  const { unseen } = await identify(
    `${d} @d class P { v() { return 1; } } function used() { return P; }
    export const foo = new Function("return function used() {\\n  return _Q;\\n}")(); used;`,
  );
  assertStringIncludes(unseen.join(), "_Q");
});
