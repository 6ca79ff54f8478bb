// Copyright 2026 the pecapiku authors. MIT license.

import { ensureCacheDirectory, parentOf } from "./_directory.ts";
import { type DirectoryAccess, isUnsupported } from "./_directory_access.ts";
import { type EntryPlace, parseName, placeOf } from "./_directory_entry.ts";
import type { Digest } from "./store.ts";

const FOLDER_NAME = /^[0-9a-f]{2}$/;

/** A file in the directory that is the store's own. */
export interface ListedFile {
  /** The digest it is named after. */
  readonly digest: Digest;
  /** Its path. */
  readonly path: string;
  /** Whether it is a temporary one. */
  readonly isTemporary: boolean;
}

/** What may be a folder of the store. */
interface Folder {
  readonly name: string;
  readonly path: string;
  readonly isLink: boolean;
}

/**
 * Goes through a store's files, in no order. What is named otherwise is somebody else's, and passed over. It takes two
 * calls for each folder.
 *
 * @param access The way to the disk.
 * @returns An iterator.
 */
export function* listFiles(access: DirectoryAccess): IterableIterator<ListedFile> {
  for (const upper of foldersIn(access, access.root)) {
    for (const lower of foldersIn(access, upper.path)) {
      for (const { name, isFile, isSymlink } of list(access, lower.path)) {
        const parsed = isFile || isSymlink ? parseName(name, upper.name + lower.name) : undefined;
        if (parsed !== undefined) yield { ...parsed, path: `${lower.path}/${name}` };
      }
    }
  }
}

/**
 * Makes the folders of an entry that are missing.
 *
 * @param access The way to the disk.
 * @param place Where the entry goes.
 */
export function makeFolders(access: DirectoryAccess, { upper, lower }: EntryPlace): void {
  // From the inside out: most often, only the innermost is missing.
  if (makeFolder(access, lower)) return;
  if (!makeFolder(access, upper)) {
    ensureCacheDirectory(access.root);
    makeFolder(access, upper);
  }
  makeFolder(access, lower);
}

/**
 * Removes the folders that hold nothing.
 *
 * @param access The way to the disk.
 */
export function removeEmptyFolders(access: DirectoryAccess): void {
  for (const upper of foldersIn(access, access.root)) {
    for (const lower of foldersIn(access, upper.path)) removeIfEmpty(access, lower);
    removeIfEmpty(access, upper);
  }
}

/**
 * Waits until what became of the entries' files in their folders is on the medium, where the system can do that.
 *
 * @param access The way to the disk.
 * @param digests The digests of the entries.
 */
export function syncFolders(access: DirectoryAccess, digests: Iterable<Digest>): void {
  // Windows has no such thing for directories.
  if (Deno.build.os === "windows") return;
  const paths = new Set<string>();
  for (const digest of digests) {
    const { upper, lower } = placeOf(access.root, digest);
    // The folders may be new as well.
    for (const path of [lower, upper, access.root]) paths.add(path);
  }
  for (const path of paths) access.attempt("write", path, () => syncFolder(access, path));
}

/** Waits for what became of the store's directory itself, if one may look into the one it is in. */
export function syncRoot(access: DirectoryAccess): void {
  const path = parentOf(access.root);
  if (
    Deno.build.os === "windows" ||
    Deno.permissions.querySync({ name: "read", path }).state !== "granted"
  ) return;
  access.attempt("write", path, () => syncFolder(access, path));
}

function syncFolder({ disk }: DirectoryAccess, path: string): void {
  try {
    const directory = disk.openSync(path, { read: true });
    try {
      directory.syncDataSync();
    } finally {
      directory.close();
    }
  } catch (error) {
    // Somebody may have removed it, with what was in it.
    if (!isUnsupported(error) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Makes a folder; tells whether it is there now: where it is not, the one it belongs in is missing. */
function makeFolder({ disk }: DirectoryAccess, path: string): boolean {
  try {
    disk.mkdirSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  return true;
}

function removeIfEmpty(access: DirectoryAccess, { path, isLink }: Folder): void {
  // A link is the work of a person.
  if (isLink || list(access, path).length > 0) return;
  access.attempt("write", path, () => {
    try {
      access.disk.removeSync(path);
    } catch {
      // Somebody else was faster, to remove it or to put something in. An empty folder more or less is all the same.
    }
  });
}

function* foldersIn(access: DirectoryAccess, path: string): IterableIterator<Folder> {
  for (const { name, isDirectory, isSymlink } of list(access, path)) {
    if (!(isDirectory || isSymlink) || !FOLDER_NAME.test(name)) continue;
    yield { name, path: `${path}/${name}`, isLink: isSymlink };
  }
}

function list(access: DirectoryAccess, path: string): readonly Deno.DirEntry[] {
  return access.attempt("read", path, () => {
    try {
      return [...access.disk.readDirSync(path)];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      // A link that leads to no directory, or in a circle, is somebody else's. The store's own directory has to be one.
      const isNone = error instanceof Deno.errors.NotADirectory ||
        error instanceof Deno.errors.FilesystemLoop;
      if (isNone && path !== access.root) return [];
      throw error;
    }
  });
}
