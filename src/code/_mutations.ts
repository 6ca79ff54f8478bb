// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule } from "./loaded_module.ts";
import { type BindingPlace, keyOf, originOf } from "./_origins.ts";
import { PLATFORM_NAMES } from "./_platform_names.ts";
import type { Unit, Use } from "./unit.ts";

/** Which argument of what a value is. */
type Argument = NonNullable<Use["argument"]>;

/**
 * Tells whether a statement may change something that a name of its module stands for, or may only seem to: it calls a method
 * that changes nothing, or gives the value to a function that only looks at it.
 *
 * @param module The module.
 * @param unit The statement.
 * @param local The name.
 * @returns Whether it may.
 */
export function mayChange(module: LoadedModule, unit: Unit, local: string): boolean {
  const free = unit.free.find(({ name }) => name === local);
  if (free === undefined) return true;
  return free.uses.some(({ form, now, argument, byName }) => {
    if (!now) return form === "write" || form === "mutate";
    switch (form) {
      case "read":
      case "call":
      case "call0":
      case "new":
      case "new0":
        return false;
      case "mutate": {
        const origin = byName ? originOf(module, local) : undefined;
        return origin?.kind !== "binding" || !isOfUsersClass(origin) || changesItself(origin, true);
      }
      case "method": {
        const origin = originOf(module, local);
        return origin?.kind !== "binding" || changesItself(origin, true);
      }
      case "escape":
        return argument === undefined
          ? !callsOnlyCheckpoints(module, unit)
          : keepsArgument(module, argument, new Set());
      default:
        return true;
    }
  });
}

// In `checkpoint(foo)(x)` nobody else is given anything.
function callsOnlyCheckpoints(module: LoadedModule, { free }: Unit): boolean {
  const callees = free.filter(({ uses }) => uses.some(({ now, form }) => now && CALLS.has(form)));
  const isOwn = (name: string): boolean => originOf(module, name)?.kind === "own";
  // Where a function of the platform changes what it is given, the use says so.
  const isPlatform = (name: string): boolean =>
    originOf(module, name) === undefined && PLATFORM_NAMES.has(name);
  return callees.some(({ name }) => isOwn(name)) &&
    free.every(({ name, uses }) => {
      const writes = uses.some(({ form }) => form === "write" || form === "mutate");
      return !writes &&
        (isOwn(name) || isPlatform(name) || !callees.some((each) => each.name === name));
    });
}

const CALLS: ReadonlySet<Use["form"]> = new Set(["call", "call0", "new", "new0", "method"]);

// Whether a function may change an argument, or keep it where somebody else may.
function keepsArgument(
  module: LoadedModule,
  { of, index }: Argument,
  seen: Set<string>,
): boolean {
  const origin = originOf(module, of);
  if (origin?.kind === "own") return false;
  if (origin?.kind !== "binding") return true;
  const key = `${keyOf(origin)}\n${index}`;
  if (seen.has(key)) return false;
  seen.add(key);
  const unit = unitOf(origin);
  if (unit === undefined) return true;
  if (isCheckpoint(origin.module, unit)) return false;
  const parameter = unit.parameters[index];
  if (unit.readsArguments || parameter === undefined || parameter.rest) return true;
  return parameter.uses.some(({ form, argument }) =>
    form !== "read" &&
    (form !== "escape" || argument === undefined ||
      keepsArgument(origin.module, argument, seen))
  );
}

// What a checkpointed function does to its arguments is lost with each hit: it can do nothing that counts.
function isCheckpoint(module: LoadedModule, unit: Unit): boolean {
  return unit.free.some(({ name, uses }) =>
    uses.some(({ now }) => now) && originOf(module, name)?.kind === "own"
  );
}

/**
 * Tells whether what a variable holds may change by itself: by methods that change it, or by functions that have a state.
 *
 * @param place The variable.
 * @param isCalled Whether it, or a method of it, is called: otherwise only what shows in it counts.
 * @returns Whether any code that makes it says so.
 */
export function changesItself(place: BindingPlace, isCalled: boolean): boolean {
  // What a function makes when it is called is not its own.
  if (place.binding.kind === "value" && place.binding.callable) return false;
  return keepsChanging(place, isCalled, new Set());
}

