// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { type Files, Project, type Run, type RunOptions } from "./_project.ts";

/** Two versions of a project, and what comes of running one after the other. */
export interface Case {
  /** What it is about: the row of the table, and what differs. */
  readonly name: string;
  /** The first version. */
  readonly first: Files;
  /** The second version. */
  readonly second: Files;
  /** What the first version prints, beside `run` for each call that is evaluated. */
  readonly prints: string;
  /** What the second version prints when it runs again; `undefined` if it is skipped. */
  readonly then: string | undefined;
  /** Whether it is enough that the second version runs again: the cache may refuse to keep either, and say so. */
  readonly refusable: boolean;
  /** How the first version is run. */
  readonly options: RunOptions;
  /** How the second version is run. */
  readonly secondOptions: RunOptions;
}

/** The text of `main.ts`, or all files. */
export type Version = string | Files;

/** What goes for both versions. */
export interface CaseOptions extends RunOptions {
  /** Files that both versions have. */
  readonly files?: Files;
  /** The arguments of the second version's script. */
  readonly secondArgs?: readonly string[];
}

/**
 * Makes a case of which the second version is skipped.
 *
 * @param name What it is about.
 * @param first The first version.
 * @param second The second version.
 * @param prints What both print.
 * @param options What goes for both.
 * @returns The case.
 */
export function skip(
  name: string,
  first: Version,
  second: Version,
  prints: string | number,
  options: CaseOptions = {},
): Case {
  return {
    name: `${name}: is skipped`,
    first: filesOf(first, options),
    second: filesOf(second, options),
    prints: String(prints),
    then: undefined,
    refusable: false,
    options,
    secondOptions: { ...options, args: options.secondArgs ?? options.args },
  };
}

/**
 * Makes a case of which the second version runs again.
 *
 * @param name What it is about.
 * @param first The first version.
 * @param second The second version.
 * @param prints What the first one prints, and the second one.
 * @param options What goes for both.
 * @returns The case.
 */
export function rerun(
  name: string,
  first: Version,
  second: Version,
  [prints, then]: readonly [string | number, string | number],
  options: CaseOptions = {},
): Case {
  if (prints === then) throw new TypeError(`Both versions print the same: ${name}`);
  return {
    ...skip(name, first, second, prints, options),
    name: `${name}: runs again`,
    then: String(then),
  };
}

/**
 * Makes a case of which the second version runs again, but which the cache may refuse to keep at all.
 *
 * @param args What `rerun` takes.
 * @returns The case.
 */
export function rerunOrRefuse(...args: Parameters<typeof rerun>): Case {
  return { ...rerun(...args), refusable: true };
}

/**
 * Gives the text of a script that prints the result of one expression.
 *
 * @param code The declarations.
 * @param expression The expression.
 * @returns The text.
 */
export function script(code: string, expression = "checkpoint(foo)(1)"): string {
  return `${code}\nconsole.log(${expression});\n`;
}

/**
 * Gives all files of a version, with the import of the package in `main.ts`.
 *
 * @param version The text of `main.ts`, or files.
 * @param options What goes for all versions.
 * @returns The files.
 */
export function filesOf(version: Version, { files = {} }: CaseOptions = {}): Files {
  const all: Record<string, string> = {
    ...files,
    ...(typeof version === "string" ? { "main.ts": version } : version),
  };
  for (const [name, text] of Object.entries(all)) {
    if (!name.startsWith("main.") || /from "@pecapiku/.test(text)) continue;
    all[name] = `import { checkpoint } from "@pecapiku/cache/checkpoint";\n${text}`;
  }
  return all;
}

/**
 * Tests cases, some at a time.
 *
 * @param name The name of the test.
 * @param cases The cases.
 */
export function testCases(name: string, cases: readonly Case[]): void {
  testSteps(name, cases, runCase);
}

/**
 * Runs a step for each of several things, as many at a time as there are processors.
 *
 * @param name The name of the test.
 * @param items The things, each of which has a name of its own.
 * @param check Fails unless the thing is right.
 */
export function testSteps<T extends { readonly name: string }>(
  name: string,
  items: readonly T[],
  check: (item: T) => Promise<void>,
): void {
  const names = new Set(items.map((item) => item.name));
  if (names.size !== items.length) throw new TypeError(`Two steps have one name: ${name}`);
  Deno.test(name, async (t) => {
    const queue = [...items];
    const worker = async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        const current = item;
        await t.step({
          name: current.name,
          fn: () => check(current),
          // Steps at the same time need that.
          sanitizeExit: false,
          sanitizeOps: false,
          sanitizeResources: false,
        });
      }
    };
    await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, worker));
  });
}

async function runCase(one: Case): Promise<void> {
  using project = new Project();
  const ran = { code: 0, ran: true, warned: "" };
  if (one.refusable) return await runRefusable(one, project);
  const first = { ...ran, printed: one.prints };
  project.write(one.first);
  assertEquals(shown(await project.run(one.options)), first, "the first run");
  project.write(one.second);
  const second = shown(await project.run(one.secondOptions));
  const isSkip = one.then === undefined;
  assertEquals(
    second,
    { ...ran, ran: !isSkip, printed: one.then ?? one.prints },
    "the second version",
  );
  // Identity counts, and not history; and a cache that keeps nothing would pass so far, but for the table of skips.
  project.write(one.first);
  const back = shown(await project.run(one.options));
  assertEquals(back, { ...first, ran: false }, "the first version again");
}

async function runRefusable(one: Case, project: Project): Promise<void> {
  for (const [files, printed] of [[one.first, one.prints], [one.second, one.then]] as const) {
    project.write(files);
    const run = await project.run(one.options);
    assertEquals(shown({ ...run, warned: "" }), { code: 0, ran: true, printed, warned: "" });
  }
}

function shown(run: Run): Omit<Run, "ran"> & { readonly ran: boolean } {
  return { ...run, ran: run.ran > 0 };
}
