// Copyright 2026 the pecapiku authors. MIT license.

import { fromFileUrl } from "@std/path";

const ROOT = new URL("../../", import.meta.url);

/** How a module of a project is run. */
export interface ProjectRun {
  /**
   * The permission flags.
   *
   * @default {["-A"]}
   */
  readonly permissions?: readonly string[];
  /** Other flags. */
  readonly flags?: readonly string[];
  /** The arguments of the program. */
  readonly args?: readonly string[];
  /** What it reads. */
  readonly input?: string;
  /** The subcommand; the REPL takes no module. */
  readonly command?: "run" | "repl" | "test";
}

/** A folder with real files, whose modules can import this package's by their URLs, with or without a network. */
export class Project implements Disposable {
  /** The path of the folder. */
  readonly path: string;
  /** The URL of the folder, with a slash at the end. */
  readonly url: string;

  constructor() {
    this.path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "project " }));
    const url = new URL("file:///");
    url.pathname = `${this.path}/`;
    this.url = url.href;
  }

  /**
   * Writes files.
   *
   * @param files What to write, by the path in the folder. What is no text is written as JSON.
   * @returns The project.
   */
  write(files: Readonly<Record<string, unknown>>): this {
    for (const [name, content] of Object.entries(files)) {
      const path = `${this.path}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    }
    return this;
  }

  /**
   * Copies what stands in for `@std`, so that it is a part of the project.
   *
   * @returns The imports by which this package's modules find what they need, with the project's folder as the base.
   */
  imports(): Record<string, string> {
    const offline = new URL("tools/offline/", ROOT);
    const { imports } = JSON.parse(Deno.readTextFileSync(new URL("import_map.json", offline)));
    Deno.mkdirSync(`${this.path}/std`, { recursive: true });
    for (const { name, isFile } of Deno.readDirSync(offline)) {
      if (isFile) Deno.copyFileSync(new URL(name, offline), `${this.path}/std/${name}`);
    }
    return Object.fromEntries(
      Object.entries<string>(imports).map(([name, address]) => [
        name,
        address.replace(/^\.\//, "./std/"),
      ]),
    );
  }

  /**
   * Runs a module in a process of its own.
   *
   * @param main Its path in the folder.
   * @param options How to run it.
   * @returns What it printed.
   */
  async run(main: string, options: ProjectRun = {}): Promise<string> {
    const { permissions = ["-A"], flags = [], args = [], input = "", command = "run" } = options;
    const module = command === "repl" ? [] : [`${this.path}/${main}`];
    const check = command === "repl" ? [] : ["--no-check"];
    const child = new Deno.Command(Deno.execPath(), {
      args: [command, ...check, ...permissions, ...flags, ...module, ...args],
      cwd: this.path,
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    if (code !== 0) throw new Error(decoder.decode(stderr) + decoder.decode(stdout));
    return decoder.decode(stdout);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/**
 * Gives the URL of a module of this package.
 *
 * @param path Its path in `src/code`.
 * @returns The URL, as a literal.
 */
export function source(path: string): string {
  return JSON.stringify(new URL(`src/code/${path}`, ROOT).href);
}

/** The path of this checkout. */
export const CHECKOUT: string = fromFileUrl(ROOT);
