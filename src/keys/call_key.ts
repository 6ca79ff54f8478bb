// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a dictionary shows as the key of an entry that a decorated function stored: the arguments themselves are not kept.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, CallKey } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * using cache = new CacheDict(undefined, { access: "e" });
 * assertEquals([...cache.keys()].some((key) => key instanceof CallKey), false);
 * const key = new CallKey("add", "9f86d0…", "1, 2");
 * assert(`${key}`.startsWith("add(1, 2)"));
 * ```
 */
export class CallKey {
  /** The function's name. */
  readonly name: string;
  /** The digest of the call: 64 lowercase hexadecimal digits. */
  readonly digest: string;
  /** The arguments as text, for people; at most 1 KiB of UTF-8. */
  readonly preview: string;

  /**
   * Makes the key of a call.
   *
   * @example Usage
   * ```ts
   * import { CallKey } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new CallKey("add", "9f86d0…", "1, 2").preview, "1, 2");
   * ```
   *
   * @param name The function's name.
   * @param digest The digest of the call.
   * @param preview The arguments as text.
   */
  constructor(name: string, digest: string, preview: string) {
    this.name = name;
    this.digest = digest;
    this.preview = preview;
    Object.freeze(this);
  }

  /**
   * The call as it was written, and the beginning of its digest.
   *
   * @example Usage
   * ```ts
   * import { CallKey } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
   * assertEquals(new CallKey("add", digest, "1, 2").toString(), "add(1, 2) [9f86d081]");
   * ```
   *
   * @returns Such as `add(1, 2) [9f86d081]`.
   */
  toString(): string {
    return `${this.name}(${this.preview}) [${this.digest.slice(0, 8)}]`;
  }

  /** What the key prints as in `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return `CallKey ${this}`;
  }

  /** What the key prints as in Node's `util.inspect`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `CallKey ${this}`;
  }
}
