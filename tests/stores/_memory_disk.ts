// Copyright 2026 the pecapiku authors. MIT license.

import type { Disk, DiskFile } from "../../src/stores/disk.ts";
import type { Medium } from "./_power.ts";

/** What a crash looks like to the code that was running. */
export class Crash extends Error {}

interface File {
  bytes: Uint8Array<ArrayBuffer>;
  readonly ino: number;
  lockedBy: unknown;
  mode: number;
  uid: number;
  gid: number;
}

let lastIno = 0;

function resize(file: File, length: number): void {
  const { buffer } = file.bytes;
  if (length > buffer.byteLength) {
    const bytes = new Uint8Array(2 * length);
    bytes.set(file.bytes);
    file.bytes = bytes.subarray(0, length);
  } else {
    file.bytes = new Uint8Array(buffer, 0, length);
  }
}

/** A disk in memory, on which anything can be made to go wrong. */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, File>();
  /** Symbolic links, and where they lead. */
  readonly links = new Map<string, string>();
  /** Where directories are. */
  readonly directories = new Set(["/"]);
  /** How many bytes can still be written. */
  space = Infinity;
  /** After how many more written bytes the process is gone: that write is cut off, and no call works from then on. */
  crashAfter = Infinity;
  /** The most that one read or write transfers. */
  transfer = Infinity;
  /** How many bytes were read from files. */
  bytesRead = 0;
  /** How many handles are open. */
  open = 0;
  /** Is called before each call but that to close a file, with its name and the path that it is about. */
  onCall: (name: string, path: string) => void = () => {};
  /** Tells what is on the medium, if that is of interest: then it is set before the first call. */
  medium: Medium<File> | undefined;

  /** What a file holds. */
  read(path: string): Uint8Array<ArrayBuffer> {
    return this.files.get(path)!.bytes.slice();
  }

  /** Makes a path lead to a new file. */
  write(path: string, bytes: Uint8Array, mode = 0o600): void {
    const file = {
      bytes: bytes.slice(),
      ino: ++lastIno,
      lockedBy: undefined,
      mode,
      uid: 1,
      gid: 1,
    };
    this.files.set(path, file);
    this.medium?.name(path, file);
    this.medium?.write(file, 0, bytes);
  }

  /** Whether the lock of a file is held. */
  isLocked(path: string): boolean {
    return this.files.get(path)?.lockedBy !== undefined;
  }

  /** Ends the process that was running, or was made to crash: another one may use the disk then. */
  restart(): void {
    this.crashAfter = this.space = Infinity;
    this.onCall = () => {};
    this.open = 0;
    for (const file of this.files.values()) file.lockedBy = undefined;
  }

  /** Has the medium get all that is on its way there. */
  syncAll(): void {
    this.medium!.syncNames();
    for (const file of this.files.values()) this.medium!.sync(file);
  }

  /**
   * Cuts the power. The disk is then one of which nothing is on its way to the medium.
   *
   * @param survives Tells of each step that was on its way, in order, whether the medium got it.
   */
  cutPower(survives: () => boolean): void {
    const contents = this.medium!.cut(survives);
    this.medium = undefined;
    this.restart();
    this.files.clear();
    for (const [path, bytes] of contents) this.write(path, bytes);
  }

  #enter(name: string, path: string): void {
    if (this.crashAfter < 0) throw new Crash();
    this.onCall(name, path);
  }

  #find(path: string): File {
    const file = this.files.get(this.#follow(path));
    if (file === undefined) throw new Deno.errors.NotFound(`No such file: ${path}`);
    return file;
  }

  #follow(path: string): string {
    for (let left = 8; left > 0; left--) {
      const target = this.links.get(path);
      if (target === undefined) return path;
      path = target;
    }
    throw new Error("Too many levels of symbolic links");
  }

  statSync(path: string): ReturnType<Disk["statSync"]> {
    this.#enter("stat", path);
    if (this.directories.has(path)) {
      return { dev: 1, ino: 0, isFile: false, size: 0, mode: 0o700, nlink: 1, uid: 1, gid: 1 };
    }
    const file = this.#find(path);
    const { ino, bytes: { length: size }, uid, gid } = file;
    const nlink = [...this.files.values()].filter((each) => each === file).length;
    return { dev: 1, ino, isFile: true, size, mode: 0o100000 | file.mode, nlink, uid, gid };
  }

  lstatSync(path: string): { isFile: boolean } {
    this.#enter("lstat", path);
    if (this.links.has(path) || this.directories.has(path)) return { isFile: false };
    this.#find(path);
    return { isFile: true };
  }

  realPathSync(path: string): string {
    this.#enter("realPath", path);
    this.#find(path);
    return this.#follow(path);
  }

  chmodSync(path: string, mode: number): void {
    this.#enter("chmod", path);
    this.#find(path).mode = mode;
  }

  chownSync(path: string, uid: number, gid: number): void {
    this.#enter("chown", path);
    Object.assign(this.#find(path), { uid, gid });
  }

  renameSync(oldPath: string, newPath: string): void {
    this.#enter("rename", newPath);
    const file = this.#find(oldPath);
    this.links.delete(newPath);
    this.files.set(newPath, file);
    this.files.delete(oldPath);
    this.medium?.name(newPath, file, oldPath);
  }

  removeSync(path: string): void {
    this.#enter("remove", path);
    if (this.links.delete(path)) return;
    this.#find(path);
    this.files.delete(path);
    this.medium?.name(path, undefined);
  }

  openSync(path: string, options: Deno.OpenOptions): DiskFile {
    this.#enter("open", path);
    if (this.directories.has(path)) return this.#openDirectory(path);
    const isThere = this.links.has(path) || this.files.has(path);
    if (options.createNew && isThere) throw new Deno.errors.AlreadyExists(path);
    const target = this.#follow(path);
    if ((options.create || options.createNew) && !this.files.has(target)) {
      // As if the user had no mask.
      this.write(target, new Uint8Array(), options.mode ?? 0o666);
    }
    const file = this.#find(path);
    const enter = (name: string) => {
      if (isClosed) throw new Deno.errors.BadResource("Bad resource ID");
      this.#enter(name, path);
    };
    let isClosed = false;
    let position = 0;
    this.open++;
    const handle: DiskFile = {
      readSync: (bytes) => {
        enter("read");
        const source = file.bytes.subarray(position).subarray(
          0,
          Math.min(bytes.length, this.transfer),
        );
        if (source.length === 0) return bytes.length === 0 ? 0 : null;
        bytes.set(source);
        position += source.length;
        this.bytesRead += source.length;
        return source.length;
      },
      writeSync: (source) => {
        enter("write");
        const length = Math.min(source.length, this.transfer, this.space, this.crashAfter);
        resize(file, Math.max(file.bytes.length, position + length));
        file.bytes.set(source.subarray(0, length), position);
        this.medium?.write(file, position, source.subarray(0, length));
        position += length;
        this.space -= length;
        this.crashAfter -= length;
        if (this.crashAfter === 0 && length < source.length) {
          this.crashAfter = -1;
          throw new Crash();
        }
        if (length === 0 && source.length > 0) throw new Error("No space left on device");
        return length;
      },
      seekSync: (offset, whence) => {
        enter("seek");
        position = Number(offset) + (whence === Deno.SeekMode.End ? file.bytes.length : 0);
        return position;
      },
      truncateSync: (length = 0) => {
        enter("truncate");
        resize(file, length);
        this.medium?.truncate(file, length);
      },
      statSync: () => {
        enter("fstat");
        return { dev: 1, ino: file.ino, isFile: true, size: file.bytes.length } as Deno.FileInfo;
      },
      syncSync: () => {
        enter("sync");
        this.medium?.sync(file);
      },
      syncDataSync: () => {
        enter("syncData");
        this.medium?.sync(file);
      },
      tryLockSync: () => {
        enter("lock");
        file.lockedBy ??= handle;
        return file.lockedBy === handle;
      },
      unlockSync: () => {
        enter("unlock");
        if (file.lockedBy === handle) file.lockedBy = undefined;
      },
      close: () => {
        if (isClosed) throw new Deno.errors.BadResource("Bad resource ID");
        isClosed = true;
        this.open--;
        if (file.lockedBy === handle) file.lockedBy = undefined;
      },
    };
    return handle;
  }

  #openDirectory(path: string): DiskFile {
    const refuse = (): never => {
      throw new Deno.errors.IsADirectory(path);
    };
    this.open++;
    return {
      readSync: refuse,
      writeSync: refuse,
      seekSync: refuse,
      truncateSync: refuse,
      statSync: refuse,
      syncSync: () => {
        this.#enter("sync", path);
        this.medium?.syncNames();
      },
      syncDataSync: refuse,
      tryLockSync: refuse,
      unlockSync: refuse,
      close: () => void this.open--,
    };
  }
}
