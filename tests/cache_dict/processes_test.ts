// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { importMapArguments } from "../_deno.ts";

/** Starts a script in a process of its own; it may use `CacheDict`, and `Deno.args` for its arguments. */
function start(source: string, args: string[]): Deno.ChildProcess {
  const script = Deno.makeTempFileSync({ suffix: ".ts" });
  const entry = new URL("../../mod.ts", import.meta.url).href;
  Deno.writeTextFileSync(script, `import { CacheDict } from ${JSON.stringify(entry)};\n${source}`);
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      ...importMapArguments(),
      script,
      ...args,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(processes: Deno.ChildProcess[]): Promise<string[]> {
  return await Promise.all(processes.map(async (process) => {
    const { code, stdout, stderr } = await process.output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals(code, 0);
    return new TextDecoder().decode(stdout);
  }));
}

Deno.test("CacheDict keeps 4,000 entries when eight processes set 500 each at the same time", async () => {
  const file = `${Deno.makeTempDirSync()}/shared.cache`;
  const source = `
    const [file, process] = Deno.args;
    using cache = new CacheDict(file, { writeThrough: true });
    for (let n = 0; n < 500; n++) cache.set([process, n], { process, n, text: "x".repeat(n) });`;
  await finish(Array.from({ length: 8 }, (_, process) => start(source, [file, `p${process}`])));
  using cache = new CacheDict<unknown>(file);
  assertEquals(cache.size, 4000);
  for (let process = 0; process < 8; process++) {
    for (let n = 0; n < 500; n++) {
      assertEquals(cache.get([`p${process}`, n]), {
        process: `p${process}`,
        n,
        text: "x".repeat(n),
      });
    }
  }
  assertEquals([...Deno.readDirSync(file.slice(0, file.lastIndexOf("/")))].length, 1);
});

Deno.test("CacheDict.decorate() gives right values when four processes call it with the same keys at once", async () => {
  const source = `
    const [file] = Deno.args;
    const cached = CacheDict.decorate(function fill(key) {
      return new Float64Array(125_000).fill(Math.sqrt(key));
    }, { filePath: file });
    for (let round = 0; round < 20; round++) {
      for (let key = 0; key < 60; key++) {
        const cells = cached(key);
        let right = cells.length === 125_000;
        for (let index = 0; index < cells.length; index++) right &&= cells[index] === Math.sqrt(key);
        if (!right) throw new Error("a wrong value for " + key);
        if (round === 9) cached.delete(key);
      }
    }
    console.log("done");`;
  const file = `${Deno.makeTempDirSync()}/shared.cache`;
  const outputs = await finish(Array.from({ length: 4 }, () => start(source, [file])));
  assertEquals(outputs, ["done\n", "done\n", "done\n", "done\n"]);
});

Deno.test("CacheDict.decorate() gives back what it acknowledged when its process is killed", async () => {
  const directory = Deno.makeTempDirSync();
  const source = `
    const [file] = Deno.args;
    const cached = CacheDict.decorate(function square(n) { return { n, square: n * n }; }, { filePath: file });
    for (let n = 0;; n++) {
      cached(n);
      Deno.stdout.writeSync(new TextEncoder().encode(n + "\\n"));
    }`;
  const process = start(source, [`${directory}/killed.cache`]);
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (said.length < 2000) said += (await reader.read()).value;
  process.kill("SIGKILL");
  for (let next = await reader.read(); !next.done; next = await reader.read()) said += next.value;
  await process.stderr.cancel();
  await process.status;

  const acknowledged = said.slice(0, said.lastIndexOf("\n")).split("\n").length;
  const evaluated: number[] = [];
  const cached = CacheDict.decorate(
    function square(n: number): { n: number; square: number } {
      evaluated.push(n);
      return { n, square: n * n };
    },
    { filePath: `${directory}/killed.cache` },
  );
  for (let n = 0; n < acknowledged; n++) assertEquals(cached(n), { n, square: n * n });
  assertEquals(evaluated, []);
  assert(acknowledged > 100);
});
