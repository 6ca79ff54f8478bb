// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const RUNNER = new URL("../../tools/run.ts", import.meta.url);
const SOAK = new URL("../soak/", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);
const RUN_DENO = new URL("../../tools/run_deno.ts", import.meta.url).href;

/** A call of the runner that runs `deno eval`. */
function callOf(code: string, importMap?: string, turn = "undefined"): string {
  return `runDeno(["eval", ${JSON.stringify(code)}], ${JSON.stringify(importMap)}, "/", ${turn})`;
}

/** A process that runs `deno eval` through the runner. */
function running(code: string, importMap?: string): Deno.Command {
  return evaluating(`Deno.exit(await ${callOf(code, importMap)});`);
}

function evaluating(code: string): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", `import { runDeno } from "${RUN_DENO}"; ${code}`],
    stdout: "piped",
    stderr: "piped",
  });
}

Deno.test("runDeno() passes the exit code on", async () => {
  for (const code of [0, 1, 7]) {
    assertEquals((await running(`Deno.exit(${code})`).output()).code, code);
  }
});

Deno.test("runDeno() holds back what a process prints until its turn comes", async () => {
  const code = `
    const first = Promise.withResolvers();
    const second = ${
    callOf(`console.log("b"); console.error("c"); Deno.exit(3);`, undefined, "first.promise")
  };
    await ${callOf(`console.log("a");`)};
    first.resolve();
    console.log(await second);`;
  const { stdout, stderr } = await evaluating(code).output();
  const decoder = new TextDecoder();
  assertEquals([decoder.decode(stdout), decoder.decode(stderr)], ["a\nb\n3\n", "c\n"]);
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

Deno.test("the runner refuses a task that it does not know, and names those of deno.json", async () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(CONFIG));
  const names = Object.keys(tasks).sort();
  for (const [name, { command }] of Object.entries<{ command: string }>(tasks)) {
    assert(command.endsWith(` tools/run.ts ${name}`), command);
  }
  for (const task of ["", "tests", "toString"]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", RUNNER.href, task],
    }).output();
    assertEquals(code, 2);
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      `no such task: ${task} (there are ${names.join(", ")})`,
    );
  }
});

Deno.test("the runner runs for soak every file of tests/soak that is named so, and no other task does", async () => {
  const names = Array.from(Deno.readDirSync(SOAK)).map(({ name }) => name);
  for (const name of names) assert(!/(^|[._])test\.ts$/.test(name), name);
  const soaks = names.filter((name) => name.endsWith("_soak.ts"))
    .map((name) => Deno.readTextFileSync(new URL(name, SOAK)));
  const count = soaks.join("").split("Deno.test(").length - 1;
  assert(count > 1);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", RUNNER.href, "soak", "--no-check", "--filter", "no test has this name"],
    env: { NO_COLOR: "1" },
  }).output();
  assertStringIncludes(new TextDecoder().decode(stdout), ` ${count} filtered out`);
});
