// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import { NO_CACHE } from "../no_cache.ts";
import { type Dictionary, inspectDictionary } from "./_dictionary.ts";

type Inspect = (value: unknown, options?: Deno.InspectOptions) => string;

/** A dictionary as a `Map`. What it inherits is empty: every member looks into the dictionary. */
export class CacheDictMap<V> extends Map<unknown, V> {
  readonly #dictionary: Dictionary;

  constructor(dictionary: Dictionary) {
    super();
    this.#dictionary = dictionary;
  }

  // Maps that methods of `Map` would derive from this one are ordinary maps.
  static override get [Symbol.species](): MapConstructor {
    return Map;
  }

  override get size(): number {
    return this.#dictionary.size;
  }

  override get(key: unknown): V | undefined {
    const found = this.#dictionary.get(key);
    return found === NO_CACHE ? undefined : found as V;
  }

  override set(key: unknown, value: V): this {
    this.#dictionary.set(key, value);
    return this;
  }

  override has(key: unknown): boolean {
    return this.#dictionary.has(key);
  }

  override delete(key: unknown): boolean {
    return this.#dictionary.delete(key);
  }

  override clear(): void {
    this.#dictionary.clear();
  }

  override getOrInsert(key: unknown, value: V): V {
    return this.#dictionary.getOrInsertComputed(key, () => value) as V;
  }

  override getOrInsertComputed<K>(key: K, compute: (key: K) => V): V {
    return this.#dictionary.getOrInsertComputed(key, compute) as V;
  }

  override keys(): MapIterator<unknown> {
    return this.#dictionary.keys();
  }

  override values(): MapIterator<V> {
    return this.#dictionary.values() as MapIterator<V>;
  }

  override entries(): MapIterator<[unknown, V]> {
    return this.#dictionary.pairs() as MapIterator<[unknown, V]>;
  }

  override [Symbol.iterator](): MapIterator<[unknown, V]> {
    return this.entries();
  }

  override forEach(
    callback: (value: V, key: unknown, map: Map<unknown, V>) => void,
    thisArg?: unknown,
  ): void {
    if (typeof callback !== "function") {
      throw new TypeError(`Cannot go through map: not a function: ${show(callback)}`);
    }
    this.#dictionary.forEach((value, key) => callback.call(thisArg, value as V, key, this));
  }

  [Symbol.for("Deno.customInspect")](inspect: Inspect, options: Deno.InspectOptions): string {
    return inspectDictionary("Map", this.#dictionary, inspect, options);
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: Deno.InspectOptions,
    inspect: Inspect,
  ): string {
    return inspectDictionary("Map", this.#dictionary, inspect, options);
  }
}
