// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { PYTHON } from "../checkpoint/cases/_kernel.ts";
import {
  codeCells,
  type KernelResult,
  NOTEBOOK_FILE,
  NotebookFolder,
  type Output,
  readNotebook,
  textOf,
} from "./_notebook.ts";

const ignore = isWithoutJupyter();

function isWithoutJupyter(): boolean {
  if (PYTHON !== undefined) return false;
  console.log(
    "Notebooks are not tested: no Jupyter here (apt-get install python3-nbclient jupyter-client)",
  );
  return true;
}

Deno.test("examples/notebook.ipynb is a notebook of ten cells with a text before each part", () => {
  const notebook = readNotebook(NOTEBOOK_FILE);
  assertEquals([notebook.nbformat, notebook.nbformat_minor], [4, 5]);
  assertEquals(codeCells(notebook).length, 10);
  assertEquals(Reflect.get(notebook.metadata.kernelspec as object, "name"), "deno");
  const ids = notebook.cells.map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
  for (const id of ids) assertMatch(id, /^[\w-]{1,64}$/);
  const parts = notebook.cells.filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => /^#+ (.+)$/m.exec(textOf(source))?.[1]).filter((part) => part);
  assertEquals(parts.slice(1), [
    "Load",
    "Compute",
    "Break",
    "Resume",
    "Edit a helper",
    "Look inside",
  ]);
});

Deno.test("examples/notebook.ipynb is formatted", async () => {
  // `deno fmt --check` takes each notebook with code for unformatted, so that it leaves this one out.
  const text = Deno.readTextFileSync(NOTEBOOK_FILE);
  await using formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--no-config", "--line-width", "100", "--ext", "ipynb", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ stdout }] = await Promise.all([
    formatter.output(),
    new Blob([text]).stream().pipeTo(formatter.stdin),
  ]);
  assertEquals(new TextDecoder().decode(stdout), text);
});

Deno.test({
  name: "examples/notebook.ipynb computes nothing when it is run for the second time",
  ignore,
  async fn(t) {
    using folder = new NotebookFolder();
    const cells = codeCells(readNotebook(NOTEBOOK_FILE));
    const task = { cells: cells.map(({ source }) => textOf(source)) };
    const [first, second] = await folder.run([task, task]) as [KernelResult, KernelResult];

    await t.step("the first time, it prints what is saved in it", () => {
      for (const [index, { id, outputs }] of cells.entries()) {
        assertEquals(comparable(first.outputs[index]!), comparable(outputs!), id);
      }
    });
    await t.step("the second time, it prints the same results from the cache", () => {
      for (const [index, { id }] of cells.entries()) {
        const expected = whenCached(printed(first.outputs[index]!));
        // The loop that broke goes through to its end.
        const whole = id === "break" ? whenCached(printed(first.outputs[index + 1]!)) : expected;
        assertEquals(printed(second.outputs[index]!), whole, id);
      }
      const all = second.outputs.map(printed).join("");
      assertEquals(all.match(/, computed$|^counting|^looking|kernel: [1-9]/m), null);
      assertEquals(second.outputs.flat().filter(({ output_type }) => output_type === "error"), []);
    });
    await t.step("it says nothing else, such as warnings", () => {
      const others = withoutLoad([...first.outputs, ...second.outputs].flat())
        .filter(({ name, output_type }) => name !== "stdout" && output_type !== "error");
      assertEquals(others, []);
    });
  },
});

/** What is the same for each run: of an error, not the places that it passed through. */
function comparable(outputs: readonly Output[]): unknown[] {
  return withoutLoad(outputs).map(({ traceback, text, ...output }) => {
    return { ...output, text: textOf(text), message: traceback?.[0] };
  });
}

