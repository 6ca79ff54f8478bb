// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, rerun, rerunOrRefuse, script, testCases } from "./_cases.ts";
import type { Files } from "./_project.ts";

/** The second version has a 3 where the first one has a 2 in the place of `$`, and that is what is printed. */
function changed(name: string, version: string | Files, make = rerun): Case {
  const [first, second] = ["2", "3"].map((value) =>
    Object.fromEntries(
      Object.entries(typeof version === "string" ? { "main.ts": version } : version)
        .map(([path, text]) => [path, text.replaceAll("$", value)]),
    )
  );
  return make(name, first!, second!, [2, 3]);
}

/** The same, but it may be refused, too: it can't be told from the outside whether all is seen. */
const freshly = (name: string, version: string | Files): Case =>
  changed(name, version, rerunOrRefuse);

const body = (code: string, above = "", expression?: string) =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }`, expression);
const config = "const config = { rate: 1, list: [1], map: new Map(), k: 0 };";

testCases("checkpoint() never gives a stale result when the top level patches in another way", [
  changed(
    "Object.assign on a prototype",
    body("return new P().v();", "class P {} Object.assign(P.prototype, { v: () => $ });"),
  ),
  changed(
    "a quoted prototype",
    body("return new P().v();", `class P {} P["prototype"].v = () => $;`),
  ),
  changed(
    "a name for the prototype",
    body("return new P().v();", "class P {} const proto = P.prototype; proto.v = () => $;"),
  ),
  changed(
    "a computed key on a prototype",
    body("return new P().v();", "class P {} for (const k of ['v']) P.prototype[k] = () => $;"),
  ),
  changed(
    "defineProperty on a prototype",
    body(
      "return new P().v;",
      "class P {} Object.defineProperty(P.prototype, 'v', { get: () => $ });",
    ),
  ),
  changed("Reflect.set", body("return config.rate;", `${config} Reflect.set(config, "rate", $);`)),
  changed("a static", body("return P.n;", "class P { static n = 1; } P.n = $;")),
  changed("a member in a pattern", body("return config.rate;", `${config} [config.rate] = [$];`)),
  changed(
    "a member in an object pattern",
    body("return config.rate;", `${config} ({ r: config.rate } = { r: $ });`),
  ),
  changed("an operator", body("return config.rate;", `${config} config.rate += $ - 1;`)),
  changed("a list in it", body("return config.list[1];", `${config} config.list.push($);`)),
  changed("a map in it", body("return config.map.get(1);", `${config} config.map.set(1, $);`)),
  changed(
    "sort",
    body("return list[0];", "const list = [2, 3]; list.sort((x, y) => ($ - 2.5) * (y - x));"),
  ),
  changed("length", body("return list.length;", "const list = [1, 2, 3, 4]; list.length = $;")),
  changed(
    "a copy that shares a part",
    body("return config.map.get(1);", `${config} const copy = { ...config }; copy.map.set(1, $);`),
  ),
  changed(
    "a list that holds it",
    body("return config.rate;", `${config} const all = [config]; for (const c of all) c.rate = $;`),
  ),
  changed(
    "an object that holds it",
    body("return config.rate;", `${config} const holder = { config }; holder.config.rate = $;`),
  ),
  freshly(
    "a function that gives it",
    body("return config.rate;", `${config} const get = () => config; get().rate = $;`),
  ),
  freshly(
    "a method that changes its object",
    body("return o.n;", "const o = { n: 1, set(v) { this.n = v; } }; o.set($);"),
  ),
  freshly(
    "a method of a class that changes its object",
    body("return o.n;", "class O { n = 1; set(v) { this.n = v; } } const o = new O(); o.set($);"),
  ),
  freshly("a function of another module that is called", {
    "main.ts": body("return h();", `import { h, init } from "./h.ts"; init($);`),
    "h.ts": "let rate = 1; export const init = (v) => { rate = v; }; export const h = () => rate;",
  }),
  freshly(
    "a function that is called by a promise",
    body(
      "return config.rate;",
      `${config} await Promise.resolve($).then((v) => { config.rate = v; });`,
    ),
  ),
  freshly(
    "a function that is called by a timer",
    body(
      "return config.rate;",
      `${config} await new Promise((done) => setTimeout(() => { config.rate = $; done(); }));`,
    ),
  ),
  freshly(
    "a function that the platform calls",
    body(
      "return config.rate;",
      `${config} addEventListener("x", () => { config.rate = $; }); dispatchEvent(new Event("x"));`,
    ),
  ),
  freshly(
    "a class that registers itself",
    body(
      "return all[0].v;",
      "const all = []; const register = (c, _) => { all.push(c); }; @register class P { static v = $; }",
    ),
  ),
  changed(
    "a static block that registers",
    body("return all.get('p');", "const all = new Map(); class P { static { all.set('p', $); } }"),
  ),
  changed(
    "an accessor on the global object",
    body("return two;", "Object.defineProperty(globalThis, 'two', { get: () => $ });"),
    rerunOrRefuse,
  ),
  changed(
    "a function of the platform that is replaced",
    body("return Math.max(a);", "Math.max = () => $;"),
    rerunOrRefuse,
  ),
  changed(
    "a method of the platform that is replaced",
    body("return [a].join();", "Array.prototype.join = () => $;"),
    rerunOrRefuse,
  ),
]);

testCases("checkpoint() never gives a stale result when values are tied together", [
  rerun(
    "whether two names stand for one object",
    body("return x === y ? 2 : 3;", "const x = []; const y = x;"),
    body("return x === y ? 2 : 3;", "const x = []; const y = [];"),
    [2, 3],
  ),
  rerun(
    "two values that change places",
    body("return X - Y;", "const X = 1; const Y = 2;"),
    body("return X - Y;", "const X = 2; const Y = 1;"),
    [-1, 1],
  ),
  rerun(
    "which of two that call each other comes first",
    body(
      "return even(a);",
      "const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1);",
    ),
    body(
      "return odd(a);",
      "const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1);",
    ),
    ["false", "true"],
  ),
  rerun(
    "who calls itself, and who another",
    body(
      "return f(a);",
      "const f = (n) => n > 3 ? 2 : g(n + 1); const g = (n) => n > 3 ? 3 : g(n + 1);",
    ),
    body(
      "return f(a);",
      "const f = (n) => n > 3 ? 2 : f(n + 1); const g = (n) => n > 3 ? 3 : g(n + 1);",
    ),
    [3, 2],
  ),
  rerunOrRefuse(
    "the order of two constants that count",
    body("return X;", "let n = 1; const next = () => ++n; const X = next(); const Y = next();"),
    body("return X;", "let n = 1; const next = () => ++n; const Y = next(); const X = next();"),
    [2, 3],
  ),
  rerun(
    "a name of the platform that the module hides",
    body("return Math.max(1, 2);"),
    body("return Math.max(1, 2);", "const Math = { max: () => 3 };"),
    [2, 3],
  ),
  rerun(
    "a local that hides a helper",
    body("{ const h = () => 3; } return h();", "const h = () => 2;"),
    body("{ return h(); function h() { return 3; } }", "const h = () => 2;"),
    [2, 3],
  ),
  rerun(
    "the order of keys in JSON",
    {
      "main.ts": body(
        "return Object.keys(d)[0];",
        `import d from "./d.json" with { type: "json" };`,
      ),
      "d.json": `{"x":1,"y":2}`,
    },
    {
      "main.ts": body(
        "return Object.keys(d)[0];",
        `import d from "./d.json" with { type: "json" };`,
      ),
      "d.json": `{"y":2,"x":1}`,
    },
    ["x", "y"],
  ),
  changed(
    "a helper that is made on the spot",
    body("return h();", "const h = (() => { let n = $; return () => n; })();"),
  ),
  freshly(
    "a helper that remembers",
    body(
      "return h(a);",
      "const known = new Map(); function h(x) { if (!known.has(x)) known.set(x, x * $); return known.get(x); }",
    ),
  ),
  changed(
    "a class that is made by a function",
    body("return new P().v;", "const make = (n) => class { v = n; }; const P = make($);"),
  ),
  changed(
    "an instance at the top level",
    body("return p.v;", "class P { constructor(v) { this.v = v; } } const p = new P($);"),
  ),
  changed(
    "a #private field of an instance at the top level",
    body(
      "return p.v;",
      "class P { #v; constructor(v) { this.#v = v; } get v() { return this.#v; } } const p = new P($);",
    ),
  ),
  changed(
    "an import by an alias of a namespace",
    body("return v;", "namespace N { export const v = $; } import v = N.v;"),
  ),
  changed(
    "what Symbol.toPrimitive gives",
    body("return o * 1;", "const o = { [Symbol.toPrimitive]: () => $ };"),
  ),
]);
