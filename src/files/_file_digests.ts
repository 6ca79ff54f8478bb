// Copyright 2026 the pecapiku authors. MIT license.

import { nodeCrypto, stdCrypto } from "../_deferred.ts";
import { CacheDict } from "../cache_dict/cache_dict.ts";
import { resolveFilePath } from "../config/resolve_file_path.ts";
import { CacheError } from "../errors/cache_error.ts";

// One file, since it is all loaded together: how a file is digested, how its state is told, and what is remembered on disk.

/** What is asked of the system, so that tests can be the system. */
export interface FileSystem {
  /** Tells whether a file may be read, without asking the user. */
  isReadable(path: string): boolean;
  /** Tells what is at a path, through symbolic links. */
  stat(path: string): Deno.FileInfo;
  /** Opens a file for reading. */
  open(path: string): OpenFile;
  /** Tells the time, in milliseconds since the epoch. */
  now(): number;
}

/** A file that is being read. */
export type OpenFile = Pick<Deno.FsFile, "readSync" | "statSync" | "close">;

/** What remembers the digests of files beyond the process. */
export interface DigestMemory {
  /** Gives the digest that a file had in a state; `undefined` if that is not known. */
  find(path: string, state: string): string | undefined;
  /** Remembers the digest of a file in a state, in the place of another one. */
  keep(path: string, state: string, sha256: string): void;
}

/** What a file holds. */
export interface FileDigest {
  /** The SHA-256 of the content, in hex. */
  readonly sha256: string;
  /** The length of the content, in bytes. */
  readonly size: number;
}

/** Where digests are remembered. */
export type Remember = "disk" | "process" | false;

/**
 * From which size on a file's digest is kept for the next process. It has to take longer to read the file than to look its
 * digest up, and what is written has to be worth it.
 */
export const DISK_FROM: number = 4 * 1024 * 1024;

/** How many digests a process remembers. */
const MOST_REMEMBERED = 10_000;

/** How often a file is read that changes meanwhile. */
const ATTEMPTS = 3;

const PIECE = 1024 * 1024;

/** Up to here, what a hit has loaded already does the work: `node:crypto` takes 20 ms and more to load. */
const SMALL = 64 * 1024;

const DENO: FileSystem = {
  isReadable: (path) => Deno.permissions.querySync({ name: "read", path }).state === "granted",
  stat: (path) => Deno.statSync(path),
  open: (path) => Deno.openSync(path),
  now: () => Date.now(),
};

/** Digests files, and remembers which it has digested. */
export class FileDigests {
  readonly #system: FileSystem;
  readonly #disk: DigestMemory;
  readonly #remembered = new Map<string, { readonly state: string; readonly sha256: string }>();

  /**
   * Makes what digests files.
   *
   * @param system What the files are in.
   * @param disk What remembers beyond the process.
   */
  constructor(system: FileSystem, disk: DigestMemory) {
    this.#system = system;
    this.#disk = disk;
  }

  /**
   * Digests a file, unless it is known not to have changed.
   *
   * @param path Its absolute path.
   * @param remember Where its digest is remembered.
   * @returns The digest and the size.
   * @throws {CacheError} If it can't be read, or keeps changing.
   */
  digest(path: string, remember: Remember): FileDigest {
    if (!this.#system.isReadable(path)) {
      throw cannotRead(path, `no read access, run with --allow-read=${path}`);
    }
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const digest = this.#attempt(path, remember);
        if (digest !== undefined) return digest;
      }
    } catch (error) {
      if (error instanceof CacheError) throw error;
      throw cannotRead(path, reasonOf(error), error);
    }
    throw cannotRead(path, "it keeps changing while it is read, or is no file with a size");
  }

  /** Gives the digest of a file; `undefined` if it changes meanwhile, or is no longer the file at the path. */
  #attempt(path: string, remember: Remember): FileDigest | undefined {
    const info = this.#system.stat(path);
    // A pipe or a device might never end, and to open one might wait forever.
    if (!info.isFile) {
      throw cannotRead(path, info.isDirectory ? "it is a directory" : "not a regular file");
    }
    // Opened even if its digest is remembered: only then does a network file system ask its server how the file is now.
    const file = this.#system.open(path);
    try {
      const opened = file.statSync();
      if (!isSameFile(info, opened)) return undefined;
      const { size } = opened;
      const state = stateOf(opened);
      const isTold = isTelling(opened);
      const known = isTold ? this.#recall(path, state, size, remember) : undefined;
      if (known !== undefined) return { sha256: known, size };
      const begun = this.#system.now();
      const sha256 = hashExactly(file, size);
      const isUnchanged = stateOf(file.statSync()) === state &&
        stateOf(this.#system.stat(path)) === stateOf(info);
      if (sha256 === undefined || !isUnchanged) return undefined;
      // What changes from now on must get other times than those that were seen.
      if (isTold && !isRecent(opened, begun)) this.#remember(path, state, sha256, size, remember);
      return { sha256, size };
    } finally {
      file.close();
    }
  }

  #recall(path: string, state: string, size: number, remember: Remember): string | undefined {
    if (remember === false) return undefined;
    const found = this.#remembered.get(path);
    if (found?.state === state) return found.sha256;
    if (remember === "process" || size < DISK_FROM) return undefined;
    const kept = this.#disk.find(path, state);
    if (kept !== undefined) this.#note(path, state, kept);
    return kept;
  }

  #remember(path: string, state: string, sha256: string, size: number, remember: Remember): void {
    if (remember === false) return;
    this.#note(path, state, sha256);
    if (remember === "disk" && size >= DISK_FROM) this.#disk.keep(path, state, sha256);
  }

  #note(path: string, state: string, sha256: string): void {
    this.#remembered.delete(path);
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.delete(this.#remembered.keys().next().value!);
    }
    this.#remembered.set(path, { state, sha256 });
  }
}

