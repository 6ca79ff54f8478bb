// Copyright 2026 the pecapiku authors. MIT license.

import { CodeMemo } from "../../src/code/code_memo.ts";
import type { LoadedModule } from "../../src/code/loaded_module.ts";
import { ModuleGraph } from "../../src/code/module_graph.ts";
import { type Project, source } from "./_project.ts";

/**
 * Makes the graph of a project.
 *
 * @param project The project.
 * @param main The path of its main module.
 * @returns The graph, of which nothing is read yet.
 */
export function graphOf(project: Project, main = "main.ts"): ModuleGraph {
  return new ModuleGraph(new CodeMemo(), { main: project.url + main });
}

/**
 * Loads the modules of a project.
 *
 * @param project The project.
 * @param roots The paths of modules beside `main.ts`.
 * @returns The modules.
 */
export function load(project: Project, ...roots: string[]): readonly LoadedModule[] {
  return graphOf(project).load(roots.map((root) => project.url + root)).modules;
}

/** How a graph is loaded in a process of its own. */
export interface PrintOptions {
  /**
   * The permission flags.
   *
   * @default {["-A"]}
   */
  readonly permissions?: readonly string[];
  /**
   * What the program does before.
   *
   * @default {""}
   */
  readonly before?: string;
}

/**
 * Has a process of its own load the graph of `main.ts`, which is older than that process.
 *
 * @param project The project.
 * @param expression What to print, in terms of `modules` and `graph`, and `show` of what is resolved.
 * @param options How to go about it.
 * @returns The value of the expression, as JSON has it.
 */
export async function printed(
  project: Project,
  expression: string,
  { permissions = ["-A"], before = "" }: PrintOptions = {},
): Promise<unknown> {
  project.write({
    "deno.json": { imports: project.imports() },
    "print.ts": `import { CodeMemo } from ${source("code_memo.ts")};
      import { ModuleGraph } from ${source("module_graph.ts")};
      ${before};
      const main = ${JSON.stringify(`${project.url}main.ts`)};
      const graph = new ModuleGraph(new CodeMemo(), { main });
      const { modules } = graph.load([]);
      const show = (r) => r.kind === "file" ? r.digest() : "? " + (r.reason ?? r.kind);
      console.log(JSON.stringify(${expression}));`,
  });
  return JSON.parse(await project.run("print.ts", { permissions }));
}
