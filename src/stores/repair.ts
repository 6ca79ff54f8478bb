// Copyright 2026 the pecapiku authors. MIT license.

import { toAbsolutePath } from "../_absolute_path.ts";
import { CacheError } from "../errors/cache_error.ts";
import type { VerifyReport } from "../errors/verify_report.ts";
import { ANCHOR_LENGTH } from "./_anchor.ts";
import { DENO_DISK, type Disk, type DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { DEFAULT_LOCK_TIMEOUT, lockFile } from "./_file_lock.ts";
import { type LockClock, SYSTEM_LOCK_CLOCK } from "./lock_clock.ts";
import { LogFile } from "./_log_file.ts";
import { AsideFile } from "./_repair_aside.ts";
import { copyGoodEntries } from "./_repair_copy.ts";
import { BusyError, tellReaders, TemporaryFile } from "./_temporary_file.ts";
import { examineFile, missingFile } from "./_verify_file.ts";

/** How often a repair starts over because the file was replaced between opening and locking it. */
const MOST_REOPENINGS = 100;

/** How long to wait for who is compacting the file before the next look, in milliseconds. */
const PAUSE = 16;

/**
 * How {@linkcode repair} goes about a file.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { repair, type RepairOptions } from "@pecapiku/cache/stores";
 * import { assert } from "@std/assert";
 *
 * const path = Deno.makeTempDirSync() + "/a.cache";
 * {
 *   using cache = new CacheDict(path);
 *   cache.set("a", 1);
 * }
 * const options: RepairOptions = { lockTimeout: 5_000 };
 * assert(!repair(path, options).isChanged);
 * ```
 */
export interface RepairOptions {
  /**
   * How long to wait for other processes that write the file or compact it, in milliseconds.
   *
   * @default {30_000}
   */
  readonly lockTimeout?: number | undefined;
  /**
   * What the wait for the lock goes by; for tests.
   *
   * @default {The machine's clock}
   */
  readonly clock?: LockClock | undefined;
  /**
   * The calls that reach the disk; for tests.
   *
   * @default {Deno's own}
   */
  readonly disk?: Disk | undefined;
}

/**
 * What a repair found, and what it did.
 *
 * @example Usage
 * ```ts
 * import { repair, type RepairReport } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * const report: RepairReport = repair(path);
 * assertEquals([report.isChanged, report.lostEntries, report.asidePath], [false, 0, undefined]);
 * Deno.removeSync(path);
 * ```
 */
export interface RepairReport {
  /** The absolute path of the file. */
  readonly path: string;
  /** Whether the file was changed. */
  readonly isChanged: boolean;
  /** What was found: `damaged.ranges` and `doubtful.entries` name the digests and keys that are known to be lost. */
  readonly before: VerifyReport;
  /** What the file is now. */
  readonly after: VerifyReport;
  /** How many entries are known to be lost: those that are damaged, and those in doubt. Damaged ranges may have held others. */
  readonly lostEntries: number;
  /** The path of the file that has what was taken out; `undefined` if nothing was. */
  readonly asidePath: string | undefined;
  /** How many bytes of the cache file are in it. */
  readonly asideBytes: number;
}

/**
 * Repairs a cache file: keeps every entry that is good, and sets aside what is damaged or in doubt, in one file beside it that is named
 * `<file>.damaged-<8 hexadecimal digits>`. What is in such a file, and how, is in `docs/format.md`. A file without damage is left as it
 * is; the beginning of a write that was cut off is set aside, too.
 *
 * The good entries are copied to a new file, in order, which is read back and put in the place of the old one once it is on the medium:
 * whatever fails, and whenever the process dies, the one or the other is there, whole. Others may read meanwhile; who wants to write waits.
 * A damaged file header is made out again, if one bit of it is wrong, or if the first records behind it are undamaged.
 *
 * It takes about as long as to read the file four times. Memory: up to some 500 bytes for each entry, and 30 MB; large values pass through in
 * pieces. For a while, there has to be room on the disk for a second file.
 *
 * Needs `--allow-read` and `--allow-write` for the directory, and never asks for them.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { repair, verify } from "@pecapiku/cache/stores";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempDirSync() + "/a.cache";
 * {
 *   using cache = new CacheDict(path);
 *   cache.set("a", 1).set("b", 2);
 * }
 * const bytes = Deno.readFileSync(path);
 * bytes[bytes.length - 1]! ^= 1;
 * Deno.writeFileSync(path, bytes);
 *
 * const { lostEntries, before, asidePath } = repair(path);
 * assertEquals([lostEntries, before.damaged.ranges[0]?.key], [1, '"b"']);
 * assert(asidePath?.startsWith(`${path}.damaged-`));
 * assert(verify(path).isSound);
 *
 * using cache = new CacheDict(path);
 * assertEquals(cache.get("a"), 1);
 * ```
 *
 * @param path The path or `file:` URL of the file.
 * @param options How to wait for others.
 * @returns What was found and done.
 * @throws {TypeError} If the path or an option can't be one.
 * @throws {CacheFormatError} If the file is not a cache file, if its header can't be made out, or if a newer version of this package wrote it.
 * It is left as it is.
 * @throws {CacheError} If there is no file (its `cause` is a `Deno.errors.NotFound`), if it has other names (hard links), or if it can't be
 * locked or written anew: it is then as before.
 */
export function repair(path: string | URL, options: RepairOptions = {}): RepairReport {
  const { lockTimeout = DEFAULT_LOCK_TIMEOUT, clock = SYSTEM_LOCK_CLOCK, disk = DENO_DISK } =
    options;
  const absolute = toAbsolutePath(path, "Cannot repair cache");
  if (typeof lockTimeout !== "number" || !(lockTimeout >= 0)) {
    throw new TypeError(`Cannot repair cache: not a lock time-out: ${lockTimeout}`);
  }
  const log = new LogFile(absolute, disk);
  try {
    return whenFree(log, { lockTimeout, clock, disk });
  } catch (error) {
    throw log.wrap("repair cache", error);
  } finally {
    log.close();
  }
}

interface RepairSettings {
  readonly lockTimeout: number;
  readonly clock: LockClock;
  readonly disk: Disk;
}

/** Repairs a file once nobody else writes it or compacts it. */
function whenFree(log: LogFile, settings: RepairSettings): RepairReport {
  const { clock, lockTimeout } = settings;
  const deadline = clock.now() + lockTimeout;
  for (;;) {
    const file = lockCurrent(log, settings);
    try {
      return repairLocked(log, settings.disk, file);
    } catch (error) {
      if (!(error instanceof BusyError) || clock.now() >= deadline) throw error;
    } finally {
      file.close();
    }
    // Who compacts the file waits for its lock in the end.
    clock.pause(PAUSE);
  }
}

/** The file, open for writing and locked, and still what the path leads to. Where there is none, none is created. */
function lockCurrent(
  log: LogFile,
  { lockTimeout, clock, disk }: RepairSettings,
): DiskFile {
  for (let attempt = 0; attempt < MOST_REOPENINGS; attempt++) {
    if (!log.open()) throw missingFile(log.path, "repair");
    log.requirePermission("write");
    const file = disk.openSync(log.path, { read: true, write: true });
    try {
      lockFile(file, log.path, lockTimeout, clock);
      // Whoever was given the lock of a file that has been replaced since would repair what nobody reads.
      if (log.isCurrent()) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    log.close();
  }
  throw new CacheError(`Cannot repair cache: the file is replaced all the time: ${log.path}`, {
    filePath: log.path,
  });
}

function repairLocked(log: LogFile, disk: Disk, file: DiskFile): RepairReport {
  const aside = new AsideFile(log, disk, file);
  const size = file.seekSync(0, Deno.SeekMode.End);
  let temporary: TemporaryFile | undefined;
  try {
    let firstBad = Infinity;
    const examination = examineFile(file, log.path, (part) => {
      firstBad = Math.min(firstBad, part.offset);
      aside.add(part);
    });
    if (examination === undefined) throw othersWrite();
    const { report: before, end } = examination;
    const { offset, bytes: length } = before.unfinished;
    // What a crash has left of a file that was just begun holds nothing: the next commit begins it anew.
    const isBegun = before.size < FILE_HEADER_LENGTH + ANCHOR_LENGTH && end <= FILE_HEADER_LENGTH;
    const isUnfinished = length > 0 && !isBegun;
    if (before.isSound && !isUnfinished) return result(before, before, aside);
    if (isUnfinished) aside.add({ type: "unfinished", offset, length });
    aside.finish();
    if (firstBad >= end) return result(before, cutOff(file, log.path, end), aside);
    temporary = new TemporaryFile("repair", log, disk);
    const copy = copyGoodEntries(file, log.path, examination, temporary.file);
    temporary.replace();
    tellReaders(file, { end: size, saltChecksum: examination.header!.saltChecksum, replaced: 0 });
    temporary.file.close();
    return result(before, copy.report, aside);
  } catch (error) {
    throw abandoned(error, [
      () => temporary?.abandon(),
      // A call that failed may have done its work all the same: then the cache file no longer has what was set aside.
      () => {
        if (log.isCurrent() && file.seekSync(0, Deno.SeekMode.End) >= size) aside.abandon();
      },
    ]);
  }
}

/** Cuts off what is behind the last complete batch. */
function cutOff(file: DiskFile, path: string, end: number): VerifyReport {
  file.truncateSync(end);
  file.syncSync();
  const examination = examineFile(file, path);
  if (examination === undefined) throw othersWrite();
  return examination.report;
}

function othersWrite(): Error {
  return new Error("Others change the file without its lock");
}

/** Removes what was created. Returns the error to throw. */
function abandoned(error: unknown, steps: readonly (() => void)[]): unknown {
  const errors = [error];
  for (const step of steps) {
    try {
      step();
    } catch (stepError) {
      errors.push(stepError);
    }
  }
  return errors.length === 1 ? error : new AggregateError(errors, String(error));
}

function result(before: VerifyReport, after: VerifyReport, aside: AsideFile): RepairReport {
  return {
    path: before.path,
    isChanged: after !== before,
    before,
    after,
    lostEntries: before.damaged.lostEntries + before.doubtful.count,
    asidePath: aside.path,
    asideBytes: aside.bytes,
  };
}
