// Copyright 2026 the pecapiku authors. MIT license.

import type {
  AsyncCommitOptions,
  AsyncStore,
  Lease,
  LeaseOptions,
  WaitOptions,
} from "./async_store.ts";
import { checkChanges, checkOptions } from "./_check_commit.ts";
import { isDigest } from "./_digest_table.ts";
import type { RecordFront } from "./_encoded_record.ts";
import type { RedisClient, Reply } from "./_redis_client.ts";
import {
  chunkLength,
  firstLength,
  FRONT_LENGTH,
  HEAD_LENGTH,
  readFront,
  readHead,
  type RedisHead,
} from "./_redis_entry.ts";
import { stepOf, takeSteps } from "./_redis_changes.ts";
import { RedisLeases } from "./_redis_leases.ts";
import type { RedisLink } from "./_redis_link.ts";
import { digestsIn } from "./_redis_scan.ts";
import type { Digest, EntryInfo, StoreChange, StoredValue } from "./store.ts";

const READING = "Cannot read cache";
const WRITING = "Cannot write cache";

/** How often a lookup begins anew because the entry was put again in the middle of it. */
const MOST_TRIES = 5;

/** How many entries are asked for in one go when all are gone through. */
const PAGE = 200;

/** The entries that a server has under a prefix. */
export class RedisEntries implements Required<AsyncStore> {
  readonly isAsync = true;
  readonly keepsLimits = false;
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #ttl: number;
  readonly #leases: RedisLeases;
  #isDamageSaid = false;
  /** Counts commits, so that what was read ahead can be read again. */
  #commits = 0;

  /**
   * Makes a store. Nothing is connected yet.
   *
   * @param link The link to the server.
   * @param prefix What the names of all keys begin with.
   * @param ttl After how long an entry goes, in milliseconds.
   */
  constructor(link: RedisLink, prefix: string, ttl: number) {
    this.#link = link;
    this.#prefix = prefix;
    this.#ttl = ttl;
    this.#leases = new RedisLeases(link, (digest) => `${this.#keyOf(digest)}:lease`);
  }

  get location(): string {
    return this.#link.location;
  }

  get(digest: Digest): Promise<StoredValue | undefined> {
    if (!isDigest(digest)) return Promise.resolve(undefined);
    return this.#link.run(READING, (client) => this.#find(client, digest));
  }

