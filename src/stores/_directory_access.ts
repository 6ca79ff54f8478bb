// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { CacheFormatError } from "../errors/cache_format_error.ts";
import type { DirectoryDisk } from "./directory_disk.ts";

/** For how long a permission counts as granted, once that was looked up, in milliseconds. */
const PERMISSION_INTERVAL = 1;

/**
 * The way of a directory store to its disk. It never prompts for a permission: what was not granted is an error that
 * names the flag. All that goes wrong is a `CacheError`.
 */
export class DirectoryAccess {
  /** The absolute path of the store's directory. */
  readonly root: string;
  /** The disk, to be used in {@linkcode attempt} only. */
  readonly disk: DirectoryDisk;
  readonly #grantedAt = { read: -Infinity, write: -Infinity };
  readonly #noted = new Set<string>();
  /** What is to be said on the console. */
  #notes: string[] = [];

  constructor(root: string, disk: DirectoryDisk) {
    this.root = root;
    this.disk = disk;
  }

  /**
   * Does something that reaches the disk.
   *
   * @param permission What it needs.
   * @param path The path it is about, for messages.
   * @param step What to do.
   * @returns What it returned.
   * @throws {CacheError} If the permission is not granted, or the disk refuses.
   */
  attempt<T>(permission: "read" | "write", path: string, step: () => T): T {
    this.#require(permission);
    try {
      return step();
    } catch (error) {
      throw this.#wrap(permission, path, error);
    }
  }

  /**
   * Notes something to be said on the console, once for each kind of thing.
   *
   * @param kind What kind of thing.
   * @param text What to say.
   */
  note(kind: string, text: string): void {
    if (this.#noted.has(kind)) return;
    this.#noted.add(kind);
    this.#notes.push(text);
  }

  /** Says on the console what was noted: at the end of each call only, since whoever listens may use the cache, too. */
  report(): void {
    if (this.#notes.length === 0) return;
    const text = this.#notes.join("; ");
    this.#notes = [];
    console.warn(text);
  }

  #require(name: "read" | "write"): void {
    const now = Date.now();
    const age = now - this.#grantedAt[name];
    // A clock that jumps back counts as time passed.
    if (age >= 0 && age < PERMISSION_INTERVAL) return;
    if (Deno.permissions.querySync({ name, path: this.root }).state !== "granted") {
      throw new CacheError(
        `Cannot open cache: no ${name} access, run with --allow-${name}=${this.root}: ${this.root}`,
        { filePath: this.root },
      );
    }
    this.#grantedAt[name] = now;
  }

  #wrap(permission: "read" | "write", filePath: string, cause: unknown): CacheError {
    if (cause instanceof CacheError) return cause;
    if (cause instanceof Deno.errors.NotADirectory) {
      return new CacheFormatError(
        `Cannot ${permission} cache: a file is in the place of a directory: ${filePath}`,
        { filePath, cause },
      );
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new CacheError(`Cannot ${permission} cache: ${reason}: ${filePath}`, {
      filePath,
      cause,
    });
  }
}

/** Tells whether an error says that a file system can't do a thing, or not for this user. */
export function isUnsupported(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotSupported ||
    (error instanceof Error && "code" in error &&
      ["EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EPERM"].includes(String(error.code)));
}
