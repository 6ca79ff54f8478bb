// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, type CaseOptions, rerun, rerunOrRefuse, script, testCases } from "./_cases.ts";
import type { Files } from "./_project.ts";

const scaled = script(`import { scale } from "./lib/math.ts";
  function foo(a) { console.log("run"); return scale(a); }`);

/** The second version has a 3 where the first one has a 2 in the place of `$`. */
function changed(name: string, files: Files, options?: CaseOptions): Case {
  const version = (value: string) => {
    const all = { "main.ts": scaled, ...files };
    return Object.fromEntries(
      Object.entries(all).map(([path, text]) => [path, text.replaceAll("$", value)]),
    );
  };
  return rerun(name, version("2"), version("3"), [2, 3], options);
}

const constants = "export const FACTOR = $;";
const math = `import { FACTOR } from "./constants.ts";
  export function scale(x) { return x * FACTOR; }`;

testCases("checkpoint() runs again when something in another module changes", [
  changed("r6 a constant of a helper's module's module", {
    "lib/math.ts": math,
    "lib/constants.ts": constants,
  }),
  changed("r6 through export *", {
    "lib/math.ts": `export * from "./scale.ts";`,
    "lib/scale.ts": math,
    "lib/constants.ts": `export * from "./values.ts";`,
    "lib/values.ts": constants,
  }),
  changed("r6 through a default export", {
    "lib/math.ts": `import FACTOR from "./constants.ts";
      export const scale = (x) => x * FACTOR;`,
    "lib/constants.ts": "export default $;",
  }),
  changed("r6 through a default export of a name", {
    "lib/math.ts": `import FACTOR from "./constants.ts";
      export const scale = (x) => x * FACTOR;`,
    "lib/constants.ts": "const FACTOR = $; export default FACTOR;",
  }),
  changed("r6 through a default export of a function", {
    "main.ts": script(`import scale from "./lib/math.ts";
      function foo(a) { console.log("run"); return scale(a); }`),
    "lib/math.ts": `export default function (x) { return x * $; }`,
  }),
  changed("r6 through import *", {
    "lib/math.ts": `import * as constants from "./constants.ts";
      export const scale = (x) => x * constants.FACTOR;`,
    "lib/constants.ts": constants,
  }),
  changed("r6 through export * as", {
    "lib/math.ts": `import { constants } from "./all.ts";
      export const scale = (x) => x * constants.FACTOR;`,
    "lib/all.ts": `export * as constants from "./constants.ts";`,
    "lib/constants.ts": constants,
  }),
  changed("r6 through import * that is handed on", {
    "main.ts": script(`import * as math from "./lib/math.ts";
      const use = (m, a) => m.scale(a);
      function foo(a) { console.log("run"); return use(math, a); }`),
    "lib/math.ts": math,
    "lib/constants.ts": constants,
  }),
  changed("r6 through a re-export under another name", {
    "lib/math.ts": `export { grow as scale } from "./scale.ts";`,
    "lib/scale.ts": `import { F } from "./constants.ts";
      function inner(x) { return x * F; }
      export { inner as grow };`,
    "lib/constants.ts": "const FACTOR = $; export { FACTOR as F };",
  }),
  changed("r6 through a re-export of a default", {
    "lib/math.ts": `export { default as scale } from "./scale.ts";`,
    "lib/scale.ts": `export default (x) => x * $;`,
  }),
  changed("r6 through an import that is exported", {
    "lib/math.ts": `import { scale as inner } from "./scale.ts"; export const scale = inner;`,
    "lib/scale.ts": `export const scale = (x) => x * $;`,
  }),
  changed("r6 through an import map's name", {
    "deno.json": `{ "imports": { "lib/": "./lib/" } }`,
    "main.ts": scaled.replace("./lib/", "lib/"),
    "lib/math.ts": `export const scale = (x) => x * $;`,
  }),
  changed("r6 through a dynamic import of a constant name", {
    "main.ts": script(
      `async function foo(a) {
        console.log("run");
        const { scale } = await import("./lib/math.ts");
        return scale(a);
      }`,
      "await checkpoint(foo)(1)",
    ),
    "lib/math.ts": math,
    "lib/constants.ts": constants,
  }),
  changed("r10 JSON", {
    "main.ts": script(`import data from "./data.json" with { type: "json" };
      function foo(a) { console.log("run"); return data.rates[0]; }`),
    "data.json": `{ "rates": [$] }`,
  }),
  changed("r10 JSON, read by a helper in another file", {
    "lib/math.ts": `import data from "../data.json" with { type: "json" };
      export function scale(x) { return x * data.rate; }`,
    "data.json": `{ "rate": $ }`,
  }),
]);

/** A function that calls `baz` of its argument. */
function classes(code: string, argument = "new Bar()", body = "bar.baz(); return bar.x;"): string {
  return script(
    `${code}\nfunction foo(bar: Bar) { console.log("run"); ${body} }`,
    `checkpoint(foo)(${argument})`,
  );
}

