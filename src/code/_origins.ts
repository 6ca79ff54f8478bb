// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule, Resolved } from "./loaded_module.ts";
import type { Binding } from "./module_summary.ts";

/** A variable, function or class at the top level of a module. */
export interface BindingPlace {
  readonly kind: "binding";
  /** The module that declares it. */
  readonly module: LoadedModule;
  /** Its name there. */
  readonly name: string;
  /** What is known of it. */
  readonly binding: Exclude<Binding, { kind: "import" }>;
}

/** What a name of a module stands for, where it comes from. */
export type Origin =
  | BindingPlace
  | { readonly kind: "namespace"; readonly module: LoadedModule }
  | Extract<Resolved, { kind: "file" }>
  | { readonly kind: "package"; readonly name: string; readonly pure: boolean }
  | { readonly kind: "own"; readonly name: string }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Gives what identifies a binding in this process.
 *
 * @param place The binding.
 * @returns A text.
 */
export function keyOf({ module, name }: Pick<BindingPlace, "module" | "name">): string {
  return `${module.url}\n${name}`;
}

/**
 * Finds what a name at the top level of a module stands for.
 *
 * @param module The module.
 * @param name The name.
 * @returns Where it comes from; `undefined` if the module does not declare it.
 */
export function originOf(module: LoadedModule, name: string): Origin | undefined {
  return originIn(module, name, new Set());
}

function originIn(module: LoadedModule, name: string, seen: Set<string>): Origin | undefined {
  const bindings = module.summary?.bindings;
  if (bindings === undefined || !Object.hasOwn(bindings, name)) return undefined;
  const binding = bindings[name]!;
  if (binding.kind !== "import") return { kind: "binding", module, name, binding };
  return importOf(module, binding.import, binding.name, seen);
}

function importOf(
  module: LoadedModule,
  index: number,
  name: string,
  seen: Set<string>,
): Origin {
  return memberOf(module.resolve(index), name, seen);
}

/**
 * Finds what an import gives under a name.
 *
 * @param resolved What is imported from.
 * @param name The name; `"*"` for all of it.
 * @param seen Where the search has been.
 * @returns Where it comes from.
 */
export function memberOf(
  resolved: Resolved,
  name: string,
  seen: Set<string> = new Set(),
): Origin {
  switch (resolved.kind) {
    case "module":
      if (name === "*") return { kind: "namespace", module: resolved.module };
      return exportIn(resolved.module, name, seen) ??
        { kind: "unknown", reason: `which ${resolved.module.name} is not seen to export` };
    case "package":
      return { ...resolved, name: name === "*" ? resolved.name : `${resolved.name}#${name}` };
    case "own":
      return { kind: "own", name };
    default:
      return resolved;
  }
}

/**
 * Finds what a module exports under a name.
 *
 * @param module The module.
 * @param name The exported name.
 * @returns Where it comes from; `undefined` if it is not seen to export it.
 */
export function exportOf(module: LoadedModule, name: string): Origin | undefined {
  return exportIn(module, name, new Set());
}

function exportIn(module: LoadedModule, name: string, seen: Set<string>): Origin | undefined {
  const { summary, problem } = module;
  if (summary === undefined) {
    return { kind: "unknown", reason: `of ${module.name}: ${problem ?? "it can't be read"}` };
  }
  const step = `${module.url}\n${name}`;
  if (seen.has(step)) return undefined;
  seen.add(step);
  if (Object.hasOwn(summary.exports, name)) {
    const found = summary.exports[name]!;
    return found.kind === "local"
      ? originIn(module, found.name, seen)
      : importOf(module, found.import, found.name, seen);
  }
  if (name === "default") return undefined;
  let elsewhere: Origin | undefined;
  for (const star of summary.stars) {
    const resolved = module.resolve(star);
    const found = resolved.kind === "module"
      ? exportIn(resolved.module, name, seen)
      : memberOf(resolved, name, seen);
    // A package may or may not have the name: a module of the user's own that has it comes first.
    if (found?.kind === "binding" || found?.kind === "namespace") return found;
    elsewhere ??= found;
  }
  return elsewhere;
}

/**
 * Lists what a module exports.
 *
 * @param module The module.
 * @returns The names, sorted; also those of what it passes on.
 */
export function exportsOf(module: LoadedModule): string[] {
  const names = new Set<string>();
  collectExports(module, names, new Set());
  return [...names].sort();
}

function collectExports(module: LoadedModule, names: Set<string>, seen: Set<string>): void {
  if (seen.has(module.url) || module.summary === undefined) return;
  seen.add(module.url);
  for (const name of Object.keys(module.summary.exports)) names.add(name);
  for (const star of module.summary.stars) {
    const resolved = module.resolve(star);
    if (resolved.kind !== "module") continue;
    const others = new Set<string>();
    collectExports(resolved.module, others, seen);
    for (const name of others) if (name !== "default") names.add(name);
  }
}
