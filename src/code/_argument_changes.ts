// Copyright 2026 the pecapiku authors. MIT license.

import { ANY } from "./_callees.ts";
import type { LoadedModule } from "./loaded_module.ts";
import type { Handed, Taking } from "./module_summary.ts";
import { methodRole } from "./_platform_calls.ts";
import { exportOf, type Origin, originOf } from "./_origins.ts";

/** What a function is looked for by: those of a module, or, without one, of all of them. */
interface Place {
  readonly module?: LoadedModule;
  readonly key: string;
}

/** Something on its way. */
interface Step {
  readonly module: LoadedModule;
  readonly of: string;
  readonly index: number;
  readonly wraps: number;
  readonly onlyLater: boolean;
}

/** How many objects around something are told apart: only a change of unknown depth reaches what has more. */
const MOST_WRAPS = 4;

/** What the functions of a program do to what they are handed. */
export class ArgumentChanges {
  readonly #takings = new Map<string, (readonly [LoadedModule, Taking])[]>();

  /**
   * Goes through what is known of the modules. What is no module of the user's own is taken to change nothing.
   *
   * @param modules The modules.
   */
  constructor(modules: Iterable<LoadedModule>) {
    for (const module of modules) {
      for (const taking of module.summary?.takings ?? []) {
        const list = this.#takings.get(taking.name);
        if (list === undefined) this.#takings.set(taking.name, [[module, taking]]);
        else list.push([module, taking]);
      }
    }
  }

  /**
   * Tells whether something is changed by what it is handed to, later than when the module is loaded.
   *
   * @param module The module that hands it over.
   * @param handed What is handed to what.
   * @returns Whether anything of that name is seen to change it.
   */
  changes(module: LoadedModule, { of, index, wraps, now }: Handed): boolean {
    const seen = new Set<string>();
    const steps: Step[] = [];
    const add = (step: Step) => {
      const key = JSON.stringify([
        step.module.url,
        step.of,
        step.index,
        step.wraps,
        step.onlyLater,
      ]);
      if (seen.has(key)) return;
      seen.add(key);
      steps.push(step);
    };
    add({ module, of, index, wraps: Math.min(wraps, MOST_WRAPS), onlyLater: now });
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      for (const [home, { to, depth, later }] of this.#takingsOf(step)) {
        const onlyLater = step.onlyLater && !later;
        if (to === undefined) {
          if (depth >= step.wraps && !onlyLater) return true;
          continue;
        }
        // Most that is called by the name of a method of the platform is that.
        if (isPlatformMethod(step.of)) continue;
        const deep = Math.min(to.wraps + Math.max(0, step.wraps - depth), MOST_WRAPS);
        add({ module: home, of: to.of, index: to.index, wraps: deep, onlyLater });
      }
    }
    return false;
  }

  *#takingsOf({ module, of, index }: Step): Generator<readonly [LoadedModule, Taking]> {
    for (const place of placesOf(module, of)) {
      for (const found of this.#takings.get(place.key) ?? []) {
        const [home, taking] = found;
        if (place.module !== undefined && place.module !== home) continue;
        if (isThatArgument(taking, index)) yield found;
      }
    }
  }
}

function isPlatformMethod(of: string): boolean {
  return of.includes(".") && methodRole(of.slice(of.lastIndexOf(".") + 1)) !== "unknown";
}

function isThatArgument(taking: Taking, index: number): boolean {
  if (taking.index < 0 || (index < 0 && index !== ANY)) return taking.index === index;
  return index === ANY || taking.index === index || (taking.rest && index > taking.index);
}

function placesOf(module: LoadedModule, of: string): Place[] {
  if (of.startsWith("#") || /#\d+$/.test(of)) return [{ key: of }];
  const isNew = of.startsWith("new:");
  const [root = "", member] = (isNew ? of.slice(4) : of).split(".");
  if (root === "") {
    // Of anything: `".new:C"` for a constructor.
    if (member === undefined) return [];
    // A private name is one of the module.
    return member.startsWith("#") ? [{ module, key: member }] : anywhere(of.slice(1), false);
  }
  const origin = originOf(module, root);
  if (member === undefined) return ofOrigin(origin, isNew);
  switch (origin?.kind) {
    case "namespace":
      return ofOrigin(exportOf(origin.module, member), isNew);
    case "binding":
      return anywhere(member, isNew);
    default:
      return [];
  }
}

function ofOrigin(origin: Origin | undefined, isNew: boolean): Place[] {
  if (origin?.kind !== "binding") return [];
  const { module, name, binding } = origin;
  const places: Place[] = keysFor(name, isNew).map((key) => ({ module, key }));
  // What a variable holds may be a function of any name.
  if (binding.kind === "value" && !binding.callable) places.push(...anywhere(name, isNew));
  return places;
}

function anywhere(name: string, isNew: boolean): Place[] {
  return keysFor(name, isNew).map((key) => ({ key }));
}

// A constructor may be a plain function.
function keysFor(name: string, isNew: boolean): string[] {
  return isNew ? [`new:${name}`, name] : [name];
}