testCases("checkpoint() runs again when a class of an argument changes", [
  rerun(
    "r7 a method",
    classes("class Bar { x = 1; baz() { this.x += 1; } }"),
    classes("class Bar { x = 1; baz() { } }"),
    [2, 1],
  ),
  rerun(
    "r7 a method in another file",
    {
      "main.ts": classes(`import { Bar } from "./bar.ts";`),
      "bar.ts": `export class Bar { x = 1; baz() { this.x += 1; } }`,
    },
    {
      "main.ts": classes(`import { Bar } from "./bar.ts";`),
      "bar.ts": `export class Bar { x = 1; baz() { } }`,
    },
    [2, 1],
  ),
  rerun(
    "r7 a method of the superclass",
    classes("class Base { x = 1; baz() { this.x += 1; } } class Bar extends Base {}"),
    classes("class Base { x = 1; baz() { } } class Bar extends Base {}"),
    [2, 1],
  ),
  rerun(
    "r7 a method of the superclass's superclass in another file",
    {
      "main.ts": classes(
        `import { Base } from "./base.ts"; class Middle extends Base {} class Bar extends Middle {}`,
      ),
      "base.ts": "export class Base { x = 1; baz() { this.x += 1; } }",
    },
    {
      "main.ts": classes(
        `import { Base } from "./base.ts"; class Middle extends Base {} class Bar extends Middle {}`,
      ),
      "base.ts": "export class Base { x = 1; baz() { } }",
    },
    [2, 1],
  ),
  rerun(
    "r7 a method that calls super",
    classes(
      "class Base { x = 1; baz() { this.x += 1; } } class Bar extends Base { baz() { super.baz(); } }",
    ),
    classes(
      "class Base { x = 1; baz() { this.x += 2; } } class Bar extends Base { baz() { super.baz(); } }",
    ),
    [2, 3],
  ),
  rerun(
    "r7 a helper of a method",
    classes("const step = () => 1; class Bar { x = 1; baz() { this.x += step(); } }"),
    classes("const step = () => 2; class Bar { x = 1; baz() { this.x += step(); } }"),
    [2, 3],
  ),
  rerun(
    "r7 a getter",
    classes("class Bar { x = 1; get baz() { return 1; } }", "new Bar()", "return bar.baz;"),
    classes("class Bar { x = 1; get baz() { return 2; } }", "new Bar()", "return bar.baz;"),
    [1, 2],
  ),
  rerun(
    "r7 a setter",
    classes(
      "class Bar { x = 1; set baz(v) { this.x = v; } }",
      "new Bar()",
      "bar.baz = 5; return bar.x;",
    ),
    classes(
      "class Bar { x = 1; set baz(v) { this.x = -v; } }",
      "new Bar()",
      "bar.baz = 5; return bar.x;",
    ),
    [5, -5],
  ),
  rerun(
    "r7 a static method",
    classes("class Bar { x = 1; static step() { return 1; } baz() { this.x += Bar.step(); } }"),
    classes("class Bar { x = 1; static step() { return 2; } baz() { this.x += Bar.step(); } }"),
    [2, 3],
  ),
  rerun(
    "r7 a static field",
    classes("class Bar { x = 1; static step = 1; baz() { this.x += Bar.step; } }"),
    classes("class Bar { x = 1; static step = 2; baz() { this.x += Bar.step; } }"),
    [2, 3],
  ),
  rerun(
    "r7 a static method of a class that is the argument",
    classes("class Bar { static step() { return 1; } }", "Bar", "return bar.step();"),
    classes("class Bar { static step() { return 2; } }", "Bar", "return bar.step();"),
    [1, 2],
  ),
  rerun(
    "r7 a #private method",
    classes(
      "class Bar { x = 1; static #step() { return 1; } baz() { this.x += Bar.#step(); } }",
      "Bar",
      "const b = new bar(); b.baz(); return b.x;",
    ),
    classes(
      "class Bar { x = 1; static #step() { return 2; } baz() { this.x += Bar.#step(); } }",
      "Bar",
      "const b = new bar(); b.baz(); return b.x;",
    ),
    [2, 3],
  ),
  rerun(
    "r7 a field of an instance",
    classes("class Bar { x = 1; baz() { this.x += 1; } }"),
    classes("class Bar { x = 2; baz() { this.x += 1; } }"),
    [2, 3],
  ),
  rerun(
    "r7 a class that the function makes itself",
    classes(
      "class Bar { #x; constructor(x) { this.#x = x; } get x() { return this.#x; } }",
      "1",
      "return new Bar(bar).x;",
    ),
    classes(
      "class Bar { #x; constructor(x) { this.#x = -x; } get x() { return this.#x; } }",
      "1",
      "return new Bar(bar).x;",
    ),
    [1, -1],
  ),
  rerun(
    "r7 an instance within an argument",
    classes(
      "class Bar { x = 1; baz() { this.x += 1; } }",
      "[{ bar: new Bar() }]",
      "bar[0].bar.baz(); return bar[0].bar.x;",
    ),
    classes(
      "class Bar { x = 1; baz() { } }",
      "[{ bar: new Bar() }]",
      "bar[0].bar.baz(); return bar[0].bar.x;",
    ),
    [2, 1],
  ),
  // The key of an instance with private names is refused, since what is in it can't be seen.
  rerunOrRefuse(
    "r7 a #private method of an instance",
    classes("class Bar { x = 1; #step() { return 1; } baz() { this.x += this.#step(); } }"),
    classes("class Bar { x = 1; #step() { return 2; } baz() { this.x += this.#step(); } }"),
    [2, 3],
  ),
  rerunOrRefuse(
    "r7 a #private field of an instance",
    classes("class Bar { #x = 1; get x() { return this.#x; } baz() { this.#x += 1; } }"),
    classes("class Bar { #x = 2; get x() { return this.#x; } baz() { this.#x += 1; } }"),
    [2, 3],
  ),
]);
