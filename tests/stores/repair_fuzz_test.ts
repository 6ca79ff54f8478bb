// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { repair } from "../../src/stores/repair.ts";
import type { Digest } from "../../src/stores/store.ts";
import { verify } from "../../src/stores/verify.ts";
import { watchAllocations } from "../soak/_allocations.ts";
import { forgeIndex } from "../soak/_forge_index.ts";
import { makeSamples, type Sample } from "../soak/_hostile_samples.ts";
import { damage, forgeContents, forgeHeaders, type Pick, splice } from "../soak/_mutations.ts";
import { randomNumbers } from "./_changes.ts";
import { assertAddsUp } from "./_checked_files.ts";
import type { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { withWarnings } from "./_warnings.ts";

/** How many files of each kind. */
const ROUNDS = 200;

/** How often a file that nobody else uses is read, and how much at once: no more than for any file of that length. */
const MOST_CALLS = 50_000;
const LARGEST_ALLOCATION = 16 * 1024 * 1024;

const samples = makeSamples();

interface Mutation {
  readonly make: (sample: Sample, pick: Pick) => Uint8Array;
  /** Whether no checksum was made to fit, so that what is left is as it was. */
  readonly isHonest: boolean;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  damage: { make: damage, isHonest: true },
  "more damage": {
    make: (sample, pick) => damage({ ...sample, bytes: damage(sample, pick).slice() }, pick),
    isHonest: true,
  },
  splice: { make: (sample, pick) => splice(sample, samples, pick), isHonest: false },
  forgeIndex: { make: forgeIndex, isHonest: false },
  forgeHeaders: { make: forgeHeaders, isHonest: false },
  forgeContents: { make: forgeContents, isHonest: false },
};

for (const [name, { make, isHonest }] of Object.entries(MUTATIONS)) {
  Deno.test(`verify() and repair() are right, and come to an end, with files that are changed like this: ${name}`, () => {
    for (let seed = 0; seed < ROUNDS; seed++) {
      const random = randomNumbers(seed);
      const pick: Pick = (count) => Math.floor(random() * count);
      const sample = samples[seed % samples.length]!;
      const disk = diskWith(make(sample, pick));
      let calls = 0;
      disk.onCall = () => {
        if (++calls > MOST_CALLS) throw new Error("no end of calls");
      };
      try {
        withWarnings(() => checkFile(disk, sample, isHonest));
      } catch (error) {
        throw new Error(`File ${seed} of ${sample.name}: ${error}`, { cause: error });
      }
    }
  });
}

Deno.test("verify() finds an index wrong, whenever readers that go by it find anything else than those that go by the records", () => {
  let isWrong = 0;
  let isHarmful = 0;
  for (let seed = 0; seed < 2 * ROUNDS; seed++) {
    const random = randomNumbers(seed);
    const sample = samples[seed % samples.length]!;
    const bytes = forgeIndex(sample, (count) => Math.floor(random() * count));
    const { isSound, damaged } = verify(PATH, { disk: diskWith(bytes) });
    assert(damaged.ranges.every(({ what }) => what === "index"));
    if (!isSound) isWrong++;
    const byRecords = withWarnings(() => {
      const store = new LogStore(PATH, { disk: diskWith(bytes) });
      return new Set(Array.from(store.entries(), ({ digest }) => digest));
    }).result;
    const byIndex = withWarnings(() => readAll(diskWith(bytes), sample)).result;
    if (byIndex.size === byRecords.size && byRecords.isSubsetOf(byIndex)) continue;
    isHarmful++;
    assert(!isSound, `${seed} of ${sample.name}`);
  }
  assert(isHarmful > 20 && isWrong >= isHarmful);
});

function checkFile(disk: MemoryDisk, sample: Sample, isHonest: boolean): void {
  const bytes = disk.read(PATH);
  using allocations = watchAllocations();
  let before;
  try {
    before = verify(PATH, { disk });
  } catch (error) {
    // Of a newer version, or no cache file: both are left alone.
    if (!(error instanceof CacheFormatError)) throw error;
    assert(!isHonest);
    return assertEquals(disk.read(PATH), bytes);
  }
  assertAddsUp(before);
  const there = isHonest ? readAll(disk, sample) : undefined;
  const report = repair(PATH, { disk });
  assert(allocations.largest <= LARGEST_ALLOCATION, `${allocations.largest} bytes asked for`);
  assertEquals(report.before, before);
  assertEquals(report.after.live, before.live);
  assert(report.after.isSound);
  assertAddsUp(report.after);
  if (!report.isChanged) assertEquals(disk.read(PATH), bytes);
  const after = readAll(disk, sample);
  assert(after.size <= before.live.entries);
  if (there === undefined) return;
  assertEquals(after.size, before.live.entries);
  for (const [digest, value] of there) assertEquals(after.get(digest), value);
}

/** The values that a store gives, as text. */
function readAll(disk: MemoryDisk, sample: Sample): Map<Digest, string> {
  const store = new LogStore(PATH, { disk });
  const values = new Map<Digest, string>();
  for (const digest of sample.past.keys()) {
    const value = store.get(digest);
    if (value !== undefined) values.set(digest, value.parts.map((part) => part.toHex()).join());
  }
  store.close();
  return values;
}
