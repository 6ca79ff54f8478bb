// Copyright 2026 the pecapiku authors. MIT license.

import { deriveDigest } from "../keys/derive_digest.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Digest, PutChange, Store, StoredKey } from "../stores/store.ts";
import type { Located, Sample } from "./cache_plan.ts";
import type { StorePlace } from "./storage_options.ts";

/**
 * What an entry may be that belongs to another one: the error that a call threw, one of several results of a call but the first,
 * a chunk of a stream, or what is known of the runs that gave chunks.
 */
export type PartName = "error" | "sample" | "chunk" | "runs";

/** An entry that belongs to another one, and is not shown as one of its own. */
export interface EntryPart {
  /** What it is. */
  readonly part: PartName;
  /** The digest of the entry that it belongs to: that of the call. */
  readonly of: Digest;
  /** Which of several it is, where there may be several. */
  readonly index?: number | undefined;
  /** The name of the function, for people. */
  readonly name: string;
  /** The arguments, for people; `""` where there are so many parts that they would take too much room. */
  readonly preview: string;
}

/**
 * The digest of the entry that says that a store has parts, so that one without any need not be searched for them. It is
 * `deriveDigest({ purpose: "notice", base: "", details: [] })`.
 */
export const NOTICE: Digest = "de32a54632a1fb18087af36445c2b18aa9e4604d9892c21abc8a47c74043c7b4";

/** How the key of a part begins, and no other key of a call: `part` is the first member of its JSON text. */
const START = new TextEncoder().encode('{"part":"');

/**
 * Makes the key under which a part is stored, as that of any other call.
 *
 * @param part The part.
 * @returns The key, encoded.
 */
export function makePartKey({ part, of, index, name, preview }: EntryPart): StoredKey {
  return keyOf({ part, of, index, name, preview });
}

/**
 * Tells whether an entry belongs to another one: then it is no entry of its own to those who look into a cache.
 *
 * @param key The key of the entry.
 * @returns Whether it is a part, of a kind known or not, or the notice of parts.
 */
export function isPartKey({ kind, parts }: StoredKey): boolean {
  if (kind !== "call") return false;
  const bytes = parts[0];
  for (let i = 0; i < START.length; i++) if (bytes[i] !== START[i]) return false;
  return true;
}

/** How the keys of parts begin that are no results of their own. */
const NO_RESULTS = ["chunk", "runs", "notice"].map((part) =>
  new TextEncoder().encode(`{"part":"${part}"`)
);

/**
 * Tells whether an entry is a result: a value, one of several samples or an error; not a chunk of a stream, nor what is known of
 * its runs.
 *
 * @param key The key of the entry.
 * @returns Whether it is.
 */
export function isResultKey(key: StoredKey): boolean {
  const [bytes] = key.parts;
  return !isPartKey(key) ||
    !NO_RESULTS.some((start) => start.every((byte, index) => byte === bytes[index]));
}

/**
 * Tells whether a store has parts. It costs the same at any size.
 *
 * @param store The store.
 * @returns Whether it may have some: for certain not, if this is `false` and no limit removed the notice.
 */
export function mayHaveParts(store: Store): boolean {
  return store.has(NOTICE);
}

/** After how many questions a store is looked at again that had no parts. */
const LOOK_AGAIN = 64;

/** Of each store, how often it was asked for since it was last looked at; `Infinity` where it has parts. */
const askedFor = new WeakMap<Store | AsyncStore, number>();

/**
 * Tells whether a store has parts, as far as this process knows. That is cheaper than to look, and what another process does
 * is noticed some calls later only: it is for those who write.
 *
 * @param store The store.
 * @returns Whether parts were seen in it, or written to it.
 */
export function seemsToHaveParts(store: Store): boolean {
  const asked = askedFor.get(store) ?? LOOK_AGAIN;
  if (asked < LOOK_AGAIN) {
    askedFor.set(store, asked + 1);
    return false;
  }
  const has = asked === Infinity || mayHaveParts(store);
  askedFor.set(store, has ? Infinity : 0);
  return has;
}

/**
 * Tells whether a store has parts whose answers come in promises, as far as this process knows.
 *
 * @param store The store.
 * @returns Whether parts were seen in it, or written to it.
 */
export async function seemsToHavePartsOver(store: AsyncStore): Promise<boolean> {
  const asked = askedFor.get(store) ?? LOOK_AGAIN;
  if (asked < LOOK_AGAIN) {
    askedFor.set(store, asked + 1);
    return false;
  }
  const has = asked === Infinity || await store.has(NOTICE);
  // A function of this process may have written some meanwhile.
  askedFor.set(store, has || askedFor.get(store) === Infinity ? Infinity : 0);
  return has;
}

