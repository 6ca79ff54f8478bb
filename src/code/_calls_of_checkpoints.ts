// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule } from "./loaded_module.ts";
import type { Effect, Slice } from "./module_summary.ts";
import {
  type BindingPlace,
  exportOf,
  exportsOf,
  keyOf,
  memberOf,
  type Origin,
  originOf,
} from "./_origins.ts";
import type { Unit } from "./unit.ts";

/** The exports of this package that make functions whose results hang on their code. */
const MAKERS: ReadonlySet<string> = new Set(["*", "checkpoint", "default", "DecoratorCheckpoint"]);

/** Gives the statements that may change a binding, or what is in it. */
export type EffectsOn = (
  place: BindingPlace,
) => readonly { readonly module: LoadedModule; readonly effect: Effect }[];

/**
 * Tells when the statements at the top levels of modules may call a checkpointed function for the first time. It looks only at
 * what they name: a statement that names nothing from which a checkpoint is reached can't call one.
 */
export class CallsOfCheckpoints {
  readonly #starts: ReadonlyMap<LoadedModule, number>;
  readonly #effectsOn: EffectsOn;
  readonly #reachNone = new Set<string>();
  #first: number | undefined;

  /**
   * Makes what will tell.
   *
   * @param starts The modules in order of evaluation, with the position of the first statement of each.
   * @param effectsOn What is put into a binding beside its initialiser.
   */
  constructor(starts: ReadonlyMap<LoadedModule, number>, effectsOn: EffectsOn) {
    this.#starts = starts;
    this.#effectsOn = effectsOn;
  }

  /** The position of the first such statement; `Infinity` if there is none. */
  get first(): number {
    return this.#first ??= this.#find();
  }

  #find(): number {
    for (const [module, start] of this.#starts) {
      for (const { code, order } of module.summary?.calling ?? []) {
        const unit = module.unit(code);
        if (unit === undefined || this.#mayCall(module, unit)) return start + order;
      }
    }
    return Infinity;
  }

  // To make a checkpoint is not to call it.
  #mayCall(module: LoadedModule, unit: Unit): boolean {
    const seen = new Set<string>();
    for (const { name, uses } of unit.free) {
      const origin = originOf(module, name);
      if (origin === undefined || origin.kind === "own") continue;
      const counts = uses.some(({ now, argument }) =>
        now && (argument === undefined || originOf(module, argument.of)?.kind !== "own")
      );
      if (counts && this.#reaches(origin, seen)) return true;
    }
    if (this.#imports(module, unit, seen)) return true;
    for (const key of seen) this.#reachNone.add(key);
    return false;
  }

  #imports(module: LoadedModule, unit: Unit, seen: Set<string>): boolean {
    return unit.dynamicImports.some((specifier) =>
      this.#reaches(memberOf(module.resolveSpecifier(specifier), "*"), seen)
    );
  }

  #reaches(origin: Origin | undefined, seen: Set<string>): boolean {
    switch (origin?.kind) {
      case "own":
        return MAKERS.has(origin.name);
      case "namespace":
        return exportsOf(origin.module).some((name) =>
          this.#reaches(exportOf(origin.module, name), seen)
        );
      case "binding":
        return this.#bindingReaches(origin, seen);
      default:
        return false;
    }
  }

  #bindingReaches(place: BindingPlace, seen: Set<string>): boolean {
    const key = keyOf(place);
    if (seen.has(key) || this.#reachNone.has(key)) return false;
    seen.add(key);
    const { module, binding } = place;
    return (binding.code !== undefined && this.#codeReaches(module, binding.code, seen)) ||
      this.#effectsOn(place).some(({ module, effect }) =>
        this.#codeReaches(module, effect.code, seen)
      );
  }

  #codeReaches(module: LoadedModule, code: Slice, seen: Set<string>): boolean {
    const unit = module.unit(code);
    // What can't be parsed may do anything.
    if (unit === undefined) return true;
    const defaults = unit.parameters.map(({ default: value }) => value);
    const units = defaults.flatMap((value) =>
      value !== undefined && "unit" in value ? [value.unit] : []
    );
    return [unit, ...units].some((each) =>
      each.free.some(({ name }) => this.#reaches(originOf(module, name), seen)) ||
      this.#imports(module, each, seen)
    );
  }
}
