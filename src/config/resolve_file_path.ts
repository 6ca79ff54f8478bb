// Copyright 2026 the pecapiku authors. MIT license.

import { isAbsolutePath, joinPath, toAbsolutePath, toPath } from "../_absolute_path.ts";
import { config } from "./config.ts";

const ACTION = "Cannot use cache file";

/**
 * Checks the path of a cache file as far as that goes without knowing the cache directory.
 *
 * @param filePath The path, or a `file:` URL.
 * @throws {TypeError} If it is no path, names a directory, or climbs out of the cache directory.
 */
export function checkFilePath(filePath: string | URL): void {
  const path = toPath(filePath, ACTION);
  // Both separators on every system: a script must not be refused on one machine only.
  if (/(?:^|[\\/])\.{0,2}$/.test(path)) {
    throw new TypeError(`${ACTION}: the path names a directory: ${path}`);
  }
  if (isAbsolutePath(path)) return;
  if (/^[A-Za-z]:/.test(path) && Deno.build.os === "windows") {
    throw new TypeError(`${ACTION}: a drive without a directory: ${path}`);
  }
  let depth = 0;
  for (const segment of path.split(/[\\/]/)) {
    if (segment === "..") depth--;
    else if (segment !== "" && segment !== ".") depth++;
    if (depth < 0) break;
  }
  // At depth 0 it is the cache directory itself.
  if (depth <= 0) {
    throw new TypeError(`${ACTION}: the path climbs out of the cache directory: ${path}`);
  }
}

/**
 * Finds where a cache file is: a relative path is resolved inside the cache directory, an absolute one and a `file:`
 * URL are used as they are.
 *
 * @param filePath A path that {@linkcode checkFilePath} let pass.
 * @returns The absolute path in its normal form.
 */
export function resolveFilePath(filePath: string | URL): string {
  const path = toPath(filePath, ACTION);
  return isAbsolutePath(path) ? toAbsolutePath(path, ACTION) : joinPath(config.getCacheDir(), path);
}
