// Copyright 2026 the pecapiku authors. MIT license.

import type { DiskFile } from "./disk.ts";

/** An open file of a directory store: a part of `Deno.FsFile`. */
export type DirectoryDiskFile = DiskFile & Pick<Deno.FsFile, "syncDataSync" | "utimeSync">;

/**
 * What a {@linkcode DirectoryStore} asks of the disk, apart from the rest so that a test can make any call fail. Paths
 * are absolute; symbolic links are followed.
 *
 * @example Usage
 * ```ts
 * import { CacheError } from "@pecapiku/cache";
 * import { DENO_DIRECTORY_DISK, type DirectoryDisk, DirectoryStore } from "@pecapiku/cache/stores";
 * import { assertThrows } from "@std/assert";
 *
 * const broken: DirectoryDisk = {
 *   ...DENO_DIRECTORY_DISK,
 *   statSync: () => {
 *     throw new Error("An error of the disk");
 *   },
 * };
 * const store = new DirectoryStore(Deno.makeTempDirSync(), { disk: broken });
 * assertThrows(() => store.get("5".repeat(64)), CacheError, "An error of the disk");
 * ```
 */
export interface DirectoryDisk {
  /** Opens a file, or a directory to sync it. */
  openSync(path: string, options: Deno.OpenOptions): DirectoryDiskFile;
  /** Tells what is at a path. */
  statSync(path: string): Pick<Deno.FileInfo, "isFile" | "size" | "mtime">;
  /** Lists a directory. */
  readDirSync(path: string): Iterable<Deno.DirEntry>;
  /** Makes a directory in one that is there, for its owner only. */
  mkdirSync(path: string): void;
  /** Gives a file another name, over a file that has it. */
  renameSync(from: string, to: string): void;
  /** Removes a file, or an empty directory. */
  removeSync(path: string): void;
  /** Sets the times of a file or directory, in milliseconds since the epoch. */
  utimeSync(path: string, time: number): void;
}

/**
 * The disk itself, through Deno's own calls: what a {@linkcode DirectoryStore} uses unless told otherwise.
 *
 * @example Usage
 * ```ts
 * import { DENO_DIRECTORY_DISK } from "@pecapiku/cache/stores";
 * import { assert } from "@std/assert";
 *
 * assert(DENO_DIRECTORY_DISK.statSync(Deno.makeTempFileSync()).isFile);
 * ```
 */
export const DENO_DIRECTORY_DISK: DirectoryDisk = {
  openSync: (path, options) => Deno.openSync(path, options),
  statSync: (path) => Deno.statSync(path),
  readDirSync: (path) => Deno.readDirSync(path),
  mkdirSync: (path) => Deno.mkdirSync(path, { mode: 0o700 }),
  renameSync: (from, to) => Deno.renameSync(from, to),
  removeSync: (path) => Deno.removeSync(path),
  utimeSync: (path, time) => Deno.utimeSync(path, new Date(time), new Date(time)),
};
