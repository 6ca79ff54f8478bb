// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import { assertTimeout } from "./_assert_timeout.ts";
import { BlobEntries } from "./_blob_entries.ts";
import { type Blob, type BlobPlace, NO_BYTES } from "./_blob_place.ts";
import type { Digest } from "./store.ts";

const DEFAULT_TIMEOUT = 30_000;

/** The longest time to live that engines are told, in milliseconds: some 3,000 years. What is longer is none. */
const LONGEST_LIFE = 1e14;

/**
 * What {@linkcode fromKeyv} uses of a `Keyv`.
 *
 * @example Usage
 * ```ts
 * import type { KeyvLike } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const namespaceOf = (keyv: KeyvLike) => keyv.namespace;
 * assertEquals(typeof namespaceOf, "function");
 * ```
 */
export interface KeyvLike {
  /** Whether what fails in the engine is thrown. It has to be. */
  readonly throwOnErrors: boolean;
  /** What its keys are kept apart by. */
  readonly namespace?: string | undefined;
  /** Gives a value. */
  get(key: string): Promise<unknown>;
  /** Gives many values. */
  getMany(keys: string[]): Promise<unknown[]>;
  /** Sets a value, with a time to live in milliseconds. */
  set(key: string, value: unknown, ttl?: number): Promise<boolean>;
  /** Removes a value. */
  delete(key: string): Promise<boolean>;
  /** Goes through all keys and values, where the engine can do that. */
  iterator?: ((argument?: unknown) => AsyncIterable<[string, unknown]>) | undefined;
}

/**
 * How {@linkcode fromKeyv} keeps entries.
 *
 * @example Usage
 * ```ts
 * import type { FromKeyvOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: FromKeyvOptions = { timeout: 2000 };
 * assertEquals(options.timeout, 2000);
 * ```
 */
export interface FromKeyvOptions {
  /**
   * How long a call takes at the most, in milliseconds. Then it fails, and what it does to an entry has to end before
   * anything else is done to that.
   *
   * @default {30000}
   */
  readonly timeout?: number | undefined;
}

/**
 * Makes a store of a `Keyv` of version 5, over any of its engines.
 *
 * Each entry is one text, its bytes in base64 (that is what all engines take), under its digest as the key, in the namespace of
 * the `Keyv`. A checksum is over all of it: what is damaged or somebody else's counts as not there, and the store warns once on the
 * console. Several changes of a commit are made one by one. `info`, `has` and each step of `entries` read the whole value. `count`
 * and `entries` fail for engines that can't be gone through. Nothing is evicted: a commit that is to keep `maxEntries` or
 * `maxBytes` is refused with a `TypeError`; `keepFor` is the time to live. Closing the store leaves the `Keyv` connected.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { fromKeyv } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 * import Keyv from "npm:keyv@5.6.0";
 *
 * const keyv = new Keyv({ namespace: "results", throwOnErrors: true }); // in memory, or any engine
 * await using cache = new AsyncCacheDict<number>({ store: fromKeyv(keyv) });
 * await cache.set("answer", 42);
 * assertEquals(await cache.get("answer"), 42);
 * ```
 *
 * @param keyv The `Keyv`, which stays yours. It has to be made with `throwOnErrors: true`: otherwise it does not tell that something
 * could not be removed.
 * @param options How calls are made.
 * @returns The store.
 * @throws {TypeError} If it is no `Keyv`, does not throw on errors, or an option is not what it may be.
 */
export function fromKeyv(keyv: KeyvLike, options: FromKeyvOptions = {}): AsyncStore {
  const methods = ["get", "getMany", "set", "delete"];
  const isKeyv = typeof keyv === "object" && keyv !== null &&
    methods.every((name) => typeof Reflect.get(keyv, name) === "function");
  if (!isKeyv) throw new TypeError(`Cannot set keyv: expected a Keyv: ${show(keyv)}`);
  if (keyv.throwOnErrors !== true) {
    throw new TypeError(
      `Cannot set keyv: expected one that is made with throwOnErrors: ${show(keyv.throwOnErrors)}`,
    );
  }
  const { timeout = DEFAULT_TIMEOUT } = options;
  assertTimeout(timeout);
  return new BlobEntries(new KeyvPlace(keyv), timeout);
}

class KeyvPlace implements BlobPlace {
  readonly #keyv: KeyvLike;

  constructor(keyv: KeyvLike) {
    this.#keyv = keyv;
  }

  get location(): string {
    return `keyv:${this.#keyv.namespace ?? ""}`;
  }

  nameOf(digest: Digest): string {
    return digest;
  }

  async read(digest: Digest): Promise<Uint8Array | typeof NO_BYTES | undefined> {
    return bytesIn(await this.#keyv.get(digest));
  }

  async readMany(digests: Digest[]): Promise<(Uint8Array | typeof NO_BYTES | undefined)[]> {
    const values = await this.#keyv.getMany(digests);
    if (values.length !== digests.length) throw new Error("Keyv gave another number of values");
    return values.map(bytesIn);
  }

  async write({ digest, bytes, keepFor }: Blob): Promise<void> {
    const ttl = Math.ceil(keepFor);
    const isSet = await this.#keyv.set(
      digest,
      bytes.toBase64(),
      ...(ttl <= LONGEST_LIFE ? [ttl] : []),
    );
    if (isSet === false) throw new Error("Keyv could not set the value");
  }

  async remove(digest: Digest): Promise<void> {
    await this.#keyv.delete(digest);
  }

  async list(): Promise<Digest[]> {
    if (typeof this.#keyv.iterator !== "function") {
      throw new Error("this engine of Keyv can't be gone through");
    }
    const digests = new Set<Digest>();
    for await (const [key] of this.#keyv.iterator()) {
      if (/^[0-9a-f]{64}$/.test(key)) digests.add(key);
    }
    return [...digests];
  }
}

function bytesIn(value: unknown): Uint8Array | typeof NO_BYTES | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") return NO_BYTES;
  try {
    return Uint8Array.fromBase64(value);
  } catch {
    return NO_BYTES;
  }
}
