// Copyright 2026 the pecapiku authors. MIT license.

import {
  DENO_DIRECTORY_DISK,
  type DirectoryDisk,
  type DirectoryDiskFile,
} from "../../src/stores/directory_disk.ts";

/** What a crash looks like to the code that was running. */
export class Crash extends Error {}

/** The real disk, on which anything can be made to go wrong. */
export class FaultyDisk implements DirectoryDisk {
  /** How many bytes can still be written. */
  space = Infinity;
  /** Whether the process is gone: no call works any more. */
  isCrashed = false;
  /** How many files are open. */
  open = 0;
  /** The calls so far, by name. */
  readonly calls: string[] = [];
  /** Is called before each call, with its name and, where it has one, its path. */
  onCall: (name: string, path: string) => void = () => {};

  /** How often a call was made. */
  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  #enter(name: string, path: string): void {
    if (this.isCrashed) throw new Crash();
    this.calls.push(name);
    this.onCall(name, path);
  }

  openSync(path: string, options: Deno.OpenOptions): DirectoryDiskFile {
    this.#enter(options.createNew ? "create" : "open", path);
    const file = DENO_DIRECTORY_DISK.openSync(path, options);
    this.open++;
    const close = () => {
      this.open--;
      file.close();
    };
    const sync = () => {
      this.#enter("sync", path);
      file.syncDataSync();
    };
    const handle = {
      readSync: (target: Uint8Array) => {
        this.#enter("read", path);
        return file.readSync(target);
      },
      writeSync: (source: Uint8Array) => {
        this.#enter("write", path);
        const length = Math.min(source.length, this.space);
        if (length === 0 && source.length > 0) throw new Error("No space left on device");
        this.space -= length;
        return file.writeSync(source.subarray(0, length));
      },
      seekSync: (offset: number | bigint, whence: Deno.SeekMode) => file.seekSync(offset, whence),
      truncateSync: (length?: number) => file.truncateSync(length),
      statSync: () => file.statSync(),
      tryLockSync: (): boolean => {
        throw new Error("No locks here");
      },
      unlockSync: () => {
        throw new Error("No locks here");
      },
      syncSync: sync,
      syncDataSync: sync,
      utimeSync: (atime: number | Date, mtime: number | Date) => {
        this.#enter("futime", path);
        file.utimeSync(atime, mtime);
      },
      close,
    };
    return handle;
  }

  statSync(path: string): Pick<Deno.FileInfo, "isFile" | "size" | "mtime"> {
    this.#enter("stat", path);
    return DENO_DIRECTORY_DISK.statSync(path);
  }

  readDirSync(path: string): Iterable<Deno.DirEntry> {
    this.#enter("readDir", path);
    return DENO_DIRECTORY_DISK.readDirSync(path);
  }

  mkdirSync(path: string): void {
    this.#enter("mkdir", path);
    DENO_DIRECTORY_DISK.mkdirSync(path);
  }

  renameSync(from: string, to: string): void {
    this.#enter("rename", to);
    DENO_DIRECTORY_DISK.renameSync(from, to);
  }

  removeSync(path: string): void {
    this.#enter("remove", path);
    DENO_DIRECTORY_DISK.removeSync(path);
  }

  utimeSync(path: string, time: number): void {
    this.#enter("utime", path);
    DENO_DIRECTORY_DISK.utimeSync(path, time);
  }
}

/** Where an entry's file is. */
export function entryPath(root: string, digest: string): string {
  return `${root}/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}.entry`;
}

/** The paths of all files below a directory, from there on, in order. */
export function filesIn(root: string): string[] {
  return [...Deno.readDirSync(root)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(`${root}/${name}`).map((path) => `${name}/${path}`) : [name]
  ).sort();
}

/** Whether there is anything at a path. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
