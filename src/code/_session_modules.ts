// Copyright 2026 the pecapiku authors. MIT license.

const MODULE = /\.(?:[jt]sx?|m[jt]s)$/;
const MAX_FILES = 2000;
const MAX_BYTES = 1_000_000;

/**
 * Lists the modules below the current directory that hold one of some names. A notebook does not tell which modules its cells have
 * imported; a function that is not found in them was made in a cell.
 *
 * @param names The names.
 * @returns The URLs; none if reading is not granted.
 */
export function sessionModules(names: readonly string[]): string[] {
  if (Deno.permissions.querySync({ name: "read" }).state !== "granted") return [];
  const found: string[] = [];
  const directories = [Deno.cwd()];
  let files = 0;
  for (const directory of directories) {
    for (const entry of entriesOf(directory)) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory) {
        if (!entry.name.startsWith(".") && entry.name !== "node_modules") directories.push(path);
      } else if (entry.isFile && MODULE.test(entry.name) && files++ < MAX_FILES) {
        const text = textOf(path);
        if (names.some((name) => text.includes(name))) found.push(urlOf(path));
      }
    }
  }
  return found;
}

function entriesOf(directory: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(directory));
  } catch (error) {
    // Somebody else's directory is not where a person's modules are.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return [];
    }
    throw error;
  }
}

function textOf(path: string): string {
  try {
    return Deno.statSync(path).size > MAX_BYTES ? "" : Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return "";
    }
    throw error;
  }
}

function urlOf(path: string): string {
  const url = new URL("file:///");
  url.pathname = path.replaceAll("%", "%25").replaceAll("\\", "/");
  return url.href;
}
