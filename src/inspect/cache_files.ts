// Copyright 2026 the pecapiku authors. MIT license.

import { joinPath } from "../_absolute_path.ts";
import { CacheError } from "../errors/cache_error.ts";
import { readBeginning } from "../stores/cache_file.ts";

/** How deep folders are gone through: names of cache files may have folders in them, but not many. */
const DEEPEST = 8;

/** A cache file that was found. */
export interface FoundFile {
  /** Its absolute path. */
  readonly path: string;
  /** Its length, in bytes. */
  readonly bytes: number;
  /** When it was changed last, in milliseconds since the epoch; `NaN` if the system does not tell. */
  readonly modifiedAt: number;
}

/** Where to look. */
export interface ListOptions {
  /**
   * Whether folders within the directory are gone through as well.
   *
   * @default {false}
   */
  readonly recursive?: boolean | undefined;
  /** Takes what there is to say of what could not be looked at. */
  readonly warn: (message: string) => void;
}

/**
 * Finds the cache files in a directory, by what they begin with: their names don't count. Needs `--allow-read` for the directory, and never
 * asks for it.
 *
 * @param directory The absolute path.
 * @param options Where to look.
 * @returns The files, by name.
 * @throws {CacheError} If the directory can't be read. Of a folder in it, a warning says so.
 */
export function* listCacheFiles(directory: string, options: ListOptions): Generator<FoundFile> {
  yield* listIn(directory, options, 0);
}

function* listIn(directory: string, options: ListOptions, depth: number): Generator<FoundFile> {
  const { recursive = false, warn } = options;
  for (const { name, isDirectory, isSymlink } of readDirectory(directory)) {
    const path = joinPath(directory, name);
    try {
      if (isDirectory && !isSymlink) {
        if (recursive && depth < DEEPEST) yield* listIn(path, options, depth + 1);
        continue;
      }
      // Through a link, but not of a folder: that could lead round in a circle. A pipe would be waited for.
      const { isFile, size, mtime } = Deno.statSync(path);
      if (!isFile || !readBeginning(path).isOurs) continue;
      yield { path, bytes: size, modifiedAt: mtime?.getTime() ?? NaN };
    } catch (error) {
      // It was removed since, or is a link that leads nowhere.
      if (error instanceof Deno.errors.NotFound) continue;
      if (error instanceof CacheError && error.cause instanceof Deno.errors.NotFound) continue;
      if (!(error instanceof Error)) throw error;
      warn(error instanceof CacheError ? error.message : `Cannot look at file: ${error.message}`);
    }
  }
}

function readDirectory(directory: string): Deno.DirEntry[] {
  requireRead(directory, "list cache files");
  try {
    return Array.from(Deno.readDirSync(directory))
      .sort((one, other) => one.name < other.name ? -1 : 1);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CacheError(`Cannot list cache files: ${reason}: ${directory}`, {
      filePath: directory,
      cause,
    });
  }
}

/**
 * Makes sure that a path may be read, without ever asking for it.
 *
 * @param path The absolute path.
 * @param action What is done, for the message.
 * @throws {CacheError} If it may not. The message names the flag.
 */
export function requireRead(path: string, action: string): void {
  if (Deno.permissions.querySync({ name: "read", path }).state === "granted") return;
  throw new CacheError(`Cannot ${action}: no read access, run with --allow-read=${path}: ${path}`, {
    filePath: path,
  });
}
