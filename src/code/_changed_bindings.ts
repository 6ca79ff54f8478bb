// Copyright 2026 the pecapiku authors. MIT license.

import type { Changes } from "./_changes.ts";
import type { LoadedModule } from "./loaded_module.ts";
import { changesArgument, changesItsClass, changesItself } from "./_mutations.ts";
import { type BindingPlace, originOf } from "./_origins.ts";
import type { Use } from "./unit.ts";

/** Ways to use a value by which a function runs. */
const CALLS: ReadonlySet<Use["form"]> = new Set(["call", "call0", "new", "new0", "method"]);

/**
 * Lists what may change a binding, or what is in it, at a time that can't be known.
 *
 * @param place The binding.
 * @param uses How it is used.
 * @param changes What is done to the modules' names.
 * @returns What changes it, for people.
 */
export function* changesOf(
  place: BindingPlace,
  uses: readonly Use[],
  changes: Changes,
): Generator<string, void> {
  const { name, module, binding } = place;
  const changer = changes.changedBy(place);
  const isOnlyCalled = binding.kind === "function" &&
    uses.every(({ form }) => form === "call" || form === "call0");
  if (changer !== undefined && !isOnlyCalled) yield `${name}, which ${changer} changes`;
  // A method of the user's own may have the name of one that is known to change nothing.
  const isLookedInto = uses.some(({ path }) => path.length > 0);
  // What is handed to a function may be called there.
  const isCalled = uses.some(({ form, argument }) => CALLS.has(form) || argument !== undefined) ||
    changes.methodsCalledBy(place) !== undefined;
  if (!isLookedInto && !isCalled) return;
  if (binding.kind === "value" && changesItself(place, isCalled)) {
    yield `${name}, which changes by itself when it is used (${module.name})`;
  } else if (binding.kind === "class" && isLookedInto && changesItsClass(place)) {
    yield `${name}, which static methods of it change (${module.name})`;
  }
}

/**
 * Lists the functions that a variable is handed to and that change it: then it is not what its module says.
 *
 * @param place The variable.
 * @param name What it is called where it is used.
 * @param uses How it is used.
 * @param module Where.
 * @returns What changes it, for people.
 */
export function* handOversOf(
  { binding }: BindingPlace,
  name: string,
  uses: readonly Use[],
  module: LoadedModule,
): Generator<string, void> {
  if (binding.kind === "value" && binding.primitive) return;
  for (const { argument, form } of uses) {
    if (form !== "escape" || argument === undefined) continue;
    // What is only done when the module is loaded is a part of the code.
    const { of, index } = argument;
    const isLater = module.summary?.handed?.some((each) =>
      each.name === name && each.of === of && each.index === index && !each.now
    );
    if (!isLater) continue;
    const taker = originOf(module, argument.of);
    if (taker?.kind === "binding" && changesArgument(module, argument)) {
      yield `${name}, which ${argument.of} changes`;
    }
  }
}