/** Leaves warnings out that are a matter of the machine's load. */
function withoutLoad(outputs: readonly Output[]): Output[] {
  return outputs.map((output) => {
    if (output.name !== "stderr") return output;
    return { ...output, text: textOf(output.text).replaceAll(/^ExpensiveOverhead.*\n/gm, "") };
  }).filter(({ name, text }) => name !== "stderr" || text !== "");
}

function printed(outputs: readonly Output[]): string {
  return outputs.map(({ text }) => textOf(text)).join("");
}

/** What is printed where nothing is computed. */
function whenCached(text: string): string {
  return text.replaceAll(", computed\n", ", from the cache\n")
    .replaceAll(/^(?:counting|looking) .*\n/gm, "")
    .replace(/kernel: \d+/, "kernel: 0");
}

/** Cells that work until they are stopped, and print each result that they have; `first` is the first argument. */
const WORK = {
  define: `
import { CacheDict, NoCache } from "jsr:@pecapiku/cache";
import { checkpoint } from "jsr:@pecapiku/cache/checkpoint";

const decorated = CacheDict.decorate(function decorated(n: number) {
  return { n, square: n * n };
}, { filePath: Deno.cwd() + "/sync.cache" });

const later = CacheDict.decorate(async function later(n: number) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return { n, square: n * n };
}, { filePath: Deno.cwd() + "/async.cache" });

const checked = checkpoint(function checked(n: number) {
  return { n, square: n * n };
});

using dictionary = new CacheDict<{ n: number; square: number }>(Deno.cwd() + "/dict.cache");`,
  interrupt: `
for (let n = 0;; n++) {
  decorated(n);
  dictionary.set(n, { n, square: n * n });
  console.log(n);
}`,
  shutdown: `for (let n = 0;; n++) { checked(n); console.log(n); }`,
  kill: `
await Promise.all([0, 1, 2, 3].map(async (lane) => {
  for (let n = lane;; n += 4) { await later(n); console.log(n); }
}));`,
  /** Prints, as JSON, the arguments whose results one way of caching has. */
  find: (get: string) =>
    `{
  const found: number[] = [];
  for (let n = 0, missing = 0; missing < 1000; n++, missing++) {
    const value = await (${get});
    if (value instanceof NoCache) continue;
    if (value.n !== n || value.square !== n * n) throw new Error("a wrong value");
    found.push(n);
    missing = 0;
  }
  console.log(JSON.stringify(found));
}`,
};

Deno.test({
  name: "a notebook loses no finished result when a cell is interrupted or the kernel is stopped",
  ignore,
  async fn(t) {
    using folder = new NotebookFolder();
    const stop = (how: "interrupt" | "shutdown" | "kill", lines: number) => ({
      stop: { how, cell: WORK[how], lines },
    });
    const [one, two, three, four] = await folder.run([
      { cells: [WORK.define], ...stop("interrupt", 100) },
      {
        cells: [WORK.define, WORK.find("decorated.get(n)"), WORK.find("dictionary.get(n)")],
        ...stop("shutdown", 100),
      },
      { cells: [WORK.define, WORK.find("checked.get(n)")], ...stop("kill", 100) },
      { cells: [WORK.define, WORK.find("later.get(n)")] },
    ]) as [KernelResult, KernelResult, KernelResult, KernelResult];
    const results = [one, two, three, four];
    for (const { outputs } of results) {
      assertEquals(withoutLoad(outputs.flat()).filter(({ name }) => name !== "stdout"), []);
    }

    for (
      const [how, { lines }, next] of [
        ["interrupted, of a decorated function", one, printed(two.outputs[1]!)],
        ["interrupted, of a dictionary", one, printed(two.outputs[2]!)],
        ["shut down, of a checkpoint", two, printed(three.outputs[1]!)],
        ["killed, of concurrent calls", three, printed(four.outputs[1]!)],
      ] as const
    ) {
      await t.step(how, () => {
        const found = new Set<number>(JSON.parse(next));
        assert(lines.length >= 100);
        assertEquals(lines.filter((line) => !found.has(Number(line))), []);
      });
    }
  },
});
