// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import { CompilerOptions, type Emit } from "../../src/code/_compiler_options.ts";
import { ConfigFiles } from "../../src/code/_config_files.ts";
import type { MediaType } from "../../src/code/_to_javascript.ts";
import { Project } from "./_project.ts";

/** What the options in some files make of a module. */
function emitOf(
  files: Readonly<Record<string, unknown>>,
  name = "main.ts",
  type: MediaType = "ts",
): Emit {
  using project = new Project();
  project.write(files);
  return new CompilerOptions(new ConfigFiles()).of(project.url + name, type);
}

const DECORATORS = { compilerOptions: { experimentalDecorators: true } };
const TEXT = `[{"experimentalDecorators":true}]`;

Deno.test("CompilerOptions.of() gives the options that change what is run", () => {
  const table: [config: unknown, text: string, language: string][] = [
    [{}, "", "ts"],
    [{ compilerOptions: { strict: true, lib: ["dom"], jsx: "react-jsx" } }, "", "ts"],
    [{ compilerOptions: { experimentalDecorators: false } }, "", "ts"],
    [{ compilerOptions: [] }, "", "ts"],
    [{ compilerOptions: null }, "", "ts"],
    [DECORATORS, TEXT, "ts"],
    [
      { compilerOptions: { verbatimModuleSyntax: true } },
      `[{"verbatimModuleSyntax":true}]`,
      `ts {"keepsImports":true}`,
    ],
    [
      { compilerOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
      `[{"experimentalDecorators":true,"emitDecoratorMetadata":true}]`,
      `ts {"showsTypes":true}`,
    ],
  ];
  for (const [config, text, language] of table) {
    assertEquals(emitOf({ "deno.json": config }), { text, language }, JSON.stringify(config));
  }
  assertEquals(emitOf({ "deno.json": "{ wrong" }), { text: "", language: "ts" });
  assertEquals(
    emitOf({ "deno.jsonc": `{ "compilerOptions": { /* old */ "experimentalDecorators": true, } }` })
      .text,
    TEXT,
  );
});

Deno.test("CompilerOptions.of() gives nothing for JavaScript, which is run as it is", () => {
  assertEquals(emitOf({ "deno.json": DECORATORS }, "main.js", "js"), { text: "", language: "js" });
});

Deno.test("CompilerOptions.of() tells what makes elements of JSX", () => {
  const table: [options: unknown, language: string][] = [
    [{ jsx: "react" }, "tsx"],
    [{ jsxFactory: "h", jsxFragmentFactory: "F" }, `tsx {"factories":["h","F"]}`],
    [{ jsx: "react-jsx" }, `tsx {"runtimes":["react/jsx-runtime"]}`],
    [{ jsx: "precompile", jsxImportSource: "p" }, `tsx {"runtimes":["p/jsx-runtime"]}`],
    [{ jsx: "react-jsxdev", jsxImportSource: "p" }, `tsx {"runtimes":["p/jsx-dev-runtime"]}`],
    [{ jsx: ["react-jsx"], jsxFactory: 1 }, "tsx"],
  ];
  for (const [compilerOptions, language] of table) {
    const emit = emitOf({ "deno.json": { compilerOptions } }, "main.tsx", "tsx");
    assertEquals(emit, { text: JSON.stringify([compilerOptions]), language } as Emit);
  }
});

Deno.test("CompilerOptions.of() takes all files that may count", () => {
  const options = (value: boolean) => ({ compilerOptions: { experimentalDecorators: value } });
  const inner = emitOf(
    { "deno.json": options(true), "a/deno.json": options(false) },
    "a/b/main.ts",
  );
  assertEquals(inner.text, `[{"experimentalDecorators":false},{"experimentalDecorators":true}]`);
  assertNotEquals(inner.text, emitOf({ "deno.json": options(true) }, "a/b/main.ts").text);
  assertEquals(emitOf({ "a/deno.json": options(true) }).text, "");
  assertEquals(emitOf({ "tsconfig.json": options(true) }).text, TEXT);
  assertEquals(
    emitOf({ "tsconfig.json": { extends: ["./base", "./gone.json"] }, "base.json": options(true) })
      .text,
    `[{"experimentalDecorators":true},{"extends":"./gone.json"}]`,
  );
  assertEquals(
    emitOf({
      "a/tsconfig.json": { extends: "@own/base" },
      "node_modules/@own/base/tsconfig.json": options(true),
    }, "a/main.ts").text,
    TEXT,
  );
  assertEquals(
    emitOf({
      "tsconfig.json": { references: [{ path: "./app" }, { path: "./tsconfig.b.json" }, 1] },
      "app/tsconfig.json": options(true),
      "tsconfig.b.json": { compilerOptions: { verbatimModuleSyntax: true } },
    }).text,
    `[{"experimentalDecorators":true},{"verbatimModuleSyntax":true}]`,
  );
});

Deno.test("CompilerOptions.of() does not follow circles, nor what is no path", () => {
  assertEquals(
    emitOf({ "tsconfig.json": { extends: "./a.json" }, "a.json": { extends: "./tsconfig.json" } })
      .text,
    "",
  );
  assertEquals(
    emitOf({ "tsconfig.json": { extends: [1, null, {}], references: {} } }).text,
    "",
  );
});
