// Copyright 2026 the pecapiku authors. MIT license.

import { isSessionModule, mainModule } from "./callers.ts";
import type { CodeMemo } from "./code_memo.ts";
import { parentOf } from "./_config_files.ts";
import type { LoadedGraph, LoadedModule } from "./loaded_module.ts";
import { isOwnModule } from "./_own_package.ts";
import { Resolver } from "./_resolver.ts";
import { SourceModule } from "./_source_module.ts";

/** Options of a {@linkcode ModuleGraph}. */
export interface ModuleGraphOptions {
  /**
   * The URL of the main module, where all begins.
   *
   * @default {Deno.mainModule}
   */
  readonly main?: string | undefined;
  /**
   * What finds out what imports lead to.
   *
   * @default {That of this process}
   */
  readonly resolver?: Pick<Resolver, "resolve" | "emit">;
}

/** The modules of the user's own that a program is made of. Each is read once. It needs `--allow-read`, and never asks for it. */
export class ModuleGraph {
  readonly #memo: CodeMemo;
  readonly #main: string | undefined;
  #resolver: Pick<Resolver, "resolve" | "emit"> | undefined;
  readonly #modules = new Map<string, SourceModule>();
  /** The modules in the order of evaluation, as far as they are known. */
  #order: readonly LoadedModule[] = [];
  readonly #roots = new Set<string>();

  /**
   * Makes a graph. Nothing is read yet.
   *
   * @param memo What remembers analyses.
   * @param options What it knows of the program.
   */
  constructor(memo: CodeMemo, options: ModuleGraphOptions = {}) {
    const { main = mainModule(), resolver } = options;
    this.#memo = memo;
    this.#main = isSessionModule(main) ? undefined : main;
    this.#resolver = resolver;
  }

  /**
   * Reads all modules that the main module and some others lead to, by `import` and `export`, and by `import("…")` of a constant name.
   *
   * @param roots The URLs of the other ones. Those that are no files, and this package's own, are passed over.
   * @returns These modules, and all that were read before.
   */
  load(roots: readonly string[]): LoadedGraph {
    const all = this.#main === undefined ? roots : [this.#main, ...roots];
    const added = all.filter((url) =>
      url.startsWith("file:") && !isOwnModule(url) && !this.#roots.has(url)
    );
    if (added.length === 0) return { modules: this.#order };
    for (const url of added) this.#roots.add(url);
    this.#order = this.#inOrder();
    return { modules: this.#order };
  }

  // As modules are evaluated: each after those that it imports, but for circles. What is imported later comes later.
  #inOrder(): LoadedModule[] {
    const order: SourceModule[] = [];
    const seen = new Set<string>();
    const later: string[] = [];
    for (const root of this.#roots) this.#visit(root, seen, order, later);
    const loaded = order.length;
    for (const root of later) this.#visit(root, seen, order, later);
    for (const [index, module] of order.entries()) module.isLate = index >= loaded;
    return order;
  }

  // Without recursion, since a chain of imports may be long.
  #visit(root: string, seen: Set<string>, order: SourceModule[], later: string[]): void {
    if (seen.has(root)) return;
    seen.add(root);
    const stack = [{ module: this.#module(root), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { module } = top;
      const found = module.imports[top.next++];
      if (found === undefined) {
        order.push(module);
        stack.pop();
      } else if (found.isLater) later.push(found.url);
      else if (!seen.has(found.url)) {
        seen.add(found.url);
        stack.push({ module: this.#module(found.url), next: 0 });
      }
    }
  }

  #module(url: string): SourceModule {
    let module = this.#modules.get(url);
    if (module === undefined) {
      module = new SourceModule(url, this.#nameOf(url), this.#memo, {
        resolve: (specifier, type) => this.#found.resolve(specifier, type, url),
        emit: (mediaType) => this.#found.emit(url, mediaType),
        module: (other) => this.#module(other),
      });
      this.#modules.set(url, module);
    }
    return module;
  }

  get #found(): Pick<Resolver, "resolve" | "emit"> {
    return this.#resolver ??= new Resolver({ main: this.#main });
  }

  // As seen from the main module's folder: "lib/math.ts", "../other.ts".
  #nameOf(url: string): string {
    return relativeName(url, parentOf(this.#main ?? url));
  }
}

function relativeName(url: string, folder: string): string {
  const from = folder.split("/").slice(0, -1);
  const to = url.split("/");
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  const up = from.length - common;
  // From far away, the whole path tells more.
  const path = up > 2 ? to.slice(3).join("/") : "../".repeat(up) + to.slice(common).join("/");
  return decoded(up > 2 ? `/${path}` : path);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
