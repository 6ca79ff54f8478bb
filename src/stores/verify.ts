// Copyright 2026 the pecapiku authors. MIT license.

import { toAbsolutePath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { CacheError } from "../errors/cache_error.ts";
import { CorruptCacheError } from "../errors/corrupt_cache_error.ts";
import type { VerifyReport } from "../errors/verify_report.ts";
import { DENO_DISK, type Disk } from "./disk.ts";
import { LogFile } from "./_log_file.ts";
import { examineFile, missingFile } from "./_verify_file.ts";

/** How often a file is gone through anew because others keep changing what is being read. */
const MOST_LOOKS = 32;

/**
 * How {@linkcode verify} goes about a file.
 *
 * @example Usage
 * ```ts
 * import { LogStore, verify, type VerifyOptions } from "@pecapiku/cache/stores";
 * import { assert } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * const options: VerifyOptions = { onDamage: "raise" };
 * assert(verify(path, options).isSound);
 * Deno.removeSync(path);
 * ```
 */
export interface VerifyOptions {
  /**
   * What to do about damage: to report it like all else, or to raise a `CorruptCacheError` that has the report.
   *
   * @default {"report"}
   */
  readonly onDamage?: "report" | "raise" | undefined;
  /**
   * The calls that reach the disk; for tests.
   *
   * @default {Deno's own}
   */
  readonly disk?: Disk | undefined;
}

/**
 * Goes through the whole of a cache file, checks every byte, and tells what it is: entries, what is dead, the index, damage.
 * Nothing is changed, nothing is said on the console, and no lock is taken: others may read and write meanwhile, and
 * only what is seen twice is called damage. `repair` puts right what this reports.
 *
 * It takes about as long as to read the file twice, and four times if it is damaged. Memory: up to some 300 bytes for each entry, and 20 MB;
 * large values pass through in pieces.
 *
 * Needs `--allow-read` for the file, and never asks for it.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { verify } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempDirSync() + "/a.cache";
 * {
 *   using cache = new CacheDict(path);
 *   cache.set("a", 1).set("b", 2);
 * }
 * const { isSound, live, damaged } = verify(path);
 * assertEquals([isSound, live.entries, damaged.count], [true, 2, 0]);
 * ```
 *
 * @param path The path or `file:` URL of the file.
 * @param options What to do about damage.
 * @returns What was found.
 * @throws {TypeError} If the path or an option can't be one.
 * @throws {CacheFormatError} If the file is not a cache file, or a newer version of this package wrote it.
 * @throws {CorruptCacheError} If something is damaged, or in doubt because of that, and `onDamage` is `"raise"`.
 * @throws {CacheError} If there is no file (its `cause` is a `Deno.errors.NotFound`), or it can't be read.
 */
export function verify(path: string | URL, options: VerifyOptions = {}): VerifyReport {
  const { onDamage = "report", disk = DENO_DISK } = options;
  const absolute = toAbsolutePath(path, "Cannot verify cache");
  if (onDamage !== "report" && onDamage !== "raise") {
    throw new TypeError(
      `Cannot verify cache: not "report" or "raise" as onDamage: ${show(onDamage)}`,
    );
  }
  const log = new LogFile(absolute, disk);
  let report: VerifyReport;
  try {
    report = lookTwice(log);
  } catch (error) {
    throw log.wrap("verify cache", error);
  } finally {
    log.close();
  }
  if (onDamage === "raise" && !report.isSound) throw corruptCacheError(report);
  return report;
}

/** Goes through a file until it is found sound, or twice to be damaged in the same way. */
function lookTwice(log: LogFile): VerifyReport {
  let before: string | undefined;
  for (let looks = 1;; looks++) {
    if (!log.open()) throw missingFile(log.path, "verify");
    const report = examineFile(log.file!, log.path)?.report;
    if (report === undefined || !log.isCurrent()) {
      if (looks >= MOST_LOOKS) {
        throw new CacheError(`Cannot verify cache: the file keeps changing: ${log.path}`, {
          filePath: log.path,
        });
      }
      log.close();
      before = undefined;
      continue;
    }
    if (report.isSound) return report;
    const seen = report.damaged.ranges.map(({ offset, length, what }) => [offset, length, what])
      .join();
    if (seen === before || looks >= MOST_LOOKS) return report;
    before = seen;
  }
}

function corruptCacheError(report: VerifyReport): CorruptCacheError {
  const { path, damaged: { count, bytes, lostEntries }, doubtful } = report;
  const ranges = count === 1 ? "1 damaged range" : `${count} damaged ranges`;
  const entries = lostEntries === 1 ? "1 entry" : `${lostEntries} entries`;
  const what = `${ranges} of ${bytes} bytes, ${entries} lost, ${doubtful.count} in doubt`;
  return new CorruptCacheError(`Cannot verify cache: ${what}: ${path}`, { filePath: path, report });
}
