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

/** A program that does something to `v` later. */
function later(declarations: string, change: string, value = "{ n: 1 }"): string {
  return `${declarations.includes("import ") ? declarations : ""} const v: any = ${value};
    ${declarations.includes("import ") ? "" : declarations}
    export function run() { ${change}; } ${FOO}`;
}

/** Everyday programs that change nothing that `foo` looks at. */
const UNCHANGED: Readonly<Record<string, Files | string>> = {
  "a service with a cache of its own": later(
    `class Service { #cache = new Map(); calls = 0; constructor(private config: any) {}
      go(x: string) { this.calls++; this.#cache.set(x, this.config.n); return this.#cache.get(x); } }
    const service = new Service(v);`,
    `service.go("a"); new Service(v).go("b")`,
  ),
  "a logger": later(
    `class Logger { lines = 0; info(x: unknown) { this.lines++; console.log(x); } }
    const logger = new Logger();`,
    "logger.info(v)",
  ),
  "functions of the platform": later(
    "",
    `JSON.stringify(v); fetch("http://127.0.0.1:0", v).catch(() => {}); Deno.inspect(v); structuredClone(v)`,
  ),
  "a method that reads": later(
    `class Model { w = 1; fit() { this.w++; } predict(data: any) { return data.n * this.w; } }
    const model = new Model();`,
    "model.predict(v)",
  ),
  "methods of the same name that store": later(
    `class Stack { items: any[] = []; push(x: any) { this.items.push(x); } add(x: any) { this.last = x; }
      last: any; }
    const set = new Set(), stack = new Stack();`,
    "set.add(v); stack.push(v); stack.add(v)",
  ),
  "functions that compute": later(
    `const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);
    class Stats { seen = 0; mean(xs: number[]) { this.seen++; return sum(xs) / xs.length; } }`,
    "sum(v); new Stats().mean(v); [...v].sort()",
    "[1, 2]",
  ),
  "a function that changes another argument": {
    "a.ts": `export function merge(to: any, from: any) {
      for (const k of Object.keys(from)) to[k] = from[k]; return to; }`,
    "main.ts": later(`import { merge } from "./a.ts";`, "merge({}, v); merge({ ...v }, {})"),
  },
  "a function that fills an object with it": {
    "a.ts": `export function render(o: any) { o.done = true; return o; }`,
    "main.ts": later(`import { render } from "./a.ts";`, "render({ options: v })"),
  },
  "a function that changes it when the module is loaded": later(
    `function prepare(o: any) { o.n = 2; } prepare(v);`,
    "v.n",
  ),
  "functions in a table": later("", "v[Math.abs(0)](1)", "[(x: number) => x]"),
  "a module that is imported later": {
    "v.ts": `export const v = { n: 1 };`,
    "main.ts": `import { v } from "./v.ts";
      export async function run() { const { v } = await import("./v.ts"); return v.n; } ${FOO}`,
  },
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
  "a function of a namespace": {
    "a.ts": `export function bump(s: { n: number }) { s.n++; }`,
    "main.ts": later(`import * as a from "./a.ts";`, "a.bump(v)"),
  },
  "a method of an object": later(`const ops = { bump(s: any) { s.n++; } };`, "ops.bump(v)"),
  "a method of an object of another module": {
    "a.ts": `export const ops = { bump: (s: any) => { s.n++; } };`,
    "main.ts": later(`import { ops } from "./a.ts";`, "ops.bump(v)"),
  },
  "a static method": later(`class Ops { static bump(s: any) { s.n++; } }`, "Ops.bump(v)"),
  "a method of an instance": later(`class Ops { bump(s: any) { s.n++; } }`, "new Ops().bump(v)"),
  "a constructor": later(`class C { constructor(s: any) { s.n++; } }`, "new C(v)"),
  "a constructor of the class above": later(
    `class B { constructor(s: any) { s.n++; } } class C extends B {}`,
    "new C(v)",
  ),
  "a constructor that calls that above": later(
    `class B { constructor(s: any) { s.n++; } } class C extends B { constructor(s: any) { super(s); } }`,
    "new C(v)",
  ),
  "an object around it": {
    "a.ts": `export function bump(o: any) { o.s.n++; }`,
    "main.ts": later(`import { bump } from "./a.ts";`, "bump({ s: v })"),
  },
  "a parameter that is taken apart": {
    "a.ts": `export function bump({ s }: any) { s.n++; }`,
    "main.ts": later(`import { bump } from "./a.ts";`, "bump({ s: v })"),
  },
  "the rest of the parameters": later(`function bump(...s: any[]) { s[0].n++; }`, "bump(v)"),
  "arguments": later(`function bump(..._: any[]) { arguments[0].n++; }`, "bump(v)"),
  "call": later(`function bump(this: any) { this.n++; }`, "bump.call(v)"),
  "bind when the module was loaded": later(
    `function bump(this: any) { this.n++; } const bound = bump.bind(v);`,
    "bound()",
  ),
  "apply": later(`function bump(s: any) { s.n++; }`, "bump.apply(null, [v])"),
  "a function that calls back": later(
    `const withStore = (f: (s: any) => void) => f(v);`,
    "withStore((s) => { s.n++; })",
  ),
  "what a method returns": later(`const api = { s() { return v; } };`, "api.s().n++"),
  "what a static method returns": later(`class Api { static s() { return v; } }`, "Api.s().n++"),
  "what a method of an instance returns": later(
    `class Api { s() { return v; } }`,
    "new Api().s().n++",
  ),
  "what a function returns that another one returned": {
    "v.ts": `export const v = { n: 1 }; export function get() { return v; }`,
    "get.ts": `import { get } from "./v.ts"; export const get2 = () => get();`,
    "main.ts": `import { v } from "./v.ts"; import { get2 } from "./get.ts";
      export function run() { get2().n++; } ${FOO}`,
  },
  "a field that a constructor fills": later(
    `class C { #s: any; constructor(s: any) { this.#s = s; } bump() { this.#s.n++; } }
    const c = new C(v);`,
    "c.bump()",
  ),
  "a field of a parameter": later(
    `class C { constructor(private s: any) {} bump() { this.s.n++; } }`,
    "new C(v).bump()",
  ),
  "a field that a method of a class below changes": later(
    `class B { s: any; constructor(s: any) { this.s = s; } }
    class C extends B { bump() { this.s.n++; } } const c = new C(v);`,
    "c.bump()",
  ),
  "a field": later(`class C { s = v; bump() { this.s.n++; } }`, "new C().bump()"),
  "crypto": later("", "crypto.getRandomValues(v)", "new Uint8Array(9)"),
  "an encoder": later("", `new TextEncoder().encodeInto("a", v)`, "new Uint8Array(9)"),
  "push.call": later("", "[].push.call(v, 1)", "[]"),
  "push.apply": later("", "Array.prototype.push.apply(v, [1])", "[]"),
  "Reflect.apply": later("", "Reflect.apply(v.push, v, [1])", "[]"),
  "push.bind": later("const push = v.push.bind(v);", "push(1)", "[]"),
  "Object.assign under another name": later("const { assign } = Object;", "assign(v, { n: 2 })"),
  "a method whose name is computed": later(`const k: string = "set";`, "v[k](1, 1)", "new Map()"),
  "the buffer of an array": `const b = new ArrayBuffer(1); const v = new Uint8Array(b);
    export function run() { new Uint8Array(b)[0] = 1; } ${FOO}`,
  "spreading an iterator": `const v = [1, 2].values(); export function foo() { return [...v]; }`,
  "a loop over a generator": `const v = (function* () { yield 1; yield 2; })();
    export function foo() { for (const each of v) return each; }`,
  "new.target": `class A { static v = 1; constructor() { (new.target as any).v++; } }
    export function run() { new A(); } ${STATIC}`,
  "this.constructor": `class A { static v = 1; m() { (this.constructor as any).v++; } }
    export function run() { new A().m(); } ${STATIC}`,
  "a class below": `class A { static v = { n: 1 }; } class B extends A {}
    export function run() { B.v.n++; } ${STATIC}`,
  "import()": {
    "v.ts": `export const v = { n: 1 };`,
    "main.ts": `import { v } from "./v.ts";
      export async function run() { const { v } = await import("./v.ts"); v.n++; } ${FOO}`,
  },
  "a promise": `const v = Promise.resolve({ n: 1 });
    export function run() { return v.then((s) => { s.n++; }); } ${FOO}`,
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

for (const [name, files] of Object.entries(UNCHANGED)) {
  Deno.test(`CodeReader.read() sees all of what goes through ${name}`, async () => {
    assertEquals((await identify(files)).unseen, []);
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
