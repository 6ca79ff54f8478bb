// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec } from "../codecs/codec.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { previewArguments } from "../keys/_preview.ts";
import { digestCall } from "../keys/digest_call.ts";
import type { KeyOptions } from "../keys/key_options.ts";
import type { StoredKey } from "../stores/store.ts";
import type { CallKeys, Located } from "./cache_plan.ts";
import { callKeyText, encodeKey, locateKey } from "./own_key.ts";

/** What makes a key of a call: it has the arguments and the `this` of the call. */
export type InnerKey = (this: unknown, ...args: unknown[]) => unknown;

/** Keys made of the function's name, its arguments and, for a method, `this`. */
export class ArgumentKeys implements CallKeys {
  readonly #name: string;
  readonly #source: string | undefined;
  readonly #isMethod: boolean;
  readonly #options: KeyOptions;

  /**
   * Makes the keys of a function.
   *
   * @param name The function's name.
   * @param source The function's source, if it is to count.
   * @param isMethod Whether `this` counts at every call, not only where it is an instance.
   * @param options How keys are digested.
   */
  constructor(name: string, source: string | undefined, isMethod: boolean, options: KeyOptions) {
    this.#name = name;
    this.#source = source;
    this.#isMethod = isMethod;
    this.#options = options;
  }

  locate(self: unknown, args: readonly unknown[]): Located {
    const name = this.#name;
    const source = this.#source;
    const counts = this.#isMethod || (self !== undefined && isInstance(self));
    const digest = digestCall(
      counts
        ? source === undefined
          ? { name, self: { value: self }, args }
          : { name, source, self: { value: self }, args }
        : source === undefined
        ? { name, args }
        : { name, source, args },
      this.#options,
    );
    return { digest, key: digest };
  }

  describe(_located: Located, args: readonly unknown[]): StoredKey {
    return callKeyText(this.#name, previewArguments(args));
  }
}

/** Keys that a callable makes of each call. */
export class InnerKeys implements CallKeys {
  readonly #name: string;
  readonly #innerKey: InnerKey;
  readonly #codec: Codec;
  readonly #options: KeyOptions;

  /**
   * Makes the keys of a function.
   *
   * @param name The function's name.
   * @param innerKey What makes the key of a call.
   * @param codec What encodes the keys.
   * @param options How keys are digested.
   */
  constructor(name: string, innerKey: InnerKey, codec: Codec, options: KeyOptions) {
    this.#name = name;
    this.#innerKey = innerKey;
    this.#codec = codec;
    this.#options = options;
  }

  locate(self: unknown, args: readonly unknown[]): Located {
    let key: unknown;
    try {
      key = Reflect.apply(this.#innerKey, self, args);
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : "it threw";
      throw new UncacheableKeyError(`Cannot make innerKey of ${this.#name || "call"}: ${reason}`, {
        cause,
      });
    }
    return locateKey(key, this.#options);
  }

  describe(located: Located): StoredKey {
    return encodeKey(located.key, this.#codec);
  }
}

/** One key for all calls. It is digested when a call needs it, and once only if nobody can change it. */
export class ConstantKey implements CallKeys {
  readonly #key: unknown;
  readonly #codec: Codec;
  readonly #options: KeyOptions;
  #located: Located | undefined;

  /**
   * Makes the keys of a function.
   *
   * @param key The key.
   * @param codec What encodes the key.
   * @param options How keys are digested.
   */
  constructor(key: unknown, codec: Codec, options: KeyOptions) {
    this.#key = key;
    this.#codec = codec;
    this.#options = options;
  }

  locate(): Located {
    if (this.#located !== undefined) return this.#located;
    const located = locateKey(this.#key, this.#options);
    const changeable = typeof this.#key === "object" && this.#key !== null;
    if (!changeable) this.#located = located;
    return located;
  }

  describe(located: Located): StoredKey {
    return encodeKey(located.key, this.#codec);
  }
}

/**
 * Tells whether the `this` of a call is an instance, whose fields the result may depend on. A namespace, an options bag
 * and the global object are not: `math.square(2)` is the call `square(2)`.
 *
 * @param self The `this` of the call.
 * @returns Whether it counts.
 */
function isInstance(self: unknown): boolean {
  if (self === null || self === undefined || self === globalThis) return false;
  const prototype = Object.getPrototypeOf(self);
  return prototype !== null && prototype !== Object.prototype;
}
