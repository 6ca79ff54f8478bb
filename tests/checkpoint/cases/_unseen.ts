// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { filesOf } from "./_cases.ts";
import { type Files, Project, type Run, type RunOptions } from "./_project.ts";

/** A function that depends on something that can't be seen. */
export interface Unseen extends RunOptions {
  /** What can't be seen. */
  readonly name: string;
  /** The files: `$` is the place of the decorator, and `foo` is what is called twice. A text is `main.ts`. */
  readonly code: string | Files;
  /** What the warning has to name. */
  readonly names: string;
  /** What each call gives. */
  readonly prints: string;
  /** What `uses` lists: an object literal. */
  readonly uses: string;
  /** How the second version is run, or what takes the place of what in its files, if the value that is listed changes. */
  readonly second?: RunOptions | { readonly replace: string; readonly by: string };
  /** What the second version gives. */
  readonly then?: string;
}

/**
 * Fails unless a function is evaluated, with one warning, in each process, until `uses` lists what it depends on.
 *
 * @param unseen The function.
 */
export async function checkUnseen(unseen: Unseen): Promise<void> {
  using project = new Project();
  const write = (decorator: string, edit = (text: string) => text) => {
    const code = typeof unseen.code === "string" ? { "main.ts": unseen.code } : unseen.code;
    const files = Object.entries(code).map(([name, text]) => [name, edit(text)]);
    const all: Record<string, string> = Object.fromEntries(files);
    all["main.ts"] = `${all["main.ts"]?.replace("$(", `${decorator}(`)}
      console.log(await foo(1)); console.log(await foo(1));`;
    project.write(filesOf(all));
  };
  const both = `${unseen.prints}\n${unseen.prints}`;

  write("checkpoint");
  for (const which of ["the first process", "the next process"]) {
    const { warned, ...run } = await project.run(unseen);
    assertEquals(run, { code: 0, ran: 2, printed: both }, which);
    assertStringIncludes(warned, unseen.names);
    assertStringIncludes(warned, "uses");
    assertEquals(warned.split("\n").length, 1, `There should be one warning: ${warned}`);
  }

  for (const uses of new Set([unseen.uses, "{}"])) {
    const listing = `checkpoint({ uses: () => (${uses}), directory: ${
      JSON.stringify(`.checkpointing/${uses}`)
    } })`;
    write(listing);
    assertSame(await project.run(unseen), 1, both, `uses ${uses}`);
    assertSame(await project.run(unseen), 0, both, `uses ${uses}, the next process`);
    if (uses === "{}" || unseen.second === undefined) continue;
    const { second } = unseen;
    if ("replace" in second) write(listing, (text) => text.replaceAll(second.replace, second.by));
    const options = "replace" in second ? unseen : second;
    assert(unseen.then !== undefined && unseen.then !== unseen.prints);
    assertSame(
      await project.run(options),
      1,
      `${unseen.then}\n${unseen.then}`,
      "the value changed",
    );
  }
}

function assertSame(run: Run, ran: number, printed: string, what: string): void {
  assertEquals(run, { code: 0, ran, printed, warned: "" }, what);
}
