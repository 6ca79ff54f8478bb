// Copyright 2026 the pecapiku authors. MIT license.

import { toAbsolutePath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { assertOptions } from "../access/storage_options.ts";
import { FileKey } from "../file_key.ts";
import defer * as fileDigests from "./_file_digests.ts";
import type { FileKeyOptions } from "./file_key_options.ts";

const ACTION = "Cannot make file key";

/**
 * Makes a value that stands for the content of a file, for an argument of a cached function, an `innerKey`, a dictionary's key or
 * what a checkpoint `uses`. The same content is the same key, wherever the file is. The file is read piece by piece, and
 * not again as long as it is unchanged (see {@linkcode FileKeyOptions.remember}, which writes a file into the cache
 * directory by default).
 *
 * The key tells what the file is now: whoever reads the file by its `path` afterwards must do so before anybody changes it. Since the
 * path does not count, a result that depends on the path needs that as an argument, too.
 *
 * Needs `--allow-read` for the file. It never prompts for a permission.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type FileKey, fileKey } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const directory = Deno.makeTempDirSync();
 * const data = `${directory}/data.csv`;
 * Deno.writeTextFileSync(data, "1,2\n3,4\n");
 *
 * let evaluations = 0;
 * const countLines = CacheDict.decorate((file: FileKey) => {
 *   evaluations++;
 *   return Deno.readTextFileSync(file.path).trimEnd().split("\n").length;
 * }, { filePath: `${directory}/lines.cache` });
 *
 * assertEquals([countLines(fileKey(data)), countLines(fileKey(data))], [2, 2]);
 * assertEquals(evaluations, 1);
 *
 * Deno.writeTextFileSync(data, "1,2\n3,4\n5,6\n");
 * assertEquals(countLines(fileKey(data)), 3);
 * ```
 *
 * @example What a checkpoint depends on
 * ```ts
 * import { fileKey } from "@pecapiku/cache";
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const directory = Deno.makeTempDirSync();
 * const settings = `${directory}/settings.json`;
 * Deno.writeTextFileSync(settings, `{ "factor": 2 }`);
 *
 * const scale = checkpoint({ directory, uses: () => ({ settings: fileKey(settings) }) })(
 *   (x: number): number => x * JSON.parse(Deno.readTextFileSync(settings)).factor,
 * );
 * assertEquals(scale(21), 42);
 *
 * Deno.writeTextFileSync(settings, `{ "factor": 10 }`);
 * assertEquals(scale(21), 210);
 * ```
 *
 * @param path The path of the file, against the current directory if it is relative; or a `file:` URL. A symbolic link
 * stands for the file that it leads to.
 * @param options How to go about it.
 * @returns The key.
 * @throws {TypeError} If the path or an option can't be one.
 * @throws {CacheError} If there is no such file, if it is a directory, a device or a pipe, if it can't be read, as without
 * `--allow-read`, or if it keeps changing while it is read. The `filePath` of the error is that of the file.
 */
export function fileKey(path: string | URL, options: FileKeyOptions = {}): FileKey {
  assertOptions(options, ACTION);
  // Not read again by the next run of a script: that is what a large file needs most, so it is the default, although it writes.
  // It writes only where other caches go by default, for files that are worth it, and what is granted already.
  const { remember = "disk" } = options;
  if (remember !== "disk" && remember !== "process" && remember !== false) {
    throw new TypeError(
      `${ACTION}: expected remember to be "disk", "process" or false: ${show(remember)}`,
    );
  }
  const absolute = toAbsolutePath(path, ACTION);
  const { sha256, size } = fileDigests.fileDigests().digest(absolute, remember);
  return new FileKey(absolute, sha256, size);
}
