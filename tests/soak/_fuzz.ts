// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Digest, EntryInfo, PutChange, Store, StoredValue } from "../../src/stores/store.ts";
import { digestOf, infoOf, put, randomNumbers, textAt } from "../stores/_changes.ts";
import { MemoryDisk } from "../stores/_memory_disk.ts";
import { withWarnings } from "../stores/_warnings.ts";
import { watchAllocations } from "./_allocations.ts";
import { forgeIndex } from "./_forge_index.ts";
import { makeSamples, type Sample } from "./_hostile_samples.ts";
import { damage, forgeContents, forgeHeaders, type Pick, splice } from "./_mutations.ts";

const PATH = "/a.cache";

/** How many calls may reach the disk for one file: it is read some times over, and no more. */
const MOST_CALLS = 50_000;

/** The largest piece of memory that may be asked for, in bytes. The files are a few thousand bytes long. */
const LARGEST_ALLOCATION = 16 * 1024 * 1024;

/** The entry that is committed to every file. */
const NEW = put(40, "new");

const samples = makeSamples();

/** What was read from a store. */
interface Reading {
  readonly values: ReadonlyMap<Digest, StoredValue>;
  readonly infos: readonly EntryInfo[];
}

/** A way to make a bad file of a good one. */
interface Mutation {
  readonly name: string;
  readonly make: (sample: Sample, pick: Pick) => Uint8Array;
  /** Checks that what was read is no fault of the store. */
  readonly check: (reading: Reading, sample: Sample, bytes: Uint8Array) => void;
  /** Whether it makes lies: what the index says need not be what the records say, and the file may seem to be of a newer version. */
  readonly lies: boolean;
}

const MUTATIONS: readonly Mutation[] = [
  { name: "damage", make: damage, check: assertOneState, lies: false },
  { name: "damage", make: damage, check: assertOneState, lies: false },
  {
    name: "splice",
    make: (sample, pick) => splice(sample, samples, pick),
    check: ({ values }) => assertAllPast(values, samples, textOf),
    lies: false,
  },
  {
    name: "forgeIndex",
    make: forgeIndex,
    check: ({ values, infos }, sample) => {
      assertAllPast(values, [sample], textOf);
      for (const info of infos) {
        const past = [...sample.past.get(info.digest) ?? [], NEW];
        assert(past.some((change) => infoText(infoOf(change)) === infoText(info)), infoText(info));
      }
    },
    lies: true,
  },
  {
    name: "forgeHeaders",
    make: forgeHeaders,
    // The payload is not forged; whatever else is told of it may be.
    check: ({ values }, sample) => assertAllPast(values, [sample], payloadOf),
    lies: true,
  },
  { name: "forgeContents", make: forgeContents, check: () => {}, lies: true },
];

/**
 * Makes a bad file, opens it, reads all of it, writes to it, compacts it, and reads it again.
 *
 * @param seed Which file.
 * @throws {Error} If it does harm, or gives a value that was never stored.
 */
export function fuzzFile(seed: number): void {
  const random = randomNumbers(seed);
  const pick: Pick = (count) => Math.floor(random() * count);
  const mutation = MUTATIONS[pick(MUTATIONS.length)]!;
  const sample = samples[pick(samples.length)]!;
  const bytes = mutation.make(sample, pick);
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  let calls = 0;
  disk.onCall = () => {
    if (++calls > MOST_CALLS) throw new Error("no end of calls");
  };
  using allocations = watchAllocations();
  try {
    withWarnings(() => readAndWrite(disk, mutation, sample, bytes));
    assert(calls <= MOST_CALLS, "no end of calls");
    assert(allocations.largest <= LARGEST_ALLOCATION, `${allocations.largest} bytes asked for`);
  } catch (error) {
    // Of a newer version: then it is left alone.
    if (mutation.lies && error instanceof CacheFormatError) {
      assertEquals(disk.read(PATH), bytes);
      return;
    }
    throw new Error(`File ${seed}, ${mutation.name} of ${sample.name}: ${error}`, { cause: error });
  }
}

