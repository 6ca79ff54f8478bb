// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Makes what tells where a cache is fit for what is kept and given to others, as the outputs in a notebook are: what is in the current
 * directory is named from there on, so that no home and no temporary folder shows.
 *
 * @param location An absolute path, or whatever else says it.
 * @param currentDir The current directory; `""` where it is not known.
 * @returns The path from the current directory on; the location as it is where that is elsewhere.
 */
export function shownLocation(location: string, currentDir: string = findCurrentDir()): string {
  if (currentDir === "" || !location.startsWith(currentDir)) return location;
  const rest = location.slice(currentDir.length);
  return /^[\\/]./.test(rest) ? rest.slice(1) : location;
}

function findCurrentDir(): string {
  try {
    return Deno.cwd();
  } catch {
    // It was removed.
    return "";
  }
}
