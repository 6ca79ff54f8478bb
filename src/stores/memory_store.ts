// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { checkChanges, checkOptions } from "./_check_commit.ts";
import { Eviction, tooLargeMessage } from "./_eviction.ts";
import type { StoreStats, StoreTotals } from "./store_stats.ts";
import { NO_TOTALS } from "./_tally.ts";
import type {
  CommitOptions,
  Digest,
  EntryInfo,
  Limits,
  Parts,
  PutChange,
  Store,
  StoreChange,
  StoredKey,
  StoredValue,
} from "./store.ts";

/** What an entry takes beside its value and its key, about, in bytes. */
const ENTRY_OVERHEAD = 256;

interface Entry {
  readonly value: StoredValue;
  readonly info: EntryInfo;
  /** What the entry takes, in bytes. */
  readonly bytes: number;
  /** When it was last put or touched: a number that grows with each use. */
  used: number;
}

/**
 * A {@linkcode Store} in memory: for tests, for results that need not outlive the process, and with limits as a cache
 * of what is used most. It goes with the object; nobody else sees what is in it. Bytes are copied on their way in, so
 * that nobody can change them later.
 *
 * For the limit `maxBytes`, an entry counts with its value, its key, and 256 bytes for the rest. There is no medium to
 * wait for: `sync` makes no difference. No permission is needed.
 *
 * @example Usage
 * ```ts
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new MemoryStore();
 * const digest = "5".repeat(64);
 * store.commit([{
 *   type: "put",
 *   digest,
 *   codec: "structured",
 *   key: { kind: "value", parts: [new TextEncoder().encode('"answer"')] },
 *   parts: [new TextEncoder().encode("42")],
 *   functionName: "",
 *   writtenAt: Date.now(),
 *   duration: 0,
 *   promised: false,
 * }]);
 *
 * assertEquals(new TextDecoder().decode(store.get(digest)?.parts[0]), "42");
 * ```
 */
export class MemoryStore implements Store {
  readonly #entries = new Map<Digest, Entry>();
  #uses = 0;
  /** Made by the first commit with limits. */
  #eviction: Eviction | undefined;
  #isTooLargeSaid = false;
  #bytes = 0;
  #evictions = 0;

  /**
   * Where the store is, for messages: `"memory"`.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().location, "memory");
   * ```
   */
  get location(): string {
    return "memory";
  }

