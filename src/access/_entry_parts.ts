// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest, PutChange, Store, StoredKey } from "../stores/store.ts";

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

/**
 * Tells whether a store has parts. It costs the same at any size.
 *
 * @param store The store.
 * @returns Whether it may have some: for certain not, if this is `false` and no limit removed the notice.
 */
export function mayHaveParts(store: Store): boolean {
  return store.has(NOTICE);
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

function keyOf(content: Omit<EntryPart, "part"> & { readonly part: string }): StoredKey {
  return { kind: "call", parts: [new TextEncoder().encode(JSON.stringify(content))] };
}
