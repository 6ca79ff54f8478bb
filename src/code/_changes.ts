// Copyright 2026 the pecapiku authors. MIT license.

import { CallsOfCheckpoints } from "./_calls_of_checkpoints.ts";
import type { LoadedGraph, LoadedModule } from "./loaded_module.ts";
import type { Effect, Handed } from "./module_summary.ts";
import { ArgumentChanges } from "./_argument_changes.ts";
import { Given, placesOf } from "./_given.ts";
import { changesArgument, isOfUsersClass } from "./_mutations.ts";
import { type BindingPlace, keyOf, originOf } from "./_origins.ts";

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
  /** Those that a method changes whose name is all that is known of it. */
  readonly #changedByName = new Map<string, Change>();
  readonly #places = new Map<string, BindingPlace>();
  readonly #changedWithin = new Map<string, Change>();
  readonly #methods = new Map<string, Change>();
  readonly #holders = new Map<string, BindingPlace[]>();
  // Of those, the ones that may be the same object, or a part of it.
  readonly #sames = new Map<string, BindingPlace[]>();
  readonly #calls: CallsOfCheckpoints;
  readonly #starts = new Map<LoadedModule, number>();
  readonly #handed: (readonly [LoadedModule, Handed])[] = [];
  readonly #given: Given;
  #areGiversKnown = false;

  /**
   * Goes through what is known of the modules.
   *
   * @param graph The modules.
   */
  constructor({ modules }: LoadedGraph) {
    const globalEffects: EffectPlace[] = [];
    const changedGlobals = new Map<string, string>();
    const handedGlobals: (readonly [LoadedModule, Handed])[] = [];
    this.#given = new Given(modules);
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
      const within = Object.entries(summary.changed)
        .filter(([name]) => summary.changedWithin?.includes(name) ?? true);
      this.#note(this.#changedWithin, module, Object.fromEntries(within));
      this.#note(this.#changedByName, module, summary.changedByName ?? {});
      this.#note(this.#methods, module, summary.methods);
      this.#noteResults(module, summary.changedResults ?? {});
      for (const each of summary.handed ?? []) {
        const isOwn = Object.hasOwn(summary.bindings, each.name);
        if (isOwn) this.#handed.push([module, each]);
        // Of members, many have one name.
        else if (!each.of.includes(".")) handedGlobals.push([module, each]);
      }
      for (const name of summary.changedGlobals) changedGlobals.set(name, module.name);
      for (const [holder, held] of summary.aliases) {
        const origin = originOf(module, holder);
        if (origin?.kind !== "binding") continue;
        const isInside = summary.inside?.some(([a, b]) => a === holder && b === held) ?? false;
        for (const place of placesOf(module, held)) {
          addTo(this.#holders, keyOf(place), origin);
          if (!isInside) addTo(this.#sames, keyOf(place), origin);
        }
      }
    }
    for (const [module, { name, of, index }] of handedGlobals) {
      if (changesArgument(module, { of, index })) changedGlobals.set(name, module.name);
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
    // What an object that holds it has of other members does not matter.
    return this.#firstOf(this.#changed, this.#heldBy(place, this.#sames)) ??
      this.#firstOf(this.#changedWithin, this.#heldBy(place)) ??
      this.#firstByName(this.#heldBy(place), false);
  }

  /**
   * Tells which function calls methods of a binding that may or may not change it.
   *
   * @param place The binding.
   * @returns The function, for people; `undefined` if there is none.
   */
  methodsCalledBy(place: BindingPlace): string | undefined {
    return this.#firstOf(this.#methods, this.#heldBy(place)) ??
      this.#firstByName(this.#heldBy(place), true);
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
        if (map.has(key)) continue;
        map.set(key, { module, by });
        this.#places.set(key, place);
      }
    }
  }

  // That takes a look at many functions: so it is left until somebody asks.
  #noteHanded(): void {
    if (this.#handed.length === 0) return;
    const argumentChanges = new ArgumentChanges(this.#starts.keys());
    for (const [module, handed] of this.#handed.splice(0)) {
      if (!argumentChanges.changes(module, handed)) continue;
      for (const place of placesOf(module, handed.name)) {
        if (place.binding.kind === "value" && place.binding.primitive) continue;
        this.#noteChange(place, module, handed.by);
      }
    }
  }

  // What a function returned may belong to its module.
  #noteResults(module: LoadedModule, record: Readonly<Record<string, string>>): void {
    for (const [path, by] of Object.entries(record)) {
      for (const place of this.#given.byCall(module, path)) this.#noteChange(place, module, by);
    }
  }

  #noteChange(place: BindingPlace, module: LoadedModule, by: string): void {
    const key = keyOf(place);
    for (const map of [this.#changed, this.#changedWithin]) {
      if (!map.has(key)) map.set(key, { module, by });
    }
  }

  #firstOf(map: Map<string, Change>, keys: Iterable<string>): string | undefined {
    for (const key of keys) {
      const change = map.get(key);
      if (change !== undefined) return nameOf(change);
    }
    return undefined;
  }

  // A class of the user's own may call a method `add` that adds nothing: that is told by its code.
  #firstByName(keys: Iterable<string>, isOfUsers: boolean): string | undefined {
    for (const key of keys) {
      const change = this.#changedByName.get(key);
      if (change === undefined) continue;
      if (isOfUsersClass(this.#places.get(key)!) === isOfUsers) return nameOf(change);
    }
    return undefined;
  }

  // What a function gave when a module was loaded may belong to the function's module: `const config = getConfig()`.
  #noteGiven(): void {
    if (this.#areGiversKnown) return;
    this.#areGiversKnown = true;
    for (const module of this.#starts.keys()) {
      const givers = this.#given.giversIn(module);
      const calling = new Set(
        givers.size > 0 ? module.summary?.calling.map(({ order }) => order) : [],
      );
      for (const [name, binding] of Object.entries(module.summary?.bindings ?? {})) {
        if (binding.kind !== "value" || !calling.has(binding.order)) continue;
        const unit = binding.code === undefined ? undefined : module.unit(binding.code);
        for (const { name: giver, uses } of unit?.free ?? []) {
          if (!uses.some(({ now }) => now)) continue;
          for (const place of givers.get(giver) ?? []) {
            const holder: BindingPlace = { kind: "binding", module, name, binding };
            addTo(this.#holders, keyOf(place), holder);
            addTo(this.#sames, keyOf(place), holder);
          }
        }
      }
    }
  }

  // The binding itself, and all that may hold it.
  #heldBy(place: BindingPlace, holders = this.#holders): Set<string> {
    this.#noteGiven();
    const keys = new Set<string>([keyOf(place)]);
    for (const key of keys) {
      for (const holder of holders.get(key) ?? []) keys.add(keyOf(holder));
    }
    return keys;
  }
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

function nameOf({ by, module }: Change): string {
  return `${by} of ${module.name}`;
}
