// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey, mayHaveParts } from "../access/entry_parts.ts";
import type { Digest, Store } from "../stores/store.ts";
import { readEntryKey } from "./entry_key.ts";
import { StoredStream } from "./stored_stream.ts";

/**
 * Finds the entries that are of no use any more once some chunks are gone: a stream counts as cached if all its chunks are there.
 *
 * @param store The store, in which all is still there.
 * @param digests What is to go.
 * @returns The entries that chunks among them belong to.
 */
export function brokenStreams(store: Store, digests: Iterable<Digest>): Set<Digest> {
  const broken = new Set<Digest>();
  if (!mayHaveParts(store)) return broken;
  const streams = new Map<Digest, StoredStream | undefined>();
  for (const digest of digests) {
    const info = store.info(digest);
    if (info === undefined || !isPartKey(info.key)) continue;
    const { part = "", partOf } = readEntryKey(info);
    const index = /^chunk (\d+)$/.exec(part)?.[1];
    if (index === undefined || partOf === undefined || broken.has(partOf)) continue;
    if (!streams.has(partOf)) streams.set(partOf, streamAt(store, partOf));
    // Chunks of a run that was cut off belong to the call, too, but not to what is stored of it.
    if (streams.get(partOf)?.digest(Number(index)) === digest) broken.add(partOf);
  }
  return broken;
}

function streamAt(store: Store, digest: Digest): StoredStream | undefined {
  const stored = store.get(digest);
  return stored && StoredStream.from(store, digest, stored);
}
