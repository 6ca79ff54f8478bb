// Copyright 2026 the pecapiku authors. MIT license.

import { DENO_DISK } from "./disk.ts";
import { FILE_HEADER_LENGTH, parseFileHeader } from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import { missingFile } from "./_verify_file.ts";
import { LogFile } from "./_log_file.ts";
import { LogIndex } from "./_log_index.ts";
import { LogNotes } from "./_log_notes.ts";

/** How to read an index that is needed once. */
export interface IndexReading {
  /** The absolute path of the file. */
  readonly path: string;
  /** Takes what there is to say of the file. */
  readonly warn: (message: string) => void;
}

/**
 * Reads the index of a cache file for one question, as a store that was opened just now has it.
 *
 * @param reading The file.
 * @param ask Uses the index; `undefined` stands for a file whose first write was cut off. It gets the length of the file, in bytes.
 * @returns What `ask` gave.
 * @throws {CacheFormatError} If the file is not a cache file.
 * @throws {CacheError} If there is no file, or it can't be read.
 */
export function withIndex<T>(
  { path, warn }: IndexReading,
  ask: (index: LogIndex | undefined, size: number) => T,
): T {
  const log = new LogFile(path, DENO_DISK);
  const notes = new LogNotes(path, warn);
  try {
    if (!log.open()) throw missingFile(path, "read");
    const file = log.file!;
    const size = file.seekSync(0, Deno.SeekMode.End);
    const bytes = new Uint8Array(FILE_HEADER_LENGTH);
    const header = parseFileHeader(bytes.subarray(0, readAt(file, 0, bytes)), path);
    if (header === undefined) return ask(undefined, size);
    const index = new LogIndex(file, header, path, notes);
    index.catchUp(size, false);
    return ask(index, size);
  } catch (error) {
    throw log.wrap("read cache", error);
  } finally {
    log.close();
    notes.report();
  }
}
