// Copyright 2026 the pecapiku authors. MIT license.

import type { FunctionCounts, StoreStats } from "./store_stats.ts";

/**
 * A SHA-256 digest: 64 lowercase hexadecimal digits.
 *
 * @example Usage
 * ```ts
 * import type { Digest } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const digest: Digest = "0".repeat(64);
 * assertEquals(digest.length, 64);
 * ```
 */
export type Digest = string;

/**
 * What a codec made of a value: first its own bytes, then any number of large buffers that it left out of them. A store
 * writes them one after another and gives them back apart: the first may be a view of memory that the store keeps (do
 * not change it), each later one owns its whole `ArrayBuffer`, which is shared with nobody.
 *
 * @example Usage
 * ```ts
 * import type { Parts } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const parts: Parts = [new TextEncoder().encode("[0]"), new Uint8Array(80_000)];
 * assertEquals(parts.length, 2);
 * ```
 */
export type Parts = readonly [Uint8Array, ...Uint8Array[]];

/**
 * The key a person used, kept with its entry so that people can look into a file.
 *
 * @example Usage
 * ```ts
 * import type { StoredKey } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const text = JSON.stringify({ name: "f", preview: "1, 2" });
 * const key: StoredKey = { kind: "call", parts: [new TextEncoder().encode(text)] };
 * assertEquals(key.parts.length, 1);
 * ```
 */
export interface StoredKey {
  /** `"value"`: `parts` is the key in the entry's codec. `"call"`: `parts` is one JSON text in UTF-8, `{ name, preview }`, or, of an entry that belongs to another one, `{ part, of, … }`. */
  readonly kind: "value" | "call";
  /** The encoded key. */
  readonly parts: Parts;
}

/**
 * An entry without its value.
 *
 * @example Usage
 * ```ts
 * import { type EntryInfo, LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const infos: EntryInfo[] = [...new LogStore("/tmp/none.cache").entries()];
 * assertEquals(infos.map((info) => info.functionName), []);
 * ```
 */
export interface EntryInfo {
  /** The digest the entry is found by. */
  readonly digest: Digest;
  /** The name of the codec that encoded the value (and a key of kind `"value"`). */
  readonly codec: string;
  /** The key as it was set. */
  readonly key: StoredKey;
  /** The name of the function that gave the value; `""` if none did. */
  readonly functionName: string;
  /** When the entry was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** How long the evaluation took, in milliseconds; `0` if there was none. */
  readonly duration: number;
  /** Whether the function gave the value in a promise. */
  readonly promised: boolean;
  /** The length of the encoded value, in bytes. */
  readonly byteLength: number;
}

/**
 * What a lookup found.
 *
 * @example Usage
 * ```ts
 * import { LogStore, type StoredValue } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const value: StoredValue | undefined = new LogStore("/tmp/none.cache").get("0".repeat(64));
 * assertEquals(value, undefined);
 * ```
 */
export interface StoredValue {
  /** The name of the codec that encoded the value. */
  readonly codec: string;
  /** The encoded value. */
  readonly parts: Parts;
  /** Whether the function gave the value in a promise. */
  readonly promised: boolean;
  /** When the entry was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** How long the evaluation took, in milliseconds; `0` if there was none. */
  readonly duration: number;
}

/**
 * Sets an entry, over one of the same digest if there is one.
 *
 * @example Usage
 * ```ts
 * import { LogStore, type PutChange } from "@pecapiku/cache/stores";
 * import { assert } from "@std/assert";
 *
 * const change: PutChange = {
 *   type: "put",
 *   digest: "5".repeat(64),
 *   codec: "structured",
 *   key: { kind: "value", parts: [new Uint8Array(1)] },
 *   parts: [new Uint8Array(1)],
 *   functionName: "",
 *   writtenAt: Date.now(),
 *   duration: 0,
 *   promised: false,
 * };
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * store.commit([change]);
 * assert(store.has(change.digest));
 * ```
 */
export interface PutChange extends Omit<EntryInfo, "byteLength"> {
  /** What the change does. */
  readonly type: "put";
  /** The encoded value. */
  readonly parts: Parts;
}

/**
 * Removes an entry; nothing happens if there is none.
 *
 * @example Usage
 * ```ts
 * import { type DeleteChange, LogStore } from "@pecapiku/cache/stores";
 * import { assert } from "@std/assert";
 *
 * const change: DeleteChange = { type: "delete", digest: "5".repeat(64) };
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * store.commit([change]);
 * assert(!store.has(change.digest));
 * ```
 */
export interface DeleteChange {
  /** What the change does. */
  readonly type: "delete";
  /** The digest of the entry to remove. */
  readonly digest: Digest;
}

/**
 * One step of a commit.
 *
 * @example Usage
 * ```ts
 * import type { StoreChange } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const digests = ["5".repeat(64), "7".repeat(64)];
 * const changes: StoreChange[] = digests.map((digest) => ({ type: "delete", digest }));
 * assertEquals(changes.length, 2);
 * ```
 */
export type StoreChange = PutChange | DeleteChange;

/**
 * What a commit keeps a group of entries within: what is too much goes in the same step. The group is all entries, or
 * those of one function.
 *
 * The first commit with limits goes through all entries once, so that the store knows who was used when; what that costs
 * grows with their number, in time and in memory. Later ones cost the same at any size.
 *
 * @example Usage
 * ```ts
 * import type { Limits } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const limits: Limits = { functionName: "load", maxEntries: 1_000, maxBytes: 50_000_000 };
 * assertEquals(limits.maxEntries, 1_000);
 * ```
 */
