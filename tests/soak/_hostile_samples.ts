// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
} from "../../src/stores/_record.ts";
import type { Digest, PutChange, Store, StoreChange } from "../../src/stores/store.ts";
import { bytesOf, digestOf, noise, put, randomNumbers, remove } from "../stores/_changes.ts";
import { MemoryDisk } from "../stores/_memory_disk.ts";
import { makeSampleFile, type State } from "../stores/_sample_file.ts";

const PATH = "/sample.cache";
const FILE_HEADER_LENGTH = 32;

/** Where a record of a file is. */
export interface RecordPlace {
  readonly kind: number;
  readonly offset: number;
  readonly metaLength: number;
  readonly payloadLength: number;
}

/** A good file, to be made a bad one. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly saltChecksum: number;
  readonly records: readonly RecordPlace[];
  /** What it held after each commit, in order. */
  readonly states: readonly State[];
  /** Every change that ever put an entry, by its digest. */
  readonly past: ReadonlyMap<Digest, readonly PutChange[]>;
  /** The entries that may be in it, and some that are not. */
  readonly numbers: readonly number[];
}

/**
 * Makes the samples: of all kinds of records, with snapshots of the index that were merged and with none, and as a compaction
 * leaves a file.
 *
 * @returns The samples.
 */
export function makeSamples(): Sample[] {
  const small = makeSampleFile();
  const many = makeManyEntries(10);
  const plain = makeManyEntries(1_000_000);
  const samples = [
    sampleOf("small", small.bytes, small.history.map(({ state }) => state)),
    sampleOf("many", many.bytes, many.states, many.puts),
    sampleOf("plain", plain.bytes, plain.states, plain.puts),
  ];
  const compacted = compact(many.bytes);
  // Whatever order its records are in, all that they say was true in the end.
  if (compacted !== undefined) {
    samples.push(sampleOf("compacted", compacted, [many.states.at(-1)!]));
  }
  return samples;
}

interface ManyEntries {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly states: State[];
  /** Every change that put an entry; some of them another of the same commit has replaced. */
  readonly puts: PutChange[];
}

/** Some hundred changes to a few dozen entries. */
function makeManyEntries(snapshotInterval: number): ManyEntries {
  const disk = new MemoryDisk();
  const store: Store = new LogStore(PATH, { disk, snapshotInterval });
  const random = randomNumbers(1);
  const pick = (count: number) => Math.floor(random() * count);
  const states: State[] = [new Map()];
  const puts: PutChange[] = [];
  let version = 0;
  const anyChange = (): StoreChange => {
    const number = 1 + pick(30);
    return pick(5) === 0 ? remove(number) : put(number, `${number} ${version++}`, {
      functionName: pick(2) === 0 ? "f" : "",
      codec: pick(9) === 0 ? "my codec" : "structured",
      promised: pick(9) === 0,
      ...pick(9) === 0 ? { key: { kind: "call", parts: [bytesOf('{"name":"f"}')] } } : {},
    });
  };
  for (let count = 0; count < 120; count++) {
    const changes = count === 100
      ? [put(31, [bytesOf("large"), noise(3_000, 1), noise(10, 2)])]
      : Array.from({ length: pick(4) === 0 ? 2 + pick(3) : 1 }, anyChange);
    for (let touches = pick(3); touches > 0; touches--) store.touch(digestOf(1 + pick(30)));
    store.commit(changes);
    const state = new Map(states.at(-1)!);
    for (const change of changes) {
      if (change.type === "put") {
        state.set(change.digest, change);
        puts.push(change);
      } else {
        state.delete(change.digest);
      }
    }
    states.push(state);
  }
  store.close();
  return { bytes: disk.read(PATH), states, puts };
}

function compact(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  const store: Store = new LogStore(PATH, { disk, snapshotInterval: 10 });
  if (store.compact === undefined) return undefined;
  store.compact();
  store.close();
  return disk.read(PATH);
}

function sampleOf(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  states: readonly State[],
  puts: readonly PutChange[] = states.flatMap((state) => [...state.values()]),
): Sample {
  const saltChecksum = crc32(bytes.subarray(12, 20));
  const most = name === "small" ? 8 : 33;
  const numbers = Array.from({ length: most }, (_, index) => index + 1);
  return {
    name,
    bytes,
    saltChecksum,
    records: findRecords(bytes, saltChecksum),
    states,
    past: Map.groupBy(new Set(puts), ({ digest }) => digest),
    numbers,
  };
}

function findRecords(bytes: Uint8Array<ArrayBuffer>, saltChecksum: number): RecordPlace[] {
  const view = new DataView(bytes.buffer);
  const records: RecordPlace[] = [];
  const fields = emptyRecordFields();
  for (let offset = FILE_HEADER_LENGTH; offset < bytes.length;) {
    assert(readRecordHeader(bytes, view, offset, saltChecksum, offset, fields), `${offset}`);
    const { kind, metaLength, payloadLength } = fields;
    records.push({ kind, offset, metaLength, payloadLength });
    offset += RECORD_HEADER_LENGTH + metaLength + payloadLength;
  }
  return records;
}
