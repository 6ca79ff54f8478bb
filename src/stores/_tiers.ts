// Copyright 2026 the pecapiku authors. MIT license.

import type {
  AsyncCommitOptions,
  AsyncStore,
  Lease,
  LeaseOptions,
  WaitOptions,
} from "./async_store.ts";
import { Freshness } from "./_freshness.ts";
import type {
  Digest,
  EntryInfo,
  Limits,
  PutChange,
  Store,
  StoreChange,
  StoredValue,
} from "./store.ts";
import { Turns } from "./_turns.ts";

/** How much is asked of the far store at one time. */
const PAGE = 100;

/** A near store before a far one. */
export class Tiers implements AsyncStore {
  readonly isAsync = true;
  readonly #near: Store;
  readonly #far: AsyncStore;
  readonly #nearLimits: Limits | undefined;
  readonly #fresh: Freshness;
  readonly #turns = new Turns();
  #isFailureSaid = false;

  // They are there where the far store has them.
  readonly lease?: (digest: Digest, options: LeaseOptions) => Promise<Lease | undefined>;
  readonly waitFor?: (digest: Digest, options?: WaitOptions) => Promise<void>;

  /**
   * Makes one store of two.
   *
   * @param near The near store.
   * @param far The far store.
   * @param nearTtl For how long what the near store has counts, in milliseconds.
   * @param nearLimits What the near store is kept within.
   * @param now Gives the time, in milliseconds.
   */
  constructor(
    near: Store,
    far: AsyncStore,
    nearTtl: number,
    nearLimits: Limits | undefined,
    now: () => number,
  ) {
    this.#near = near;
    this.#far = far;
    this.#nearLimits = nearLimits;
    this.#fresh = new Freshness(nearTtl, now);
    if (far.lease !== undefined) {
      this.lease = (digest, options) => far.lease!(digest, options);
    }
    if (far.waitFor !== undefined) {
      this.waitFor = (digest, options) => far.waitFor!(digest, options);
    }
  }

  get location(): string {
    return this.#far.location;
  }

  get keepsLimits(): boolean {
    return this.#far.keepsLimits;
  }

