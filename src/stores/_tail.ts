// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { parentOf } from "./_directory.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { readAt, writeFully } from "./_file_io.ts";
import type { LogFile } from "./_log_file.ts";
import type { LogFollower } from "./_log_follower.ts";

const CHUNK_LENGTH = 1024 * 1024;

/**
 * Makes the end of a file fit for the next batch: cuts off what is behind the last complete one, but sets it aside first.
 *
 * Where no file can be created beside the cache file, the beginning of a batch, which nobody was told to be stored, is cut
 * off all the same; what may be damage stays, and the next batch goes behind it.
 *
 * @param log The file, open for writing and locked.
 * @param disk The disk.
 * @param follower What knows the file, whose tail is not clean.
 * @returns What was done, for a warning.
 * @throws {CacheError} If what is behind the last complete batch may neither be set aside nor stay.
 */
export function repairTail(log: LogFile, disk: Disk, follower: LogFollower): string {
  const { file, end, size } = follower;
  const length = size - end;
  const asidePath = `${log.path}.damaged-${end}-${crypto.randomUUID().slice(0, 8)}`;
  let cause: unknown;
  try {
    if (log.isGranted("write", asidePath)) {
      setAside(disk, file, asidePath, end, size);
      file.truncateSync(end);
      follower.tail = "clean";
      return `${length} bytes at the end are moved to ${asidePath}`;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    cause = error;
  }
  if (follower.tail === "torn") {
    file.truncateSync(end);
    follower.tail = "clean";
    return `${length} bytes of an unfinished write at the end are cut off`;
  }
  if (follower.tailFault === end) {
    follower.end = size;
    follower.tail = "clean";
    return `${length} bytes at the end are passed over`;
  }
  // The beginning of a batch, and damage: what is appended would complete the batch.
  throw new CacheError(
    `Cannot repair cache: its end can't be moved to another file, run with --allow-write=${
      parentOf(log.path)
    }: ${log.path}`,
    { filePath: log.path, cause },
  );
}

/** Tells that a file can't be created in a directory, whoever asks for it, and however often. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

function setAside(
  disk: Disk,
  file: DiskFile,
  asidePath: string,
  start: number,
  size: number,
): void {
  // A new file or an error: never through a link that somebody else has put there.
  const aside = disk.openSync(asidePath, { write: true, createNew: true });
  try {
    const chunk = new Uint8Array(Math.min(CHUNK_LENGTH, size - start));
    for (let at = start; at < size; at += chunk.length) {
      const length = readAt(file, at, chunk.subarray(0, Math.min(chunk.length, size - at)));
      writeFully(aside, chunk.subarray(0, length));
    }
    aside.close();
  } catch (error) {
    aside.close();
    try {
      disk.removeSync(asidePath);
    } catch (removeError) {
      throw new AggregateError([error, removeError], String(error));
    }
    throw error;
  }
}
