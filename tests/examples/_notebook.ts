// Copyright 2026 the pecapiku authors. MIT license.

import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { Kernel } from "../checkpoint/cases/_kernel.ts";
import { importMapArguments } from "../_deno.ts";

/** An output of a cell, as a notebook has it. */
export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | string[];
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: string[];
  /** What is shown, by media type. */
  readonly data?: Readonly<Record<string, string | string[]>>;
  readonly execution_count?: number | null;
}

/** A cell of a notebook. */
export interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: string | string[];
  outputs?: Output[];
  execution_count?: number | null;
}

/** A notebook. */
export interface Notebook {
  readonly nbformat: number;
  readonly nbformat_minor: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: Cell[];
}

/** What is run in a kernel. */
export interface KernelTask {
  /** The cells that are run to their end. */
  readonly cells: readonly string[];
  /** A cell that is run after them, until it has printed so many lines; and how the kernel is then stopped. */
  readonly stop?: {
    readonly cell: string;
    readonly lines: number;
    readonly how: "interrupt" | "shutdown" | "kill";
  };
}

/** What came of it. */
export interface KernelResult {
  /** The outputs of each cell. */
  readonly outputs: Output[][];
  /** What the last cell printed before the kernel was stopped. */
  readonly lines: string[];
}

const ROOT = new URL("../../", import.meta.url);

/** The example. */
export const NOTEBOOK_FILE: URL = new URL("examples/notebook.ipynb", ROOT);

/** Where this package is loaded from in the example, by people who have it from the registry. */
const PUBLISHED = "https://jsr.io/@pecapiku/cache/";

/** A folder in which notebooks have this checkout in the place of the published package. */
export class NotebookFolder implements Disposable {
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "notebook" }));
  readonly #kernel = new Kernel();
  /** A link to the checkout: a path of its own, at which no `deno.json` takes precedence. */
  readonly #package: string = join(this.path, ".package");

  /** Makes the folder, and installs a kernel for it. */
  constructor() {
    Deno.mkdirSync(this.#package);
    for (const name of ["src", "mod.ts"]) {
      Deno.symlinkSync(fromFileUrl(new URL(name, ROOT)), join(this.#package, name));
    }
    const imports: Record<string, string> = { ...resolvedImports() };
    for (const [name, target] of Object.entries(packageExports())) {
      const url = toFileUrl(join(this.#package, target)).href;
      for (const scheme of ["", "jsr:"]) imports[`${scheme}@pecapiku/cache${name.slice(1)}`] = url;
    }
    const config = { lock: false, nodeModulesDir: "none", imports };
    Deno.writeTextFileSync(join(this.path, "deno.json"), JSON.stringify(config));
  }

  /**
   * Runs cells in kernels, one kernel after another.
   *
   * @param kernels What is run in each.
   * @returns What came of each.
   */
  async run(kernels: readonly KernelTask[]): Promise<KernelResult[]> {
    const script = new URL("_notebook.py", import.meta.url);
    const task = { cwd: this.path, kernels };
    return await this.#kernel.runScript(script, task) as KernelResult[];
  }

  /**
   * Gives the outputs of a cell as they are saved: texts as lists of lines, and nothing that differs from machine to machine.
   *
   * @param outputs The outputs.
   * @param count Which of the cells that were run it is, from 1 on.
   * @returns The same, without the lines of a stack that are in this package, or in Deno.
   */
  toSaved(outputs: readonly Output[], count: number): Output[] {
    return outputs.map((output) => {
      const { text, data, traceback } = output;
      if (text !== undefined) return { ...output, text: linesOf(text) };
      if (data !== undefined) {
        const lines = Object.entries(data).sort().map(([type, text]) => [type, linesOf(text)]);
        const counts = output.execution_count === undefined ? {} : { execution_count: count };
        return { ...output, ...counts, data: Object.fromEntries(lines) };
      }
      if (traceback === undefined) return output;
      const own = toFileUrl(this.#package).href;
      const lines = traceback.filter((line) =>
        !line.includes(own) && !line.includes(PUBLISHED) && !/\((?:ext|node):/.test(line)
      );
      return { ...output, traceback: lines };
    });
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
    Deno.removeSync(this.path, { recursive: true });
  }
}

/**
 * Reads a notebook.
 *
 * @param file The file.
 * @returns Its content.
 */
export function readNotebook(file: URL): Notebook {
  return JSON.parse(Deno.readTextFileSync(file));
}

/**
 * Gives the code cells of a notebook.
 *
 * @param notebook The notebook.
 * @returns The cells.
 */
export function codeCells({ cells }: Notebook): Cell[] {
  return cells.filter((cell) => cell.cell_type === "code");
}

/**
 * Joins a text that a notebook may have as a list of lines.
 *
 * @param text The text.
 * @returns The text in one piece.
 */
export function textOf(text: string | string[] | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

function linesOf(text: string | string[]): string[] {
  return textOf(text).split(/(?<=\n)/);
}

/** What this checkout's own modules import, with addresses that hold anywhere. */
function resolvedImports(): Record<string, string> {
  const [, path = fromFileUrl(new URL("deno.json", ROOT))] = importMapArguments();
  const { imports } = JSON.parse(Deno.readTextFileSync(path));
  return Object.fromEntries(
    Object.entries<string>(imports).map(([name, target]) => [
      name,
      target.startsWith(".") ? toFileUrl(join(dirname(path), target)).href : target,
    ]),
  );
}

function packageExports(): Record<string, string> {
  return JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT))).exports;
}