  /**
   * How many entries there are.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().size, 0);
   * ```
   */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Looks an entry up.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().get("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   */
  get(digest: Digest): StoredValue | undefined {
    const value = this.#entries.get(digest)?.value;
    // The first part is not for the caller to change; what else there is, is.
    return value === undefined || value.parts.length === 1
      ? value
      : { ...value, parts: withFreshParts(value.parts) };
  }

  /**
   * Tells whether an entry is there.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assert } from "@std/assert";
   *
   * assert(!new MemoryStore().has("0".repeat(64)));
   * ```
   *
   * @param digest The digest to look for.
   * @returns Whether {@linkcode MemoryStore.get} would find something.
   */
  has(digest: Digest): boolean {
    return this.#entries.has(digest);
  }

  /**
   * Tells what is known of an entry but its value.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().info("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is known, or `undefined` if there is no such entry.
   */
  info(digest: Digest): EntryInfo | undefined {
    const info = this.#entries.get(digest)?.info;
    return info === undefined || info.key.parts.length === 1
      ? info
      : { ...info, key: { ...info.key, parts: withFreshParts(info.key.parts) } };
  }

  /**
   * Goes through the entries, without their values, in the order in which their digests were first put.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals([...new MemoryStore().entries()], []);
   * ```
   *
   * @returns An iterator over the entries at the time of the call; those that are removed until their turn are left
   * out.
   */
  entries(): IterableIterator<EntryInfo> {
    return this.#infos([...this.#entries.keys()]);
  }

  /**
   * Makes all the changes or none of them.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new MemoryStore();
   * store.commit([{ type: "delete", digest: "5".repeat(64) }], { limits: { maxEntries: 100 } });
   * assertEquals(store.size, 0);
   * ```
   *
   * @param changes What to do, in order.
   * @param options Limits to keep.
   * @throws {TypeError} If a digest, the name of a codec or a limit can't be one.
   * @throws {CacheError} If there is not enough memory: the store is then as before.
   */
  commit(changes: readonly StoreChange[], options: CommitOptions = {}): void {
    checkChanges(changes);
    checkOptions(options);
    // Before anything is changed: where there is no memory for all of them, there is none of them.
    const entries = this.#copy(changes);
    if (options.limits !== undefined) this.#eviction ??= this.#makeEviction();
    for (let index = 0; index < changes.length; index++) {
      const { digest } = changes[index]!;
      const entry = entries[index];
      this.#bytes += (entry?.bytes ?? 0) - (this.#entries.get(digest)?.bytes ?? 0);
      if (entry === undefined) {
        this.#entries.delete(digest);
        this.#eviction?.remove(digest);
      } else {
        entry.used = ++this.#uses;
        this.#entries.set(digest, entry);
        this.#eviction?.put(digest, entry.info.functionName, entry.bytes, entry.info.writtenAt);
      }
    }
    if (options.limits !== undefined) this.#evict(options.limits);
  }

  /**
   * Notes that an entry is used, so that limits spare it for longer.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new MemoryStore();
   * store.touch("5".repeat(64));
   * assertEquals(store.size, 0);
   * ```
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void {
    const entry = this.#entries.get(digest);
    if (entry === undefined) return;
    entry.used = ++this.#uses;
    this.#eviction?.touch(digest);
  }

  /**
   * How many entries limits have removed.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().evictions, 0);
   * ```
   */
  get evictions(): number {
    return this.#evictions;
  }

  /**
   * Tells how much room the entries take, as it counts for `maxBytes`. No totals go with the store: nobody has used it before this
   * process.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new MemoryStore().stats().bytes, 0);
   * ```
   *
   * @returns What is known.
   */
  stats(): StoreStats & { readonly totals: StoreTotals } {
    return { bytes: this.#bytes, bytesLive: this.#bytes, bytesDead: 0, totals: NO_TOTALS };
  }

  /**
   * Does nothing: there is nothing to let go of, and what was committed stays.
   *
   * @example Usage
   * ```ts
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new MemoryStore();
   * store.close();
   * assertEquals(store.size, 0);
   * ```
   */
  close(): void {}

  *#infos(digests: readonly Digest[]): IterableIterator<EntryInfo> {
    for (const digest of digests) {
      const info = this.info(digest);
      if (info !== undefined) yield info;
    }
  }

  #copy(changes: readonly StoreChange[]): (Entry | undefined)[] {
    try {
      return changes.map((change) => change.type === "put" ? toEntry(change) : undefined);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new CacheError(`Cannot write cache: ${cause.message}: ${this.location}`, { cause });
    }
  }

  #makeEviction(): Eviction {
    const eviction = new Eviction();
    const byUse = [...this.#entries].sort(([, one], [, other]) => one.used - other.used);
    for (const [digest, { info, bytes }] of byUse) {
      eviction.put(digest, info.functionName, bytes, info.writtenAt);
    }
    return eviction;
  }

  #evict(limits: Limits): void {
    const { digests, tooLarge } = this.#eviction!.evict(limits);
    for (const digest of digests) {
      this.#bytes -= this.#entries.get(digest)!.bytes;
      this.#entries.delete(digest);
    }
    this.#evictions += digests.length;
    if (tooLarge === undefined || this.#isTooLargeSaid) return;
    this.#isTooLargeSaid = true;
    console.warn(tooLargeMessage(tooLarge, limits, this.location));
  }
}

function toEntry(change: PutChange): Entry {
  const { digest, codec, functionName, writtenAt, duration, promised } = change;
  const parts = copied(change.parts);
  const key: StoredKey = { kind: change.key.kind, parts: copied(change.key.parts) };
  const byteLength = lengthOf(parts);
  return {
    value: { codec, parts, promised, writtenAt, duration },
    info: { digest, codec, key, functionName, writtenAt, duration, promised, byteLength },
    bytes: byteLength + lengthOf(key.parts) + ENTRY_OVERHEAD,
    used: 0,
  };
}

function copied(parts: Parts): Parts {
  return parts.map((part) => new Uint8Array(part)) as unknown as Parts;
}

function withFreshParts([first, ...others]: Parts): Parts {
  return [first, ...others.map((part) => new Uint8Array(part))];
}

function lengthOf(parts: Parts): number {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  return length;
}
