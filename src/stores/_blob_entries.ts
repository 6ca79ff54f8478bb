// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import type { AsyncCommitOptions, AsyncStore } from "./async_store.ts";
import type { Blob, BlobPlace } from "./_blob_place.ts";
import { NO_BYTES } from "./_blob_place.ts";
import { checkChanges, checkOptions } from "./_check_commit.ts";
import { isDigest } from "./_digest_table.ts";
import {
  encodeEntry,
  FRONT_LENGTH,
  HEAD_LENGTH,
  newGeneration,
  readFront,
  readHead,
} from "./_redis_entry.ts";
import type { RecordFront } from "./_encoded_record.ts";
import type { Digest, EntryInfo, StoreChange, StoredValue } from "./store.ts";
import { Turns } from "./_turns.ts";

const READING = "Cannot read cache";
const WRITING = "Cannot write cache";
const LISTING = "Cannot list cache";

/** How much is asked for at one time. */
const MOST_AT_ONCE = 16;

/** How often a look at an entry begins anew because it was put again in the middle of it. */
const MOST_TRIES = 5;

type Step<T> = (signal: AbortSignal) => Promise<T>;

/** A store with one blob for each entry, wherever blobs can be kept. */
export class BlobEntries implements AsyncStore {
  readonly isAsync = true;
  readonly keepsLimits = false;
  readonly #place: BlobPlace;
  readonly #timeout: number;
  readonly #turns = new Turns();
  #isDamageSaid = false;
  /** Counts commits, so that what was listed before can be looked at again. */
  #commits = 0;

  /**
   * Makes a store.
   *
   * @param place Where blobs are kept.
   * @param timeout How long a call may take, in milliseconds.
   */
  constructor(place: BlobPlace, timeout: number) {
    this.#place = place;
    this.#timeout = timeout;
  }

  get location(): string {
    return this.#place.location;
  }

