// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { CodeMemo } from "../../src/code/code_memo.ts";
import { CodeReader } from "../../src/code/code_reader.ts";
import { codeOf, type Files, identify } from "./_program.ts";

const CHECKPOINT = `import { checkpoint } from "@pecapiku/cache/checkpoint";\n`;

/** Programs of which all is seen that `foo` depends on. */
const SEEN: Readonly<Record<string, Files | string>> = {
  "a constant": `const X = 1; export function foo() { return X; }`,
  "an object that is given away": `const c = { rate: 1 }; export function foo() { return c; }`,
  "an object that a function looks at": `const c = { rate: 1 };
    function calc(x: number, o: { rate: number }) { return x * o.rate; }
    export function foo(x: number) { return calc(x, c); }`,
  "a regular expression without a state":
    `const RE = /^a+$/; export function foo(s: string) { return RE.test(s); }`,
  "an instance whose methods change nothing":
    `class Model { w = 2; predict(x: number) { return this.w * x; } }
    const m = new Model(); export function foo(x: number) { return m.predict(x); }`,
  "an instance that a static method makes":
    `class Sum { n = 0; static of(n: number) { const s = new Sum(); s.n = n; return s; } add(x: number) { this.n += x; return this; } }
    export function foo(x: number) { return Sum.of(x).add(1).n; }`,
  "what a function made with callbacks that ran at once":
    `function build() { let n = 0; const r: number[] = []; [1, 2].forEach((x) => { n += x; r.push(n); }); return r; }
    const sums = build(); export function foo(i: number) { return sums[i]; }`,
  "a namespace":
    `namespace N { export const k = 1; export function f() { return k; } } export function foo() { return N.f(); }`,
  "a class that is passed to a checkpoint":
    `${CHECKPOINT}class Bar { static s() { return 1; } static t() { return Bar.s(); } }
    export function foo(a: typeof Bar) { return a.t() + Bar.s(); }
    if (Math.min(1, 2) > 5) console.log(checkpoint(foo)(Bar));`,
  "a function that gives what can be disposed":
    `const o = (r: { v: number }) => ({ [Symbol.dispose]() { r.v = 2; } });
    export function foo(a: { v: number }) { { using _x = o(a); } return a.v; }`,
  "an instance with a method that is called as one that changes collections":
    `class Vec { constructor(readonly x: number) {} add(o: Vec) { return new Vec(this.x + o.x); } }
    const ORIGIN = new Vec(0); const rows = [{ id: 1 }]; const byId = new Map(rows.map((row) => [row.id, row]));
    function score(row: { id: number }) { return ORIGIN.add(new Vec(row.id)).x; }
    export function foo() { return [...byId.values()].map((row) => score(row)); }
    console.assert(ORIGIN.add(new Vec(1)).x === 1);`,
  "operations that are called as those of collections":
    `const ops = { add: (a: number, b: number) => a + b, delete(a: number) { return -a; } };
    export function foo(x: number) { return ops.add(x, ops.delete(x)); }`,
  "an instance of another module's class, whose method is called so": {
    "vec.ts":
      `export class Vec { constructor(readonly x: number) {} add(o: Vec) { return new Vec(this.x + o.x); } }
      export const ORIGIN = new Vec(0);`,
    "main.ts": `import { ORIGIN, Vec } from "./vec.ts"; const ONE = new Vec(1);
      export function foo() { return ORIGIN.add(ONE).x; }`,
  },
  "the clock, at the call": `export function foo() { return Date.now(); }`,
  "a function that makes keys of files when it is called":
    `import { CacheDict, fileKey } from "@pecapiku/cache";
    const keyOf = (path: string) => fileKey(path); CacheDict.decorate(function f() {});
    export function foo(path: string) { return keyOf(path).size; }`,
  "a cached function, and a dictionary, that are used at the call":
    `import { CacheDict } from "@pecapiku/cache"; const filePath = "/no/such.cache";
    const cache = new CacheDict(filePath.trim()); const double = CacheDict.decorate((x: number) => 2 * x, { filePath });
    export function foo() { return [double(1), cache.get("x"), cache.size]; }`,
  "a table that a function of the module makes":
    `function build(n: number) { return Array.from({ length: n }, (_, i) => i * i); }
    const table = build(9); export function foo(i: number) { return table[i]; }`,
  "a table that a loop fills": `const t = new Uint32Array(9);
    for (let i = 0; i < 9; i++) t[i] = i * 3; export function foo(i: number) { return t[i]; }`,
  "an encoder": `const encoder = new TextEncoder();
    export function foo(s: string) { return encoder.encode(s).length; }`,
  "a frozen object":
    `const c = Object.freeze({ a: [1, 2] }); export function foo() { return c.a[0]; }`,
  "handlers in an object": `const handlers: Record<string, (x: number) => number> = { a: (x) => x };
    handlers.b = (x) => x * 2; export function foo(k: string) { return handlers[k]!(1); }`,
  "a pure function of the platform, when the module is loaded":
    `import { join } from "node:path"; const p = join("a", "b"); export function foo() { return p; }`,
  "a constant that is awaited":
    `const x = await Promise.resolve(3); export function foo() { return x; }`,
  "a constant that is passed to its checkpoint": `${CHECKPOINT}const c = { rate: 1 };
    export function foo(x: number) { return x * c.rate; }
    const f = checkpoint(foo); if (Math.min(1, 2) > 5) console.log(f(c.rate));`,
  "a change before any call": `${CHECKPOINT}const c = { rate: 1 };
    export function foo() { return c.rate; } const f = checkpoint(foo);
    console.log(typeof f); c.rate = 3;`,
};