/**
 * Notes that parts are written to a store.
 *
 * @param store The store.
 */
export function expectParts(store: Store | AsyncStore): void {
  askedFor.set(store, Infinity);
}

/**
 * Makes the notice that a store has parts. It has to be committed with the first of them; `Commits` sees to that.
 *
 * @param writtenAt When the part is written.
 * @returns The change.
 */
export function makeNotice(writtenAt: number): PutChange {
  return {
    type: "put",
    digest: NOTICE,
    codec: "structured",
    key: keyOf({ part: "notice", of: "", name: "", preview: "" }),
    functionName: "",
    writtenAt,
    duration: 0,
    promised: false,
    // `true`, since each entry has a value.
    parts: [new TextEncoder().encode("true")],
  };
}

/**
 * Gives the digest of the error that a call threw.
 *
 * @param of The digest of the entry that the call's result would have: of a sample, its own.
 * @returns The digest.
 */
export function errorDigest(of: Digest): Digest {
  return deriveDigest({ purpose: "error", base: of, details: [] });
}

/**
 * Gives the digest of one of several results of a call. The first one is the call's own entry.
 *
 * @param of The digest of the call.
 * @param index Which result it is, from 0 on.
 * @returns The digest.
 */
export function sampleDigest(of: Digest, index: number): Digest {
  return index === 0 ? of : deriveDigest({ purpose: "sample", base: of, details: [index] });
}

/** How many samples may be missing one after another, because limits removed them, before those that are left are not looked for. */
export const LONGEST_GAP = 16;

/**
 * Finds the entries that belong to another one, or rather to what that is the first sample of.
 *
 * @param store The store.
 * @param of The digest of the entry.
 * @param samples How many samples there may be. Of more, those are found before {@linkcode LONGEST_GAP} that are not there.
 * @returns The digests of those that are there.
 */
export function partsOf(store: Store, of: Digest, samples = 1): Digest[] {
  const found: Digest[] = [];
  for (let index = 0, gap = 0; gap <= LONGEST_GAP || index < samples; index++) {
    const digest = sampleDigest(of, index);
    const error = errorDigest(digest);
    const there = [error, ...(index === 0 ? [] : [digest])].filter((each) => store.has(each));
    found.push(...there);
    gap = there.length > 0 ? 0 : gap + 1;
  }
  return found;
}

/** Of how many keys it is known whose turn it is. */
const MOST_TURNS = 250_000;

/** How many times each key of a store was called in this process. */
const allTurns = new WeakMap<Store, Map<Digest, number>>();

/** Whose turn it is of the samples of a function. */
export class SampleTurns {
  readonly #samples: number;
  readonly #place: StorePlace;
  readonly #own = new Map<Digest, number>();

  /**
   * Makes the turns of a function. Nothing is opened yet.
   *
   * @param samples How many samples a key has.
   * @param place Where they are.
   */
  constructor(samples: number, place: StorePlace) {
    this.#samples = samples;
    this.#place = place;
  }

  /**
   * Finds the sample whose turn it is.
   *
   * @param located Where the call's result is.
   * @param isCall Whether it is taken, so that it is another one's turn.
   * @returns Where the sample is.
   */
  locate<L extends Located>(located: L, isCall: boolean): L & { readonly sample: Sample } {
    const { digest: of } = located;
    const turns = this.#turns();
    const count = turns.get(of) ?? 0;
    if (isCall) {
      // Taken out first: the order is that of the last calls.
      turns.delete(of);
      turns.set(of, count + 1);
      if (turns.size > MOST_TURNS) turns.delete(turns.keys().next().value!);
    }
    const index = count % this.#samples;
    return { ...located, digest: sampleDigest(of, index), sample: { of, index } };
  }

  #turns(): Map<Digest, number> {
    let store: Store;
    try {
      store = this.#place.store;
    } catch {
      // The store can't be opened: that is reported where it is read or written.
      return this.#own;
    }
    let turns = allTurns.get(store);
    if (turns === undefined) allTurns.set(store, turns = new Map());
    return turns;
  }
}

function keyOf(content: Omit<EntryPart, "part"> & { readonly part: string }): StoredKey {
  return { kind: "call", parts: [new TextEncoder().encode(JSON.stringify(content))] };
}
