// Copyright 2026 the pecapiku authors. MIT license.

import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { importMapArguments } from "../../_deno.ts";

/** The files of a project: their texts by their paths. `main.ts` is what is run. */
export type Files = Readonly<Record<string, string>>;

/** How a project is run. */
export interface RunOptions {
  /** The arguments of the script. */
  readonly args?: readonly string[] | undefined;
  /** The permission flags; reading and writing by default. */
  readonly permissions?: readonly string[] | undefined;
  /** Environment variables that are added. */
  readonly env?: Record<string, string> | undefined;
}

/** What a run came to. */
export interface Run {
  /** The exit code. */
  readonly code: number;
  /** How often something said `run`. */
  readonly ran: number;
  /** What else it printed. */
  readonly printed: string;
  /** What it printed as errors, without `ExpensiveOverheadWarning`: that one is a matter of the machine's load. */
  readonly warned: string;
}

const ROOT = new URL("../../../", import.meta.url);

/** A temporary folder, and a project in it that can be written anew and run. */
export class Project implements Disposable {
  /** The folder of the project. */
  readonly folder: string = Deno.makeTempDirSync({ prefix: "cases" });
  #written: string[] = [];

  /**
   * Writes files in place of all that were written before. What the script wrote itself stays.
   *
   * @param files The files. A `deno.json` has the package itself added.
   * @param folder In which folder, beside that of the project or in it.
   */
  write(files: Files, folder = "."): void {
    for (const path of this.#written) Deno.removeSync(path, { recursive: true });
    this.#written = [];
    const all: Record<string, string> = { "deno.json": "{}", ...files };
    const config = { lock: false, nodeModulesDir: "none", ...JSON.parse(all["deno.json"]!) };
    const map = "importMap" in config ? JSON.parse(all[config.importMap]!) : config;
    map.imports = { ...packageImports(), ...map.imports };
    all["deno.json"] = JSON.stringify(config, null, 2);
    if (map !== config) all[config.importMap] = JSON.stringify(map, null, 2);
    for (const [name, text] of Object.entries(all)) {
      const path = join(this.folder, folder, name);
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeTextFileSync(path, text);
      this.#written.push(path);
    }
  }

  /**
   * Runs `main.ts` in a process of its own, which may read and write and nothing else.
   *
   * @param options How.
   * @param folder In which folder it is, and what the current directory is.
   * @param folder.script The folder of the script.
   * @param folder.cwd The current directory.
   * @returns What it came to.
   */
  async run(
    options: RunOptions = {},
    { script = ".", cwd = "." }: { readonly script?: string; readonly cwd?: string } = {},
  ): Promise<Run> {
    const { args = [], permissions = ["--allow-read", "--allow-write"], env = {} } = options;
    const main = ["main.ts", "main.tsx", "main.js", "main.mjs"]
      .find((name) => this.#written.includes(join(this.folder, script, name))) ?? "main.ts";
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        ...permissions,
        join(this.folder, script, main),
        ...args,
      ],
      cwd: join(this.folder, cwd),
      env: { NO_COLOR: "1", ...env },
    }).output();
    const decoder = new TextDecoder();
    const lines = decoder.decode(stdout).split("\n").filter((line) => line !== "");
    return {
      code,
      ran: lines.filter((line) => line === "run").length,
      printed: lines.filter((line) => line !== "run").join("\n"),
      warned: decoder.decode(stderr).split("\n")
        .filter((line) => !line.includes("ExpensiveOverheadWarning")).join("\n").trim(),
    };
  }

  /** Removes the folders. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

let found: Record<string, string> | undefined;

/** Where the package is, and what it imports. */
function packageImports(): Record<string, string> {
  const [, path] = importMapArguments();
  const checkpoint = "@pecapiku/cache/checkpoint";
  if (path === undefined) return { [checkpoint]: new URL("src/checkpoint/mod.ts", ROOT).href };
  if (found !== undefined) return found;
  // The checkout has a deno.json, which has precedence there, and takes @std from where it can't be had. A link to it has none.
  const folder = Deno.makeTempDirSync({ prefix: "cases" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  Deno.symlinkSync(fromFileUrl(new URL("src", ROOT)), join(folder, "src"));
  const { imports } = JSON.parse(Deno.readTextFileSync(path));
  found = { [checkpoint]: toFileUrl(join(folder, "src/checkpoint/mod.ts")).href };
  for (const [name, target] of Object.entries<string>(imports)) {
    found[name] = target.startsWith(".") ? new URL(target, toFileUrl(path)).href : target;
  }
  return found;
}
