// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type Files, identify } from "./_program.ts";

type Pair = readonly [Files | string, Files | string];

const FOO = `export function foo() { return v; }`;
const PATCH =
  `Object.defineProperty(Array.prototype, "staleHit", { value: 1, configurable: true });`;
const STATIC = `export function foo() { return A.v; }`;

/** Programs of the same statements in another order, whose `foo` gives something else. */
const REORDERED: Readonly<Record<string, Pair>> = {
  "a variable that is read": [
    `let n = 1; const v = n; n = 2; ${FOO}`,
    `let n = 1; n = 2; const v = n; ${FOO}`,
  ],
  "a member that is read": [
    `const o = { n: 1 }; const v = o.n; o.n = 2; ${FOO}`,
    `const o = { n: 1 }; o.n = 2; const v = o.n; ${FOO}`,
  ],
  "an object that is copied": [
    `const o = { n: 1 }; const v = { ...o }; o.n = 2; ${FOO}`,
    `const o = { n: 1 }; o.n = 2; const v = { ...o }; ${FOO}`,
  ],
  "an object that is made a text": [
    `const o = { n: 1 }; const v = JSON.stringify(o); o.n = 2; ${FOO}`,
    `const o = { n: 1 }; o.n = 2; const v = JSON.stringify(o); ${FOO}`,
  ],
  "a variable that a function reads": [
    `let n = 1; function g() { return n; } const v = g(); n = 2; ${FOO}`,
    `let n = 1; function g() { return n; } n = 2; const v = g(); ${FOO}`,
  ],
  "a member that a static field reads": [
    `const o = { n: 1 }; class A { static v = o.n; } o.n = 2; ${STATIC}`,
    `const o = { n: 1 }; o.n = 2; class A { static v = o.n; } ${STATIC}`,
  ],
  "a variable that statements read": [
    `let n = 1; const v: number[] = []; v.push(n); n++; v.push(n); ${FOO}`,
    `let n = 1; const v: number[] = []; n++; v.push(n); v.push(n); ${FOO}`,
  ],
  "a variable that is hoisted": [`var a = 1; var v = a; ${FOO}`, `var v = a; var a = 1; ${FOO}`],
  "what changes the platform": [
    `const v = Reflect.get([], "staleHit"); ${PATCH} ${FOO}`,
    `${PATCH} const v = Reflect.get([], "staleHit"); ${FOO}`,
  ],
  "modules": [
    {
      "o.ts": `export const o = { n: 1 };`,
      "set.ts": `import { o } from "./o.ts"; o.n = 2;`,
      "v.ts": `import { o } from "./o.ts"; export const v = o.n;`,
      "main.ts": `import { v } from "./v.ts"; import "./set.ts"; ${FOO}`,
    },
    {
      "o.ts": `export const o = { n: 1 };`,
      "set.ts": `import { o } from "./o.ts"; o.n = 2;`,
      "v.ts": `import { o } from "./o.ts"; export const v = o.n;`,
      "main.ts": `import "./set.ts"; import { v } from "./v.ts"; ${FOO}`,
    },
  ],
};

/** Programs of the same statements in another order that does not count. */
const SAME_ORDER: Readonly<Record<string, Pair>> = {
  "constants": [
    `const a = [1]; const b = a.length; const v = { b }; ${FOO}`,
    `${FOO} const a = [1]; const b = a.length; const v = { b };`,
  ],
  "a change of something else": [
    `const o = { n: 1 }; const v = [o.n]; export const other = { n: 1 }; other.n = 2; ${FOO}`,
    `export const other = { n: 1 }; other.n = 2; const o = { n: 1 }; const v = [o.n]; ${FOO}`,
  ],
  "a change, and what does not look at it": [
    `const o = { n: 1 }; o.n = 2; const a = [1]; export function foo() { return [o, a]; }`,
    `const a = [1]; const o = { n: 1 }; o.n = 2; export function foo() { return [o, a]; }`,
  ],
  "enums": [
    `enum E { A = 1 } const t = [E.A]; export function foo() { return t; }`,
    `export function foo() { return t; } enum E { A = 1 } const t = [E.A];`,
  ],
};

/** Programs that change later what `foo` looks at, and must say so. */
const CHANGED_LATER: Readonly<Record<string, Files | string>> = {
  "what a function gave when the module was loaded":
    `const v = { n: 1 }; function get() { return v; } const s = get();
    export function run() { s.n++; } ${FOO}`,
  "what a function of another module gave when the module was loaded": {
    "v.ts": `export const v = { n: 1 }; export function get() { return v; }`,
    "run.ts": `import { get } from "./v.ts"; const s = get(); export function run() { s.n++; }`,
    "main.ts": `import { v } from "./v.ts"; export * from "./run.ts"; ${FOO}`,
  },
  "what a function of a namespace gave when the module was loaded": {
    "v.ts": `export const v = { n: 1 }; export function get() { return v; }`,
    "run.ts":
      `import * as all from "./v.ts"; const s = all.get(); export function run() { s.n++; }`,
    "main.ts": `import { v } from "./v.ts"; export * from "./run.ts"; ${FOO}`,
  },
  "two results of a function": `const v = { n: 1 }; function get() { return v; }
    const s = get(); const t = get(); export function run() { t.n++; }
    export function foo() { return s.n; }`,
  "the platform, by a function":
    `export function run() { (Array.prototype as { stale?: number }).stale = 1; }
    export function foo() { return Reflect.get([], "stale"); }`,
};

for (const [name, [one, other]] of Object.entries(REORDERED)) {
  Deno.test(`CodeReader.read() tells programs apart by the order of ${name}`, async () => {
    assertNotEquals((await identify(one)).digest, (await identify(other)).digest);
  });
}

for (const [name, [one, other]] of Object.entries(SAME_ORDER)) {
  Deno.test(`CodeReader.read() gives one identity whatever is the order of ${name}`, async () => {
    assertEquals((await identify(one)).digest, (await identify(other)).digest);
  });
}

for (const [name, files] of Object.entries(CHANGED_LATER)) {
  Deno.test(`CodeReader.read() does not see what is changed by way of ${name}`, async () => {
    assert((await identify(files)).unseen.length > 0);
  });
}

Deno.test("nativeName() knows none of what a program has put among the platform's functions", async () => {
  const scale = (x: number): number => x * 2;
  const added = { scale, bound: scale.bind(null), proxy: new Proxy(scale, {}) };
  const holders = [globalThis, Math, Array.prototype];
  const keyed = Object.entries(added).map(([name, fn]) => [`staleHit${name}`, fn] as const);
  for (const holder of holders) {
    for (const [key, value] of keyed) {
      Object.defineProperty(holder, key, { value, configurable: true });
    }
  }
  // The names are collected once for each copy of the module.
  const url = new URL("../../src/code/_native_code.ts?staleHit", import.meta.url).href;
  const { nativeName }: typeof import("../../src/code/_native_code.ts") = await import(url);
  const found = keyed.map(([, fn]) => nativeName(fn));
  for (const holder of holders) {
    for (const [key] of keyed) Reflect.deleteProperty(holder, key);
  }
  assertEquals(found, [undefined, undefined, undefined]);
  assertEquals([Math.max, fetch, [].map, Deno.cwd].map(nativeName), [
    ...["Math.max", "fetch", "Array.prototype.map", "Deno.cwd"],
  ]);
});