  get(digest: Digest): Promise<StoredValue | undefined> {
    return this.#turns.read([digest], async () => {
      if (this.#fresh.has(digest)) {
        const value = this.#atNear(() => this.#near.get(digest));
        if (value !== undefined) return value;
      }
      const before = this.#atNear(() => this.#near.info(digest));
      if (before === undefined || !(before.duration > 0)) return await this.#fetch(digest, before);
      // The same evaluation gave both: it need not be fetched again.
      const info = await this.#far.info(digest);
      if (info !== undefined && isAlike(before, info)) {
        const value = this.#atNear(() => this.#near.get(digest));
        if (value !== undefined && isOf(value, info)) {
          this.#fresh.add(digest);
          return value;
        }
      }
      return await this.#fetch(digest, before);
    });
  }

  getMany(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]> {
    return this.#turns.read(digests, async () => {
      const values = digests.map((digest) =>
        this.#fresh.has(digest) ? this.#atNear(() => this.#near.get(digest)) : undefined
      );
      const wanted = [...new Set(digests.filter((_, at) => values[at] === undefined))];
      if (wanted.length === 0) return values;
      const before = wanted.map((digest) => this.#atNear(() => this.#near.info(digest)));
      const found = await (this.#far.getMany?.(wanted) ??
        Promise.all(wanted.map((digest) => this.#far.get(digest))));
      const infos = await this.#infosOf(wanted, found);
      const places = new Map(wanted.map((digest, at) => [digest, at]));
      const results = digests.map((digest, at) => {
        const place = places.get(digest);
        // Where one is asked for twice, each gets buffers of its own.
        return values[at] ?? (place === undefined ? undefined : copied(found[place]));
      });
      wanted.forEach((digest, at) => this.#fill(digest, found[at], infos[at], before[at]));
      return results;
    });
  }

  info(digest: Digest): Promise<EntryInfo | undefined> {
    return this.#turns.read([digest], async () => {
      const info = this.#fresh.has(digest)
        ? this.#atNear(() => this.#near.info(digest))
        : undefined;
      return info ?? await this.#far.info(digest);
    });
  }

  has(digest: Digest): Promise<boolean> {
    return this.#turns.read([digest], async () => {
      const isNear = this.#fresh.has(digest) && this.#atNear(() => this.#near.has(digest)) === true;
      return isNear || await this.#far.has(digest);
    });
  }

  count(): Promise<number> {
    return this.#turns.list(() => this.#far.count());
  }

  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined> {
    // deno-lint-ignore require-await -- when its turn comes
    const entries = this.#turns.list(async () => ({ iterator: this.#far.entries() }));
    return inTurn(entries);
  }

  // deno-lint-ignore require-await -- an error rejects the promise
  async commit(changes: readonly StoreChange[], options: AsyncCommitOptions = {}): Promise<void> {
    // The bytes are those of the moment, for both stores, also where their turn comes later.
    const kept = changes.map(copiedChange);
    const digests = [...new Set(kept.map(({ digest }) => digest))];
    return this.#turns.write(digests, async () => {
      this.#drop(digests.filter((digest) => this.#atNear(() => this.#near.has(digest)) !== false));
      try {
        await this.#far.commit(kept, options);
      } finally {
        // What has gone to keep the limits is not known here: it may be what was put.
        if (options.limits !== undefined) this.#fresh.clear();
      }
      const isPut = this.#atNear(() => {
        this.#near.commit(kept, { limits: this.#nearLimits });
        return true;
      });
      if (isPut !== true) return this.#drop(digests);
      if (options.limits !== undefined) return;
      for (const digest of digests) this.#fresh.add(digest);
    });
  }

  touch(digest: Digest): void {
    this.#atNear(() => this.#near.touch(digest));
    this.#far.touch(digest);
  }

  async close(): Promise<void> {
    await this.#turns.settled();
    this.#atNear(() => this.#near.close());
    await this.#far.close();
  }

  /** Asks the far store, and keeps what it has in the near one. */
  async #fetch(digest: Digest, before: EntryInfo | undefined): Promise<StoredValue | undefined> {
    const value = await this.#far.get(digest);
    const info = value && await this.#far.info(digest);
    this.#fill(digest, value, info, before);
    return value;
  }

  /** Asks the far store for what is known of the entries that it has: their keys belong into the near one, too. */
  async #infosOf(
    digests: readonly Digest[],
    found: readonly (StoredValue | undefined)[],
  ): Promise<(EntryInfo | undefined)[]> {
    const infos: (EntryInfo | undefined)[] = [];
    for (let from = 0; from < digests.length; from += PAGE) {
      const page = digests.slice(from, from + PAGE).map((digest, at) =>
        found[from + at] && this.#far.info(digest)
      );
      infos.push(...await Promise.all(page));
    }
    return infos;
  }

  #fill(
    digest: Digest,
    value: StoredValue | undefined,
    info: EntryInfo | undefined,
    before: EntryInfo | undefined,
  ): void {
    if (value === undefined || info === undefined) {
      if (before !== undefined) this.#drop([digest]);
      return;
    }
    // Somebody else may have put it between the two questions: then they are about two things.
    if (!isOf(value, info)) return this.#fresh.delete(digest);
    const isFilled = this.#atNear(() => {
      // Another process that shares the near store may have put something newer meanwhile.
      const now = this.#near.info(digest);
      if (!(now === undefined ? before === undefined : before && isAlike(now, before))) {
        return false;
      }
      const { key, functionName, duration } = info;
      const { codec, parts, promised, writtenAt } = value;
      const change: PutChange = {
        type: "put",
        ...{ digest, codec, key, parts, functionName, writtenAt, duration, promised },
      };
      this.#near.commit([change], { limits: this.#nearLimits });
      return true;
    });
    if (isFilled === true) this.#fresh.add(digest);
    else this.#fresh.delete(digest);
  }

  /** Has the near store forget entries. Where it can't, they count for nothing until they were seen to be right. */
  #drop(digests: readonly Digest[]): void {
    for (const digest of digests) this.#fresh.delete(digest);
    if (digests.length === 0) return;
    this.#atNear(() => this.#near.commit(digests.map((digest) => ({ type: "delete", digest }))));
  }

  /** Does something with the near store; `undefined` if it fails, which is said once. */
  #atNear<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!this.#isFailureSaid) {
        this.#isFailureSaid = true;
        const reason = error instanceof Error ? error.message : String(error);
        console.warn(`Cannot use near cache, the far one is asked: ${reason}`);
      }
      return undefined;
    }
  }
}

/** Whether all is the same that is known of two entries, their keys apart. */
function isAlike(one: EntryInfo, other: EntryInfo): boolean {
  return one.writtenAt === other.writtenAt && one.duration === other.duration &&
    one.byteLength === other.byteLength && one.codec === other.codec &&
    one.promised === other.promised && one.functionName === other.functionName;
}

/** Whether a value is that of an entry, as far as can be seen. */
function isOf(value: StoredValue, info: EntryInfo): boolean {
  let byteLength = 0;
  for (const part of value.parts) byteLength += part.byteLength;
  return info.writtenAt === value.writtenAt && info.codec === value.codec &&
    info.promised === value.promised && info.byteLength === byteLength;
}

async function* inTurn(
  entries: Promise<{ readonly iterator: AsyncIterable<EntryInfo> }>,
): AsyncGenerator<EntryInfo, undefined, undefined> {
  yield* (await entries).iterator;
  return undefined;
}

function copied(value: StoredValue | undefined): StoredValue | undefined {
  return value && { ...value, parts: copiedParts(value.parts) };
}

function copiedParts(parts: StoredValue["parts"]): StoredValue["parts"] {
  const [first, ...others] = parts;
  return [new Uint8Array(first), ...others.map((part) => new Uint8Array(part))];
}

function copiedChange(change: StoreChange): StoreChange {
  if (change.type === "delete") return change;
  const key = { kind: change.key.kind, parts: copiedParts(change.key.parts) };
  return { ...change, key, parts: copiedParts(change.parts) };
}
