// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runScript } from "../access/_run_script.ts";
import { Project } from "../code/_project.ts";

const ENTRY = JSON.stringify(new URL("../../src/checkpoint/mod.ts", import.meta.url).href);

const SQUARE = `
import { checkpoint } from ${ENTRY};
const square = checkpoint(function square(x: number): number {
  console.log("evaluated");
  return x * x;
});
`;

Deno.test("checkpoint() keeps results in .checkpointing of the current directory for the next process", async () => {
  const cwd = Deno.makeTempDirSync();
  const permissions = ["--allow-read", `--allow-write=${cwd}`];
  const source = `${SQUARE} console.log(square(3));`;
  const first = await runScript(source, { permissions, cwd });
  assertEquals(first, { code: 0, stdout: "evaluated\n9", stderr: "" });
  assertEquals(await runScript(source, { permissions, cwd }), { ...first, stdout: "9" });
  assert(Deno.statSync(`${cwd}/.checkpointing/results.cache`).isFile);
  assert(Deno.statSync(`${cwd}/.checkpointing/CACHEDIR.TAG`).isFile);
});

Deno.test("checkpoint() resolves the directory at the first use", async () => {
  const [cwd, other] = [Deno.makeTempDirSync(), Deno.makeTempDirSync()];
  const { code, stderr } = await runScript(`${SQUARE} Deno.chdir(Deno.args[0]); square(3);`, {
    permissions: ["--allow-read", "--allow-write"],
    args: [other],
    cwd,
  });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(Deno.readDirSync(cwd).toArray().length, 0);
  assert(Deno.statSync(`${other}/.checkpointing/results.cache`).isFile);
});

Deno.test("checkpoint() asks for no permission, warns, and goes on", async () => {
  const cwd = Deno.makeTempDirSync();
  const { code, stdout, stderr } = await runScript(
    `${SQUARE} console.log(square(3), square(3), square.has(3));`,
    { cwd },
  );
  assertEquals([code, stdout.split("\\n").at(-1)?.split("\n").at(-1)], [0, "9 9 false"]);
  assertStringIncludes(stderr, "Cannot");
  assertEquals(Deno.readDirSync(cwd).toArray().length, 0);
});

Deno.test("checkpoint() warns, and goes on, when the current directory was removed", async () => {
  const cwd = Deno.makeTempDirSync();
  const { code, stdout, stderr } = await runScript(
    `${SQUARE} Deno.chdir(Deno.args[0]); Deno.removeSync(Deno.args[0]); console.log(square(3));`,
    { permissions: ["--allow-read", "--allow-write"], args: [Deno.makeTempDirSync()], cwd },
  );
  assertEquals([code, stdout], [0, "evaluated\n9"]);
  assertStringIncludes(stderr, "Cannot");
});

Deno.test("checkpoint/mod.ts needs no permission to be imported, and makes nothing", async () => {
  const cwd = Deno.makeTempDirSync();
  const result = await runScript(`${SQUARE} console.log(typeof square);`, { cwd });
  assertEquals(result, { code: 0, stdout: "function", stderr: "" });
  assertEquals(Deno.readDirSync(cwd).toArray().length, 0);
});

Deno.test("checkpoint() loads neither the parser nor what analyses scopes when the code was seen before", async () => {
  using project = new Project();
  const imports = project.imports();
  project.write({
    "usual.json": { imports },
    "refusing.json": {
      imports: { ...imports, "@babel/parser": "./throws.ts", "eslint-scope": "./throws.ts" },
    },
    "throws.ts": `throw new Error("the parser is loaded"); export {};`,
    "lib.ts": `export class Model { constructor(readonly weight: number) {}
      predict(x: number): number { return x * this.weight; } }
      export const model = new Model(2);`,
    "main.ts": `import { checkpoint } from ${ENTRY};
      import { model } from "./lib.ts";
      const run = checkpoint({ directory: new URL("cache", import.meta.url), onError: "raise" })(
        function run(x: number, step = 1): number { console.log("ran"); return model.predict(x) + step; });
      console.log(run(Number(Deno.args[0])));`,
  });
  const run = (map: string, x: number) =>
    project.run("main.ts", { flags: ["--import-map", `${map}.json`], args: [`${x}`] });
  // That it can fail: with nothing remembered, it does.
  const error = await run("refusing", 1).catch((error) => error);
  assertStringIncludes(String(error), "the parser is loaded");
  assertEquals(await run("usual", 1), "ran\n3\n");
  assertEquals(await run("refusing", 1), "3\n");
  assertEquals(await run("refusing", 2), "ran\n5\n");
});
