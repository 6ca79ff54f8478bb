// Copyright 2026 the pecapiku authors. MIT license.

import { dirname, join, resolve, toFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";
import { ROOT, textOf } from "./_pages.ts";

/** A temporary folder with the files of a page: a project that has added the package, as its user would. */
export class PageProject implements Disposable {
  /** The folder. */
  readonly folder: string = Deno.makeTempDirSync({ prefix: "pages" });
  /** What stands behind the subcommand of `deno`. */
  readonly #arguments: readonly string[];

  /** Makes a project without files. */
  constructor() {
    const { name, exports, compilerOptions } = JSON.parse(textOf("deno.json"));
    const config = { lock: false, nodeModulesDir: "none", compilerOptions };
    const imports: Record<string, string> = {};
    for (const [path, file] of Object.entries<string>(exports)) {
      imports[name + path.slice(1)] = new URL(file, ROOT).href;
    }
    const [option, map] = importMapArguments();
    if (option === undefined || map === undefined) {
      this.write({ "deno.json": JSON.stringify({ ...config, imports }) });
      this.#arguments = [];
    } else {
      // Where deno.json leads to the checkout, that has its own say in where @std is, import map or not.
      this.write({
        "deno.json": JSON.stringify(config),
        "import_map.json": JSON.stringify({ imports: { ...importsOf(map), ...imports } }),
      });
      this.#arguments = [option, "import_map.json"];
    }
  }

  /**
   * Writes files, over those that are there.
   *
   * @param files Their texts, by path.
   */
  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      Deno.mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      Deno.writeTextFileSync(join(this.folder, path), text);
    }
  }

  /**
   * Makes a command that runs `deno` in the folder.
   *
   * @param subcommand Such as `check`.
   * @param args What else it is told.
   * @returns The command.
   */
  command(subcommand: string, ...args: string[]): Deno.Command {
    return new Deno.Command(Deno.execPath(), {
      args: [subcommand, ...this.#arguments, ...args],
      cwd: this.folder,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** What an import map says, wherever it is read. */
function importsOf(path: string): Record<string, string> {
  const { imports } = JSON.parse(Deno.readTextFileSync(path));
  for (const [name, target] of Object.entries<string>(imports)) {
    if (target.startsWith(".")) imports[name] = new URL(target, toFileUrl(resolve(path))).href;
  }
  return imports;
}
