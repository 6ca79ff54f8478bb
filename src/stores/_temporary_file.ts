// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { parentOf } from "./_directory.ts";
import type { Disk, DiskFile } from "./disk.ts";
import type { LogFile } from "./_log_file.ts";

/** What is behind the name of a file while it is written anew. */
const SUFFIX = ".compacting";

/** Says that another process is compacting the file. */
export class BusyError extends CacheError {}

/** The permissions of a file, without what kind of file it is. */
const MODE_BITS = 0o777;

/**
 * The new file that is to take the place of a cache file. It is created, locked, and put in its place or removed, only by who
 * holds the lock of the cache file; a process that ends gives its lock up. So one that is not locked is a leftover.
 */
export class TemporaryFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #target: string;
  readonly file: DiskFile;
  #isDone = false;

  /**
   * Creates the file.
   *
   * @param log The cache file, whose lock is held.
   * @param disk The disk.
   * @throws {CacheError} If it can't be created: a permission is missing, the cache file has other names, or another process is
   * at it.
   */
  constructor(log: LogFile, disk: Disk) {
    this.#disk = disk;
    // Not the path itself: a new file in the place of a symbolic link would leave the old one where the link led.
    this.#target = disk.realPathSync(log.path);
    this.#path = this.#target + SUFFIX;
    for (const name of ["read", "write"] as const) {
      if (log.isGranted(name, this.#path) && log.isGranted(name, this.#target)) continue;
      throw refusal(log, `no ${name} access, run with --allow-${name}=${parentOf(this.#target)}`);
    }
    const { nlink, mode } = disk.statSync(log.path);
    if (nlink !== null && nlink > 1) throw refusal(log, "the file has other names (hard links)");
    const left = removeLeftover(disk, this.#path);
    if (left === "busy") {
      throw new BusyError(`Cannot compact cache: another process is at it: ${log.path}`, {
        filePath: log.path,
      });
    }
    if (left === "foreign") throw refusal(log, `something else is there: ${this.#path}`);
    const options = { read: true, write: true, createNew: true };
    // A new file or an error: never through a link that somebody else has put there.
    this.file = disk.openSync(this.#path, mode ? { ...options, mode: mode & MODE_BITS } : options);
    try {
      if (!this.file.tryLockSync(true)) throw refusal(log, `can't lock ${this.#path}`);
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Puts the file in the place of the cache file, whose lock is held. */
  replace(): void {
    this.#disk.renameSync(this.#path, this.#target);
    this.#isDone = true;
    syncDirectory(this.#disk, parentOf(this.#target));
  }

  /** Removes the file, unless it has taken its place. */
  abandon(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    try {
      this.#disk.removeSync(this.#path);
    } finally {
      this.file.close();
    }
  }
}

/**
 * Removes what a process that was stopped has left of a compaction.
 *
 * @param log The cache file, whose lock is held.
 * @param disk The disk.
 */
export function removeTemporary(log: LogFile, disk: Disk): void {
  if (!log.isGranted("read") || !log.isGranted("write")) return;
  const path = disk.realPathSync(log.path) + SUFFIX;
  if (log.isGranted("read", path) && log.isGranted("write", path)) removeLeftover(disk, path);
}

/** Has a rename on the medium, where the system can do that, and lets us. */
export function syncDirectory(disk: Disk, directory: string): void {
  if (Deno.permissions.querySync({ name: "read", path: directory }).state !== "granted") return;
  let handle: DiskFile | undefined;
  try {
    handle = disk.openSync(directory, { read: true });
    handle.syncSync();
  } catch {
    // Not all systems open a directory, or sync one. There is nothing else to be done for it.
  } finally {
    handle?.close();
  }
}

/** Removes a leftover. Tells whether the path is free, and if not, why. */
function removeLeftover(disk: Disk, path: string): "free" | "busy" | "foreign" {
  try {
    // A link, a directory, a pipe: not ours.
    if (!disk.lstatSync(path).isFile) return "foreign";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "free";
    throw error;
  }
  const handle = disk.openSync(path, { read: true, write: true });
  try {
    if (!handle.tryLockSync(true)) return "busy";
    disk.removeSync(path);
    return "free";
  } finally {
    handle.close();
  }
}

function refusal(log: LogFile, reason: string): CacheError {
  return new CacheError(`Cannot compact cache: ${reason}: ${log.path}`, { filePath: log.path });
}
