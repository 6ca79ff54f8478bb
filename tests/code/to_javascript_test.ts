// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Language,
  type MediaType,
  mediaTypeOf,
  toJavaScript,
} from "../../src/code/_to_javascript.ts";
import { parseModule } from "../../src/code/_parse.ts";
import { importMapArguments } from "../_deno.ts";

Deno.test("mediaTypeOf() tells the language by the name", () => {
  const table: [path: string, type: MediaType | undefined][] = [
    ["a.ts", "ts"],
    ["a.mts", "ts"],
    ["a.js", "js"],
    ["a.mjs", "js"],
    ["a.tsx", "tsx"],
    ["a.jsx", "jsx"],
    ["file:///x/y.z/a.TS", "ts"],
    ["C:\\x\\a.ts", "ts"],
    ["a.test.ts", "ts"],
    ["a.cts", undefined],
    ["a.cjs", undefined],
    ["a.d.ts", undefined],
    ["a.d.mts", undefined],
    ["a.d.css.ts", undefined],
    ["a.json", undefined],
    ["a.wasm", undefined],
    ["a", undefined],
    ["x.ts/a", undefined],
    [".ts", undefined],
    ["", undefined],
    ["a.ts.", undefined],
    ["a.constructor", undefined],
  ];
  for (const [path, type] of table) assertEquals(mediaTypeOf(path), type, path);
});

Deno.test("toJavaScript() leaves JavaScript as it is", () => {
  for (
    const text of [
      "",
      "const  a = 1",
      "#!/usr/bin/env deno\nf()",
      "const = ",
      "/* é😀 */\r\n\tlet a;\u2028",
    ]
  ) {
    assertEquals(toJavaScript(text, "js"), text);
  }
  assertEquals(toJavaScript("\uFEFF#!/bin/x\nf()", "js"), "#!/bin/x\nf()");
});

Deno.test("toJavaScript() takes the types away", () => {
  const table: [typescript: string, javascript: string][] = [
    ["const a: number = 1;", "const a = 1;\n"],
    ["\uFEFFconst a: number = 1;", "const a = 1;\n"],
    ["#!/usr/bin/env deno\nconst a: number = 1;", "#!/usr/bin/env deno\nconst a = 1;\n"],
    ["import type { A } from 'a'; interface B {}", ""],
    [
      "enum M { A = 1 }",
      'var M = /*#__PURE__*/ function(M) {\n  M[M["A"] = 1] = "A";\n  return M;\n}({});\n',
    ],
    ["import defer * as a from 'a'; a.b as string;", "import defer * as a from 'a';\na.b;\n"],
    ["@d class A { x!: number }", "@d\nclass A {\n  x;\n}\n"],
  ];
  for (const [typescript, javascript] of table) {
    assertEquals(toJavaScript(typescript, "ts"), javascript);
  }
});

Deno.test("toJavaScript() throws a SyntaxError for what can't be parsed", () => {
  assertThrows(() => toJavaScript("const = 1", "ts"), SyntaxError);
  assertThrows(() => toJavaScript("const a = <div/>;", "ts"), SyntaxError);
  assertThrows(() => toJavaScript("const a = <div>;", "tsx"), SyntaxError);
  assertThrows(() => toJavaScript("const a = <a></b>;", "jsx"), SyntaxError);
  assertThrows(() => toJavaScript("const a: number = <a/>;", "jsx"), SyntaxError);
});

/** The text of the call that is put in the place of the element in `text`, and what is imported for it. */
function jsx(element: string, before = "", language: Language = "jsx"): string {
  const text = toJavaScript(`${before}x = ${element}`, language);
  parseModule(text);
  const at = text.indexOf(before + "x = ");
  return text.slice(0, at) + text.slice(at + before.length + 5).replaceAll("\n", "");
}

/** The same, without the name that makes elements when nothing else is said. */
function shortJsx(element: string): string {
  return jsx(element).replaceAll(", (React)", "");
}