/** Programs in which `foo` depends on something that can't be seen, and what is said about it. */
const UNSEEN: Readonly<Record<string, readonly [Files | string, string]>> = {
  "a captured variable": [
    `function make(k: number) { return (x: number) => x * k; } export const foo = make(2);`,
    "k, a variable of the function around the function",
  ],
  "the environment": [
    `const e = Deno.env.get("X"); export function foo() { return e; }`,
    "e, which main.ts computes from Deno.env.get when it is loaded",
  ],
  "the clock": [
    `const e = Date.now(); export function foo() { return e; }`,
    "e, which main.ts computes from Date.now when it is loaded",
  ],
  "a new date": [
    `const e = new Date(); export function foo() { return e; }`,
    "e, which main.ts computes from new Date() when it is loaded",
  ],
  "chance in a callback": [
    `const e = [1, 2].map(() => Math.random()); export function foo() { return e; }`,
    "e, which main.ts computes from Math.random when it is loaded",
  ],
  "a file, by way of a function": [
    `function load() { return Deno.args.length; } const e = load(); export function foo() { return e; }`,
    "e, which main.ts computes from Deno.args.length when it is loaded",
  ],
  "a file, by way of another module": [
    {
      "load.ts": `export const load = () => Deno.args.length;`,
      "main.ts":
        `import * as io from "./load.ts"; const e = io.load(); export function foo() { return e; }`,
    },
    "e, which main.ts computes from Deno.args.length when it is loaded",
  ],
  "a static field": [
    `class A { static t = Date.now(); static f() { return 1; } } export function foo() { return A.f(); }`,
    "A, which main.ts computes from Date.now when it is loaded",
  ],
  "a package that may read a file": [
    `import { cwd } from "node:process"; const p = cwd(); export function foo() { return p; }`,
    "p, which main.ts computes from cwd of node:process#cwd when it is loaded",
  ],
  "the current directory, by way of a function that looks at nothing else": [
    `import * as path from "node:path"; const p = path.resolve("a"); export function foo() { return p; }`,
    "p, which main.ts computes from path.resolve of node:path when it is loaded",
  ],
  "the key of a file, made when the module is loaded": [
    `import { fileKey } from "@pecapiku/cache"; const key = fileKey(new URL(import.meta.url));
    export function foo() { return key.sha256; }`,
    "key, which main.ts computes from fileKey of @pecapiku/cache when it is loaded",
  ],
  "the key of a file, by another name and way": [
    {
      "keys.ts": `import * as cache from "@pecapiku/cache"; const { url } = import.meta;
        const make = cache.fileKey; export const keys = [url].map((each) => make(new URL(each)));`,
      "main.ts": `import { keys } from "./keys.ts"; export function foo() { return keys; }`,
    },
    "keys, which keys.ts computes from cache.fileKey of @pecapiku/cache when it is loaded",
  ],
  "what is in a cache when the module is loaded": [
    `import { SingleValueCache } from "@pecapiku/cache";
    const model = SingleValueCache.get("/no/such.cache"); export function foo() { return model; }`,
    "model, which main.ts computes from SingleValueCache.get of @pecapiku/cache when it is loaded",
  ],
  "what is in a dictionary when the module is loaded": [
    `import { CacheDict } from "@pecapiku/cache";
    const size = CacheDict.with("/no/such.cache", (cache) => cache.size);
    export function foo() { return size; }`,
    "size, which main.ts computes from CacheDict.with of @pecapiku/cache when it is loaded",
  ],
  "the cache directory": [
    `import { config } from "@pecapiku/cache"; const directory = config.getCacheDir();
    export function foo() { return directory; }`,
    "directory, which main.ts computes from config.getCacheDir of @pecapiku/cache",
  ],
  "a value of a dictionary, read when the module is loaded": [
    `import { CacheDict } from "@pecapiku/cache"; const cache = new CacheDict("/no/such.cache");
    const limit = cache.get("limit"); export function foo() { return limit; }`,
    "limit, which main.ts computes from cache of @pecapiku/cache when it is loaded",
  ],
  "the size of a dictionary, read when the module is loaded": [
    `import { CacheDict } from "@pecapiku/cache"; const cache = new CacheDict("/no/such.cache");
    const count = cache.size; export function foo() { return count; }`,
    "count, which main.ts computes from",
  ],
  "a value of a dictionary that a function made": [
    `import * as caches from "@pecapiku/cache"; const open = () => new caches.CacheDict("/no/such.cache");
    const cache = open(); const limit = cache.get("limit"); export function foo() { return limit; }`,
    "limit, which main.ts computes from new caches.CacheDict() of @pecapiku/cache",
  ],
  "the result of a cached function, called when the module is loaded": [
    `import { CacheDict } from "@pecapiku/cache"; const filePath = "/no/such.cache";
    const load = CacheDict.decorate(function load() { return 1; }, { filePath, access: "re" });
    const data = load(); export function foo() { return data; }`,
    "data, which main.ts computes from CacheDict.decorate of @pecapiku/cache when it is loaded",
  ],
  "a variable that a function sets": [
    `let rate = 1; export function setRate(r: number) { rate = r; } export function foo() { return rate; }`,
    "rate, which setRate of main.ts changes",
  ],
  "an object that another module's function sets": [
    {
      "config.ts": `export const config = { rate: 1 };`,
      "set.ts": `import { config } from "./config.ts"; export function set() { config.rate = 2; }`,
      "main.ts":
        `import { config } from "./config.ts"; import "./set.ts"; export function foo() { return config.rate; }`,
    },
    "config, which set of set.ts changes",
  ],
  "a memo": [
    `const m = new Map<number, number>();
    export function foo(x: number) { if (!m.has(x)) m.set(x, x); return m.get(x); }`,
    "m, which foo of main.ts changes",
  ],
  "an instance whose methods change it": [
    `class Counter { n = 0; next() { return ++this.n; } }
    const c = new Counter(); export function foo() { return c.next(); }`,
    "c, which ",
  ],
  "an object with a method that changes it, whose name is that of one that does not": [
    `class Counter { n = 0; get() { return ++this.n; } }
    const c = new Counter(); export function foo() { return c.get(); }`,
    "c, which changes by itself when it is used (main.ts)",
  ],
  "a regular expression with a state": [
    `const RE = /a/g; export function foo(s: string) { return RE.test(s); }`,
    "RE, which changes by itself when it is used (main.ts)",
  ],
  "a function that a factory gave a state": [
    `function makeCounter() { let n = 0; return () => ++n; }
    const next = makeCounter(); export function foo() { return next(); }`,
    "next, which changes by itself when it is used (main.ts)",
  ],
  "an object that a factory gave a state": [
    `const makeCounter = () => { let n = 0; return { inc() { return ++n; } }; };
    const counter = makeCounter(); export function foo() { return counter.inc(); }`,
    "counter, which changes by itself when it is used (main.ts)",
  ],
  "a class whose static method changes it": [
    `class Ids { static n = 0; static take() { return this.n++; } } export function foo() { return Ids.take(); }`,
    "Ids, which static methods of it change (main.ts)",
  ],
  "an instance whose method adds to it": [
    `class Bag { items: number[] = []; add(x: number) { this.items.push(x); } }
    const bag = new Bag(); export function foo() { bag.add(1); return bag.items.length; }`,
    "bag, which changes by itself when it is used (main.ts)",
  ],
  "a set of another module": [
    {
      "seen.ts": `export const seen = new Set<number>();`,
      "main.ts":
        `import { seen } from "./seen.ts"; export function mark() { seen.add(1); } export function foo() { return seen.size; }`,
    },
    "seen, which mark of main.ts changes",
  ],
  "an instance of a class that extends one of the platform": [
    `class Registry extends Set<number> {} const all = new Registry();
    export function mark() { all.add(1); } export function foo() { return all.size; }`,
    "all, which mark of main.ts changes",
  ],
  "a set that a function made": [
    `const make = () => new Set<number>(); const all = make();
    export function mark() { all.add(1); } export function foo() { return all.size; }`,
    "all, which mark of main.ts changes",
  ],
  "a list of another module": [
    {
      "list.ts": `export const list: number[] = [];`,
      "main.ts":
        `import { list } from "./list.ts"; export function mark() { list.push(1); } export function foo() { return list.length; }`,
    },
    "list, which mark of main.ts changes",
  ],
  "an object that a function changes": [
    `const c = { rate: 1 }; function bump(o: { rate: number }) { o.rate++; }
    export function foo() { bump(c); return c.rate; }`,
    "c, which bump changes",
  ],
  "a change after a call": [
    `${CHECKPOINT}const c = { rate: 1 }; export function foo() { return c.rate; }
    const f = checkpoint(foo); if (Math.min(1, 2) > 5) f(); c.rate = 3;`,
    "c, which main.ts may change after the first call",
  ],
  "a change after a call that another function makes": [
    `${CHECKPOINT}const c = { rate: 1 }; export function foo() { return c.rate; }
    const api: Record<string, () => number> = {}; api.f = checkpoint(foo);
    function run() { return api.f!(); } if (Math.min(1, 2) > 5) run(); c.rate = 3;`,
    "c, which main.ts may change after the first call",
  ],
  "import.meta": [`export function foo() { return import.meta.url; }`, "import.meta.url, in foo"],
  "a computed import": [
    `export async function foo(n: string) { return (await import(n)).x; }`,
    "import() of a computed name, in foo",
  ],
  "a computed global": [
    `export function foo(k: string) { return (globalThis as Record<string, unknown>)[k]; }`,
    "globalThis[computed], in foo",
  ],
};

