// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "../../src/stores/log_store.ts";
import type {
  Digest,
  EntryInfo,
  PutChange,
  Store,
  StoreChange,
  StoredValue,
} from "../../src/stores/store.ts";
import { assertEquals } from "@std/assert";
import { bytesOf, digestOf, infoOf, noise, put, remove, valueOf } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { placedRecords } from "./_snapshots_in.ts";

/** Where the first record of a new file begins that is about an entry: behind the file header and the anchor. */
export const FIRST_RECORD_AT = 32 + 76 + 64;

/** What a file holds, by digest. */
export type State = ReadonlyMap<Digest, PutChange>;

/** A file, and its history. */
export interface SampleFile {
  /** The whole of it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** After each commit, and each snapshot, the length of the file and what it held; first that of a file without entries. */
  readonly history: readonly { readonly length: number; readonly state: State }[];
  /** What it holds in the end. */
  readonly state: State;
}

/** Commits of every kind: single ones, batches, overwriting, deleting, several parts, own codecs, keys of calls. */
const COMMITS: readonly (readonly StoreChange[])[] = [
  [put(1, "one")],
  [put(2, "two", {
    key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"2"}')] },
    functionName: "f",
    duration: 1.5,
    promised: true,
  })],
  [put(3, "three"), put(4, "four", { codec: "msgpack" }), put(1, "ONE")],
  [remove(2)],
  [put(5, [bytesOf("front"), noise(40, 5)], { codec: "my codec" })],
  [put(3, "THREE"), remove(4)],
  [put(6, "")],
];

/** Two snapshots are taken on the way, one of five records and one of four, and one record is behind the last. */
const SNAPSHOT_INTERVAL = 4;

/** What is counted before the last commit but one: it is written with that, and once more behind the snapshot that follows. */
export const SAMPLE_COUNTS = {
  functionName: "f",
  ...{ hits: 3, misses: 2, stores: 2, evictions: 1, savedMilliseconds: 4.5 },
};

/** Makes a small file of all that a cache file may hold. */
export function makeSampleFile(
  commits = COMMITS,
  snapshotInterval = commits === COMMITS ? SNAPSHOT_INTERVAL : 4096,
): SampleFile {
  const disk = new MemoryDisk();
  const path = "/sample.cache";
  const store = new LogStore(path, { disk, snapshotInterval });
  let state = new Map<Digest, PutChange>();
  const history: { length: number; state: State }[] = [{ length: FIRST_RECORD_AT, state }];
  for (const [index, changes] of commits.entries()) {
    const copy = new MemoryDisk();
    if (disk.files.has(path)) copy.write(path, disk.read(path));
    const other = new LogStore(path, { disk: copy });
    if (commits === COMMITS && index === 5) {
      for (const each of [store, other]) each.count([SAMPLE_COUNTS]);
    }
    other.commit(changes);
    store.commit(changes);
    state = new Map(state);
    for (const change of changes) {
      if (change.type === "put") state.set(change.digest, change);
      else state.delete(change.digest);
    }
    const length = copy.read(path).length;
    history.push({ length, state });
    // A snapshot behind the commit changes nothing of what the file holds, nor do the totals behind that.
    for (const { end } of placedRecords(disk.read(path))) {
      if (end > length) history.push({ length: end, state });
    }
  }
  return { bytes: disk.read(path), history, state };
}

/**
 * Every place in a file, but of long runs of zeros, which fill the pages of its index, the ends and one in 16 only.
 *
 * @param bytes The file.
 * @returns The places, in order.
 */
export function placesIn(bytes: Uint8Array): number[] {
  const places: number[] = [];
  let zeros = 0;
  for (let at = 0; at < bytes.length; at++) {
    zeros = bytes[at] === 0 ? zeros + 1 : 0;
    const isInside = zeros > 32 && at + 8 < bytes.length &&
      bytes.subarray(at, at + 8).every((byte) => byte === 0);
    if (!isInside || at % 16 === 0) places.push(at);
  }
  return places;
}

/** Every number that the sample file uses, and some that it does not. */
export const SAMPLE_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * Checks that every lookup in a store is right or a miss.
 *
 * @param store The store.
 * @param state What it should hold.
 * @returns The digests that are there.
 */
export function assertRightOrMissing(store: Store, state: State): Set<Digest> {
  const found = new Set<Digest>();
  for (const number of SAMPLE_NUMBERS) {
    const digest = digestOf(number);
    const has = store.has(digest);
    const value = store.get(digest);
    assertEquals(has, value !== undefined);
    if (value === undefined) continue;
    const change = state.get(digest);
    // To compare without a report is much faster, and this is done many thousand times.
    if (change === undefined || summary(value) !== summary(change)) {
      assertEquals(value, change && valueOf(change));
    }
    found.add(digest);
  }
  for (const info of store.entries()) {
    const change = state.get(info.digest);
    const expected = change && infoOf(change);
    if (expected === undefined || infoSummary(info) !== infoSummary(expected)) {
      assertEquals(info, expected);
    }
  }
  return found;
}

function summary({ codec, promised, parts }: StoredValue): string {
  return `${codec} ${promised} ${parts.map((part) => part.toHex()).join()}`;
}

function infoSummary({ key, ...info }: EntryInfo): string {
  const { digest, codec, functionName, writtenAt, duration, promised, byteLength } = info;
  return [digest, functionName, writtenAt, duration, byteLength, key.kind].join() +
    summary({ codec, promised, writtenAt, duration, parts: key.parts });
}

/** Checks that a store holds all of a state, and nothing else. */
export function assertHolds(store: Store, state: State): void {
  const found = assertRightOrMissing(store, state);
  // All that was found is in the state.
  if (found.size !== state.size) assertEquals(found, new Set(state.keys()));
  assertEquals(store.size, state.size);
}
