// Copyright 2026 the pecapiku authors. MIT license.

/** An open file, as far as a store uses one: a part of `Deno.FsFile`. */
export type DiskFile = Pick<
  Deno.FsFile,
  | "readSync"
  | "writeSync"
  | "seekSync"
  | "truncateSync"
  | "syncSync"
  | "syncDataSync"
  | "statSync"
  | "tryLockSync"
  | "unlockSync"
  | "close"
>;

/** What a store asks of a file on the disk: a part of `Deno.FileInfo`. */
export type DiskFileInfo = Pick<
  Deno.FileInfo,
  "dev" | "ino" | "isFile" | "size" | "mode" | "nlink" | "uid" | "gid"
>;

/**
 * What a store asks of the disk, apart from the rest so that a test can make any call fail. Paths are absolute.
 *
 * @example Usage
 * ```ts
 * import { type Disk, LogStore } from "@pecapiku/cache/stores";
 * import { CacheError } from "@pecapiku/cache";
 * import { assertThrows } from "@std/assert";
 *
 * const broken: Disk = {
 *   openSync: () => {
 *     throw new Deno.errors.PermissionDenied("read-only");
 *   },
 *   statSync: Deno.statSync,
 *   lstatSync: Deno.lstatSync,
 *   realPathSync: Deno.realPathSync,
 *   chmodSync: Deno.chmodSync,
 *   chownSync: Deno.chownSync,
 *   renameSync: Deno.renameSync,
 *   removeSync: Deno.removeSync,
 * };
 * const path = Deno.makeTempFileSync();
 * const store = new LogStore(path, { disk: broken });
 * assertThrows(() => store.size, CacheError, "read-only");
 * Deno.removeSync(path);
 * ```
 */
export interface Disk {
  /** Opens a file. */
  openSync(path: string, options: Deno.OpenOptions): DiskFile;
  /** Tells what is at a path, behind symbolic links. */
  statSync(path: string): DiskFileInfo;
  /** Tells what is at a path itself. */
  lstatSync(path: string): Pick<Deno.FileInfo, "isFile">;
  /** The path behind all symbolic links. */
  realPathSync(path: string): string;
  /** Sets who may do what with a file. */
  chmodSync(path: string, mode: number): void;
  /** Sets whose a file is. */
  chownSync(path: string, uid: number, gid: number): void;
  /** Puts a file in the place of another. */
  renameSync(oldPath: string, newPath: string): void;
  /** Removes a file. */
  removeSync(path: string): void;
}

/** The disk itself, through Deno's own calls. */
export const DENO_DISK: Disk = {
  openSync: (path, options) => Deno.openSync(path, options),
  statSync: (path) => Deno.statSync(path),
  lstatSync: (path) => Deno.lstatSync(path),
  realPathSync: (path) => Deno.realPathSync(path),
  chmodSync: (path, mode) => Deno.chmodSync(path, mode),
  chownSync: (path, uid, gid) => Deno.chownSync(path, uid, gid),
  renameSync: (oldPath, newPath) => Deno.renameSync(oldPath, newPath),
  removeSync: (path) => Deno.removeSync(path),
};