function keepsChanging(place: BindingPlace, isCalled: boolean, seen: Set<string>): boolean {
  const key = keyOf(place);
  if (seen.has(key)) return false;
  seen.add(key);
  const { module, binding } = place;
  const units = makersOf(place);
  if (units === undefined) return true;
  // What methods of an object literal use is theirs; what makes the object may make others that belong to it.
  const isMaker = binding.kind !== "value" || seen.size > 1;
  return units.some((unit) =>
    unit.writesThis || (isCalled && unit.keepsState) || unit.free.some(({ name, uses }) => {
      if (!isMaker && !uses.some(({ now }) => now)) return false;
      const origin = originOf(module, name);
      return origin?.kind === "binding" && keepsChanging(origin, isCalled, seen);
    })
  );
}

// Where there is no initialiser, what is there is put there by statements.
function makersOf({ module, name, binding }: BindingPlace): Unit[] | undefined {
  const codes = binding.code !== undefined ? [binding.code] : (module.summary?.effects ?? [])
    .filter(({ affects }) => affects.includes(name)).map(({ code }) => code);
  const units = codes.map((code) => module.unit(code));
  return units.every((unit) => unit !== undefined) ? units : undefined;
}

/**
 * Tells whether a variable holds an object of a class of the user's own, or a literal, so that what the platform's classes call so is
 * none of its methods.
 *
 * @param place The variable.
 * @returns Whether that is known.
 */
export function isOfUsersClass(place: BindingPlace): boolean {
  return place.binding.kind === "value" && place.binding.index < 0 && isUsersOwn(place, new Set());
}

function isUsersOwn(place: BindingPlace, seen: Set<string>): boolean {
  const key = keyOf(place);
  if (seen.has(key)) return true;
  seen.add(key);
  const { module, binding } = place;
  const isCalled = binding.kind === "function" || (binding.kind === "value" && binding.callable);
  return makersOf(place)?.every((unit) =>
    unit.free.every(({ name, uses }) => {
      // What a function gives may be anything that it makes.
      const origin = originOf(module, name);
      if (origin === undefined && COLLECTIONS.has(name)) return false;
      const runs = uses.filter(({ now, form }) => (now || isCalled) && form !== "read");
      if (runs.length === 0) return true;
      if (origin?.kind === "binding") return isUsersOwn(origin, seen);
      return origin === undefined && !MAKERS.has(name) && PLATFORM_NAMES.has(name) &&
        runs.every(({ form }) => form !== "new" && form !== "new0" && form !== "escape");
    })
  ) ?? false;
}

/** Classes of the platform of which an object may be made, or a class extended. */
const COLLECTIONS: ReadonlySet<string> = new Set(
  "Array FormData Headers Map Set Storage URLSearchParams WeakMap WeakSet".split(" "),
);

/** What makes objects of the platform's classes without \`new\`. */
const MAKERS: ReadonlySet<string> = new Set([
  "Iterator",
  "Map",
  "Object",
  "Reflect",
  "structuredClone",
]);

/**
 * Tells whether static methods of a class change it.
 *
 * @param place The class.
 * @returns Whether any of its own, or of what it extends, does.
 */
export function changesItsClass(place: BindingPlace): boolean {
  const seen = new Set<string>();
  const visit = (at: BindingPlace): boolean => {
    if (seen.has(keyOf(at))) return false;
    seen.add(keyOf(at));
    const unit = unitOf(at);
    if (unit === undefined || unit.writesClass) return true;
    return unit.free.some(({ name, uses }) => {
      const origin = uses.some(({ now }) => now) ? originOf(at.module, name) : undefined;
      return origin?.kind === "binding" && origin.binding.kind === "class" && visit(origin);
    });
  };
  return visit(place);
}

/**
 * Tells whether a function changes its argument.
 *
 * @param module The module in which it is called.
 * @param argument Its name there, and which argument.
 * @returns Whether it is seen to.
 */
export function changesArgument(module: LoadedModule, argument: Argument): boolean {
  return writesArgument(module, argument, new Set());
}

function writesArgument(module: LoadedModule, { of, index }: Argument, seen: Set<string>): boolean {
  const origin = originOf(module, of);
  if (origin?.kind !== "binding") return false;
  const key = `${keyOf(origin)}\n${index}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return unitOf(origin)?.parameters[index]?.uses.some(({ form, path, argument }) =>
    form === "mutate" || (form === "write" && path.length > 0) ||
    (argument !== undefined && writesArgument(origin.module, argument, seen))
  ) ?? false;
}

function unitOf({ module, binding }: BindingPlace): Unit | undefined {
  return binding.code === undefined ? undefined : module.unit(binding.code);
}
