// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { blockOf } from "./_pages.ts";
import { PageProject } from "./_project.ts";

/** How much smaller the limits are than on the page, so that a run takes no longer than its start. */
const SCALE = 100;

interface Run {
  lines: string[];
  signal: string | null;
}

/** Runs the script of the README, and interrupts it once it has printed a line that begins so. */
async function run(project: PageProject, interruptedAt?: string): Promise<Run> {
  const script = project.command("run", "--quiet", "-R", "-W", "--no-prompt", "primes.ts").spawn();
  const errors = new Response(script.stderr).text();
  let text = "";
  let isInterrupted = false;
  for await (const piece of script.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (isInterrupted || interruptedAt === undefined) continue;
    if (!text.split("\n").some((line) => line.startsWith(interruptedAt))) continue;
    isInterrupted = true;
    script.kill("SIGINT"); // Ctrl+C
  }
  const { signal } = await script.status;
  assertEquals(await errors, "");
  return { lines: text.trimEnd().split("\n"), signal };
}

Deno.test({
  name: "the first script of the README goes on after Ctrl+C where it was",
  ignore: Deno.build.os === "windows",
  async fn() {
    const code = blockOf("README.md", "ts ignore");
    const quick = code.replaceAll("500_000", `${500_000 / SCALE}`)
      .replaceAll("10_000_000", `${10_000_000 / SCALE}`)
      // Waits for the signal, at a place that does not hang on how fast the machine is.
      .replace(
        "  return count;",
        "  if (limit === 20_000 && isFirst) while (true) ;\n  return count;",
      );
    assert(quick.includes("limit += 5000") && quick.includes("isFirst"));
    using project = new PageProject();
    project.write({ "primes.ts": `const isFirst = true;\n${quick}` });
    const first = await run(project, "computing for 20000");
    assertEquals(first.signal, "SIGINT");
    assertEquals(first.lines, [
      ...["computing for 5000", "5000 669", "computing for 10000", "10000 1229"],
      ...["computing for 15000", "15000 1754", "computing for 20000"],
    ]);

    project.write({ "primes.ts": `const isFirst = false;\n${quick}` });
    const second = await run(project);
    assertEquals(second.signal, null);
    assertEquals(second.lines.slice(0, 5), [
      ...["5000 669", "10000 1229", "15000 1754", "computing for 20000", "20000 2262"],
    ]);
    assertEquals(second.lines.filter((line) => line.startsWith("computing")).length, 17);

    const third = await run(project);
    assertEquals(third.lines, second.lines.filter((line) => !line.startsWith("computing")));
    assertEquals(third.lines.at(-1), "100000 9592");
    assert(Deno.statSync(join(project.folder, ".pecapiku/primes.cache")).isFile);
  },
});
