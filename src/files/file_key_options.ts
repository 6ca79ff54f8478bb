// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The options of {@linkcode fileKey}.
 *
 * @example Usage
 * ```ts
 * import { fileKey, type FileKeyOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * const options: FileKeyOptions = { remember: false };
 * assertEquals(fileKey(path, options).size, 0);
 * ```
 */
export interface FileKeyOptions {
  /**
   * Where the digest of a file is remembered, so that the file is not read again as long as it is unchanged:
   *
   * - `"disk"`: in the process, and, of files from 4 MiB on, for the next processes in `_file_keys.cache` in the cache directory
   *   (about 200 bytes a file, of the 10,000 files that were used last). It is read and written only where that is granted
   *   already;
   * - `"process"`: in the process only. Nothing is written, and the next process reads the file again;
   * - `false`: not at all. Each call reads the file, which takes some 1.3 s for each GB that the system has in memory.
   *
   * A file counts as unchanged while its size, its times of modification, change of status and creation, its inode and its device
   * are all the same. What changed less than three seconds ago is not remembered, nor is what the system does not tell all
   * of these about. Use `false` for files that others write through a memory map, which leaves no certain trace in these.
   *
   * @default {"disk"}
   */
  readonly remember?: "disk" | "process" | false | undefined;
}