Deno.test("toJavaScript() puts calls in the place of JSX", () => {
  const table: [element: string, call: string][] = [
    ["<div/>", `__jsx("<div></>")`],
    ["<div></div>", `__jsx("<div></>")`],
    ["<></>", `__jsx("<></>")`],
    ["<my-tag/>", `__jsx("<my-tag></>")`],
    ["<svg:rect/>", `__jsx("<svg:rect></>")`],
    ["<Box/>", `__jsx("<Box{}></>", (Box))`],
    ["<_box/>", `__jsx("<_box{}></>", (_box))`],
    ["<étude/>", `__jsx("<étude{}></>", (étude))`],
    ["<ui.Box/>", `__jsx("<ui.Box{}></>", (ui.Box))`],
    ["<this.box/>", `__jsx("<this.box{}></>", (this.box))`],
    ["<a b c='d' e={f} {...g}/>", `__jsx("<a b c='d' e={} {...}></>", (f), (g))`],
    ["<a b=<c d={e}/>/>", `__jsx("<a b={}></>", (__jsx("<c d={}></>", (e))))`],
    ["<a>{b}{/* no */}{...c}</a>", `__jsx("<a>{}{...}</>", (b), (c))`],
    ["<a>  x  {b} y\n   z  \n\n </a>", `__jsx("<a>  x  {} y z </>", (b))`.replace(" z ", " z")],
    ["<a>&lt;</a>", `__jsx("<a>&lt;</>")`],
    ["<a><B c={d}/><e/></a>", `__jsx("<a><B{} c={}></><e></></>", (B), (d))`],
    [
      "<a>{b.map((c) => <d>{c}</d>)}</a>",
      `__jsx("<a>{}</>", (b.map((c) =>  __jsx("<d>{}</>", (c)))))`,
    ],
    ["<a>{b // c\n}</a>", `__jsx("<a>{}</>", (b))`],
    ["<a b='\"'/>", `__jsx("<a b='\\"'></>")`],
  ];
  for (const [element, call] of table) assertEquals(shortJsx(element), call, element);
});

Deno.test("toJavaScript() tells different elements apart", () => {
  const elements = [
    "<a/>",
    "<b/>",
    "<A/>",
    "<a>x</a>",
    "<a>y</a>",
    "<a x/>",
    "<a x='1'/>",
    "<a x={1}/>",
    "<a x={2}/>",
    "<a>{1}</a>",
    "<a><b/></a>",
    "<a/>.b",
    "<></>",
    "<a>{'x'}</a>",
    "<a>x y</a>",
    "<a> x</a>",
    "<a y x/>",
    "<a x y/>",
    "<a {...x}/>",
  ];
  assertEquals(new Set(elements.map((element) => jsx(element))).size, elements.length);
});

Deno.test("toJavaScript() counts what makes the elements", () => {
  assertEquals(jsx("<a/>", "import React from 'react';"), `__jsx("<a></>", (React))`);
  assertEquals(jsx("<a/>", "import { h, Fragment } from 'p';"), `__jsx("<a></>", (h), (Fragment))`);
  assertEquals(jsx("<a/>", "/** @jsx make */function h() {}"), `__jsx("@jsx make<a></>", (make))`);
  assertEquals(
    jsx("<a/>", "/** @jsx a.b @jsxFrag F */"),
    `__jsx("@jsx a.b @jsxFrag F<a></>", (a.b), (F))`,
  );
  assertEquals(
    jsx("<a/>", "/* @jsxImportSource npm:p */"),
    `import * as __jsx_0 from "npm:p/jsx-runtime";__jsx("@jsxImportSource npm:p<a></>", (__jsx_0))`,
  );
  assertEquals(jsx("<a/>"), `__jsx("<a></>", (React))`);
});

Deno.test("toJavaScript() counts what compiler options say of JSX", () => {
  const factories = `jsx {"factories":["e","F.g","not a name"]}` as const;
  assertEquals(jsx("<a/>", "", factories), `__jsx("<a></>", (e), (F.g))`);
  assertEquals(jsx("<a/>", "/* @jsx h */", factories), `__jsx("@jsx h<a></>", (h))`);
  const runtimes = `jsx {"runtimes":["p/jsx-runtime"]}` as const;
  const imported = `import * as __jsx_0 from "p/jsx-runtime";`;
  assertEquals(jsx("<a/>", "", runtimes), `${imported}__jsx("<a></>", (__jsx_0))`);
  assertEquals(jsx("1", "", runtimes), "1".slice(1));
  assertEquals(
    jsx("<a/>", "/* @jsxRuntime classic */", runtimes),
    `__jsx("@jsxRuntime classic<a></>", (React))`,
  );
  assertEquals(
    jsx("<a/>", "/* @jsxImportSource q */", runtimes),
    `${imported.replace("p/", "q/")}__jsx("@jsxImportSource q<a></>", (__jsx_0))`,
  );
  assertEquals(
    jsx("<a/>", "/* @jsxRuntime automatic */"),
    `${imported.replace("p/", "react/")}__jsx("@jsxRuntime automatic<a></>", (__jsx_0))`,
  );
  const development = `tsx {"runtimes":["p/jsx-dev-runtime"]}` as const;
  const text = toJavaScript("#!/bin/deno\nconst a: number = <b/>;", development);
  assertStringIncludes(text, `#!/bin/deno\nimport * as __jsx_0 from "p/jsx-dev-runtime";\n`);
  assertStringIncludes(text, `__jsx("<b></>", __jsx_0, import.meta.url)`);
});