for (const [name, files] of Object.entries(SEEN)) {
  Deno.test(`CodeReader.read() sees ${name}`, async () => {
    const { unseen } = await identify(files);
    assertEquals(unseen, []);
  });
}

for (const [name, [files, expected]] of Object.entries(UNSEEN)) {
  Deno.test(`CodeReader.read() does not see ${name}`, async () => {
    const { unseen } = await identify(files);
    assert(unseen.length > 0);
    assertStringIncludes(unseen.join("\n"), expected);
  });
}

/** Pairs of programs whose `foo` has one identity. */
const EQUAL: Readonly<Record<string, readonly [Files | string, Files | string]>> = {
  "a helper moves to another module": [
    `function h(x: number) { return x + K; } const K = 2; export function foo(x: number) { return h(x); }`,
    {
      "h.ts": `export { helper as default } from "./deep/h.ts";`,
      "deep/h.ts":
        `const N = 2; export const other = 1; export function helper(y: number) { return y + N; }`,
      "main.ts": `import q from "./h.ts"; export function foo(z: number) { return q(z); }`,
    },
  ],
  "functions that call each other change names": [
    `function a(n: number): number { return n ? b(n - 1) : 1; } function b(n: number): number { return n ? a(n - 1) : 2; }
    export function foo() { return a(3); }`,
    `function q(n: number): number { return n ? p(n - 1) : 2; } function p(n: number): number { return n ? q(n - 1) : 1; }
    export function foo() { return p(3); }`,
  ],
  "what the module calls as a function calls itself changes": [
    `const g = 1; export const foo = function g(n: number): number { return n ? g(n - 1) : 0; }; export const other = g;`,
    `const g = 2; export const foo = function g(n: number): number { return n ? g(n - 1) : 0; }; export const other = g;`,
  ],
  "what is not reached changes": [
    `export const other = { a: 1 }; other.a = 2; export function foo() { return 1; }`,
    `export const other = { a: 3 }; other.a = 4; Object.assign(other, { b: 1 }); export function foo() { return 1; }`,
  ],
  "a statement that only looks changes": [
    `const data = [1, 2]; export function foo() { return data[0]; } if (data.length > 9) console.log(data.map((x) => x));`,
    `const data = [1, 2]; export function foo() { return data[0]; } console.log(data.join().length > 9);`,
  ],
  "a member of a namespace that is not used changes": [
    {
      "m.ts": `export function add(a: number) { return a + 1; } export const other = 1;`,
      "main.ts": `import * as m from "./m.ts"; export function foo(x: number) { return m.add(x); }`,
    },
    {
      "m.ts": `export function add(a: number) { return a + 1; } export const other = Date.now();`,
      "main.ts": `import * as m from "./m.ts"; export function foo(x: number) { return m.add(x); }`,
    },
  ],
};

