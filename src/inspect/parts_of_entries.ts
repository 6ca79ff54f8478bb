// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey, partsOf } from "../access/entry_parts.ts";
import type { Digest, Store } from "../stores/store.ts";
import { readEntryKey } from "./entry_key.ts";

/** Finds the entries whose keys say that they belong to one of some. */
export type FindParts = (owners: ReadonlySet<Digest>) => Iterable<Digest>;

/**
 * Finds what belongs to entries, and is of no use without them: errors, samples, chunks, and what belongs to these. By their digests
 * where those follow from that of the entry, and by what their keys say, which newer versions' kinds do as well.
 *
 * @param store The store.
 * @param digests The entries.
 * @param find Finds parts by their keys; without it, all entries of the store are gone through.
 * @returns The parts, without those that are among the entries.
 */
export function partsOfEntries(
  store: Store,
  digests: Iterable<Digest>,
  find: FindParts = (owners) => partsIn(store, owners),
): Set<Digest> {
  const asked = new Set(digests);
  const all = new Set(asked);
  for (const digest of asked) {
    for (const part of partsOf(store, digest)) all.add(part);
  }
  // A sample has parts of its own: it is looked once more for each time that something was found.
  for (let owners: ReadonlySet<Digest> = all; owners.size > 0;) {
    const found = new Set(find(owners)).difference(all);
    for (const part of found) all.add(part);
    owners = found;
  }
  return all.difference(asked);
}

function* partsIn(store: Store, owners: ReadonlySet<Digest>): Generator<Digest> {
  for (const info of store.entries()) {
    if (!isPartKey(info.key)) continue;
    const { partOf } = readEntryKey(info);
    if (partOf !== undefined && owners.has(partOf)) yield info.digest;
  }
}
