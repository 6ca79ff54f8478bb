// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import { copyParts } from "../access/_entries.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { encodeParts } from "../codecs/encode_parts.ts";
import { structured } from "../codecs/structured.ts";
import { CheckpointNotExist } from "../errors/checkpoint_not_exist.ts";
import type { Parts } from "../stores/store.ts";
import type { Cache } from "./cache.ts";
import type { ContextId } from "./function_call_identifier.ts";

/**
 * Keeps the results that were used last, in memory. They are copied: each hit gives a fresh value.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, DecoratorCheckpoint, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache(1000));
 * const square = cached((x: number) => x * x);
 * assertEquals([square(3), square(3)], [9, 9]);
 * ```
 */
export class InMemoryLruCache implements Cache<ContextId> {
  readonly #maxSize: number;
  /** In the order of their last use. */
  readonly #entries = new Map<ContextId, Parts>();

  /**
   * Makes an empty cache.
   *
   * @example Usage
   * ```ts
   * import { InMemoryLruCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new InMemoryLruCache(10).size, 0);
   * ```
   *
   * @param maxSize How many results are kept at the most; `Infinity` is no bound.
   * @throws {TypeError} If it is no positive integer.
   */
  constructor(maxSize: number = 128) {
    if (maxSize !== Infinity && !(Number.isSafeInteger(maxSize) && maxSize > 0)) {
      throw new TypeError(`Cannot set maxSize: expected a positive integer: ${show(maxSize)}`);
    }
    this.#maxSize = maxSize;
  }

  /**
   * How many results there are.
   *
   * @example Usage
   * ```ts
   * import { InMemoryLruCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new InMemoryLruCache();
   * cache.save("x", 1);
   * assertEquals(cache.size, 1);
   * ```
   */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Looks a result up.
   *
   * @example Usage
   * ```ts
   * import { InMemoryLruCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new InMemoryLruCache();
   * cache.save("x", [1]);
   * assertEquals(cache.retrieve("x"), [1]);
   * ```
   *
   * @param id What stands for the call.
   * @returns A fresh value.
   * @throws {CheckpointNotExist} If nothing is cached.
   */
  retrieve(id: ContextId): unknown {
    const parts = this.#entries.get(id);
    if (parts === undefined) {
      throw new CheckpointNotExist(`Cannot retrieve result: nothing is cached: ${id}`, { key: id });
    }
    this.#entries.delete(id);
    this.#entries.set(id, parts);
    return decodeParts(structured, copyParts(parts));
  }

  /**
   * Keeps a copy of a result. Where there are too many, that which was not used for the longest time goes.
   *
   * @example Usage
   * ```ts
   * import { CheckpointNotExist, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
   * import { assertThrows } from "@std/assert";
   *
   * const cache = new InMemoryLruCache(1);
   * cache.save("x", 1);
   * cache.save("y", 2);
   * assertThrows(() => cache.retrieve("x"), CheckpointNotExist);
   * ```
   *
   * @param id What stands for the call.
   * @param value The result.
   * @throws {UncacheableValueError} If it could not be given back equal. What was kept before is then gone.
   */
  save(id: ContextId, value: unknown): void {
    this.#entries.delete(id);
    this.#entries.set(id, copyParts(encodeParts(structured, value)));
    if (this.#entries.size <= this.#maxSize) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}
