// Copyright 2026 the pecapiku authors. MIT license.

import { defaultCacheDir } from "./_default_cache_dir.ts";
import { toAbsolutePath } from "./_absolute_path.ts";

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
