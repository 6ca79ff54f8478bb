// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore } from "../stores/async_store.ts";
import type { DeleteChange, Digest } from "../stores/store.ts";
import { errorDigest, LONGEST_GAP, sampleDigest, seemsToHavePartsOver } from "./entry_parts.ts";

/** What happens to an entry. */
export type EntryChange =
  | { readonly type: "put" }
  | {
    readonly type: "delete";
    /** Whether what belongs to the entry is to be looked for. */
    readonly takesParts: boolean;
  };

/**
 * Lists the changes that remove what belongs to entries: errors, and further samples of what is deleted. A store that has no such
 * parts is asked for them once in a while.
 *
 * @param store The store.
 * @param changed What happens to which entry.
 * @returns The changes.
 */
export async function partRemovalsOver(
  store: AsyncStore,
  changed: ReadonlyMap<Digest, EntryChange>,
): Promise<DeleteChange[]> {
  const taking = [...changed].filter(([, change]) => change.type === "put" || change.takesParts);
  if (taking.length === 0 || !await seemsToHavePartsOver(store)) return [];
  const samples = await Promise.all(
    taking.map(([of, { type }]) => type === "delete" ? samplesOver(store, of) : []),
  );
  return [...taking.map(([of]) => errorDigest(of)), ...samples.flat()]
    .map((digest) => ({ type: "delete", digest }));
}

async function samplesOver(store: AsyncStore, of: Digest): Promise<Digest[]> {
  const found: Digest[] = [];
  const count = LONGEST_GAP + 1;
  for (let first = 1;; first += count) {
    // Together: that takes no longer than to ask for one.
    const digests = Array.from({ length: count }, (_, index) => sampleDigest(of, first + index))
      .flatMap((digest) => [digest, errorDigest(digest)]);
    const there = await Promise.all(digests.map((digest) => store.has(digest)));
    if (!there.includes(true)) return found;
    found.push(...digests.filter((_, index) => there[index]));
  }
}