let shared: FileDigests | undefined;

/**
 * Gives what digests the files of this process.
 *
 * @returns It is always the same.
 */
export function fileDigests(): FileDigests {
  return shared ??= new FileDigests(DENO, new DiskMemory());
}

// On Windows, the two ways to ask need not tell the same of a file.
function isSameFile(info: Deno.FileInfo, opened: Deno.FileInfo): boolean {
  if (Deno.build.os !== "windows") return stateOf(info) === stateOf(opened);
  return info.size === opened.size && info.mtime?.getTime() === opened.mtime?.getTime();
}

/** Digests the rest of a file; gives `undefined` if that is not as long as was said. */
function hashExactly(file: OpenFile, size: number): string | undefined {
  // One byte more than there should be, to see the end.
  const buffer = new Uint8Array(Math.min(size + 1, PIECE));
  const hash = size > SMALL ? nodeCrypto.createHash("sha256") : undefined;
  let length = 0;
  while (true) {
    const room = hash === undefined ? buffer.subarray(length) : buffer;
    const count = file.readSync(room);
    if (count === null || count === 0) break;
    length += count;
    // Whoever only ever appends would otherwise keep this busy for good.
    if (length > size) return undefined;
    hash?.update(buffer.subarray(0, count));
  }
  if (length !== size) return undefined;
  if (hash !== undefined) return hash.digest("hex");
  return new Uint8Array(stdCrypto.crypto.subtle.digestSync("SHA-256", buffer.subarray(0, length)))
    .toHex();
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.NotCapable) return `no read access: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function cannotRead(path: string, reason: string, cause?: unknown): CacheError {
  const message = `Cannot make file key: ${reason}: ${path}`;
  return new CacheError(message, {
    filePath: path,
    ...cause === undefined ? {} : { cause },
  });
}

/**
 * For how long a change may go unseen because it gets the same times as the one before. File systems tell times in steps of
 * up to two seconds, and this runtime tells the time of the last change of status in whole seconds.
 */
const COARSEST_STEP_MS = 3000;

/** Another one for another meaning of a state, so that what was kept before counts for nothing. */
const STATE_VERSION = 1;

/**
 * Writes down what tells that a file is still the same, unchanged. The size, the inode and the time of modification can all be
 * as before after a change; the time of the change of status can't be set by a program, and the time of creation tells one file
 * from another with an inode that was used again.
 *
 * @param info What the system tells of the file.
 * @returns A text that is another one after a change, if {@linkcode isTelling} and the times are not too recent.
 */
function stateOf({ dev, ino, size, mtime, ctime, birthtime }: Deno.FileInfo): string {
  const times = [mtime, ctime, birthtime].map((time) => time?.getTime() ?? "-");
  return [STATE_VERSION, dev, ino ?? "-", size, ...times].join(" ");
}

/**
 * Tells whether the system says enough of a file for its changes to be seen.
 *
 * @param info What the system tells of the file.
 * @returns Whether it is enough. Beyond 2⁵³, inodes are rounded, so that two of them may look the same.
 */
function isTelling({ dev, ino, mtime, ctime }: Deno.FileInfo): boolean {
  return Number.isSafeInteger(dev) && Number.isSafeInteger(ino) && ino! > 0 &&
    isTime(mtime) && isTime(ctime);
}

/**
 * Tells whether a file changed so recently, or in the future, that one more change might get the same times.
 *
 * @param info What the system tells of the file.
 * @param now The time in milliseconds since the epoch.
 * @returns Whether it did.
 */
function isRecent({ mtime, ctime }: Deno.FileInfo, now: number): boolean {
  return [mtime, ctime].some((time) => !(time!.getTime() < now - COARSEST_STEP_MS));
}

function isTime(time: Date | null): boolean {
  return time !== null && Number.isFinite(time.getTime()) && time.getTime() > 0;
}

const FILE_NAME = "_file_keys.cache";

const MAX_ENTRIES = 10_000;

/** Remembers in a file in the cache directory, as far as that may be read and written. */
export class DiskMemory implements DigestMemory {
  #opened: { readonly id: string; readonly cache: CacheDict } | undefined;

  find(path: string, state: string): string | undefined {
    const kept = this.#open("read")?.get(path);
    if (!Array.isArray(kept) || kept[0] !== state) return undefined;
    const sha256: unknown = kept[1];
    return typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
  }

  keep(path: string, state: string, sha256: string): void {
    this.#open("write")?.set(path, [state, sha256]);
  }

  /** Opens the file, if the one or both of the permissions that are needed are granted. */
  #open(right: "read" | "write"): CacheDict | undefined {
    const location = resolveFilePath(FILE_NAME);
    const isGranted = (name: "read" | "write") =>
      Deno.permissions.querySync({ name, path: location }).state === "granted";
    if (!isGranted("read")) return undefined;
    const access = isGranted("write") ? "rw" : "r";
    if (right === "write" && access === "r") return undefined;
    const id = `${access} ${location}`;
    if (this.#opened?.id !== id) {
      this.#opened = {
        id,
        // The key of a file is right without it, so that what goes wrong here is said and no more.
        cache: new CacheDict(location, {
          access,
          writeThrough: true,
          maxEntries: MAX_ENTRIES,
          onError: "warn",
        }),
      };
    }
    return this.#opened.cache;
  }
}
