// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PYTHON } from "../checkpoint/cases/_kernel.ts";
import { assertHarmless } from "../display/_html.ts";
import {
  type Cell,
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
  const formatted = new TextDecoder().decode(stdout);
  const sources = (notebook: string) => JSON.parse(notebook).cells.map((cell: Cell) => cell.source);
  assertEquals(sources(text), sources(formatted));
  assert(text === formatted, "not as deno fmt writes it");
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
        assertEquals(
          printed(second.outputs[index]!),
          whenCached(printed(first.outputs[index]!)),
          id,
        );
      }
      assertEquals(second.outputs.map(printed).join("").match(EVALUATING), null);
      assertEquals(second.outputs.flat().filter(({ output_type }) => output_type === "error"), []);
    });
    const shown = ({ outputs }: KernelResult, id: string, type = "text/plain") =>
      outputs[cells.findIndex((cell) => cell.id === id)]!
        .flatMap(({ data }) => data === undefined ? [] : [stable(textOf(data[type]))]);
    await t.step("a batch has one bar, which says how it ended", () => {
      const of = (text: string) => [`mostAlike: ${text}`];
      assertEquals(
        shown(first, "break"),
        of("6 of 8 done (75%): 1 from cache, 4 computed, 1 failed; #/s; stopped after #"),
      );
      assertEquals(
        shown(first, "resume"),
        of("8 of 8 done: 5 from cache, 3 computed, 0 failed; #/s; in #"),
      );
      for (const id of ["break", "resume"]) {
        assertEquals(
          shown(second, id),
          of("8 of 8 done: 8 from cache, 0 computed, 0 failed; in #"),
        );
        for (const html of shown(second, id, "text/html")) assertHarmless(html);
      }
    });
    await t.step("the cache shows as the same table, and its look-ups as bars", () => {
      assertEquals(shown(second, "inside"), shown(first, "inside"));
      assertEquals(shown(second, "inside", "text/html"), shown(first, "inside", "text/html"));
      const [table, bars] = ["inside", "stats"].map((id) => shown(first, id, "text/html").join(""));
      for (const station of STATIONS) assertStringIncludes(table!, `&quot;${station}&quot;`);
      assertEquals(bars!.match(/<svg /g)?.length, 4);
      for (const html of [table!, bars!]) assertHarmless(html);
      // What the kernel before has counted since its last commit went with it: it was killed.
      const session = shown(second, "stats").join("").match(/^(?:hits|misses|stores) \d+/gm);
      assertEquals(session, ["hits 18", "misses 0", "stores 0"]);
    });
    await t.step("it says nothing else, such as warnings", () => {
      const others = withoutLoad([...first.outputs, ...second.outputs].flat())
        .filter(({ name }) => name !== undefined && name !== "stdout");
      assertEquals(others, []);
    });
    await t.step("what it shows has no paths of the machine", () => {
      const all = [...first.outputs, ...second.outputs].flat()
        .flatMap(({ text, data }) => [text, ...Object.values(data ?? {})].map(textOf));
      assertEquals(all.filter((text) => text.includes(folder.path)), []);
      const saved = JSON.stringify(cells.map(({ outputs }) => outputs));
      assertEquals(saved.match(/file:\/\/|\/(?:tmp|home|Users|private)\/|\\\\Users/), null);
    });
  },
});

const STATIONS = ["Abisko", "Bergen", "Cork", "Delft", "Elba", "Faro", "Graz", "Hvar"];

/** What the functions of the notebook print when they are evaluated. */
const EVALUATING = /^(?:comparing|counting|looking) .*\n/gm;

/**
 * What is the same for each run of the outputs of a cell. In which order things arrive that were printed and shown is not, nor are the
 * places that an error passed through.
 */
function comparable(outputs: readonly Output[]): unknown {
  const others = withoutLoad(outputs).filter(({ text }) => text === undefined);
  return {
    printed: printed(withoutLoad(outputs)),
    others: others.map(({ output_type, ename, evalue, traceback, data = {} }) => ({
      ...{ output_type, ename, evalue, message: traceback?.[0] },
      data: Object.fromEntries(
        Object.entries(data).map(([type, text]) => [type, stable(textOf(text))]),
      ),
    })),
  };
}

/** Takes out of what is shown how long things took, how old they are, how many bytes it took to write that down, and bars of all these. */
function stable(text: string): string {
  return text.replaceAll(/\d+(?::\d\d)+/g, "#")
    .replaceAll(/[\d.,]+(?=\/(?:s|min|h)\b)/g, "#")
    .replaceAll(/\bnow\b|\b\d[\d.,]* (?:ms|s|min|h|d|B|kB)\b(?: \d+ (?:s|min|h)\b)?/g, "#")
    .replaceAll(/<rect x="[\d.]+" y="0" [^>]*><title>[^<]*<\/title><\/rect>/g, "")
    .replaceAll(/ +/g, " ");
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
  return text.replaceAll(EVALUATING, "");
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

using dictionary = new CacheDict<{ n: number; square: number }>(Deno.cwd() + "/dict.cache");

function* numbers(): Generator<[number]> {
  for (let n = 0;; n++) yield [n];
}`,
  interrupt: `
for (let n = 0;; n++) {
  decorated(n);
  dictionary.set(n, { n, square: n * n });
  console.log(n);
}`,
  shutdown: `
for await (const { n } of checked.map(numbers(), { progress: true })) console.log(n);`,
  kill: `
for await (const { n } of later.map(numbers(), { concurrency: 8, progress: true })) console.log(n);`,
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
        ["shut down in a batch, of a checkpoint", two, printed(three.outputs[1]!)],
        ["killed in a batch, of concurrent calls", three, printed(four.outputs[1]!)],
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