/** Pairs of programs whose `foo` may give different results. */
const DIFFERENT: Readonly<Record<string, readonly [Files | string, Files | string]>> = {
  "the order of changes": [
    `const c = { a: 1 }; c.a = 2; c.a = 3; export function foo() { return c.a; }`,
    `const c = { a: 1 }; c.a = 3; c.a = 2; export function foo() { return c.a; }`,
  ],
  "what is swapped between two functions": [
    `const a = () => 1; const b = () => 2; export function foo() { return a() - b(); }`,
    `const a = () => 2; const b = () => 1; export function foo() { return a() - b(); }`,
  ],
  "which of two functions is called twice": [
    `const a = () => 1; const b = () => 2; export function foo() { return a() + b() + a(); }`,
    `const a = () => 1; const b = () => 2; export function foo() { return a() + b() + b(); }`,
  ],
  "a change by way of an alias": [
    `const c = { d: { k: 1 } }; const { d } = c; d.k = 2; export function foo() { return c.d.k; }`,
    `const c = { d: { k: 1 } }; const { d } = c; d.k = 3; export function foo() { return c.d.k; }`,
  ],
  "a change by another module": [
    {
      "config.ts": `export const config = { rate: 1 };`,
      "main.ts":
        `import { config } from "./config.ts"; config.rate = 2; export function foo() { return config.rate; }`,
    },
    {
      "config.ts": `export const config = { rate: 1 };`,
      "main.ts":
        `import { config } from "./config.ts"; config.rate = 3; export function foo() { return config.rate; }`,
    },
  ],
  "a change by way of a namespace": [
    {
      "config.ts": `export const config = { rate: 1 };`,
      "main.ts":
        `import * as all from "./config.ts"; all.config.rate = 2; export function foo() { return all.config.rate; }`,
    },
    {
      "config.ts": `export const config = { rate: 1 };`,
      "main.ts":
        `import * as all from "./config.ts"; all.config.rate = 3; export function foo() { return all.config.rate; }`,
    },
  ],
  "a function that changes its argument": [
    `const c = { rate: 1 }; function set(o: { rate: number }) { o.rate = 2; } set(c); export function foo() { return c.rate; }`,
    `const c = { rate: 1 }; function set(o: { rate: number }) { o.rate = 3; } set(c); export function foo() { return c.rate; }`,
  ],
  "a default that only the recursion uses": [
    `export const foo = function g(n: number, step = 1): number { return n > 0 ? g(n - step) : n; };`,
    `export const foo = function g(n: number, step = 2): number { return n > 0 ? g(n - step) : n; };`,
  ],
  "the name of a helper whose name is read": [
    `function h() { return 1; } export function foo() { return h.name; }`,
    `function g() { return 1; } export function foo() { return g.name; }`,
  ],
  "the text of a helper whose text is read": [
    `function h() { return 1; } export function foo() { return \`\${h}\`; }`,
    `function h() { return 1 /* one */; } export function foo() { return \`\${h}\`; }`,
  ],
  "the text of a helper that is asked for": [
    `function h(x: number) { return x; } export function foo() { return h.toString().length; }`,
    `function h(xx: number) { return xx; } export function foo() { return h.toString().length; }`,
  ],
  "a patch of the platform": [
    `Object.defineProperty(Array.prototype, "codeReaderTest", { value: () => 1, configurable: true });
    export function foo() { return Reflect.get([], "codeReaderTest"); }`,
    `Object.defineProperty(Array.prototype, "codeReaderTest", { value: () => 2, configurable: true });
    export function foo() { return Reflect.get([], "codeReaderTest"); }`,
  ],
};

