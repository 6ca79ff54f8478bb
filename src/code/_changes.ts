// Copyright 2026 the pecapiku authors. MIT license.

import { CallsOfCheckpoints } from "./_calls_of_checkpoints.ts";
import type { LoadedGraph, LoadedModule } from "./loaded_module.ts";
import type { Effect } from "./module_summary.ts";
import { changesArgument } from "./_mutations.ts";
import { type BindingPlace, exportOf, exportsOf, keyOf, originOf } from "./_origins.ts";

/** A statement at the top level of a module that may change something. */
export interface EffectPlace {
  /** The module. */
  readonly module: LoadedModule;
  /** The statement. */
  readonly effect: Effect;
  /** The module's own name for what it may change. */
  readonly local: string;
  /** When it runs: a statement with a smaller number runs before. */
  readonly position: number;
}

/** What makes functions change something. */
interface Change {
  readonly module: LoadedModule;
  readonly by: string;
}

// More statements than a module has.
const MODULE_STEP = 1_000_000;

/** What the modules of a program do to the variables, functions and classes at their top levels, beside declaring them. */
export class Changes {
  /** The statements that change something of the platform or the global object, in order. */
  readonly globalEffects: readonly EffectPlace[];
  /** The names of the global object of which functions change something at an unknown time, and what does it. */
  readonly changedGlobals: ReadonlyMap<string, string>;
  readonly #effects = new Map<string, EffectPlace[]>();
  readonly #changed = new Map<string, Change>();
  readonly #methods = new Map<string, Change>();
  readonly #holders = new Map<string, BindingPlace[]>();
  readonly #calls: CallsOfCheckpoints;
  readonly #starts = new Map<LoadedModule, number>();
  readonly #handed: [LoadedModule, string, string, number, string][] = [];
  #areGiversKnown = false;