export interface Limits {
  /**
   * The group: the entries that have this function's name.
   *
   * @default {All entries of the store}
   */
  readonly functionName?: string | undefined;
  /**
   * How many entries the group may have. Those that were used least recently go first; to write an entry is to use it, too.
   *
   * @default {Infinity}
   */
  readonly maxEntries?: number | undefined;
  /**
   * How many bytes the group's entries may take in the store, with their keys. Those that were used least recently go first. An
   * entry that takes more by itself is not kept, and no other goes for it.
   *
   * @default {Infinity}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Entries of the group that were written before this time go, in milliseconds since the epoch.
   *
   * @default {-Infinity}
   */
  readonly writtenSince?: number | undefined;
}

/**
 * How a commit is made.
 *
 * @example Usage
 * ```ts
 * import { type CommitOptions, MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: CommitOptions = { limits: { maxEntries: 100 } };
 * const store = new MemoryStore();
 * store.commit([], options);
 * assertEquals(store.size, 0);
 * ```
 */
export interface CommitOptions {
  /**
   * What to keep a group of entries within.
   *
   * @default {No limits}
   */
  readonly limits?: Limits | undefined;
  /**
   * Whether the commit is on the medium before it returns (`"commit"`), or is left to the operating system to write, so that a
   * power cut may lose it (`"none"`). A sync costs some milliseconds on most disks. What exactly is promised is in
   * `docs/durability.md`.
   *
   * @default {"none"}
   */
  readonly sync?: Sync | undefined;
}

/**
 * When a store makes sure that a commit is on the medium: `"none"` leaves it to the operating system, `"commit"` waits for
 * it at each commit.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import type { Sync } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const sync: Sync = "commit";
 * using cache = new CacheDict(Deno.makeTempDirSync() + "/a.cache", { sync });
 * assertEquals(cache.size, 0);
 * ```
 */
export type Sync = "none" | "commit";

/**
 * Where entries live, in terms of digests and bytes. A store knows nothing of keys or values: it gives back the bytes
 * that it was given, checked, or nothing. What other processes have committed is seen by the next call.
 *
 * @example Usage
 * ```ts
 * import { LogStore, type Store } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * function count(store: Store): number {
 *   return [...store.entries()].length;
 * }
 * assertEquals(count(new LogStore("/tmp/none.cache")), 0);
 * ```
 */
export interface Store {
  /** Where the store is, for messages: the absolute path of the file. */
  readonly location: string;

  /** How many entries there are. Some may turn out to be damaged when they are read. */
  readonly size: number;

  /**
   * Looks an entry up. A damaged entry is not there; the store warns once on the console.
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   */
  get(digest: Digest): StoredValue | undefined;

  /**
   * Tells what is known of an entry but its value, which need not be read for it.
   *
   * @param digest The digest to look for.
   * @returns What is known, or `undefined` if there is no such entry.
   */
  info(digest: Digest): EntryInfo | undefined;

  /**
   * Tells whether {@linkcode get} would find something.
   *
   * @param digest The digest to look for.
   * @returns Whether an undamaged entry is there.
   */
  has(digest: Digest): boolean;

  /**
   * Goes through the entries, without their values, in the order in which their digests were first put. (A store that can't
   * know that order says so, and goes by the time of writing.)
   *
   * @returns An iterator over the entries at the time of the call; those that are removed until their turn are left out.
   */
  entries(): IterableIterator<EntryInfo>;

  /**
   * Makes all the changes or none of them: a reader and a crash see no state in between. (A store that can't do that for
   * several changes says so.) What was noted by {@linkcode touch} is written with them, before them.
   *
   * @param changes What to do, in order. There may be none.
   * @param options Limits to keep, and when to wait for the medium.
   */
  commit(changes: readonly StoreChange[], options?: CommitOptions): void;

  /**
   * Notes that an entry is used, so that limits spare it for longer. The note is kept in memory, and written by the next
   * commit, also one without changes. Of an entry that is not there, nothing is noted.
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void;

  /**
   * Gives back the room of what was overwritten and deleted. A store that has no need of that does not have the method.
   *
   * @returns How many bytes the store took before and takes now.
   */
  compact?(): Compaction;

  /**
   * How many entries limits have removed through this object, those included that a commit put and did not keep. A store that
   * does not count them does not have it.
   */
  readonly evictions?: number | undefined;

  /**
   * Tells how much room the store takes, and what was counted in all. A store that knows nothing of that does not have the method.
   *
   * @returns What is known.
   */
  stats?(): StoreStats;

  /**
   * Notes what was counted, to be added to the store's totals. The note is kept in memory, and written by the next commit that has
   * something else to write. A store that keeps no totals does not have the method.
   *
   * @param counts What was counted since the last call.
   */
  count?(counts: readonly FunctionCounts[]): void;

  /**
   * Writes what {@linkcode count} was told, if that can be done at once; it is called when the process ends. It waits for nobody, creates
   * nothing, and never throws: what can't be written is dropped.
   *
   * @returns Whether nothing is left to be written.
   */
  saveCounts?(): boolean;

  /** Lets go of what the store holds open. The next call opens it again. */
  close(): void;
}

/**
 * What a compaction did.
 *
 * @example Usage
 * ```ts
 * import { type Compaction, LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * const compaction: Compaction = store.compact();
 * assertEquals(compaction, { bytesBefore: 0, bytesAfter: 0 });
 * ```
 */
export interface Compaction {
  /** How many bytes the store took before. */
  readonly bytesBefore: number;
  /** How many bytes it takes now. */
  readonly bytesAfter: number;
}
