// Copyright 2026 the pecapiku authors. MIT license.

import { CacheFormatError } from "../errors/cache_format_error.ts";
import { type DirectoryAccess, isUnsupported } from "./_directory_access.ts";
import { placeOf, readEntry, type ReadRecord, writeEntry } from "./_directory_entry.ts";
import { makeFolders } from "./_directory_folders.ts";
import type { Digest, PutChange } from "./store.ts";

/** How often a file is begun anew because its folder was removed before it could be created. */
const MOST_ATTEMPTS = 100;

/** How old a temporary file has to be for nobody to be writing it any more, in milliseconds. */
const ABANDONED_AFTER = 60 * 60 * 1000;

/** What a file's metadata say. */
export interface FileState {
  /** Its length, in bytes. */
  readonly size: number;
  /** When it was last changed, or used, in milliseconds since the epoch. */
  readonly time: number;
}

const FOUND = {};

/** The files of the entries in a directory store. */
export class DirectoryFiles {
  readonly #access: DirectoryAccess;

  constructor(access: DirectoryAccess) {
    this.#access = access;
  }

  /**
   * Reads from an entry's file.
   *
   * @param digest The digest, checked.
   * @param read What to read.
   * @returns What was read; `undefined` if there is nothing, or it is damaged.
   * @throws {CacheFormatError} If what there is may be somebody else's, or a newer version's.
   */
  read<T extends object>(digest: Digest, read: ReadRecord<T>): T | undefined {
    const { root, disk } = this.#access;
    const { path } = placeOf(root, digest);
    const found = this.#access.attempt("read", path, () => readEntry(disk, path, digest, read));
    if (found === "damaged") {
      const text = `Cannot read all of cache: damaged, taken as not cached: ${path}`;
      this.#access.note("damaged", text);
    }
    return typeof found === "string" ? undefined : found;
  }

  /**
   * Reads from an entry's file, and passes over what may be somebody else's, or a newer version's.
   *
   * @param digest The digest, checked.
   * @param read What to read.
   * @returns What was read; `undefined` if there is nothing that can be read.
   */
  readOwn<T extends object>(digest: Digest, read: ReadRecord<T>): T | undefined {
    try {
      return this.read(digest, read);
    } catch (error) {
      if (!(error instanceof CacheFormatError)) throw error;
      this.#access.note("foreign", `Cannot read all of cache: passed over: ${error.message}`);
      return undefined;
    }
  }

  /**
   * Writes an entry's file, over the one there is.
   *
   * @param change The entry.
   * @param stamp The time that the file is given.
   * @param sync Whether to wait for the medium.
   * @returns The length of the file.
   * @throws {CacheFormatError} If what there is may be somebody else's, or a newer version's. It is left as it is.
   */
  put(change: PutChange, stamp: number, sync: boolean): number {
    const access = this.#access;
    const place = placeOf(access.root, change.digest);
    this.#isThere(change.digest, place.path);
    return access.attempt("write", place.path, () => {
      for (let attempt = 1;; attempt++) {
        try {
          return writeEntry(access.disk, place, change, stamp, sync);
        } catch (error) {
          // Folders are missing, or have been removed since.
          if (!(error instanceof Deno.errors.NotFound) || attempt === MOST_ATTEMPTS) throw error;
          makeFolders(access, place);
        }
      }
    });
  }

  /**
   * Removes an entry's file.
   *
   * @param digest The digest, checked.
   * @returns Whether there was one.
   * @throws {CacheFormatError} If what there is may be somebody else's, or a newer version's. It is left as it is.
   */
  remove(digest: Digest): boolean {
    const { path } = placeOf(this.#access.root, digest);
    return this.#isThere(digest, path) && this.#remove(path);
  }

  /**
   * Removes an entry's file that is known to be one.
   *
   * @param digest The digest of the entry.
   */
  removeOwn(digest: Digest): void {
    this.#remove(placeOf(this.#access.root, digest).path);
  }

  /**
   * Removes a temporary file, if whoever wrote it must have been stopped.
   *
   * @param path The path of the file.
   * @param now The time by now.
   * @returns Whether it is gone.
   */
  removeAbandoned(path: string, now: number): boolean {
    const state = this.stateAt(path);
    if (state === undefined) return true;
    if (!(now - state.time > ABANDONED_AFTER)) return false;
    return this.#access.attempt("write", path, () => {
      try {
        this.#access.disk.removeSync(path);
        return true;
      } catch {
        // Somebody else was faster, or it is somebody else's: it is in nobody's way.
        return false;
      }
    });
  }

  /**
   * Tells what an entry's file is.
   *
   * @param digest The digest, checked.
   * @returns What it is; `undefined` if there is none.
   */
  state(digest: Digest): FileState | undefined {
    return this.stateAt(placeOf(this.#access.root, digest).path);
  }

  /**
   * Tells what is at a path.
   *
   * @param path The path.
   * @returns What it is; `undefined` if there is nothing.
   */
  stateAt(path: string): FileState | undefined {
    return this.#access.attempt("read", path, () => {
      try {
        const { size, mtime } = this.#access.disk.statSync(path);
        return { size, time: mtime?.getTime() ?? 0 };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    });
  }

  /**
   * Sets the time of an entry's file.
   *
   * @param digest The digest, checked.
   * @param time The time, in milliseconds since the epoch.
   * @returns Whether there is one whose time could be set.
   */
  setTime(digest: Digest, time: number): boolean {
    const { path } = placeOf(this.#access.root, digest);
    const result = this.#setTime(path, time);
    if (result === "refused") {
      const text =
        `Cannot note in cache what is used, so that others may be removed first: ${path}`;
      this.#access.note("time", text);
    }
    return result === "set";
  }

  /**
   * Sets the time of the store's directory.
   *
   * @param time The time, in milliseconds since the epoch.
   * @returns Whether there is one whose time could be set.
   */
  setRootTime(time: number): boolean {
    return this.#setTime(this.#access.root, time) === "set";
  }

  #setTime(path: string, time: number): "set" | "missing" | "refused" {
    return this.#access.attempt("write", path, () => {
      try {
        this.#access.disk.utimeSync(path, time);
        return "set";
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return "missing";
        if (isUnsupported(error)) return "refused";
        throw error;
      }
    });
  }

  /** Tells whether there is a file that may be overwritten or removed: one of ours, damaged or not. */
  #isThere(digest: Digest, path: string): boolean {
    const { disk } = this.#access;
    return this.#access.attempt("read", path, () => {
      // Its beginning tells.
      return readEntry(disk, path, digest, () => FOUND) !== "missing";
    });
  }

  #remove(path: string): boolean {
    return this.#access.attempt("write", path, () => {
      try {
        this.#access.disk.removeSync(path);
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    });
  }
}
