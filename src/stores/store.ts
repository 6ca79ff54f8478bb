// Copyright 2026 the pecapiku authors. MIT license.

/** A SHA-256 digest: 64 lowercase hexadecimal digits. */
export type Digest = string;

/**
 * What a codec made of a value: first its own bytes, then any number of large buffers that it left out of them. A store
 * writes them one after another and gives them back apart: the first may be a view of memory that the store keeps (do
 * not change it), each later one owns its whole `ArrayBuffer`, which is shared with nobody.
 */
export type Parts = readonly [Uint8Array, ...Uint8Array[]];

/** The key a person used, kept with its entry so that people can look into a file. */
export interface StoredKey {
  /** `"value"`: `parts` is the key in the entry's codec. `"call"`: `parts` is one JSON text in UTF-8, `{ name, preview }`. */
  readonly kind: "value" | "call";
  /** The encoded key. */
  readonly parts: Parts;
}

/** An entry without its value. */
export interface EntryInfo {
  /** The digest the entry is found by. */
  readonly digest: Digest;
  /** The name of the codec that encoded the value (and a key of kind `"value"`). */
  readonly codec: string;
  /** The key as it was set. */
  readonly key: StoredKey;
  /** The name of the function that gave the value; `""` if none did. */
  readonly functionName: string;
  /** When the entry was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** How long the evaluation took, in milliseconds; `0` if there was none. */
  readonly duration: number;
  /** Whether the function gave the value in a promise. */
  readonly promised: boolean;
  /** The length of the encoded value, in bytes. */
  readonly byteLength: number;
}

/** What a lookup found. */
export interface StoredValue {
  /** The name of the codec that encoded the value. */
  readonly codec: string;
  /** The encoded value. */
  readonly parts: Parts;
  /** Whether the function gave the value in a promise. */
  readonly promised: boolean;
}

/** Sets an entry, over one of the same digest if there is one. */
export interface PutChange extends Omit<EntryInfo, "byteLength"> {
  /** What the change does. */
  readonly type: "put";
  /** The encoded value. */
  readonly parts: Parts;
}

/** Removes an entry; nothing happens if there is none. */
export interface DeleteChange {
  /** What the change does. */
  readonly type: "delete";
  /** The digest of the entry to remove. */
  readonly digest: Digest;
}

/** One step of a commit. */
export type StoreChange = PutChange | DeleteChange;

/**
 * Where entries live, in terms of digests and bytes. A store knows nothing of keys or values: it gives back the bytes
 * that it was given, checked, or nothing. What other processes have committed is seen by the next call.
 */
export interface Store {
  /** Where the store is, for messages: the absolute path of the file. */
  readonly location: string;

  /** How many entries there are. */
  readonly size: number;

  /**
   * Looks an entry up. A damaged entry is not there; the store warns once on the console.
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   */
  get(digest: Digest): StoredValue | undefined;

  /**
   * Tells whether {@linkcode get} would find something.
   *
   * @param digest The digest to look for.
   * @returns Whether an undamaged entry is there.
   */
  has(digest: Digest): boolean;

  /**
   * Goes through the entries, without their values, in the order in which their digests were first put.
   *
   * @returns An iterator over the entries at the time of the call.
   */
  entries(): IterableIterator<EntryInfo>;

  /**
   * Makes all the changes or none of them: a reader and a crash see no state in between.
   *
   * @param changes What to do, in order.
   */
  commit(changes: readonly StoreChange[]): void;

  /** Lets go of what the store holds open. The next call opens it again. */
  close(): void;
}
