// Copyright 2026 the pecapiku authors. MIT license.

import { builtInTypeNamed, builtInTypeOf } from "./_built_in_types.ts";
import { isProxy } from "./_slots.ts";
import type { StoredType } from "./_stored_type.ts";

const byPrototype = new Map<object, StoredType>();
const byName = new Map<string, StoredType>();

/**
 * Registers a type, over another one of the same name or class.
 *
 * @param type The type.
 */
export function addStoredType(type: StoredType): void {
  const former = byName.get(type.name);
  // What comes back under the name is of the new class from now on, so the former can't be stored any more.
  if (former !== undefined && byPrototype.get(former.prototype) === former) {
    byPrototype.delete(former.prototype);
  }
  byName.set(type.name, type);
  byPrototype.set(type.prototype, type);
}

/**
 * Finds the type of an object by its prototype.
 *
 * @param prototype The object's prototype.
 * @returns The type, or `undefined` if there is none for exactly this prototype.
 */
export function storedTypeOf(prototype: object): StoredType | undefined {
  const type = byPrototype.get(prototype);
  if (type !== undefined) return type;
  return isProxy(prototype) ? undefined : builtInTypeOf(prototype);
}

/**
 * Finds a type by the name that was stored.
 *
 * @param name The name.
 * @returns The type, or `undefined` if none is registered.
 */
export function storedTypeNamed(name: string): StoredType | undefined {
  return byName.get(name) ?? builtInTypeNamed(name);
}
