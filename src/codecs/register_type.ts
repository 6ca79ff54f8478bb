// Copyright 2026 the pecapiku authors. MIT license.

import { kindOf } from "./_kinds.ts";
import { isProxy } from "./_objects.ts";
import { addStoredType, builtInTypeNamed, builtInTypeOf } from "./_stored_types.ts";

/**
 * How the instances of a class are stored.
 *
 * @example Usage
 * ```ts
 * import { registerType, type TypeRegistration } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * class Celsius {
 *   constructor(readonly degrees: number) {}
 * }
 *
 * const registration: TypeRegistration<Celsius, number> = {
 *   name: "weather/Celsius",
 *   encode: (temperature) => temperature.degrees,
 *   decode: (degrees) => new Celsius(degrees),
 * };
 * registerType(Celsius, registration);
 * assertEquals(registration.decode(20).degrees, 20);
 * ```
 *
 * @typeParam T The instances.
 * @typeParam E What is stored instead of them.
 */
export interface TypeRegistration<T extends object, E = unknown> {
  /**
   * The name that is stored with each instance, and by which a reader finds {@linkcode TypeRegistration.decode}. Choose
   * one that stays the same when the class is renamed, and another one when what is stored changes.
   */
  readonly name: string;

  /**
   * Gives what is stored instead of an instance.
   *
   * @param instance The instance.
   * @returns Anything that can be stored itself, other registered instances included, but nothing that leads back to the
   * instance.
   */
  encode(instance: T): E;

  /**
   * Gives an instance back.
   *
   * @param content What `encode` gave, a fresh copy that the instance may keep.
   * @returns An instance of exactly the registered class, equal to the one that was encoded.
   */
  decode(content: E): T;
}

/**
 * Makes the instances of a class cacheable with the codec `"structured"`, also inside other values. It is for exactly this
 * class, not for those that extend it. `URL`, `URLSearchParams`, `Headers`, `DOMException` and the types of `Temporal` need
 * no registration.
 *
 * Register in every program that reads such values, before it reads them: a stored instance whose name isn't registered
 * is not found. To register a name again replaces the former registration, as when a notebook cell runs twice; instances
 * of a class that was replaced can't be stored any more.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, registerType } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * class Point {
 *   constructor(readonly x: number, readonly y: number) {}
 * }
 *
 * registerType(Point, {
 *   name: "example/Point",
 *   encode: ({ x, y }) => [x, y],
 *   decode: ([x, y]) => new Point(x!, y!),
 * });
 *
 * using cache = new CacheDict(undefined, { access: "e" });
 * cache.set("origin", new Point(0, 0));
 * const origin = cache.get("origin");
 * assert(origin instanceof Point);
 * assertEquals(origin.x, 0);
 * ```
 *
 * @typeParam T The instances.
 * @typeParam E What is stored instead of them.
 * @param Class The class.
 * @param registration Its name and the two functions.
 * @throws {TypeError} If `Class` is no class or one that can be cached anyway, if the name is empty or that of a built-in
 * type, or if `encode` or `decode` is no function.
 */
export function registerType<T extends object, E = unknown>(
  Class: abstract new (...args: never[]) => T,
  registration: TypeRegistration<T, E>,
): void {
  const prototype = prototypeOf(Class);
  if (typeof registration !== "object" || registration === null) {
    throw new TypeError(`Cannot register type: no registration was given: ${show(registration)}`);
  }
  const { name, encode, decode } = registration;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`Cannot register type: its name is no text or empty: ${show(name)}`);
  }
  if (builtInTypeNamed(name) !== undefined) {
    throw new TypeError(`Cannot register type: the name belongs to a built-in type: ${show(name)}`);
  }
  if (typeof encode !== "function" || typeof decode !== "function") {
    throw new TypeError(
      `Cannot register type: encode and decode must be functions: ${show(name)}`,
    );
  }
  addStoredType({
    name,
    prototype,
    encode: (instance) => encode.call(registration, instance as T),
    decode: (content) => decode.call(registration, content as E),
  });
}

function prototypeOf(Class: unknown): object {
  const prototype: unknown = typeof Class === "function" ? Class.prototype : undefined;
  if (typeof prototype !== "object" || prototype === null || isProxy(prototype)) {
    throw new TypeError(`Cannot register type: not a class: ${show(Class)}`);
  }
  if (kindOf(prototype) !== undefined || builtInTypeOf(prototype) !== undefined) {
    throw new TypeError(`Cannot register type: it can be cached anyway: ${show(Class)}`);
  }
  return prototype;
}

function show(value: unknown): string {
  return Deno.inspect(value, { depth: 0, colors: false, strAbbreviateSize: 100 });
}
