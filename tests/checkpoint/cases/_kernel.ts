// Copyright 2026 the pecapiku authors. MIT license.

import { dirname, fromFileUrl, join } from "@std/path";

/** What a few cells printed. */
export interface CellsOutput {
  readonly out: string;
  readonly err: string;
  /** What they displayed, by media type, if that was asked for. */
  readonly shown?: readonly Readonly<Record<string, string>>[];
}

const SCRIPT = new URL("_kernel.py", import.meta.url);

/** The Python that can run notebooks; `undefined` if there is none on this machine. */
export const PYTHON: string | undefined = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    return new Deno.Command(python, { args: ["-c", "import jupyter_client"] }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
});

/** Deno's kernel, installed for these tests only. */
export class Kernel implements Disposable {
  readonly #home = Deno.makeTempDirSync({ prefix: "kernel" });
  readonly #data: string;

  /** Installs it in a home of its own. */
  constructor() {
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["jupyter", "--install"],
      env: { HOME: this.#home, XDG_DATA_HOME: join(this.#home, ".local/share") },
    }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const specification = findFile(this.#home, "kernel.json");
    // What is installed may name a link, or a shim that starts another Deno than this one.
    const { argv: [, ...args], ...others } = JSON.parse(Deno.readTextFileSync(specification));
    Deno.writeTextFileSync(
      specification,
      JSON.stringify({ ...others, argv: [Deno.execPath(), ...args] }),
    );
    this.#data = join(dirname(specification), "../..");
  }

  /**
   * Runs notebooks, each in a kernel of its own.
   *
   * @param cwd The current directory of the kernels.
   * @param notebooks The groups of cells of each.
   * @param shows Whether to tell what they displayed, too.
   * @returns What each group printed.
   */
  async run(
    cwd: string,
    notebooks: readonly (readonly (readonly string[])[])[],
    shows = false,
  ): Promise<CellsOutput[][]> {
    return await this.runScript(SCRIPT, { cwd, notebooks, shows }) as CellsOutput[][];
  }

  /**
   * Runs a Python script that uses the kernel.
   *
   * @param script The script.
   * @param task What it reads, as JSON.
   * @returns What it writes, as JSON.
   */
  async runScript(script: URL, task: unknown): Promise<unknown> {
    if (PYTHON === undefined) throw new Error("Cannot run notebooks: no Jupyter");
    await using process = new Deno.Command(PYTHON, {
      args: [fromFileUrl(script)],
      env: { NO_COLOR: "1", JUPYTER_DATA_DIR: this.#data },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(task)));
    await writer.close();
    const { success, stdout, stderr } = await process.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#home, { recursive: true });
  }
}

function findFile(folder: string, name: string): string {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.name === name) return path;
    if (!entry.isDirectory) continue;
    try {
      return findFile(path, name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Deno.errors.NotFound(`No ${name} in ${folder}`);
}