  async get(digest: Digest): Promise<StoredValue | undefined> {
    if (!isDigest(digest)) return undefined;
    return await this.#inTime(
      READING,
      (signal) =>
        this.#turns.read(
          [digest],
          async () => this.#valueIn(digest, await this.#place.read(digest, signal)),
        ),
    );
  }

  async getMany(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]> {
    const wanted = [...new Set(digests.filter(isDigest))];
    if (wanted.length === 0) return digests.map(() => undefined);
    const found = new Map<Digest, Uint8Array | typeof NO_BYTES | undefined>();
    await this.#inTime(READING, (signal) =>
      this.#turns.read(wanted, async () => {
        if (this.#place.readMany !== undefined) {
          const blobs = await this.#place.readMany(wanted, signal);
          wanted.forEach((digest, at) => found.set(digest, blobs[at]));
          return;
        }
        await severalAtOnce(wanted, async (digest) => {
          found.set(digest, await this.#place.read(digest, signal));
        });
      }));
    // Each its own copy, also where one is asked for twice.
    return digests.map((digest) => this.#valueIn(digest, found.get(digest)));
  }

  async info(digest: Digest): Promise<EntryInfo | undefined> {
    if (!isDigest(digest)) return undefined;
    return await this.#inTime(
      READING,
      (signal) => this.#turns.read([digest], async () => (await this.#front(digest, signal))?.info),
    );
  }

  async has(digest: Digest): Promise<boolean> {
    return await this.info(digest) !== undefined;
  }

  async count(): Promise<number> {
    const digests = await this.#inTime(
      LISTING,
      (signal) => this.#turns.list(() => this.#place.list(signal)),
    );
    return digests.length;
  }

  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined> {
    const listed = this.#inTime(
      LISTING,
      (signal) => this.#turns.list(() => this.#place.list(signal)),
    );
    // Whoever does not go through them is not told of an error either.
    listed.catch(() => {});
    return this.#infos(listed, this.#commits);
  }

  commit(changes: readonly StoreChange[], options: AsyncCommitOptions = {}): Promise<void> {
    try {
      checkChanges(changes);
      checkOptions(options);
      this.#checkLimits(options);
      const { keepFor = Infinity } = options;
      if (!(keepFor > 0)) throw new TypeError(`Cannot commit: not a time as keepFor: ${keepFor}`);
      // Of several changes to one entry, the last one counts. The bytes are those of the moment.
      const last = new Map(changes.map((change) => [change.digest, change]));
      const blobs = [...last.values()].map((change) =>
        [change.digest, blobOf(change, keepFor)] as const
      );
      if (blobs.length === 0) return Promise.resolve();
      return this.#write(blobs);
    } catch (error) {
      // There is not enough memory for the bytes.
      return Promise.reject(error instanceof RangeError ? this.#error(WRITING, error) : error);
    }
  }

  /** Nothing here goes because it was not used. */
  touch(_digest: Digest): void {}

  async close(): Promise<void> {
    await this.#inTime("Cannot close cache", () => this.#turns.settled());
  }

  #checkLimits({ limits }: AsyncCommitOptions): void {
    for (const name of ["maxEntries", "maxBytes"] as const) {
      if (limits?.[name] === undefined || limits[name] === Infinity) continue;
      throw new TypeError(
        `Cannot commit: nothing is evicted in this store, so ${name} can't be kept: ${
          limits[name]
        }`,
      );
    }
  }

  #write(blobs: readonly (readonly [Digest, Blob | undefined])[]): Promise<void> {
    this.#commits++;
    return this.#inTime(WRITING, (signal) =>
      this.#turns.write(
        blobs.map(([digest]) => digest),
        () =>
          severalAtOnce(blobs, async ([digest, blob]) => {
            signal.throwIfAborted();
            if (blob === undefined) await this.#place.remove(digest, signal);
            else await this.#place.write(blob, signal);
          }),
      ));
  }

  #valueIn(
    digest: Digest,
    bytes: Uint8Array | typeof NO_BYTES | undefined,
  ): StoredValue | undefined {
    if (bytes === undefined) return undefined;
    const front = bytes === NO_BYTES ? undefined : frontIn(digest, bytes, bytes.byteLength);
    return typeof front === "object"
      ? front.value((bytes as Uint8Array).subarray(HEAD_LENGTH + front.frontLength)) ??
        this.#damaged(digest)
      : this.#damaged(digest);
  }

  /** All of an entry but its value, of which it is checked that it is there. Where all is read anyway, all is checked. */
  async #front(digest: Digest, signal: AbortSignal): Promise<RecordFront | undefined> {
    if (this.#place.readFront === undefined) {
      const bytes = await this.#place.read(digest, signal);
      if (this.#valueIn(digest, bytes) === undefined) return undefined;
      return frontIn(digest, bytes as Uint8Array, (bytes as Uint8Array).byteLength) as RecordFront;
    }
    for (let time = 0, length = FRONT_LENGTH; time < MOST_TRIES; time++) {
      const found = await this.#place.readFront(digest, length, signal);
      if (found === undefined) return undefined;
      const front = frontIn(digest, found.bytes, found.total);
      if (front === undefined) return this.#damaged(digest);
      if (typeof front === "object") return front;
      length = front;
    }
    return undefined;
  }

  async *#infos(
    listed: Promise<Digest[]>,
    commitsBefore: number,
  ): AsyncGenerator<EntryInfo, undefined, undefined> {
    const infos: EntryInfo[] = [];
    await severalAtOnce(await listed, async (digest) => {
      const info = await this.info(digest);
      if (info !== undefined) infos.push(info);
    });
    infos.sort((one, other) => one.writtenAt - other.writtenAt);
    for (const info of infos) {
      // What this store has changed since then is seen; what others have, perhaps.
      const now = commitsBefore === this.#commits ? info : await this.info(info.digest);
      if (now !== undefined) yield now;
    }
    return undefined;
  }

  /** Waits for a step for as long as it may take. The step keeps its turn until it has really ended. */
  async #inTime<T>(action: string, step: Step<T>): Promise<T> {
    const giveUp = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`not done within ${this.#timeout} ms`);
        reject(error);
        giveUp.abort(error);
      }, this.#timeout);
    });
    try {
      return await Promise.race([step(giveUp.signal), late]);
    } catch (cause) {
      throw cause instanceof CacheError ? cause : this.#error(action, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  #error(action: string, cause: unknown): CacheError {
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    return new CacheError(`${action}: ${this.location}: ${reason}`, {
      filePath: this.location,
      cause,
    });
  }

  #damaged(digest: Digest): undefined {
    if (this.#isDamageSaid) return;
    this.#isDamageSaid = true;
    console.warn(
      `Found what is no undamaged entry, it counts as not cached: ${
        this.#place.nameOf(digest)
      }: ${this.location}`,
    );
  }
}

function blobOf(change: StoreChange, keepFor: number): Blob | undefined {
  if (change.type === "delete") return undefined;
  const { head: bytes } = encodeEntry(change, newGeneration(), Infinity);
  return { digest: change.digest, bytes, writtenAt: change.writtenAt, keepFor };
}

/**
 * Reads the front of an entry that is in one blob.
 *
 * @param digest The digest that it must have.
 * @param bytes The blob, or the beginning of it.
 * @param total The length of the whole blob, in bytes.
 * @returns The front; how many bytes are needed for it, if there are too few; `undefined` if it is damaged.
 */
export function frontIn(
  digest: Digest,
  bytes: Uint8Array,
  total: number,
): RecordFront | number | undefined {
  const head = readHead(bytes, Infinity);
  if (head === undefined || total !== HEAD_LENGTH + head.length) return undefined;
  return readFront(bytes, head, digest);
}

/** Does something with each of many, with several at one time. After an error, no other is begun. */
async function severalAtOnce<T>(
  items: readonly T[],
  step: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    while (next < items.length && failure === undefined) {
      try {
        await step(items[next++]!);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, items.length) }, work));
  if (failure !== undefined) throw failure.error;
}
