// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule } from "./loaded_module.ts";
import { type BindingPlace, exportOf, exportsOf, keyOf, originOf } from "./_origins.ts";

/** What functions and methods of a program return that belongs to its modules. */
export class Given {
  // What methods return, by their names.
  readonly #methods = new Map<string, [LoadedModule, string][]>();

  /**
   * Goes through what is known of the modules.
   *
   * @param modules The modules.
   */
  constructor(modules: readonly LoadedModule[]) {
    for (const module of modules) {
      for (const [name, given] of Object.entries(module.summary?.returned ?? {})) {
        if (!name.startsWith(".")) continue;
        const list = this.#methods.get(name) ?? [];
        this.#methods.set(name, list);
        for (const each of given) list.push([module, each]);
      }
    }
  }

  /**
   * Lists what a call may give that belongs to a module.
   *
   * @param module Where it is called.
   * @param path The name that is called there; `"x.f"` for a member of something, `"x..f"` for what is deeper in it.
   * @returns The variables.
   */
  byCall(module: LoadedModule, path: string): BindingPlace[] {
    const found = new Map<string, BindingPlace>();
    this.#call(module, path, found, new Set());
    return [...found.values()];
  }

  /**
   * Lists the names of a module that stand for functions, or namespaces of such, that give what belongs to a module.
   *
   * @param module The module.
   * @returns The names, and what they give.
   */
  giversIn(module: LoadedModule): Map<string, BindingPlace[]> {
    const found = new Map<string, BindingPlace[]>();
    for (const local of Object.keys(module.summary?.bindings ?? {})) {
      const places = placesOf(module, local)
        .flatMap(({ module: home, name }) => this.byCall(home, name));
      if (places.length > 0) found.set(local, places);
    }
    return found;
  }

  #call(
    module: LoadedModule,
    path: string,
    found: Map<string, BindingPlace>,
    seen: Set<string>,
  ): void {
    const step = `${module.url}\n${path}`;
    if (seen.has(step)) return;
    seen.add(step);
    const [local = "", member, deep] = path.split(".");
    const origin = originOf(module, local);
    if (origin?.kind !== "binding" && origin?.kind !== "namespace") return;
    const isExport = origin.kind === "namespace" && member !== undefined && member !== "";
    const maker = isExport ? exportOf(origin.module, member) : origin;
    const method = deep ?? (isExport ? undefined : member);
    if (method !== undefined && method !== "") {
      for (const [home, each] of this.#methods.get(`.${method}`) ?? []) {
        this.#give(home, each, found, seen);
      }
    } else if (maker?.kind === "binding") {
      for (const each of maker.module.summary?.returned?.[maker.name] ?? []) {
        this.#give(maker.module, each, found, seen);
      }
    }
  }

  #give(
    module: LoadedModule,
    given: string,
    found: Map<string, BindingPlace>,
    seen: Set<string>,
  ): void {
    if (given.endsWith("()")) return this.#call(module, given.slice(0, -2), found, seen);
    for (const place of placesOf(module, given)) found.set(keyOf(place), place);
  }
}

/**
 * Lists what a name of a module stands for: of a namespace, what is done to it may be done to all that is in it.
 *
 * @param module The module.
 * @param local The name.
 * @returns The variables, functions and classes.
 */
export function placesOf(module: LoadedModule, local: string): BindingPlace[] {
  const origin = originOf(module, local);
  if (origin?.kind === "binding") return [origin];
  if (origin?.kind !== "namespace") return [];
  return exportsOf(origin.module).map((name) => exportOf(origin.module, name))
    .filter((found) => found?.kind === "binding");
}
