// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What the store costs, at few entries and at many, beside `node:sqlite`: one table, with the targets.
 *
 * ```sh
 * deno task bench:store
 * deno task bench:store --huge   # 10,000,000 entries as well: 3 GB of disk, 5 minutes more
 * ```
 *
 * All files are made by the bench in a temporary directory: values of 100 bytes under keys that are numbers, as `CacheDict` stores
 * them. Things that are compared are measured in turn, round by round, in one process or in processes that take turns; each
 * number is the median of the rounds, each ratio the median of the ratios of a round. Nothing drops what the operating system has
 * in memory of a file.
 *
 * - **first hit in a fresh process**: from the start of `deno run` to its end, with `new CacheDict(path).get(number)` in it, minus
 *   the same for a script without imports that only opens the file: the empty process. So it includes the import of the package.
 *   21 rounds, each with another entry from anywhere in the file but its last tenth.
 * - **the store's part without imports**: `new LogStore(path).get(digest)` in a fresh process that has imported the module, by its own
 *   clock.
 * - **memory for the first hit**: the most that the process of the first hit ever had resident (`VmHWM` of `/proc/self/status`; the
 *   resident memory at its end where there is no such file), minus that of a process that imports the same modules and only opens
 *   the file. 7 rounds.
 * - **commit of one entry**: `LogStore.commit()` of one new entry, whose digest and bytes were made before; each single one is timed.
 *   Of the file with 1,000 entries each round has a fresh copy, so that it never has more than 1,500.
 * - **commits, 5,000 in a row**: the time of all together, so with what is done now and then only, be it a snapshot of the index or a
 *   checkpoint, beside one `INSERT` a transaction of the same digests and values: a prepared statement, the digest as the primary key
 *   of a table `WITHOUT ROWID`, WAL, `synchronous = NORMAL`, a cache of 64 MB. The database stores the digest and the value; the store
 *   the key, the time, the codec and so on, too. The database of 1,000 rows is not made anew for each round, and grows.
 * - **hits and misses**: 500 `LogStore.get()` a round. The first hit of an entry reads it from the file; the next ones find it in
 *   memory. The same 500 digests for `SELECT`.
 * - **commit at the limit**: `maxEntries` is what the file has, so that each commit puts one entry and evicts another.
 * - **compaction**: `compact()` of a file of which nearly half is dead, in megabytes of that file, beside `Deno.copyFileSync()` of
 *   it and a sync.
 * - **sync**: `synchronous = FULL` on the side of `node:sqlite`.
 *
 * @module
 */

import { benchCompaction } from "./_store_compaction.ts";
import { Database, makeCacheFile } from "./_store_files.ts";
import { benchOpening } from "./_store_opening.ts";
import { benchReading } from "./_store_reading.ts";
import {
  benchCommitOptions,
  type BenchFile,
  benchFlatness,
  benchInserts,
} from "./_store_writing.ts";
import { printHead } from "./_target_table.ts";

const FEW = 1_000;
const MANY = 1_000_000;

function bench(directory: string, huge: boolean): void {
  const paths = new Map<number, string>();
  for (const entries of [FEW, 100_000, MANY, ...huge ? [10 * MANY] : []]) {
    paths.set(entries, `${directory}/${entries}.cache`);
    makeCacheFile(paths.get(entries)!, entries);
  }
  printHead();
  benchOpening(paths);

  using fewRows = new Database(`${directory}/few.db`);
  using manyRows = new Database(`${directory}/many.db`);
  fewRows.fill(FEW);
  manyRows.fill(MANY);
  benchReading([
    { entries: FEW, path: paths.get(FEW)!, database: fewRows },
    { entries: MANY, path: paths.get(MANY)!, database: manyRows },
  ]);
  const few: BenchFile = { entries: FEW, use: copier(directory, paths.get(FEW)!) };
  const many: BenchFile = { entries: MANY, use: () => paths.get(MANY)! };
  benchFlatness(few, many);
  benchInserts(few, many, [fewRows, manyRows]);
  benchCommitOptions(directory, many);
  benchCompaction(directory);
}

function copier(directory: string, source: string): () => string {
  let copies = 0;
  return () => {
    const path = `${directory}/copy-${copies++}.cache`;
    Deno.copyFileSync(source, path);
    return path;
  };
}

if (import.meta.main) {
  const directory = Deno.makeTempDirSync({ prefix: "pecapiku-bench-" });
  try {
    bench(directory, Deno.args.includes("--huge"));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