  async getMany(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]> {
    if (digests.length === 0) return [];
    // What is said to the client at one time goes to the server together.
    return await this.#link.run(
      READING,
      (client) =>
        Promise.all(
          digests.map(async (digest) =>
            isDigest(digest) ? await this.#find(client, digest) : undefined
          ),
        ),
    );
  }

  async info(digest: Digest): Promise<EntryInfo | undefined> {
    if (!isDigest(digest)) return undefined;
    return await this.#link.run(READING, async (client) => {
      const front = await this.#front(client, digest);
      return front?.info;
    });
  }

  /** All but the payload is read and checked; of the payload, only whether it is there. */
  async has(digest: Digest): Promise<boolean> {
    if (!isDigest(digest)) return false;
    return await this.#link.run(READING, async (client) => {
      return await this.#front(client, digest) !== undefined;
    });
  }

  async count(): Promise<number> {
    return (await digestsIn(this.#link, this.#prefix)).size;
  }

  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined> {
    const digests = this.#digestsByTime();
    // Whoever does not go through them is not told of an error either.
    digests.catch(() => {});
    return this.#infos(digests);
  }

  commit(changes: readonly StoreChange[], options: AsyncCommitOptions = {}): Promise<void> {
    try {
      checkChanges(changes);
      checkOptions(options);
      this.#checkLimits(options);
      const life = Math.min(this.#ttl, options.keepFor ?? Infinity);
      if (!(life > 0)) throw new TypeError(`Cannot commit: not a time as keepFor: ${life}`);
      if (changes.length === 0) return Promise.resolve();
      // Now, not later: the bytes are those of the moment.
      const steps = changes.map((change) => stepOf(change, this.#keyOf(change.digest), life));
      return this.#link.run(WRITING, async (client) => {
        await takeSteps(client, steps);
        this.#commits++;
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The server itself sees what is used. */
  touch(_digest: Digest): void {}

  lease(digest: Digest, options: LeaseOptions): Promise<Lease | undefined> {
    return this.#leases.take(digest, options);
  }

  waitFor(digest: Digest, options: WaitOptions = {}): Promise<void> {
    return this.#leases.waitFor(digest, options);
  }

  async close(): Promise<void> {
    this.#leases.close();
    await this.#link.close();
  }

  #keyOf(digest: Digest): string {
    // The braces make all keys of an entry go to one server of a cluster.
    return `${this.#prefix}{${digest}}`;
  }

  #checkLimits({ limits }: AsyncCommitOptions): void {
    for (const name of ["maxEntries", "maxBytes"] as const) {
      if (limits?.[name] === undefined || limits[name] === Infinity) continue;
      throw new TypeError(
        `Cannot commit: the server decides what is evicted, so ${name} can't be kept: ${
          limits[name]
        }`,
      );
    }
  }

  async #find(client: RedisClient, digest: Digest): Promise<StoredValue | undefined> {
    const key = this.#keyOf(digest);
    for (let time = 0; time < MOST_TRIES; time++) {
      let reply: Reply;
      try {
        reply = await client.read(key, ["GET", key]);
      } catch (error) {
        return this.#refused(key, error);
      }
      const bytes = plainBytes(reply);
      if (bytes === undefined) return undefined;
      const head = readHead(bytes);
      if (head === undefined) return this.#damaged(key);
      const entry = head.chunks === 0 ? bytes : await this.#join(client, key, bytes, head);
      if (entry !== undefined) {
        const front = readFront(entry, head, digest);
        const value = typeof front === "object"
          ? front.value(entry.subarray(HEAD_LENGTH + front.frontLength))
          : undefined;
        return value ?? this.#damaged(key);
      }
      // A part is missing: it was evicted, unless another entry has taken the place of this one by now.
      if (!await this.#isReplaced(client, key, head)) return undefined;
    }
    return undefined;
  }

  /** All of an entry; `undefined` if a part is missing. */
  async #join(
    client: RedisClient,
    key: string,
    first: Uint8Array,
    head: RedisHead,
  ): Promise<Uint8Array | undefined> {
    if (first.byteLength !== firstLength(head)) return first;
    const chunks = await Promise.all(
      Array.from({ length: head.chunks }, (_, index) => {
        const name = `${key}:${head.generation}:${index}`;
        return this.#bytesAt(client, key, ["GET", name]);
      }),
    );
    if (chunks.some((chunk, index) => chunk?.byteLength !== chunkLength(head, index))) {
      return undefined;
    }
    const entry = new Uint8Array(HEAD_LENGTH + head.length);
    let at = 0;
    for (const part of [first, ...chunks as Uint8Array[]]) {
      entry.set(part, at);
      at += part.byteLength;
    }
    return entry;
  }

  async #isReplaced(client: RedisClient, key: string, head: RedisHead): Promise<boolean> {
    const command = ["GETRANGE", key, "0", String(HEAD_LENGTH - 1)];
    const bytes = await this.#bytesAt(client, key, command);
    return bytes !== undefined && readHead(bytes)?.generation !== head.generation;
  }

  /** All of an entry but its value, if that is there in its length; `undefined` otherwise. */
  async #front(client: RedisClient, digest: Digest): Promise<RecordFront | undefined> {
    const key = this.#keyOf(digest);
    for (let time = 0, length = FRONT_LENGTH; time < MOST_TRIES; time++) {
      const [bytes, size] = await Promise.all([
        this.#bytesAt(client, key, ["GETRANGE", key, "0", String(length - 1)]),
        this.#sizeAt(client, key, key),
      ]);
      if (bytes === undefined || bytes.byteLength === 0) return undefined;
      const head = readHead(bytes);
      if (head === undefined) return this.#damaged(key);
      // Put again between the two commands, or cut off: it tells the next time.
      if (size !== firstLength(head)) {
        if (await this.#isReplaced(client, key, head)) continue;
        return this.#damaged(key);
      }
      const sizes = await Promise.all(
        Array.from(
          { length: head.chunks },
          (_, index) => this.#sizeAt(client, key, `${key}:${head.generation}:${index}`),
        ),
      );
      if (sizes.some((each, index) => each !== chunkLength(head, index))) {
        if (await this.#isReplaced(client, key, head)) continue;
        return undefined;
      }
      const front = readFront(bytes, head, digest);
      if (typeof front === "object") return front;
      if (front === undefined) return this.#damaged(key);
      // A key as long as that goes on in other keys: then all is read.
      if (front > firstLength(head)) return await this.#longFront(client, digest, key, head);
      length = front;
    }
    return undefined;
  }

  async #longFront(
    client: RedisClient,
    digest: Digest,
    key: string,
    head: RedisHead,
  ): Promise<RecordFront | undefined> {
    const first = await this.#bytesAt(client, key, ["GET", key]);
    if (first === undefined || readHead(first)?.generation !== head.generation) return undefined;
    const entry = await this.#join(client, key, first, head);
    if (entry === undefined) return undefined;
    const front = readFront(entry, head, digest);
    return typeof front === "object" ? front : this.#damaged(key);
  }

  /** The digests of all entries, in the order in which these were written. */
  async #digestsByTime(): Promise<Digest[]> {
    const times = new Map<Digest, number>();
    const digests = [...await digestsIn(this.#link, this.#prefix)];
    for (let at = 0; at < digests.length; at += PAGE) {
      for (const info of await this.#page(digests, at)) {
        if (info !== undefined) times.set(info.digest, info.writtenAt);
      }
    }
    return [...times.keys()].sort((one, other) => times.get(one)! - times.get(other)!);
  }

  #page(digests: readonly Digest[], at: number): Promise<(EntryInfo | undefined)[]> {
    const page = digests.slice(at, at + PAGE);
    return this.#link.run(
      READING,
      (client) =>
        Promise.all(page.map(async (digest) => (await this.#front(client, digest))?.info)),
    );
  }

  async *#infos(
    listed: Promise<Digest[]>,
  ): AsyncGenerator<EntryInfo, undefined, undefined> {
    const digests = await listed;
    let ahead: (EntryInfo | undefined)[] = [];
    let first = 0;
    let commits = this.#commits;
    for (let at = 0; at < digests.length; at++) {
      // What this store has changed since then is seen; what others have, perhaps.
      if (at >= first + ahead.length || commits !== this.#commits) {
        first = at;
        commits = this.#commits;
        ahead = await this.#page(digests, at);
      }
      const info = ahead[at - first];
      if (info !== undefined) yield info;
    }
    return undefined;
  }

  async #bytesAt(
    client: RedisClient,
    key: string,
    command: readonly string[],
  ): Promise<Uint8Array | undefined> {
    let reply: Reply;
    try {
      reply = await client.read(key, command);
    } catch (error) {
      return this.#refused(key, error);
    }
    return plainBytes(reply);
  }

  async #sizeAt(client: RedisClient, key: string, name: string): Promise<number> {
    let reply: Reply;
    try {
      reply = await client.read(key, ["STRLEN", name]);
    } catch (error) {
      return this.#refused(key, error) ?? -1;
    }
    return typeof reply === "number" ? reply : -1;
  }

  /** What is of another type than a text is as good as damaged. */
  #refused(key: string, error: unknown): undefined {
    // The first word of such a reply is a code.
    if (!(error instanceof Error && error.message.startsWith("WRONGTYPE "))) throw error;
    return this.#damaged(key);
  }

  #damaged(key: string): undefined {
    if (this.#isDamageSaid) return;
    this.#isDamageSaid = true;
    console.warn(
      `Found what is no undamaged entry, it counts as not cached: ${key}: ${this.location}`,
    );
  }
}

/** Gives a reply as a plain array of the same bytes: a slice of a `Buffer` would be no copy. */
function plainBytes(reply: Reply): Uint8Array | undefined {
  return reply instanceof Uint8Array
    ? new Uint8Array(reply.buffer, reply.byteOffset, reply.byteLength)
    : undefined;
}
