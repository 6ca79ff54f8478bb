// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";

// The signature of the Cache Directory Tagging Specification, by which backup tools leave a directory out.
const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This directory holds caches of the package @pecapiku/cache. What is lost with it is computed anew.
`;

/**
 * Makes a directory for cache files, and those above it that are missing: for its owner only where the system has
 * modes, and marked as a cache for backup tools and Git. A directory that is already there is left as it is.
 *
 * @param directory The absolute path of the directory.
 * @throws {CacheError} If it can't be made. No permission is asked for.
 */
export function ensureCacheDirectory(directory: string): void {
  try {
    make(directory);
  } catch (cause) {
    if (cause instanceof CacheError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CacheError(`Cannot create cache directory: ${reason}: ${directory}`, { cause });
  }
}

function make(directory: string): void {
  if (!isWritable(directory)) {
    throw new CacheError(
      `Cannot create cache directory: no write access, run with --allow-write=${directory}: ${directory}`,
    );
  }
  try {
    Deno.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    const parent = parentOf(directory);
    if (!(error instanceof Deno.errors.NotFound) || parent === directory) throw error;
    make(parent);
    makeIn(directory);
  }
  mark(`${directory}/CACHEDIR.TAG`, CACHEDIR_TAG);
  mark(`${directory}/.gitignore`, "*\n");
}

// Not `make` again: below a dangling link, which is there and can't hold anything, that would have no end.
function makeIn(directory: string): void {
  try {
    Deno.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function mark(path: string, text: string): void {
  if (!isWritable(path)) return;
  try {
    Deno.writeTextFileSync(path, text, { createNew: true });
  } catch {
    // The marks are a courtesy: where they can't be written, or another process was faster, the cache works all the same.
  }
}

function isWritable(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

/** The directory that a path is in. */
export function parentOf(directory: string): string {
  const end = Deno.build.os === "windows"
    ? Math.max(directory.lastIndexOf("/"), directory.lastIndexOf("\\"))
    : directory.lastIndexOf("/");
  return end <= 0 ? directory.slice(0, end + 1) : directory.slice(0, end);
}
