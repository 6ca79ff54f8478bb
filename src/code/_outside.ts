// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule } from "./loaded_module.ts";
import { type BindingPlace, exportOf, keyOf, type Origin, originOf } from "./_origins.ts";
import { looksOutside, nameOfUse } from "./_outside_names.ts";
import { OWN_NAME } from "./_own_package.ts";
import type { Unit, Use } from "./unit.ts";

/** Ways to use something by which its code may run. */
const RUNS: ReadonlySet<Use["form"]> = new Set([
  ...["call", "call0", "new", "new0", "method", "mutate", "computed", "escape"] as const,
]);

/**
 * Finds what code that runs when a module is loaded looks at outside the program: the clock, chance, files, the environment, and
 * packages that may look at them.
 */
export class OutsideFinder {
  readonly #found = new Map<string, string | undefined>();

  /**
   * Looks at a piece of code that runs at once.
   *
   * @param module The module that it is in.
   * @param unit The code.
   * @returns What it looks at, for people; `undefined` if it does not look outside.
   */
  find(module: LoadedModule, unit: Unit): string | undefined {
    return this.#find(module, unit, givesCodeAway(module, unit), new Set());
  }

  // Of a function that is called, all uses count; of other code, those that run at once. Inner code is that of a binding which
  // something is done with: where it makes a cache, this is most likely to read it.
  #find(
    module: LoadedModule,
    unit: Unit,
    isDeep: boolean,
    seen: Set<string>,
    isInner = false,
  ): string | undefined {
    for (const { name, uses } of unit.free) {
      const origin = originOf(module, name);
      for (const use of uses) {
        if (!isDeep && !use.now) continue;
        const found = this.#findByUse(origin, name, use, seen, isInner);
        if (found !== undefined) return found;
      }
    }
    for (const { default: value } of unit.parameters) {
      if (!isDeep || value === undefined || !("unit" in value)) continue;
      const found = this.#find(module, value.unit, true, seen, isInner);
      if (found !== undefined) return found;
    }
    if (isDeep && unit.dynamicImports.length > 0) return `import("${unit.dynamicImports[0]}")`;
    return isDeep ? unit.unseen[0] : undefined;
  }

  #findByUse(
    origin: Origin | undefined,
    name: string,
    use: Use,
    seen: Set<string>,
    isInner: boolean,
  ): string | undefined {
    if (origin === undefined) return looksOutside(name, use) ? nameOfUse(name, use) : undefined;
    if (origin.kind === "own") {
      const reads = readsInOwn(origin.name, use) || (isInner && isCacheMadeBy(origin.name, use));
      return reads ? `${nameOfUse(name, use)} of ${OWN_NAME}` : undefined;
    }
    if (origin.kind === "package") {
      return isPure(origin, use) || !RUNS.has(use.form)
        ? undefined
        : `${nameOfUse(name, use)} of ${origin.name}`;
    }
    if (origin.kind === "namespace") {
      const [member, ...path] = use.path;
      const found = member === undefined ? undefined : exportOf(origin.module, member);
      return found && this.#findByUse(found, `${name}.${member}`, { ...use, path }, seen, isInner);
    }
    if (origin.kind !== "binding") return undefined;
    if (RUNS.has(use.form)) return this.#findInBinding(origin, seen);
    // A getter, as `size` of a dictionary is.
    return use.path.length > 0 && isCache(origin) ? `${name} of ${OWN_NAME}` : undefined;
  }

  #findInBinding(place: BindingPlace, seen: Set<string>): string | undefined {
    const key = keyOf(place);
    if (this.#found.has(key)) return this.#found.get(key);
    if (seen.has(key)) return undefined;
    seen.add(key);
    const { module, binding } = place;
    const unit = binding.code === undefined ? undefined : module.unit(binding.code);
    const found = unit === undefined ? undefined : this.#find(module, unit, true, seen, true);
    // Within a cycle, what is not found yet may still be found further out.
    if (found !== undefined || seen.size === 1) this.#found.set(key, found);
    return found;
  }
}

/** What looks at the current directory, or at chance, in packages that look at nothing else outside. */
const IMPURE: ReadonlySet<string> = new Set(["pathToFileURL", "relative", "resolve", "sample"]);

function isPure({ name, pure }: { name: string; pure: boolean }, { path }: Use): boolean {
  return pure && ![name.split("#")[1] ?? "", ...path].some((member) => IMPURE.has(member));
}

/** What of this package gives what is in files, or where they are: which member of what it exports, or any use of it. */
const OWN_READERS: ReadonlyMap<string, string | undefined> = new Map([
  ["CacheDict", "with"],
  ["SingleValueCache", "get"],
  ["config", "getCacheDir"],
  ["fileKey", undefined],
]);

function readsInOwn(name: string, { path }: Use): boolean {
  const [exported = "", member] = name === "*" ? path : [name, ...path];
  if (!OWN_READERS.has(exported)) return false;
  const reader = OWN_READERS.get(exported);
  return reader === undefined || reader === member;
}

/** What of this package makes caches: their methods, and the functions that they make cached, give what is in files. */
const OWN_CACHES: ReadonlySet<string> = new Set(["CacheDict", "SingleValueCache"]);

function isCacheMadeBy(name: string, { path, form }: Use): boolean {
  const exported = name === "*" ? path[0] ?? "" : name;
  return OWN_CACHES.has(exported) && RUNS.has(form);
}

function isCache({ module, binding }: BindingPlace): boolean {
  const unit = binding.code === undefined ? undefined : module.unit(binding.code);
  return unit?.free.some(({ name, uses }) => {
    const origin = originOf(module, name);
    return origin?.kind === "own" && uses.some((use) => use.now && isCacheMadeBy(origin.name, use));
  }) ?? false;
}

// A function that is handed to somebody's code may run at once, although it does not look so.
function givesCodeAway(module: LoadedModule, unit: Unit): boolean {
  return unit.free.some(({ name, uses }) => {
    const origin = originOf(module, name);
    if (origin?.kind === "own") return false;
    if (origin === undefined) {
      return name === "Promise" && uses.some(({ now, form }) => now && form === "new");
    }
    return uses.some(({ now, form }) =>
      now && (form === "call" || form === "new" || form === "method")
    );
  });
}