Deno.test("toJavaScript() makes one text of enums that are exported, and of those that are not", () => {
  const plain = toJavaScript("enum M { A = 1 }", "ts");
  assertEquals(toJavaScript("export enum M { A = 1 }", "ts"), `export ${plain}`);
  assertEquals(toJavaScript("enum M { A = 1 }\nexport { M };", "ts"), `${plain}export { M };\n`);
});

Deno.test("toJavaScript() leaves enums that something may have been put in before", () => {
  const sources = [
    "M = { B: 2 }; enum M { A = 1 }",
    "function f() { M = { B: 2 }; } f(); enum M { A = 1 }",
    "var M = { B: 2 }; enum M { A = 1 }",
    "enum M { A = 1 } var M;",
    "for (M of [1]); enum M { A = 1 }",
    "[M] = [1]; enum M { A = 1 }",
    "function f() { return eval('M = 1'); } enum M { A = 1 }",
  ];
  for (const source of sources) {
    assertStringIncludes(toJavaScript(source, "ts"), "}(M || {});", source);
  }
});

Deno.test("toJavaScript() keeps the imports that only types use where compiler options say so", () => {
  const source =
    `import { T } from "./t.ts"; import type { U } from "./u.ts"; import v, { type W } from "./v.ts";
    import { type X } from "./x.ts"; import d from "./d.json" with { type: "json" }; import "./e.ts";
    import defer * as g from "./g.ts"; export { h } from "./h.ts"; type Y = T;\nv();`;
  const imports = (language: Language) =>
    toJavaScript(source, language).split("\n").filter((line) => /^(?:im|ex)port/.test(line));
  assertEquals(imports(`ts {"keepsImports":true}`), [
    `import "./t.ts";`,
    `import "./v.ts";`,
    `import v from "./v.ts";`,
    `import "./x.ts";`,
    `import "./d.json" with {`,
    `import "./e.ts";`,
    `export { h } from "./h.ts";`,
  ]);
  assertEquals(imports("ts"), [
    `import v from "./v.ts";`,
    `import "./e.ts";`,
    `export { h } from "./h.ts";`,
  ]);
});

Deno.test("toJavaScript() refuses decorators that are told of types", () => {
  const language = `ts {"showsTypes":true}`;
  assertThrows(() => toJavaScript("class A { @d a: string }", language), SyntaxError);
  assertThrows(() => toJavaScript("const f = () => @d class {}", language), SyntaxError);
  assertEquals(
    toJavaScript("/** @d */ const a: string = '@d';", language),
    "/** @d */ const a = '@d';\n",
  );
});

Deno.test("toJavaScript() keeps words before an element apart from it", () => {
  const text = toJavaScript(
    "function* f(){ yield<a/>; return<a/> }\nswitch (x) { case<a/>: }",
    "jsx",
  );
  assert(!/\w__jsx/.test(text), text);
  parseModule(text);
});

Deno.test("toJavaScript() takes the types away from TypeScript with JSX", () => {
  const source = `import type { P } from "p"; import React from "react";
const f = <T,>(x: T) => <Box<T> a={x as any}>{(x satisfies T)!}</Box>;
@d class A { m(): void { return <this.x/>; } }`;
  const text = toJavaScript(source, "tsx");
  parseModule(text);
  assert(text.includes(`const f = (x)=>__jsx("<Box{} a={}>{}</>", React, Box, x, x)`), text);
  assert(text.includes(`import React from "react"`), text);
});

Deno.test("toJavaScript() takes another name where __jsx is one of the module's", () => {
  assertEquals(
    toJavaScript("const __jsx = <a/>;", "jsx"),
    `const __jsx =  __jsx_("<a></>", (React));`,
  );
});

Deno.test("toJavaScript() prints nothing and needs no permission", async () => {
  const module = import.meta.resolve("../../src/code/_to_javascript.ts");
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/main.ts`;
    await Deno.writeTextFile(
      path,
      `import { toJavaScript } from ${JSON.stringify(module)};
toJavaScript("const a: number = 1", "ts");
toJavaScript("const a: number = <a/>", "tsx");`,
    );
    const args = ["run", "--quiet", "--no-check", "--no-prompt", ...importMapArguments(), path];
    const output = await new Deno.Command(Deno.execPath(), { args }).output();
    assertEquals(new TextDecoder().decode(output.stderr), "");
    assertEquals([output.success, output.stdout.length], [true, 0]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