  /**
   * Goes through what is known of the modules.
   *
   * @param graph The modules.
   */
  constructor({ modules }: LoadedGraph) {
    const globalEffects: EffectPlace[] = [];
    const changedGlobals = new Map<string, string>();
    for (const [index, module] of modules.entries()) {
      const start = index * MODULE_STEP;
      this.#starts.set(module, start);
      const { summary } = module;
      if (summary === undefined) continue;
      for (const effect of summary.effects) {
        const position = start + effect.order;
        for (const local of effect.affects) {
          for (const place of placesOf(module, local)) {
            addTo(this.#effects, keyOf(place), { module, effect, local, position });
          }
        }
        for (const local of effect.globals) {
          globalEffects.push({ module, effect, local, position });
        }
      }
      this.#note(this.#changed, module, summary.changed);
      this.#note(this.#methods, module, summary.methods);
      this.#noteResults(module, summary.changedResults ?? {});
      for (const each of summary.handed ?? []) this.#handed.push([module, ...each]);
      for (const name of summary.changedGlobals) changedGlobals.set(name, module.name);
      for (const [holder, held] of summary.aliases) {
        const origin = originOf(module, holder);
        if (origin?.kind !== "binding") continue;
        for (const place of placesOf(module, held)) addTo(this.#holders, keyOf(place), origin);
      }
    }
    this.globalEffects = globalEffects;
    this.changedGlobals = changedGlobals;
    this.#calls = new CallsOfCheckpoints(this.#starts, (place) => this.effectsOn(place));
  }

  /**
   * Lists the statements that may change a binding, or what is in it.
   *
   * @param place The binding.
   * @returns The statements, in order.
   */
  effectsOn(place: BindingPlace): EffectPlace[] {
    const found = new Set<EffectPlace>();
    for (const key of this.#heldBy(place)) {
      for (const effect of this.#effects.get(key) ?? []) found.add(effect);
    }
    return [...found].sort((a, b) => a.position - b.position);
  }

  /**
   * Tells which function changes a binding, or what is in it, at a time that can't be known.
   *
   * @param place The binding.
   * @returns The function, for people; `undefined` if there is none.
   */
  changedBy(place: BindingPlace): string | undefined {
    this.#noteHanded();
    return this.#firstOf(this.#changed, place);
  }

  /**
   * Tells which function calls methods of a binding that may or may not change it.
   *
   * @param place The binding.
   * @returns The function, for people; `undefined` if there is none.
   */
  methodsCalledBy(place: BindingPlace): string | undefined {
    return this.#firstOf(this.#methods, place);
  }

  /**
   * Tells whether a statement runs before any checkpointed function is called.
   *
   * @param effect The statement.
   * @returns Whether all calls see what it does.
   */
  isBeforeCalls({ position }: EffectPlace): boolean {
    return position < this.#calls.first;
  }

  /**
   * Tells when a statement runs.
   *
   * @param module Its module.
   * @param order The index of the statement.
   * @returns A number; that of a statement that runs before is smaller.
   */
  positionOf(module: LoadedModule, order: number): number {
    return (this.#starts.get(module) ?? 0) + order;
  }

  #note(
    map: Map<string, Change>,
    module: LoadedModule,
    record: Readonly<Record<string, string>>,
  ): void {
    for (const [local, by] of Object.entries(record)) {
      for (const place of placesOf(module, local)) {
        const key = keyOf(place);
        if (!map.has(key)) map.set(key, { module, by });
      }
    }
  }

  // Whether a function changes what it is handed takes a look at its code: so that is left until somebody asks.
  #noteHanded(): void {
    for (const [module, local, of, index, by] of this.#handed.splice(0)) {
      if (changesArgument(module, { of, index })) {
        this.#note(this.#changed, module, { [local]: by });
      }
    }
  }

  // What a function returned may belong to its module.
  #noteResults(module: LoadedModule, record: Readonly<Record<string, string>>): void {
    for (const [path, by] of Object.entries(record)) {
      const [local = "", member] = path.split(".");
      const found = originOf(module, local);
      const origin = found?.kind === "namespace" && member !== undefined
        ? exportOf(found.module, member)
        : found;
      if (origin?.kind !== "binding") continue;
      for (const name of origin.module.summary?.returned?.[origin.name] ?? []) {
        for (const place of placesOf(origin.module, name)) {
          const key = keyOf(place);
          if (!this.#changed.has(key)) this.#changed.set(key, { module, by });
        }
      }
    }
  }

  #firstOf(map: Map<string, Change>, place: BindingPlace): string | undefined {
    for (const key of this.#heldBy(place)) {
      const change = map.get(key);
      if (change !== undefined) return `${change.by} of ${change.module.name}`;
    }
    return undefined;
  }

  // What a function gave when a module was loaded may belong to the function's module: `const config = getConfig()`.
  #noteGiven(): void {
    if (this.#areGiversKnown) return;
    this.#areGiversKnown = true;
    for (const module of this.#starts.keys()) {
      const givers = giversIn(module);
      const calling = new Set(
        givers.size > 0 ? module.summary?.calling.map(({ order }) => order) : [],
      );
      for (const [name, binding] of Object.entries(module.summary?.bindings ?? {})) {
        if (binding.kind !== "value" || !calling.has(binding.order)) continue;
        const unit = binding.code === undefined ? undefined : module.unit(binding.code);
        for (const { name: giver, uses } of unit?.free ?? []) {
          if (!uses.some(({ now }) => now)) continue;
          for (const place of givers.get(giver) ?? []) {
            addTo(this.#holders, keyOf(place), { kind: "binding", module, name, binding });
          }
        }
      }
    }
  }

  // The binding itself, and all that may hold it.
  #heldBy(place: BindingPlace): Set<string> {
    this.#noteGiven();
    const keys = new Set<string>([keyOf(place)]);
    for (const key of keys) {
      for (const holder of this.#holders.get(key) ?? []) keys.add(keyOf(holder));
    }
    return keys;
  }
}

// The names of a module that stand for functions, or namespaces of such, that give what belongs to their module.
function giversIn(module: LoadedModule): Map<string, BindingPlace[]> {
  const found = new Map<string, BindingPlace[]>();
  for (const local of Object.keys(module.summary?.bindings ?? {})) {
    for (const { module: home, name } of placesOf(module, local)) {
      const given = home.summary?.returned?.[name] ?? [];
      const places = given.flatMap((each) => placesOf(home, each));
      if (places.length > 0) found.set(local, [...found.get(local) ?? [], ...places]);
    }
  }
  return found;
}

// Of a namespace, what is done to it may be done to all that is in it.
function placesOf(module: LoadedModule, local: string): BindingPlace[] {
  const origin = originOf(module, local);
  if (origin?.kind === "binding") return [origin];
  if (origin?.kind !== "namespace") return [];
  return exportsOf(origin.module).map((name) => exportOf(origin.module, name))
    .filter((found) => found?.kind === "binding");
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
