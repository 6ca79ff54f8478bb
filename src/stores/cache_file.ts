// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { beginsAsCacheFile, versionIn } from "./_file_header.ts";

/** What the first bytes of a file say. */
export interface FileBeginning {
  /** Whether they are those of a cache file of this package, of whatever version, damaged or not behind them. */
  readonly isOurs: boolean;
  /** The version of the file format that they name; `undefined` if they don't reach that far. */
  readonly formatVersion: number | undefined;
}

/** The bytes that are read: those of the magic, and of the version. */
const LENGTH = 12;

/**
 * Reads the beginning of a file, to tell whether it is a cache file of this package: what is not is nobody's to remove here.
 *
 * @param path The absolute path of the file, which is a regular file.
 * @returns What it begins with.
 * @throws {CacheError} If the file can't be read.
 */
export function readBeginning(path: string): FileBeginning {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
    throw new CacheError(
      `Cannot open cache: no read access, run with --allow-read=${path}: ${path}`,
      { filePath: path },
    );
  }
  const bytes = new Uint8Array(LENGTH);
  let length = 0;
  try {
    using file = Deno.openSync(path);
    while (length < LENGTH) {
      const read = file.readSync(bytes.subarray(length));
      if (read === null) break;
      length += read;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CacheError(`Cannot open cache: ${reason}: ${path}`, { filePath: path, cause });
  }
  const isOurs = beginsAsCacheFile(bytes.subarray(0, length));
  return { isOurs, formatVersion: isOurs ? versionIn(bytes.subarray(0, length)) : undefined };
}
