// Copyright 2026 the pecapiku authors. MIT license.

import { isAbsolutePath, joinPath } from "./_absolute_path.ts";

const LOCAL_NAME = ".pecapiku";
const SHARED_NAME = "pecapiku";

/**
 * Finds the cache directory of a process that has not chosen one. It asks for no permission: what is not granted is as
 * if it were not there.
 *
 * @returns The absolute path of the directory.
 */
export function defaultCacheDir(): string {
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
