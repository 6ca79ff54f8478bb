// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, rerun, rerunOrRefuse, script, testCases, type Version } from "./_cases.ts";
import type { Files } from "./_project.ts";

/** The second version has a 3 where the first one has a 2 in the place of `$`. */
function changed(name: string, version: string | Files, make = rerun): Case {
  const filled = (value: string): Version =>
    typeof version === "string" ? version.replaceAll("$", value) : Object.fromEntries(
      Object.entries(version).map(([path, text]) => [path, text.replaceAll("$", value)]),
    );
  return make(name, filled("2"), filled("3"), [2, 3]);
}

const body = (code: string, above = "", below = "") =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }\n${below}`);

testCases("checkpoint() runs again when a patch at the top level changes", [
  changed(
    "r17 a property of a helper",
    body("return h() * h.k;", "const h = () => 1;", "h.k = $;"),
  ),
  changed(
    "r17 a property of a helper that is a declaration",
    body("return h() * h.k;", "function h() { return 1; } h.k = $;"),
  ),
  changed(
    "r17 a method of a prototype",
    body("return new P().v();", "class P {}", "P.prototype.v = () => $;"),
  ),
  changed(
    "r17 a method of the prototype of an argument's class",
    script(
      `class P {} P.prototype.v = function () { return $; };
       function foo(p) { console.log("run"); return p.v(); }`,
      "checkpoint(foo)(new P())",
    ),
  ),
  changed(
    "r17 a property of a configuration",
    body("return config.rate;", "const config = { rate: 1 };", "config.rate = $;"),
  ),
  changed(
    "r17 a computed property of a configuration",
    body("return config.rate;", `const config = { rate: 1 };`, `config["ra" + "te"] = $;`),
  ),
  changed(
    "r17 a property deep in a configuration",
    body("return config.a.b;", "const config = { a: { b: 1 } };", "config.a.b = $;"),
  ),
  changed(
    "r17 Object.assign",
    body(
      "return config.rate;",
      "const config = { rate: 1 };",
      "Object.assign(config, { rate: $ });",
    ),
  ),
  changed(
    "r17 Object.defineProperty",
    body(
      "return config.rate;",
      "const config = { rate: 1 };",
      "Object.defineProperty(config, 'rate', { get: () => $ });",
    ),
  ),
  changed(
    "r17 Object.setPrototypeOf",
    body(
      "return config.rate;",
      "const config = {};",
      "Object.setPrototypeOf(config, { rate: $ });",
    ),
  ),
  changed("r17 delete", {
    "main.ts": body(
      "return config.rate ?? 3;",
      "const config = { rate: 2, rat$: 1 };",
      "if (config.rat3) delete config.rate;",
    ),
  }),
  changed(
    "r17 what an array is given",
    body("return list[0];", "const list = [];", "list.push($);"),
  ),
  changed(
    "r17 what a map is given",
    body("return map.get(1);", "const map = new Map();", "map.set(1, $);"),
  ),
  changed(
    "r17 a patch by another name",
    body(
      "return config.rate;",
      "const config = { rate: 1 }; const same = config;",
      "same.rate = $;",
    ),
  ),
  changed(
    "r17 a patch by a part of it",
    body(
      "return config.a.b;",
      "const config = { a: { b: 1 } }; const { a: part } = config;",
      "part.b = $;",
    ),
  ),
  // What another function changes may count as unseen.
  changed(
    "r17 a patch by a function that is called",
    body(
      "return config.rate;",
      "const config = { rate: 1 };\nfunction set(c) { c.rate = $; }",
      "set(config);",
    ),
    rerunOrRefuse,
  ),
  changed(
    "r17 a patch in a block",
    body(
      "return config.rate;",
      "const config = { rate: 1 };",
      "if (config.rate === 1) { config.rate = $; }",
    ),
  ),
  changed(
    "r17 a patch in a function that is called on the spot",
    body("return config.rate;", "const config = { rate: 1 };", "(() => { config.rate = $; })();"),
  ),
  changed(
    "r17 a patch in forEach",
    body(
      "return config.rate;",
      "const config = { rate: 1 };",
      "[$].forEach((v) => { config.rate = v; });",
    ),
  ),
  changed(
    "r17 a static block",
    body("return P.rate;", "class P { static rate = 1; static { this.rate = $; } }"),
  ),
  changed("r17 a patch in the module of a helper", {
    "main.ts": body("return h();", `import { h } from "./h.ts";`),
    "h.ts": "const config = { rate: 1 }; export const h = () => config.rate; config.rate = $;",
  }),
  changed("r17 a patch in the importing module", {
    "main.ts": body("return h();", `import { config, h } from "./h.ts"; config.rate = $;`),
    "h.ts": "export const config = { rate: 1 }; export const h = () => config.rate;",
  }),
  changed("r17 a patch in a module that is imported for it", {
    "main.ts": body("return h();", `import { h } from "./h.ts";\nimport "./patch.ts";`),
    "h.ts": "export const config = { rate: 1 }; export const h = () => config.rate;",
    "patch.ts": `import { config } from "./h.ts"; config.rate = $;`,
  }),
  changed("r17 a patch of the prototype of a class in another module", {
    "main.ts": body("return new P().v();", `import { P } from "./p.ts";\nimport "./patch.ts";`),
    "p.ts": "export class P {}",
    "patch.ts": `import { P } from "./p.ts"; P.prototype.v = () => $;`,
  }),
  changed("r17 a patch through a namespace", {
    "main.ts": body(
      "return h();",
      `import { h } from "./h.ts"; import * as all from "./h.ts"; all.config.rate = $;`,
    ),
    "h.ts": "export const config = { rate: 1 }; export const h = () => config.rate;",
  }),
  changed(
    "r17 a patch of the platform",
    body("return [0].twice();", "", "Array.prototype.twice = function () { return $; };"),
  ),
  changed("r17 a patch of the platform in a module that is imported for it", {
    "main.ts": body("return [0].twice();", `import "./patch.ts";`),
    "patch.ts": "Array.prototype.twice = function () { return $; };",
  }),
  changed(
    "r17 a patch of a static of the platform",
    body("return Math.two();", "", "Math.two = () => $;"),
  ),
  changed("r17 a name of the global object", body("return two;", "", "globalThis.two = $;")),
  changed(
    "r17 a function of the global object",
    body("return two();", "", "globalThis.two = () => $;"),
  ),
  rerun(
    "r17 the order of two patches",
    patches("three", "two"),
    patches("two", "three"),
    [2, 3],
  ),
]);

function patches(first: string, second: string): Files {
  return {
    "main.ts": body(
      "return config.rate;",
      `import { config } from "./config.ts"; import "./${first}.ts"; import "./${second}.ts";`,
    ),
    "config.ts": "export const config = { rate: 1 };",
    "two.ts": `import { config } from "./config.ts"; config.rate = 2;`,
    "three.ts": `import { config } from "./config.ts"; config.rate = 3;`,
  };
}

testCases("checkpoint() runs again when a name changes that the code reads", [
  rerun(
    "r18 .name of a helper",
    body("return h.name;", "function h() {}"),
    body("return g.name;", "function g() {}"),
    ["h", "g"],
  ),
  rerun(
    "r18 .name of the function",
    script(`function foo(a) { console.log("run"); return foo.name; }`),
    script(`function bar(a) { console.log("run"); return bar.name; }`, "checkpoint(bar)(1)"),
    ["foo", "bar"],
  ),
  rerun(
    "r18 .name of a local function",
    body("const h = () => 1; return h.name;"),
    body("const g = () => 1; return g.name;"),
    ["h", "g"],
  ),
  rerun(
    "r18 .name by a computed key",
    body(`return h["na" + "me"];`, "function h() {}"),
    body(`return g["na" + "me"];`, "function g() {}"),
    ["h", "g"],
  ),
  rerun(
    "r18 .name by a pattern",
    body("const { name } = h; return name;", "function h() {}"),
    body("const { name } = g; return name;", "function g() {}"),
    ["h", "g"],
  ),
  rerun(
    "r18 .name read by a helper",
    body("return nameOf(h);", "const nameOf = (f) => f.name; function h() {}"),
    body("return nameOf(g);", "const nameOf = (f) => f.name; function g() {}"),
    ["h", "g"],
  ),
  rerun(
    "r18 .constructor",
    body("return new P().constructor.name;", "class P {}"),
    body("return new Q().constructor.name;", "class Q {}"),
    ["P", "Q"],
  ),
  rerun(
    "r18 .constructor of an argument",
    script(
      `class P {} function foo(a) { console.log("run"); return a.constructor.name; }`,
      "checkpoint(foo)(new P())",
    ),
    script(
      `class Q {} function foo(a) { console.log("run"); return a.constructor.name; }`,
      "checkpoint(foo)(new Q())",
    ),
    ["P", "Q"],
  ),
  rerun(
    "r18 .name of a function among the arguments",
    script(
      `function h() {} function foo(a) { console.log("run"); return a.name; }`,
      "checkpoint(foo)(h)",
    ),
    script(
      `function g() {} function foo(a) { console.log("run"); return a.name; }`,
      "checkpoint(foo)(g)",
    ),
    ["h", "g"],
  ),
  rerun(
    "r18 .stack",
    body(`return new Error().stack.includes("bar");`),
    script(
      `function bar(a) { console.log("run"); return new Error().stack.includes("bar"); }`,
      "checkpoint(bar)(1)",
    ),
    ["false", "true"],
  ),
  rerun(
    "r18 .stack of a helper",
    body(`return h().includes("at h");`, "function h() { return new Error().stack; }"),
    body(`return g().includes("at h");`, "function g() { return new Error().stack; }"),
    ["true", "false"],
  ),
  rerun(
    "r18 the text of a helper",
    body("return h.toString().length;", "function h(x) {}"),
    body("return h.toString().length;", "function h(xx) {}"),
    [16, 17],
  ),
  rerun(
    "r18 the text of a helper in a template",
    body("return `${h}`.length;", "const h = (x) => x;"),
    body("return `${h}`.length;", "const h = (xx) => xx;"),
    [6, 8],
  ),
  rerun(
    "r18 the text of a helper by String",
    body("return String(h).length;", "const h = (x) => x;"),
    body("return String(h).length;", "const h = (xx) => xx;"),
    [6, 8],
  ),
  rerun(
    "r18 the text of a helper by +",
    body(`return (h + "").length;`, "const h = (x) => x;"),
    body(`return (h + "").length;`, "const h = (xx) => xx;"),
    [6, 8],
  ),
  rerun(
    "r18 the text of a function among the arguments",
    script(
      `function foo(a) { console.log("run"); return String(a).length; }`,
      "checkpoint(foo)((x) => x)",
    ),
    script(
      `function foo(a) { console.log("run"); return String(a).length; }`,
      "checkpoint(foo)((xx) => xx)",
    ),
    [6, 8],
  ),
  rerun(
    "r18 the function's own text",
    script(
      `function foo(a) { console.log("run"); return foo.toString().startsWith("function foo(bb"); }`,
    ),
    script(
      `function foo(bb) { console.log("run"); return foo.toString().startsWith("function foo(bb"); }`,
    ),
    ["false", "true"],
  ),
  rerun(
    "r18 the name of a class in the text of an error",
    body(
      "try { null.x(); P(); } catch { try { P(); } catch (e) { return e.message; } }",
      "class P {}",
    ),
    body(
      "try { null.x(); Q(); } catch { try { Q(); } catch (e) { return e.message; } }",
      "class Q {}",
    ),
    [
      "Class constructor P cannot be invoked without 'new'",
      "Class constructor Q cannot be invoked without 'new'",
    ],
  ),
]);
