// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { CacheFormatError } from "../errors/cache_format_error.ts";
import { ensureCacheDirectory, parentOf } from "./_directory.ts";
import type { Disk, DiskFile } from "./disk.ts";

/** How often the path of an open file is looked at, in milliseconds, to see that it still leads to the file. */
const PATH_CHECK_INTERVAL = 1;

/** How many cache files a process holds open at most. Some systems allow 256 files of all kinds. */
const MOST_OPEN = 128;

/** The files that are open, the one that was opened longest ago first. */
const openFiles = new Set<LogFile>();

/**
 * The one handle that a process has on a cache file. It never prompts for a permission: what was not granted is an
 * error that names the flag. Beyond 128 open files, the one that was opened longest ago is closed; it opens again by itself.
 */
export class LogFile {
  readonly path: string;
  readonly #disk: Disk;
  #file: DiskFile | undefined;
  #writable = false;
  #dev: number | undefined;
  #ino: number | null | undefined;
  #checkedAt = -Infinity;
  /** The length of the file when the path was last looked at, in bytes. */
  size = 0;

  constructor(path: string, disk: Disk) {
    this.path = path;
    this.#disk = disk;
  }

  /** The handle, if one is open. */
  get file(): DiskFile | undefined {
    return this.#file;
  }

  /**
   * Sees to it that a handle is open, and that the path leads to it.
   *
   * @param mustCheck Whether to look at the path, even if that was done just now.
   * @returns Whether there is a file.
   * @throws {CacheError} If the file is there but can't be opened.
   */
  open(mustCheck = false): boolean {
    // The path is looked at now and then only, since that costs more than all the rest of a hit.
    if (this.#file !== undefined && ((!mustCheck && !this.#isCheckDue()) || this.isCurrent())) {
      return true;
    }
    this.close();
    this.requirePermission("read");
    return this.#openHandle({ read: true });
  }

  /**
   * Sees to it that a handle is open for writing.
   *
   * @param creates Whether a file, and its directory, are created where there are none.
   * @returns Whether there is a file.
   * @throws {CacheError} If the file can't be opened for writing.
   */
  openForWriting(creates = true): boolean {
    if (this.#file !== undefined && this.#writable) return true;
    this.requirePermission("read");
    this.requirePermission("write");
    this.close();
    const options = { read: true, write: true };
    if (!this.#openHandle(options)) {
      if (!creates) return false;
      if (!this.#create()) {
        this.#createDirectory(parentOf(this.path));
        this.#create();
      }
      if (!this.#openHandle(options)) {
        throw new CacheError(
          `Cannot open cache: it leads where no file can be created: ${this.path}`,
          { filePath: this.path },
        );
      }
    }
    this.#writable = true;
    return true;
  }

  /** Tells whether the path still leads to the file that is open. */
  isCurrent(): boolean {
    // Permissions can be revoked, and a call without one would ask for it.
    if (this.#isCheckDue()) this.requirePermission("read");
    this.#checkedAt = Date.now();
    try {
      const { dev, ino, size } = this.#disk.statSync(this.path);
      this.size = size;
      return dev === this.#dev && ino === this.#ino;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw this.wrap("open cache", error);
    }
  }

  /** Goes on with another file, which has taken the place of the one that is open. */
  replaceHandle(file: DiskFile, { dev, ino }: Pick<Deno.FileInfo, "dev" | "ino">): void {
    this.close();
    this.#writable = true;
    this.#adoptHandle(file, dev, ino);
  }

  /** Lets go of the handle. */
  close(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#writable = false;
    openFiles.delete(this);
    file?.close();
  }

  /** Tells that a permission is granted, without ever asking the user for it. */
  isGranted(name: "read" | "write", path = this.path): boolean {
    return Deno.permissions.querySync({ name, path }).state === "granted";
  }

  /** An error of this package for whatever went wrong. */
  wrap(action: string, error: unknown): CacheError {
    if (error instanceof CacheError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new CacheError(`Cannot ${action}: ${reason}: ${this.path}`, {
      filePath: this.path,
      cause: error,
    });
  }

  #openHandle(options: Deno.OpenOptions): boolean {
    let file: DiskFile | undefined;
    try {
      // Looked at before it is opened, since to open a pipe is to wait for its other end. If another file comes to be at the
      // path in between, that shows at the next look. (To ask the open file itself takes a permission for the place that a
      // symbolic link leads to, and Deno would prompt for it.)
      const { dev, ino, isFile } = this.#disk.statSync(this.path);
      if (!isFile) {
        throw new CacheFormatError(`Cannot open cache: not a file: ${this.path}`, {
          filePath: this.path,
        });
      }
      file = this.#disk.openSync(this.path, options);
      this.#adoptHandle(file, dev, ino);
      if (openFiles.size > MOST_OPEN) openFiles.values().next().value!.close();
      return true;
    } catch (error) {
      file?.close();
      if (error instanceof Deno.errors.NotFound) return false;
      throw this.wrap("open cache", error);
    }
  }

  /** Creates an empty file, if there is none. Returns whether there is one now. */
  #create(): boolean {
    try {
      // Through a symbolic link as well, to a file that is not there yet.
      this.#disk.openSync(this.path, { write: true, create: true }).close();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw this.wrap("open cache", error);
    }
  }

  #adoptHandle(file: DiskFile, dev: number, ino: number | null): void {
    this.#file = file;
    this.#dev = dev;
    this.#ino = ino;
    this.#checkedAt = Date.now();
    openFiles.add(this);
  }

  /** Whether the path was not looked at just now. A clock that jumps back counts as time passed. */
  #isCheckDue(): boolean {
    const now = Date.now();
    return now - this.#checkedAt >= PATH_CHECK_INTERVAL || now < this.#checkedAt;
  }

  /** Throws if a permission is not granted. */
  requirePermission(name: "read" | "write", path = this.path): void {
    if (this.isGranted(name, path)) return;
    throw new CacheError(
      `Cannot open cache: no ${name} access, run with --allow-${name}=${path}: ${this.path}`,
      { filePath: this.path },
    );
  }

  #createDirectory(directory: string): void {
    this.requirePermission("write", directory);
    try {
      ensureCacheDirectory(directory);
    } catch (error) {
      throw this.wrap("create cache directory", error);
    }
  }
}
