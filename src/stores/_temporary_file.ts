// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { parentOf } from "./_directory.ts";
import type { Disk, DiskFile, DiskFileInfo } from "./disk.ts";
import { FILE_HEADER_LENGTH, isSuccessor } from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import { readSalt } from "./_file_start.ts";
import type { LogFile } from "./_log_file.ts";
import {
  emptyRecordFields,
  KIND,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "./_record.ts";

/** What is behind the name of a file while it is written anew. */
const SUFFIX = ".compacting";

/** Says that another process is compacting the file. */
export class BusyError extends CacheError {}

/** The permissions of a file, without what kind of file it is. */
const MODE_BITS = 0o777;

/**
 * The new file that is to take the place of a cache file. It is created, locked, and put in its place only by who holds the lock of
 * the cache file; a process that ends gives its lock up. So one that is not locked is a leftover. It says itself whose place
 * it is to take, so that no file of that name is taken for one that is somebody's own.
 */
export class TemporaryFile {
  readonly #action: string;
  readonly #log: LogFile;
  readonly #disk: Disk;
  readonly #path: string;
  readonly #target: string;
  readonly file: DiskFile;
  /** What is at its path. */
  readonly info: DiskFileInfo;
  #isDone = false;

  /**
   * Creates the file.
   *
   * @param action What it is for, for messages.
   * @param log The cache file, whose lock is held.
   * @param disk The disk.
   * @throws {CacheError} If it can't be created: a permission is missing, the cache file has other names, or another process is
   * at it.
   */
  constructor(action: "compact" | "repair", log: LogFile, disk: Disk) {
    this.#action = action;
    this.#log = log;
    this.#disk = disk;
    // Not the path itself: a new file in the place of a symbolic link would leave the old one where the link led.
    this.#target = disk.realPathSync(log.path);
    this.#path = this.#target + SUFFIX;
    for (const name of ["read", "write"] as const) {
      if (log.isGranted(name, this.#path) && log.isGranted(name, this.#target)) continue;
      throw this.#refusal(`no ${name} access, run with --allow-${name}=${parentOf(this.#target)}`);
    }
    const old = disk.statSync(log.path);
    if (old.nlink !== null && old.nlink > 1) {
      throw this.#refusal("the file has other names (hard links)");
    }
    const left = removeLeftover(disk, this.#path, readSalt(log.file!));
    if (left === "busy") {
      throw new BusyError(`Cannot ${action} cache: another process is at it: ${log.path}`, {
        filePath: log.path,
      });
    }
    if (left === "foreign") throw this.#refusal(`something else is there: ${this.#path}`);
    // A new file or an error: never through a link that somebody else has put there. For its owner only, until it is known
    // that it will be nobody else's.
    this.file = disk.openSync(this.#path, {
      read: true,
      write: true,
      createNew: true,
      mode: 0o600,
    });
    try {
      if (!this.file.tryLockSync(true)) throw this.#refusal(`can't lock ${this.#path}`);
      this.#takeOwner(old);
      this.info = disk.statSync(this.#path);
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
    } catch (error) {
      // Somebody else has removed it.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.file.close();
    }
  }

  #refusal(reason: string, cause?: unknown): CacheError {
    const { path } = this.#log;
    return new CacheError(`Cannot ${this.#action} cache: ${reason}: ${path}`, {
      filePath: path,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** Has the file belong to whom the old one belongs, with the same rights. */
  #takeOwner({ uid, gid, mode }: DiskFileInfo): void {
    const own = this.#disk.statSync(this.#path);
    try {
      if (uid !== null && gid !== null && (uid !== own.uid || gid !== own.gid)) {
        this.#disk.chownSync(this.#path, uid, gid);
      }
      if (mode !== null && mode !== own.mode) {
        this.#disk.chmodSync(this.#path, mode & MODE_BITS);
      }
    } catch (cause) {
      throw this.#refusal("the new file can't be given to the owner of the old one", cause);
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
  if (log.isGranted("read", path) && log.isGranted("write", path)) {
    removeLeftover(disk, path, readSalt(log.file!));
  }
}

/**
 * Makes the old file longer. Who reads it looks now and then only whether its path still leads to it, but at each call whether it
 * has grown: nothing that others commit to the new file is to be missed.
 *
 * @param file The old file, still locked.
 * @param place Where it ends.
 */
export function tellReaders(
  file: DiskFile,
  place: { readonly end: number; readonly saltChecksum: number; readonly replaced: number },
): void {
  const { end, saltChecksum, replaced } = place;
  const fields = { ...emptyRecordFields(), kind: KIND.moved, replaced };
  const bytes = new Uint8Array(RECORD_HEADER_LENGTH);
  writeRecordHeader(bytes, new DataView(bytes.buffer), 0, NO_DIGEST, fields, saltChecksum, end);
  try {
    file.seekSync(end, Deno.SeekMode.Start);
    writeFully(file, bytes);
  } catch {
    // The disk is full, say. They see it within a millisecond all the same.
  }
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
function removeLeftover(
  disk: Disk,
  path: string,
  predecessor: Uint8Array,
): "free" | "busy" | "foreign" {
  let handle: DiskFile | undefined;
  try {
    // A link, a directory, a pipe: not ours.
    if (!disk.lstatSync(path).isFile) return "foreign";
    handle = disk.openSync(path, { read: true, write: true });
    if (!handle.tryLockSync(true)) return "busy";
    const start = new Uint8Array(FILE_HEADER_LENGTH);
    const head = start.subarray(0, readAt(handle, 0, start));
    if (!isSuccessor(head, predecessor)) return "foreign";
    disk.removeSync(path);
    return "free";
  } catch (error) {
    // There is none, or another process was faster.
    if (error instanceof Deno.errors.NotFound) return "free";
    throw error;
  } finally {
    handle?.close();
  }
}