function readAndWrite(
  disk: MemoryDisk,
  { check, lies }: Mutation,
  sample: Sample,
  bytes: Uint8Array,
): void {
  const store: Store = new LogStore(PATH, { disk });
  look(store);
  // What the first look came upon, such as a damaged index, may have made it read more of the file, and believe less of it.
  const before = look(store);
  store.commit([NEW]);
  lookAgain(store, "after a commit");
  lookAgain(new LogStore(PATH, { disk }), "after a commit, by another");
  compact(disk, store);
  lookAgain(store, "after a compaction");
  lookAgain(new LogStore(PATH, { disk }), "after a compaction, by another");
  store.commit([], { limits: { maxEntries: 3 } });
  const limited = readAll(store, sample);
  check(limited, sample, bytes);
  assert(limited.infos.length <= 3 && limited.values.size <= 3);
  if (!lies) assertEquals(textAt(store, 40), "new", "at its limits");
  store.close();

  function look(reader: Store): Reading {
    const reading = readAll(reader, sample);
    assertEquals(reader.size, reading.infos.length);
    check(reading, sample, bytes);
    return reading;
  }
  function lookAgain(reader: Store, when: string): void {
    const after = look(reader);
    // Where a header lies about its length, what is behind it may not be found by all ways.
    if (lies) return reader.close();
    assertEquals(textAt(reader, 40), "new", when);
    // Another one may find more: it has not come upon all of the damage yet.
    const found = new Set(valueTexts(after));
    for (const text of valueTexts(before)) assert(found.has(text), `lost ${when}: ${text}`);
    reader.close();
  }
}

/** Compacts the file, unless it is damaged: then it stays as it is. */
function compact(disk: MemoryDisk, store: Store): void {
  const before = disk.read(PATH);
  try {
    store.compact?.();
  } catch (error) {
    // One with a cause is none of damage.
    if (!(error instanceof CacheError) || error.cause !== undefined) throw error;
    assertEquals(disk.read(PATH), before);
  }
  const names = [...disk.files.keys()].filter((name) => !name.startsWith(`${PATH}.damaged-`));
  assertEquals(names, [PATH]);
}

function readAll(store: Store, sample: Sample): Reading {
  const values = new Map<Digest, StoredValue>();
  for (const number of sample.numbers) {
    const digest = digestOf(number);
    const value = store.get(digest);
    assertEquals(store.has(digest), value !== undefined);
    if (value !== undefined) values.set(digest, value);
  }
  const infos = [...store.entries()];
  for (const info of infos) {
    assert(info.key.parts.length > 0 && info.codec !== "" && info.byteLength >= 0);
  }
  return { values, infos };
}

function valueTexts({ values }: Reading): string[] {
  return [...values].map(([digest, value]) => `${digest}: ${textOf(value)}`).sort();
}

/** Checks that all is as it was at one moment, or missing; where the end of the file is whole, as it was last. */
function assertOneState({ values, infos }: Reading, sample: Sample, bytes: Uint8Array): void {
  const states = isEndWhole(sample, bytes) ? sample.states.slice(-1) : sample.states;
  const found = [...values].filter(([digest]) => digest !== NEW.digest);
  const told = infos.filter(({ digest }) => digest !== NEW.digest);
  assert(
    states.some((state) =>
      found.every(([digest, value]) => {
        const change = state.get(digest);
        return change !== undefined && textOf(change) === textOf(value);
      }) &&
      told.every((info) => {
        const change = state.get(info.digest);
        return change !== undefined && infoText(infoOf(change)) === infoText(info);
      })
    ),
    `not as at any moment: ${found.map(([digest, value]) => `${digest}: ${textOf(value)}`)}`,
  );
}

/** Tells whether the last record that puts or deletes an entry, and all behind it, is what and where it was. */
function isEndWhole({ bytes: before, records }: Sample, bytes: Uint8Array): boolean {
  const { offset } = records.findLast(({ kind }) => kind < 128)!;
  return bytes.length === before.length &&
    before.subarray(offset).every((byte, index) => bytes[offset + index] === byte);
}

function assertAllPast(
  values: Reading["values"],
  sources: readonly Sample[],
  show: (value: Stored) => string,
): void {
  for (const [digest, value] of values) {
    const past = [NEW, ...sources.flatMap((source) => source.past.get(digest) ?? [])];
    assert(
      past.some((change) => change.digest === digest && show(change) === show(value)),
      `never stored under ${digest}: ${show(value)}`,
    );
  }
}

type Stored = StoredValue | PutChange;

function textOf({ codec, promised, writtenAt, parts }: Stored): string {
  return [codec, promised, writtenAt, ...parts.map((part) => part.toHex())].join();
}

function payloadOf({ parts }: Stored): string {
  return parts.map((part) => part.toHex()).join("");
}

function infoText({ key, ...info }: EntryInfo): string {
  const { digest, codec, functionName, writtenAt, duration, promised, byteLength } = info;
  return [
    ...[digest, codec, functionName, writtenAt, duration, promised, byteLength, key.kind],
    ...key.parts.map((part) => part.toHex()),
  ].join();
}
