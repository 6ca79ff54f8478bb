// Copyright 2026 the pecapiku authors. MIT license.

import defer * as paths from "@std/path";
import { CacheError } from "../errors/cache_error.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { readAt, writeFully } from "./_file_io.ts";
import type { LogFile } from "./_log_file.ts";
import type { LogIndex } from "./_log_index.ts";

const CHUNK_LENGTH = 1024 * 1024;

/**
 * Makes the end of a file fit for the next batch: cuts off what is behind the last complete one, but sets it aside first.
 * Says on the console what it did.
 *
 * Without the right to create a file beside the cache file, the beginning of a batch, which nobody was told to be stored, is
 * cut off all the same; what may be damage stays, and the next batch goes behind it.
 *
 * @param log The file, open for writing and locked.
 * @param disk The disk.
 * @param index The index, whose tail is not clean.
 * @throws {CacheError} If what is behind the last complete batch may neither be set aside nor stay.
 */
export function repairTail(log: LogFile, disk: Disk, index: LogIndex): void {
  const { file, end, size } = index;
  const length = size - end;
  const asidePath = `${log.path}.damaged-${end}-${crypto.randomUUID().slice(0, 8)}`;
  if (log.isGranted("write", asidePath)) {
    setAside(disk, file, asidePath, end, size);
    file.truncateSync(end);
    warn(log, `${length} bytes at the end are moved to ${asidePath}`);
  } else if (index.tail === "torn") {
    file.truncateSync(end);
    warn(log, `${length} bytes of an unfinished write at the end are cut off`);
  } else if (index.tailFault === end) {
    index.end = size;
    warn(log, `${length} bytes at the end are passed over`);
  } else {
    throw new CacheError(
      `Cannot repair cache: no right to move its end to another file, run with --allow-write=${
        paths.dirname(log.path)
      }: ${log.path}`,
      { filePath: log.path },
    );
  }
  index.tail = "clean";
}

function warn(log: LogFile, what: string): void {
  console.warn(`Cannot read all of cache: ${what}: ${log.path}`);
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
  } finally {
    aside.close();
  }
}
