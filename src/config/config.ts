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
    return chosen ?? defaultCacheDir().path;
  },
  setCacheDir(dir: string | URL): void {
    chosen = toAbsolutePath(dir, "Cannot set cache directory");
  },
});

const LOCAL_NAME = ".pecapiku";
const SHARED_NAME = "pecapiku";

/** The variables that lead to the user's cache directory, and where in what they name it is: the first one that is set counts. */
const USER_PLACES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  windows: [["LOCALAPPDATA", ""]],
  darwin: [["HOME", "Library/Caches"]],
  linux: [["XDG_CACHE_HOME", ""], ["HOME", ".cache"]],
};

/** The cache directory, and why it is that one. */
export interface CacheDirChoice {
  /** The absolute path of the directory, which need not exist yet. */
  readonly path: string;
  /**
   * Why: `config.setCacheDir` was told (`"set"`); an environment variable says so (`"variable"`); the folder is there, in the
   * current directory (`"local folder"`); it is in the user's cache directory of the system (`"user"`); or nothing else is known
   * (`"fallback"`).
   */
  readonly reason: "set" | "variable" | "local folder" | "user" | "fallback";
  /** The environment variable that decided, for `"variable"` and `"user"`. */
  readonly variable?: string;
  /** The environment variables that would have been looked at on the way, but access to them is not granted. */
  readonly notGranted: readonly string[];
}

/**
 * Tells why `config.getCacheDir()` gives what it does.
 *
 * @returns The directory and the reason.
 */
export function explainCacheDir(): CacheDirChoice {
  return chosen === undefined ? defaultCacheDir() : { path: chosen, reason: "set", notGranted: [] };
}

/**
 * Finds the cache directory of a process that has not chosen one. It asks for no permission: what is not granted is as
 * if it were not there.
 *
 * @returns The directory and the reason.
 */
function defaultCacheDir(): CacheDirChoice {
  const variable = "PECAPIKU_CACHE_DIR";
  const notGranted = isGranted(variable) ? [] : [variable];
  const named = grantedVariable(variable);
  if (named !== undefined && !named.includes("\0")) {
    const path = isAbsolutePath(named) ? named : joinPath(currentDir(), named);
    return { path, reason: "variable", variable, notGranted };
  }
  const local = joinPath(currentDir(), LOCAL_NAME);
  if (isGrantedDirectory(local)) return { path: local, reason: "local folder", notGranted };
  return userCacheDir(notGranted) ?? { path: local, reason: "fallback", notGranted };
}

// One variable may be granted and its neighbour not. Then the answer is not known, and guessing it would move the cache
// as soon as more is granted: so an unreadable variable ends the search.
function userCacheDir(notGranted: string[]): CacheDirChoice | undefined {
  for (const [variable, inside] of USER_PLACES[Deno.build.os] ?? USER_PLACES.linux!) {
    if (!isGranted(variable)) {
      notGranted.push(variable);
      return undefined;
    }
    const base = absoluteVariable(variable);
    if (base === undefined) continue;
    const path = joinPath(inside === "" ? base : joinPath(base, inside), SHARED_NAME);
    return { path, reason: "user", variable, notGranted };
  }
  return undefined;
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
