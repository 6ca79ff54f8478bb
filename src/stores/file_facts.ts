// Copyright 2026 the pecapiku authors. MIT license.

import { START_LENGTH } from "./_compaction.ts";
import { FORMAT_VERSION } from "./_file_header.ts";
import { withIndex } from "./_open_index.ts";

/** What the bytes of a cache file are, as far as that is known without reading all of them. They add up to `bytes`. */
export interface FileFacts {
  /** The length of the file. */
  readonly bytes: number;
  /** What the records of the entries take, with their keys. */
  readonly liveBytes: number;
  /** What the file begins with, and the index that is in use. */
  readonly indexBytes: number;
  /** What was overwritten or deleted, indexes of the past, who used what, and what is damaged. */
  readonly deadBytes: number;
  /** How many entries there are, those that belong to others as well. */
  readonly entries: number;
  /** The version of the file format. */
  readonly formatVersion: number;
}

/**
 * Tells what the bytes of a cache file are. It takes as long as to open the file, at any size; `verify` looks at every byte.
 *
 * @param path The absolute path of the file.
 * @param warn Takes what there is to say of the file.
 * @returns The facts.
 * @throws {CacheFormatError} If the file is not a cache file.
 * @throws {CacheError} If there is no file, or it can't be read.
 */
export function fileFacts(path: string, warn: (message: string) => void): FileFacts {
  return withIndex({ path, warn }, (index, bytes) => {
    const liveBytes = index?.liveBytes ?? 0;
    const entries = index?.count ?? 0;
    const overhead = START_LENGTH + (index?.snapshot?.byteLength ?? 0);
    const indexBytes = Math.max(0, Math.min(overhead, bytes - liveBytes));
    const deadBytes = Math.max(0, bytes - liveBytes - indexBytes);
    return { bytes, liveBytes, indexBytes, deadBytes, entries, formatVersion: FORMAT_VERSION };
  });
}