for (const [name, [one, other]] of Object.entries(EQUAL)) {
  Deno.test(`CodeReader.read() gives one identity when ${name}`, async () => {
    assertEquals((await identify(one)).digest, (await identify(other)).digest);
  });
}

for (const [name, [one, other]] of Object.entries(DIFFERENT)) {
  Deno.test(`CodeReader.read() tells programs apart by ${name}`, async () => {
    assertNotEquals((await identify(one)).digest, (await identify(other)).digest);
  });
}

Deno.test("CodeReader.read() refuses a function that assigns an outer variable", async () => {
  const one = await identify(`let total = 0; export function foo(x: number) { total += x; }`);
  assertEquals(one.refusal, "it assigns the outer variable total");
  const other = await identify(`const s = { n: 0 }; export function foo(x: number) { s.n = x; }`);
  assertEquals(other.refusal, "it assigns the outer variable s.n");
});

Deno.test("CodeReader.read() refuses code of a module that was written after the program began", async () => {
  const { refusal } = await identify(`const X = 1; export function foo() { return X; }`);
  assertEquals(
    refusal,
    "main.ts was written after the program began, so that it may not be what runs",
  );
});

Deno.test("FunctionCode.identify() looks at global names of the program's own at each call", async () => {
  const code = await codeOf(
    `export function foo() { return (globalThis as Record<string, unknown>).codeReaderRate; }`,
  );
  const digests = [1, 2, 1].map((value) => {
    Reflect.set(globalThis, "codeReaderRate", value);
    return code.identify().digest;
  });
  Reflect.deleteProperty(globalThis, "codeReaderRate");
  assertNotEquals(digests[0], digests[1]);
  assertEquals(digests[0], digests[2]);
  assertEquals(code.identify(), code.identify());
});

