// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";

const RUNNER = new URL("../../tools/run.ts", import.meta.url);
const RUN_DENO = new URL("../../tools/run_deno.ts", import.meta.url).href;

/** A process that runs `deno eval` through the runner. */
function running(code: string, importMap?: string): Deno.Command {
  const call = `runDeno(["eval", ${JSON.stringify(code)}], ${JSON.stringify(importMap)}, "/")`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", `import { runDeno } from "${RUN_DENO}"; Deno.exit(await ${call});`],
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("runDeno() passes the exit code on", async () => {
  for (const code of [0, 1, 7]) {
    assertEquals((await running(`Deno.exit(${code})`).output()).code, code);
  }
});

Deno.test("runDeno() hands the import map on to the process and to its children", async () => {
  const map = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(
      map,
      '{"imports":{"answer":"data:text/javascript,export default 42"}}',
    );
    const code = 'console.log((await import("answer")).default, ' +
      'Deno.env.get("PECAPIKU_IMPORT_MAP"))';
    const { stdout } = await running(code, map).output();
    assertEquals(new TextDecoder().decode(stdout), `42 ${map}\n`);
  } finally {
    await Deno.remove(map);
  }
});

Deno.test({
  name: "runDeno() passes SIGTERM and SIGINT on",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
      const child = running('console.log("ready"); setInterval(() => {}, 1_000)').spawn();
      const lines = child.stdout.pipeThrough(new TextDecoderStream());
      // It ends only when every process that holds it has ended.
      for await (const text of lines) {
        assertEquals(text, "ready\n");
        child.kill(signal);
      }
      await child.stderr.cancel();
      assertEquals((await child.status).code, code);
    }
  },
});

Deno.test("the runner refuses a task that it does not know", async () => {
  for (const task of ["", "tests", "toString"]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", RUNNER.href, task],
    }).output();
    assertEquals(code, 2);
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      `no such task: ${task} (there are bench`,
    );
  }
});
