// Copyright 2026 the pecapiku authors. MIT license.

import type { LogChange } from "./_append.ts";
import { crc32 } from "./_crc32.ts";
import { type Evicted, Eviction } from "./_eviction.ts";
import { readAt } from "./_file_io.ts";
import type { IndexObserver } from "./_index_observer.ts";
import type { LogIndex } from "./_log_index.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import { allocate, readUses } from "./_record_reader.ts";
import { KIND, RECORD_HEADER_LENGTH, type RecordFields } from "./_record.ts";
import { readRecordMeta, recordLength } from "./_record_meta.ts";
import type { Digest, Limits, PutChange, StoreChange } from "./store.ts";

/** What a batch has to be for limits to be kept. */
export interface LimitedChanges {
  /** The changes. */
  readonly changes: readonly StoreChange[];
  /** An entry that is not kept because it takes more than the limit by itself, if there is one. */
  readonly tooLarge: Evicted["tooLarge"];
  /** How many entries must go. */
  readonly evicted: number;
}

/** Who used which entry of a file when, as the file tells it: what limits go by. */
export class LogUses implements IndexObserver {
  readonly #index: LogIndex;
  #eviction = new Eviction();

  /**
   * Goes through the file, and follows it from then on.
   *
   * @param index What knows the file.
   */
  constructor(index: LogIndex) {
    this.#index = index;
    index.observe(this);
  }

  /** The digests of all entries, the one that was used least recently first. */
  order(): IterableIterator<Digest> {
    return this.#eviction.digests();
  }

  /**
   * Makes of changes those that keep limits: without what would not be kept, and with the deletion of what must go. What is
   * to be committed counts as done; if that fails, these uses are no longer right.
   *
   * @param touched What was used before, in that order.
   * @param changes The changes.
   * @param limits The limits.
   * @returns The changes to make.
   */
  limit(
    touched: readonly Digest[],
    changes: readonly StoreChange[],
    limits: Limits,
  ): LimitedChanges {
    const eviction = this.#eviction;
    for (const digest of touched) eviction.touch(digest);
    for (const change of changes) {
      if (change.type === "delete") {
        eviction.remove(change.digest);
        continue;
      }
      eviction.put(change.digest, change.functionName, recordLength(change), change.writtenAt);
    }
    const { digests, tooLarge } = eviction.evict(limits);
    const evicted = digests.length;
    if (evicted === 0) return { changes, tooLarge, evicted };
    const gone = new Set(digests);
    return {
      tooLarge,
      evicted,
      changes: [
        ...changes.filter((change) => !gone.has(change.digest)),
        ...digests.filter((digest) => this.#index.has(digest))
          .map((digest) => ({ type: "delete", digest }) as const),
      ],
    };
  }

  onRestart(): void {
    this.#eviction = new Eviction();
  }

  onAppended(change: LogChange, length: number): void {
    if (change.type === "put") this.#put(change, length);
    else if (change.type === "delete") this.#eviction.remove(change.digest);
    else if (change.type === "uses") {
      for (const digest of change.digests) this.#eviction.touch(digest);
    }
  }

  onDropped(digest: Digest): void {
    this.#eviction.remove(digest);
  }

  onRecord(
    fields: RecordFields,
    offset: number,
    bytes: Uint8Array,
    digestAt: number,
    metaAt: number,
    lost: boolean,
  ): void {
    if (fields.kind === KIND.uses) {
      const digests = readUses(this.#index.follower.file, fields, offset);
      for (const each of digests) this.#eviction.touch(each);
      return;
    }
    if (fields.kind === KIND.tally) return;
    const digest = bytes.subarray(digestAt, digestAt + DIGEST_LENGTH).toHex();
    if (fields.kind !== KIND.put || lost) return this.#eviction.remove(digest);
    const metaBytes = metaAt < 0
      ? this.#readMeta(offset, fields.metaLength, fields.metaChecksum)
      : checked(bytes.subarray(metaAt, metaAt + fields.metaLength), fields.metaChecksum);
    const meta = metaBytes && readRecordMeta(metaBytes, fields.codec, fields.payloadLength);
    // An entry whose meta section is damaged can't be read: it is nobody's, until it is written anew.
    if (meta === undefined) return this.#eviction.remove(digest);
    const length = RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
    this.#eviction.put(digest, meta.functionName, length, fields.writtenAt);
  }

  #put({ digest, functionName, writtenAt }: PutChange, length: number): void {
    this.#eviction.put(digest, functionName, length, writtenAt);
  }

  #readMeta(offset: number, length: number, checksum: number): Uint8Array | undefined {
    const bytes = allocate(length);
    if (bytes === undefined) return undefined;
    const read = readAt(this.#index.follower.file, offset + RECORD_HEADER_LENGTH, bytes);
    return read < length ? undefined : checked(bytes, checksum);
  }
}

function checked(bytes: Uint8Array, checksum: number): Uint8Array | undefined {
  return crc32(bytes) === checksum ? bytes : undefined;
}

/**
 * The entries of a file in the order in which they were last written, which is that of use as long as nobody tells more. Those at the
 * beginning that would be in this order anyway, if all were copied in the one in which they are given, are left out.
 *
 * @param offsets Where the records of the entries are.
 * @param digests Gives their digests, in the same order; it is not called if there is nothing to tell.
 * @returns The digests.
 */
export function orderOfWriting(
  offsets: readonly number[],
  digests: () => readonly Digest[],
): readonly Digest[] {
  if (offsets.every((offset, index) => index === 0 || offset > offsets[index - 1]!)) return [];
  const order = Array.from(offsets.keys()).sort((one, other) => offsets[one]! - offsets[other]!);
  const first = order.findIndex((entry, index) => index > 0 && entry < order[index - 1]!);
  const all = digests();
  return order.slice(first).map((entry) => all[entry]!);
}
