// Copyright 2026 the pecapiku authors. MIT license.

import type { DeleteChange, Digest, Store } from "../stores/store.ts";
import { streamEntries } from "./_deferred.ts";
import { isStreamAt } from "./_entries.ts";
import { errorDigest, partsOf } from "./entry_parts.ts";

/**
 * Lists the changes that remove an entry, if it is there, with the chunks that it consists of: without their manifest, nobody
 * would know of them.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @returns The changes.
 */
export function removalsOf(store: Store, digest: Digest): DeleteChange[] {
  return store.has(digest) ? [{ type: "delete", digest }, ...chunksAt(store, digest)] : [];
}

/**
 * Lists the changes that remove the chunks of an entry.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @returns The changes: none, unless it is a stream.
 */
export function chunksAt(store: Store, digest: Digest): DeleteChange[] {
  return isStreamAt(store, digest) ? streamEntries.chunkRemovalsAt(store, digest) : [];
}

/**
 * Lists the changes that remove the error of a call.
 *
 * @param store The store.
 * @param of The digest of the entry that the call's result has.
 * @returns The changes: none, unless an error is stored.
 */
export function errorRemovalsOf(store: Store, of: Digest): DeleteChange[] {
  const digest = errorDigest(of);
  return store.has(digest) ? [{ type: "delete", digest }] : [];
}

/**
 * Lists the changes that remove all that belongs to an entry, also where the entry itself is not there: chunks, errors, further
 * samples.
 *
 * @param store The store.
 * @param of The digest of the entry.
 * @param samples How many samples there may be. Of more, those are found that are not far from others.
 * @returns The changes.
 */
export function partRemovalsOf(store: Store, of: Digest, samples?: number): DeleteChange[] {
  return [
    ...chunksAt(store, of),
    ...partsOf(store, of, samples).flatMap((digest) => removalsOf(store, digest)),
  ];
}
