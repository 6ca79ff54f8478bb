// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The one "nothing cached" marker, returned by lookups that found nothing. `undefined` and `null` are values that can
 * be cached, so neither can say it.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, NoCache } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * using cache = new CacheDict(undefined, { access: "e" });
 * const found = cache.get("x");
 * assert(found instanceof NoCache);
 * assertEquals(String(found), "<NoCache object>");
 * ```
 */
export class NoCache {
  // A nominal type: without it, every object would be assignable to NoCache.
  #brand = "NoCache";

  /**
   * What the marker prints as.
   *
   * @example Usage
   * ```ts
   * import { type NoCache, CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict(undefined, { access: "e" });
   * assertEquals(`${cache.get("x")}`, "<NoCache object>");
   * ```
   *
   * @returns `<NoCache object>`.
   */
  toString(): string {
    return `<${this.#brand} object>`;
  }

  /** What the marker prints as in `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** What the marker prints as in Node's `util.inspect`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** The marker itself. */
export const NO_CACHE: NoCache = Object.freeze(new NoCache()) as NoCache;
