// Copyright 2026 the pecapiku authors. MIT license.

import { ensureCacheDirectory, parentOf } from "./_directory.ts";
import type { Digest } from "./store.ts";

/** What is behind the name of a file, before the beginning of a digest, while an entry is computed. */
const SUFFIX = ".computing-";

/** How many digits of a digest the name has: others with the same beginning only wait for each other. */
const DIGITS = 16;

/** How many waiting calls have a thread each: the runtime has few, which others need, too. */
const MOST_THREADS = 4;

/** How long others sleep before they try again, in milliseconds: at first, and at the most. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 50;

let threads = 0;

/** The files whose leftovers were removed by this process. */
const swept = new Set<string>();

/** The right to compute an entry, among all processes that use a file. */
export interface ComputeLock {
  /** Whether the lock is the one that others wait for. If not, its holder has just been done. */
  readonly isCurrent: boolean;
  /** Gives the right back. Who waits is woken. */
  release(): void;
}

/**
 * Waits for the right to compute an entry. It is the lock on an empty file beside the cache file, which is removed when the right is
 * given back. The operating system gives up the lock of a process that ends, however it ends; the file it leaves is
 * removed by who takes the right next, or by the next process that computes anything.
 *
 * @param path The absolute path of the cache file.
 * @param digest The digest of the entry.
 * @returns The right; `undefined` if it can't be had without a permission that is not granted.
 * @throws {Error} If the file system does not let us, or something else is at the path.
 */
export async function takeComputeLock(
  path: string,
  digest: Digest,
): Promise<ComputeLock | undefined> {
  const name = `${path}${SUFFIX}${digest.slice(0, DIGITS)}`;
  for (const kind of ["read", "write"] as const) {
    if (Deno.permissions.querySync({ name: kind, path: name }).state !== "granted") {
      return undefined;
    }
  }
  if (!swept.has(path)) {
    swept.add(path);
    sweep(path);
  }
  const file = open(name);
  try {
    await lock(file);
  } catch (error) {
    file.close();
    throw error;
  }
  const isCurrent = isAt(name, file);
  return {
    isCurrent,
    release: () => {
      // First away, then free: who wakes up finds that what it has locked is no more.
      if (isCurrent) removeIfThere(name);
      file.close();
    },
  };
}

function open(name: string): Deno.FsFile {
  const options = { read: true, write: true, create: true, mode: 0o600 };
  let file: Deno.FsFile;
  try {
    // A pipe would be waited for, and a link may lead anywhere.
    if (!Deno.lstatSync(name).isFile) throw somethingElse(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    file = Deno.openSync(name, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    ensureCacheDirectory(parentOf(name));
    file = Deno.openSync(name, options);
  }
  if (file.statSync().size === 0) return file;
  file.close();
  throw somethingElse(name);
}

function somethingElse(name: string): Error {
  return new Error(`something else is there: ${name}`);
}

async function lock(file: Deno.FsFile): Promise<void> {
  if (file.tryLockSync(true)) return;
  if (threads < MOST_THREADS) {
    threads++;
    try {
      return await file.lock(true);
    } finally {
      threads--;
    }
  }
  for (let pause = FIRST_PAUSE;; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    // A random share, so that many waiters do not come back in step.
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
    if (file.tryLockSync(true)) return;
  }
}

/** Tells whether a path still leads to an open file. */
function isAt(name: string, file: Deno.FsFile): boolean {
  try {
    const there = Deno.lstatSync(name);
    const own = file.statSync();
    return there.isFile && there.ino === own.ino && there.dev === own.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function removeIfThere(name: string): void {
  try {
    Deno.removeSync(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Removes what processes have left that were killed while they computed. What is in use, or somebody else's, stays. */
function sweep(path: string): void {
  const directory = parentOf(path);
  if (Deno.permissions.querySync({ name: "read", path: directory }).state !== "granted") return;
  const start = path.slice(directory.length).replace(/^[\\/]/, "") + SUFFIX;
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(directory), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const name of names) {
    const digits = name.startsWith(start) ? name.slice(start.length) : "";
    if (digits.length !== DIGITS || /[^0-9a-f]/.test(digits)) continue;
    const leftover = `${directory}/${name}`;
    let file: Deno.FsFile | undefined;
    try {
      if (!Deno.lstatSync(leftover).isFile) continue;
      file = Deno.openSync(leftover, { read: true, write: true });
      if (file.statSync().size === 0 && file.tryLockSync(true) && isAt(leftover, file)) {
        removeIfThere(leftover);
      }
    } catch (error) {
      // Another process was faster, or it is not ours to open.
      const isTheirs = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.PermissionDenied;
      if (!isTheirs) throw error;
    } finally {
      file?.close();
    }
  }
}