Deno.test("FunctionCode.identify() looks at a platform function that the program has replaced", async () => {
  const code = await codeOf(`export function foo() { return atob("YQ=="); }`);
  const before = code.identify().digest;
  const original = Object.getOwnPropertyDescriptor(globalThis, "atob")!;
  globalThis.atob = (text) => text;
  const replaced = code.identify().digest;
  Object.defineProperty(globalThis, "atob", original);
  assertNotEquals(before, replaced);
  assertEquals(code.identify().digest, before);
});

Deno.test("FunctionCode.identifyDefault() counts the code of a default, which identify() leaves out", async () => {
  const program = (step: number, literal: number) =>
    `const S = ${step}; export function foo(a = S, b = ${literal}) { return a + b; }`;
  const [one, two, three] = await Promise.all([
    codeOf(program(1, 1)),
    codeOf(program(2, 1)),
    codeOf(program(1, 2)),
  ]);
  assertEquals(one.identify().digest, two.identify().digest);
  assertEquals(one.identify().digest, three.identify().digest);
  assertNotEquals(one.identifyDefault(0).digest, two.identifyDefault(0).digest);
  assertEquals(one.identifyDefault(0).digest, three.identifyDefault(0).digest);
  assertNotEquals(one.identifyWhole().digest, two.identifyWhole().digest);
  assertNotEquals(one.identifyWhole().digest, three.identifyWhole().digest);
});

Deno.test("CodeReader.read() knows native functions by where they are found, and no bound ones", () => {
  const reader = new CodeReader(new CodeMemo());
  const callers = { modules: [], inSession: false, functions: [] };
  const max = reader.read(Math.max, callers).identify();
  const min = reader.read(Math.min, callers).identify();
  assertNotEquals(max.digest, min.digest);
  assertEquals([max.unseen, min.unseen], [[], []]);
  const bound = reader.read(((x: number) => x).bind(null), callers).identify();
  assertEquals(bound.unseen.length, 1);
});

Deno.test("CodeReader.read() knows no module of a function that was made of a string, and sees what the language has", () => {
  const reader = new CodeReader(new CodeMemo());
  const callers = { modules: [], inSession: false, functions: [] };
  const read = (text: string) => reader.read(new Function(`return ${text}`)(), callers).identify();
  assertEquals(read("(x) => Math.abs(x)").unseen, []);
  assertEquals(read("(x) => scale(x)").unseen, [
    "scale, which the function uses, and whose module is not known",
  ]);
});
