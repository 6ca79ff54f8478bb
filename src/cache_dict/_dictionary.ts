// Copyright 2026 the pecapiku authors. MIT license.

import { Commits, forgetAtUnload, saveAtUnload } from "../access/_commits.ts";
import { Counter } from "../access/_counting.ts";
import { figures, streamEntries } from "../access/_deferred.ts";
import {
  copyParts,
  decodeKey,
  decodeStored,
  encodeKey,
  locateKey,
  storedForm,
  warnUndecodable,
} from "../access/_entries.ts";
import type { Rights } from "../access/cache_access.ts";
import { report, type Storage, type StorePlace } from "../access/storage_options.ts";
import { encodeParts } from "../codecs/encode_parts.ts";
import { isStreamName } from "../codecs/resolve_codec.ts";
import { show } from "../_show.ts";
import type { Shown, ShownEntry } from "../display/entries.ts";
import { addErrorContext, CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
import { CallKey } from "../keys/call_key.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { Compaction, Digest, PutChange } from "../stores/store.ts";
import { Content, type ContentEntry, type ContentValue } from "./_content.ts";

/** The longest encoded value that is decoded to be shown, in bytes. */
const LONGEST_SHOWN = 64 * 1024;

const READING = "Cannot read cache";
const SETTING = "Cannot set value";

/** A dictionary in terms of keys and values: what a `CacheDict` and its `Map` both are views of. */
export class Dictionary {
  readonly #place: StorePlace;
  readonly #rights: Rights;
  readonly #storage: Storage;
  readonly #writeThrough: boolean;
  readonly #counter: Counter;
  readonly #commits: Commits;
  readonly #content: Content;
  #isClosed = false;
  /** Whether the last commit failed with an error that was thrown. */
  #hasThrown = false;

  /**
   * Makes a dictionary. Nothing is opened yet.
   *
   * @param place Where the entries are.
   * @param rights What may be done with them.
   * @param storage How they are stored.
   * @param writeThrough Whether each change is committed at once.
   */
  constructor(place: StorePlace, rights: Rights, storage: Storage, writeThrough: boolean) {
    this.#place = place;
    this.#rights = rights;
    this.#storage = storage;
    this.#writeThrough = writeThrough;
    this.#counter = new Counter(place, rights, storage, "");
    this.#commits = new Commits(place, rights, storage, [{ bounds: storage }], this.#counter);
    this.#content = new Content(place, rights, storage, this.#commits);
  }

  /** Whether the block was left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Where the entries are. */
  get location(): string {
    return this.#place.location;
  }

  /** How many entries there are. */
  get size(): number {
    this.#assertOpen();
    return this.#guard(READING, 0, {}, () => this.#content.size);
  }

  /** Gives a value, or the marker for none. */
  get(key: unknown): unknown {
    this.#assertOpen();
    return this.#guard(READING, NO_CACHE, { key }, () => {
      const { digest } = locateKey(key, this.#storage.keys);
      const found = this.#content.find(digest);
      const value = this.#decode(digest, found);
      if (found === undefined || value === NO_CACHE) {
        this.#counter.miss();
        return NO_CACHE;
      }
      this.#counter.hit(found.duration);
      this.#content.use(digest);
      return value;
    });
  }

  /** Tells whether there is an entry. */
  has(key: unknown): boolean {
    this.#assertOpen();
    return this.#guard(READING, false, { key }, () => {
      return this.#content.has(locateKey(key, this.#storage.keys).digest);
    });
  }

  /** Sets a value, which is encoded at once. */
  set(key: unknown, value: unknown): void {
    this.#set(key, value, 0, { key });
  }

  /** Looks a value up, and computes and sets one if there is none. */
  getOrInsertComputed<K>(key: K, compute: (key: K) => unknown): unknown {
    if (typeof compute !== "function") {
      throw new TypeError(`Cannot compute value: not a function: ${show(compute)}`);
    }
    const found = this.get(key);
    if (found !== NO_CACHE) return found;
    const started = performance.now();
    const value = compute(key);
    this.#set(key, value, performance.now() - started, { key, value });
    return value;
  }

  /** Removes an entry, and tells whether there was one. */
  delete(key: unknown): boolean {
    this.#assertOpen();
    const seen = this.#guard("Cannot delete from cache", false, { key }, () => {
      return this.#content.remove(locateKey(key, this.#storage.keys).digest);
    });
    this.#changed({ key });
    return seen;
  }

  /** Removes all entries. */
  clear(): void {
    this.#assertOpen();
    this.#guard("Cannot clear cache", undefined, {}, () => this.#content.clear());
    this.#changed({});
  }

  /** Goes through the keys. */
  *keys(): Generator<unknown, undefined, unknown> {
    for (const entry of this.#entries()) {
      const key = this.#keyOf(entry);
      if (key !== NO_CACHE) yield key;
    }
    return undefined;
  }

  /** Goes through the values. */
  *values(): Generator<unknown, undefined, unknown> {
    for (const [, value] of this.pairs()) yield value;
    return undefined;
  }

  /** Goes through the keys and values. */
  *pairs(): Generator<[key: unknown, value: unknown], undefined, unknown> {
    for (const entry of this.#entries()) {
      const key = this.#keyOf(entry);
      if (key === NO_CACHE) continue;
      const value = this.#guard(READING, NO_CACHE, {}, () => this.#valueAt(entry.digest));
      if (value !== NO_CACHE) yield [key, value];
    }
    return undefined;
  }

  /** The first entries, for people to look at: nothing of it counts as a use. */
  shownEntries(most: number): ShownEntry[] {
    const now = this.#storage.now();
    return this.#entries().take(most).map((entry): ShownEntry => ({
      key: () => {
        const key = decodeKey(entry, this.#storage.codec);
        return key instanceof CallKey ? { text: `${key.name}(${key.preview})` } : { value: key };
      },
      value: () => this.#shownValue(entry),
      bytes: lengthOf(entry),
      age: now - entry.writtenAt,
      functionName: entry.functionName,
    })).toArray();
  }

  /** Calls a function for each entry. */
  forEach(callback: (value: unknown, key: unknown) => void): void {
    for (const [key, value] of this.pairs()) callback(value, key);
  }

  /** Commits what is pending. */
  flush(): void {
    this.#assertOpen();
    this.#commitAll();
  }

  /** Gives back room in the store. What is pending stays pending. */
  compact(): Compaction {
    this.#assertOpen();
    if (this.#rights.write) return this.#commits.compact();
    const filePath = this.#place.location;
    const access = JSON.stringify(this.#rights.text);
    throw new CacheError(
      `Cannot compact cache: the access ${access} does not grant "w": ${filePath}`,
      { filePath },
    );
  }

  /** Tells what became of look-ups, and what the store is like. */
  stats(): CacheStats {
    const tell = (reads: boolean) => figures.statsOf(this.#counter, this.#place, reads);
    const { read } = this.#rights;
    return this.#guard(READING, undefined, {}, () => tell(read)) ?? tell(false);
  }

  /** Commits what is pending, and ends. If the commit is refused with an error, the dictionary stays open. */
  close(): void {
    if (this.#isClosed) return;
    this.#commitAll();
    this.#isClosed = true;
    this.#content.forget();
    forgetAtUnload(this);
  }

  /** Commits what is pending when the process unloads. Of an error that was thrown before, nobody has to be told again. */
  saveAtUnload(): void {
    const hasThrown = this.#hasThrown;
    try {
      this.#commit({});
    } catch (error) {
      if (!hasThrown) throw error;
    }
  }

  #set(key: unknown, value: unknown, duration: number, context: CacheErrorOptions): void {
    this.#assertOpen();
    const { keys } = this.#storage;
    const digest = this.#guard(SETTING, undefined, context, () => locateKey(key, keys).digest);
    if (digest === undefined) return;
    try {
      this.#content.put(encodeChange(digest, key, value, duration, this.#storage));
    } catch (error) {
      this.#fail(SETTING, error, context);
      // Whoever goes on after a refusal must not find what was there before and take it for what was set.
      this.#guard(SETTING, false, context, () => this.#content.remove(digest));
    }
    this.#changed(context);
  }

  *#entries(): Generator<ContentEntry, undefined, unknown> {
    const iterator = this.#content.entries();
    while (true) {
      this.#assertOpen();
      const next = this.#guard(READING, undefined, {}, () => iterator.next());
      if (next === undefined || next.done) return undefined;
      yield next.value;
    }
  }

  #changed(context: CacheErrorOptions): void {
    if (!this.#content.isDirty) return;
    saveAtUnload(this);
    if (!this.#writeThrough) return;
    try {
      this.#commit(context);
    } catch (error) {
      // A change that threw was not made; tried again, it would throw once more when the block is left.
      this.#content.takeBack();
      forgetAtUnload(this);
      throw error;
    }
  }

  #commitAll(): void {
    this.#commit({});
    // Where the changes could not be written, neither can this.
    if (!this.#content.isDirty) this.#commits.writeUses();
  }

  #commit(context: CacheErrorOptions): void {
    if (!this.#content.isDirty) return;
    try {
      this.#content.commit();
      this.#hasThrown = false;
      forgetAtUnload(this);
    } catch (error) {
      this.#hasThrown = this.#storage.onError === "raise";
      this.#fail("Cannot write cache", error, context);
    }
  }

  #shownValue(entry: ContentEntry): Shown {
    // Its chunks may be many, and long.
    if (isStreamName(entry.codec)) return { text: "(a stream)" };
    if (lengthOf(entry) > LONGEST_SHOWN) return { text: "(too long to be shown)" };
    const value = this.#valueAt(entry.digest);
    return value === NO_CACHE ? { text: "(unreadable)" } : { value };
  }

  #valueAt(digest: Digest): unknown {
    return this.#decode(digest, this.#content.find(digest));
  }

  #decode(digest: Digest, found: ContentValue | undefined): unknown {
    if (found === undefined) return NO_CACHE;
    const { codec } = this.#storage;
    if (isStreamName(found.codec)) {
      return streamEntries.readChunks(this.#place.store, digest, found, codec) ?? NO_CACHE;
    }
    return decodeStored(found.parts, found.codec, codec, this.#place.location);
  }

  #keyOf(entry: ContentEntry): unknown {
    try {
      return decodeKey(entry, this.#storage.codec);
    } catch (error) {
      warnUndecodable(
        this.#place.location,
        error instanceof Error ? error.message : String(error),
      );
      return NO_CACHE;
    }
  }

  #guard<T>(action: string, fallback: T, context: CacheErrorOptions, body: () => T): T {
    try {
      return body();
    } catch (error) {
      this.#fail(action, error, context);
      return fallback;
    }
  }

  #fail(action: string, error: unknown, context: CacheErrorOptions): void {
    const filePath = this.#place.location;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
    const failure = error instanceof CacheError
      ? error
      : new CacheError(`${action}: ${filePath}: ${reason}`, { cause: error });
    report(addErrorContext(failure, { filePath, ...context }), this.#storage.onError);
  }

  #assertOpen(): void {
    if (!this.#isClosed) return;
    throw new CacheError(`Cannot use cache: its block has been left: ${this.#place.location}`, {
      filePath: this.#place.location,
    });
  }
}

