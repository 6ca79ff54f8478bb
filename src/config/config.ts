// Copyright 2026 the pecapiku authors. MIT license.

import { isAbsolutePath, joinPath, toAbsolutePath } from "../_absolute_path.ts";

/**
 * Where cache files with relative paths live.
 *
 * @example Usage
 * ```ts
 * import { config } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const dir = Deno.makeTempDirSync();
 * config.setCacheDir(dir);
 * assertEquals(config.getCacheDir(), dir);
 * ```
 */
export interface CacheConfig {
  /**
   * Tells the directory in which relative file paths are resolved. Without {@linkcode setCacheDir} it is the first of
   * these that applies: `PECAPIKU_CACHE_DIR`, if access to it is already granted; a folder `.pecapiku` in the current
   * directory, if there is one; the user's cache directory of the operating system (`$XDG_CACHE_HOME` or `~/.cache`,
   * `~/Library/Caches`, `%LOCALAPPDATA%`) + `pecapiku`, if access to the environment variables is already granted;
   * `.pecapiku` in the current directory. It never prompts for a permission and never throws.
   *
   * @example Usage
   * ```ts
   * import { config } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * assert(config.getCacheDir().length > 0);
   * ```
   *
   * @returns The absolute path of the directory, which need not exist yet.
   */
  getCacheDir(): string;

  /**
   * Sets the directory in which relative file paths are resolved, for every cache that has not been used yet. Nothing
   * is created before something is written.
   *
   * @example Usage
   * ```ts
   * import { config } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * config.setCacheDir(".cache/experiments");
   * assert(config.getCacheDir().endsWith("experiments"));
   * ```
   *
   * @param dir A path, resolved against the current directory at once if it is relative; or a `file:` URL.
   * @throws {TypeError} If `dir` is not a non-empty path or a `file:` URL.
   */
  setCacheDir(dir: string | URL): void;
}

let chosen: string | undefined;

/**
 * The settings of this process. `config.setCacheDir` counts for every cache that is used for the first time after it,
 * whenever it was made.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, config } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const square = CacheDict.decorate((x: number) => x * x, { filePath: "squares.cache" });
 * config.setCacheDir(Deno.makeTempDirSync());
 * square(3);
 * assertEquals([...Deno.readDirSync(config.getCacheDir())].map((entry) => entry.name), ["squares.cache"]);
 * ```
 */
export const config: CacheConfig = Object.freeze({
  getCacheDir(): string {
    return chosen ?? defaultCacheDir();
  },
  setCacheDir(dir: string | URL): void {
    chosen = toAbsolutePath(dir, "Cannot set cache directory");
  },
});

const LOCAL_NAME = ".pecapiku";
const SHARED_NAME = "pecapiku";

/**
 * Finds the cache directory of a process that has not chosen one. It asks for no permission: what is not granted is as
 * if it were not there.
 *
 * @returns The absolute path of the directory.
 */
function defaultCacheDir(): string {
  const named = grantedVariable("PECAPIKU_CACHE_DIR");
  if (named !== undefined && !named.includes("\0")) {
    return isAbsolutePath(named) ? named : joinPath(currentDir(), named);
  }
  const local = joinPath(currentDir(), LOCAL_NAME);
  if (isGrantedDirectory(local)) return local;
  const user = userCacheDir();
  return user === undefined ? local : joinPath(user, SHARED_NAME);
}

// One variable may be granted and its neighbour not. Then the answer is not known, and guessing it would move the cache
// as soon as more is granted: so an unreadable variable ends the search.
function userCacheDir(): string | undefined {
  switch (Deno.build.os) {
    case "windows":
      return absoluteVariable("LOCALAPPDATA");
    case "darwin":
      return inHome("Library/Caches");
    default: {
      if (!isGranted("XDG_CACHE_HOME")) return undefined;
      return absoluteVariable("XDG_CACHE_HOME") ?? inHome(".cache");
    }
  }
}

function inHome(relative: string): string | undefined {
  const home = absoluteVariable("HOME");
  return home === undefined ? undefined : joinPath(home, relative);
}

// The XDG specification has relative values ignored; elsewhere they make no more sense.
function absoluteVariable(name: string): string | undefined {
  const value = grantedVariable(name);
  return value !== undefined && isAbsolutePath(value) ? value : undefined;
}

function grantedVariable(name: string): string | undefined {
  return isGranted(name) ? Deno.env.get(name) || undefined : undefined;
}

function isGranted(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

function isGrantedDirectory(path: string): boolean {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Whatever hides it, there is no folder that could be used.
    return false;
  }
}

function currentDir(): string {
  try {
    return Deno.cwd();
  } catch {
    // The current directory was removed: opening a file in it will say so, a question for its name need not.
    return ".";
  }
}
