// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "../src/stores/log_store.ts";
import type { CommitOptions, Store } from "../src/stores/store.ts";
import { type MeasuredSteps, measureSteps, type Stepper } from "./_measure.ts";
import { Database, entriesFrom, makeCacheFile, valueOf } from "./_store_files.ts";
import { inEntries, inTime, printTargetRow } from "./_target_table.ts";

/** A file that a round may change: one with few entries is there anew for each round. */
export interface BenchFile {
  /** How many entries it has. */
  readonly entries: number;
  /** The path of one with so many entries. */
  use(): string;
}

/** Numbers that no file has yet. */
let fresh = 1e9;

function takeNumbers(times: number): number {
  fresh += times;
  return fresh - times;
}

/**
 * Prints the rows of stores of one entry each, at few entries and at many.
 *
 * @param small A file with few entries.
 * @param large A file with many.
 */
export function benchFlatness(small: BenchFile, large: BenchFile): void {
  for (
    const [what, step, times] of [
      ["commit of one entry", committing, 500],
      ["CacheDict.set(), write-through", setting, 300],
      ["call of a decorated function", calling, 300],
    ] as const
  ) {
    const [few, many] = measureSteps([step(small), step(large)], { times, rounds: 15 }) as Two;
    printTargetRow(
      `${what}, ${inEntries(large.entries)}`,
      inTime(many.milliseconds),
      `${inEntries(small.entries)} ${inTime(few.milliseconds)}`,
      many.ratio,
      { value: many.ratio, most: 1.2 },
    );
  }
}

/**
 * Prints the rows of commits of one entry each beside as many inserts.
 *
 * @param small A file with few entries.
 * @param large A file with many.
 * @param databases A database with as many entries as each file.
 */
export function benchInserts(
  small: BenchFile,
  large: BenchFile,
  databases: readonly [Database, Database],
): void {
  for (const [index, file] of [small, large].entries()) {
    const [theirs, ours] = measureSteps([
      inserting(databases[index]!),
      committing(file),
    ], { times: 5_000, rounds: 5 }) as Two;
    printTargetRow(
      `commits, 5,000 in a row, from ${inEntries(file.entries)} on`,
      inTime(ours.mean),
      `INSERT ${inTime(theirs.mean)}`,
      ours.meanRatio,
      { value: ours.meanRatio, most: 1 / 3 },
    );
    printTargetRow(
      "  the median one",
      inTime(ours.milliseconds),
      `INSERT ${inTime(theirs.milliseconds)}`,
      ours.ratio,
    );
    printTargetRow(
      "  the slowest one",
      inTime(ours.slowest),
      `INSERT ${inTime(theirs.slowest)}`,
      ours.slowest / theirs.slowest,
    );
  }
}

/**
 * Prints the rows of commits with limits, and of those that wait for the medium.
 *
 * @param directory An empty directory to work in.
 * @param large A file with many entries.
 */
export function benchCommitOptions(directory: string, large: BenchFile): void {
  const entries = 10_000;
  const bounded = fileOf(directory, "bounded", entries);
  const unbounded = fileOf(directory, "unbounded", entries);
  for (
    const [{ entries: count }, [without, within]] of [
      [bounded, [unbounded, bounded]],
      [large, [large, large]],
    ] as const
  ) {
    const limits = { maxEntries: count };
    const [plain, evicting] = measureSteps([
      committing(without),
      committing(within, { limits }),
    ], { times: 300 }) as Two;
    printTargetRow(
      `commit at the limit: one in, one out, ${inEntries(count)}`,
      inTime(evicting.milliseconds),
      `without limits ${inTime(plain.milliseconds)}`,
      evicting.ratio,
    );
  }
  using database = new Database(`${directory}/full.db`, "FULL");
  const [synced, full] = measureSteps([
    committing(unbounded, { sync: "commit" }),
    inserting(database),
  ], { times: 40, rounds: 7 }) as Two;
  printTargetRow(
    'commit with sync: "commit"',
    inTime(synced.milliseconds),
    `INSERT, FULL ${inTime(full.milliseconds)}`,
    1 / full.ratio,
  );
}

/** A file that is made once, and keeps what is added to it. */
function fileOf(directory: string, name: string, entries: number): BenchFile {
  const path = `${directory}/${name}.cache`;
  makeCacheFile(path, entries);
  return { entries, use: () => path };
}

type Two = [MeasuredSteps, MeasuredSteps];

function committing(file: BenchFile, options?: CommitOptions): Stepper {
  let store: Store | undefined;
  return {
    name: "commit",
    prepare: (times) => {
      const path = file.use();
      if (store?.location !== path) {
        store?.close();
        store = new LogStore(path);
      }
      const used = store;
      const changes = entriesFrom(takeNumbers(times + 1), times + 1).map((change) => [change]);
      // Whoever is first after others has to open the file, or to read what they have added.
      used.commit(changes.pop()!, options);
      let next = 0;
      return () => used.commit(changes[next++]!, options);
    },
  };
}

function inserting(database: Database): Stepper {
  return {
    name: "INSERT",
    prepare: (times) => {
      const rows = entriesFrom(takeNumbers(times), times).map(({ digest, parts }) =>
        [Uint8Array.fromHex(digest), parts[0]] as const
      );
      let next = 0;
      return () => database.put(...rows[next++]!);
    },
  };
}

function setting(file: BenchFile): Stepper {
  return {
    name: "set",
    prepare: (times) => {
      const cache = new CacheDict<string>(file.use(), { writeThrough: true });
      let number = takeNumbers(times + 1);
      cache.set(number, valueOf(number));
      return () => void cache.set(++number, valueOf(number));
    },
  };
}

function calling(file: BenchFile): Stepper {
  return {
    name: "call",
    prepare: (times) => {
      const call = CacheDict.decorate(valueOf, { filePath: file.use() });
      let number = takeNumbers(times + 1);
      call(number);
      return () => void call(++number);
    },
  };
}
