// Copyright 2026 the pecapiku authors. MIT license.

import { CodeMemo } from "../../src/code/code_memo.ts";
import { CodeReader } from "../../src/code/code_reader.ts";
import type { CodeIdentity, FunctionCode } from "../../src/code/function_code.ts";

/** The modules of a small program: their texts by their names. */
export type Files = Readonly<Record<string, string>>;

const CHECKPOINT = new URL("../../src/checkpoint/mod.ts", import.meta.url).href;
const PACKAGE = new URL("../../mod.ts", import.meta.url).href;
const memo = new CodeMemo();
let programs = 0;
const directory = Deno.makeTempDirSync({ prefix: "pecapiku-code-" });
globalThis.addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));

/**
 * Writes a program, loads its main module, and reads the code of what that exports as `foo`.
 *
 * @param files The modules; one of them is `main.ts`, or there is only one, a text.
 * @returns The code.
 */
export async function codeOf(files: Files | string): Promise<FunctionCode> {
  const folder = `${directory}/${programs++}`;
  const modules = typeof files === "string" ? { "main.ts": files } : files;
  for (const [name, text] of Object.entries(modules)) {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const located = text.replaceAll("@pecapiku/cache/checkpoint", CHECKPOINT)
      .replaceAll('"@pecapiku/cache"', JSON.stringify(PACKAGE));
    Deno.writeTextFileSync(path, located);
  }
  const url = `file://${folder}/main.ts`;
  const { foo } = await import(url);
  const reader = new CodeReader(memo, { main: url });
  return reader.read(foo, { modules: [url], inSession: false, functions: [] });
}

/**
 * Reads and identifies what a program exports as `foo`.
 *
 * @param files The modules.
 * @returns The identity.
 */
export async function identify(files: Files | string): Promise<CodeIdentity> {
  return (await codeOf(files)).identify();
}
