// Copyright 2026 the pecapiku authors. MIT license.

/** An open file, as far as a store uses one: a part of `Deno.FsFile`. */
export type DiskFile = Pick<
  Deno.FsFile,
  | "readSync"
  | "writeSync"
  | "seekSync"
  | "truncateSync"
  | "statSync"
  | "tryLockSync"
  | "unlockSync"
  | "close"
>;

/**
 * What a store asks of the disk, apart from the rest so that a test can make any call fail.
 *
 * @example Usage
 * ```ts
 * import { type Disk, LogStore } from "@pecapiku/cache/stores";
 * import { assertThrows } from "@std/assert";
 *
 * const broken: Disk = {
 *   openSync: () => {
 *     throw new Deno.errors.PermissionDenied("read-only");
 *   },
 *   statSync: Deno.statSync,
 * };
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache", { disk: broken });
 * assertThrows(() => store.commit([{ type: "put", digest: "0".repeat(64), codec: "structured",
 *   key: { kind: "value", parts: [new Uint8Array(1)] }, parts: [new Uint8Array(1)],
 *   functionName: "", writtenAt: 0, duration: 0, promised: false }]));
 * ```
 */
export interface Disk {
  /** Opens a file. */
  openSync(path: string, options: Deno.OpenOptions): DiskFile;
  /** Tells what is at a path, behind symbolic links. */
  statSync(path: string): Pick<Deno.FileInfo, "dev" | "ino" | "isFile">;
}

/** The disk itself, through Deno's own calls. */
export const DENO_DISK: Disk = {
  openSync: (path, options) => Deno.openSync(path, options),
  statSync: (path) => Deno.statSync(path),
};