/** The length of the encoded value of an entry. */
function lengthOf(entry: ContentEntry): number {
  if ("byteLength" in entry) return entry.byteLength;
  return entry.parts.reduce((sum, part) => sum + part.byteLength, 0);
}

/**
 * Encodes what a dictionary is to hold.
 *
 * @param digest The digest of the key.
 * @param key The key.
 * @param value The value.
 * @param duration How long it took to compute it, in milliseconds.
 * @param storage How it is stored.
 * @returns The change, whose bytes belong to nobody else.
 * @throws {UncacheableKeyError} If the codec could not give the key back.
 * @throws {UncacheableValueError} If the codec could not give the value back.
 */
export function encodeChange(
  digest: Digest,
  key: unknown,
  value: unknown,
  duration: number,
  storage: Storage,
): PutChange {
  const { codec, now } = storage;
  const storedKey = encodeKey(key, codec);
  const encoded = encodeParts(codec, value);
  const { codec: name, parts } = storedForm(encoded, storage);
  return {
    type: "put",
    digest,
    codec: name,
    key: storedKey,
    functionName: "",
    writtenAt: now(),
    duration,
    promised: false,
    // A copy: what is pending must not change with the value.
    parts: parts === encoded ? copyParts(parts) : parts,
  };
}

// What Deno prints of a collection unless it is told otherwise.
const SHOWN = 100;

/**
 * Prints a dictionary as a `Map` of the same content prints. Printing never throws: it is what people do to find out what
 * is wrong.
 *
 * @param name The name to print.
 * @param dictionary The dictionary.
 * @param inspect What prints values.
 * @param options How to print.
 * @returns The text.
 */
export function inspectDictionary(
  name: string,
  dictionary: Dictionary,
  inspect: (value: unknown, options?: Deno.InspectOptions) => string,
  options: Deno.InspectOptions,
): string {
  if (dictionary.isClosed) return `${name} { <left> }`;
  try {
    const shown = new Map<unknown, unknown>();
    const most = options?.iterableLimit ?? SHOWN;
    for (const [key, value] of dictionary.pairs()) {
      if (shown.size >= most) break;
      shown.set(key, value);
    }
    const rest = dictionary.size - shown.size;
    // Only their number shows: decoding them all would take as long as the file is large.
    if (shown.size >= most) { for (let i = 0; i < rest; i++) shown.set(Symbol(), undefined); }
    return inspect(shown, options).replace(/^Map(?=\()/, name);
  } catch (error) {
    return `${name} { <${error instanceof Error ? error.message : "unreadable"}> }`;
  }
}
