// Copyright 2026 the pecapiku authors. MIT license.

import type { Disk, DiskFile } from "../../src/stores/disk.ts";

/** What a crash looks like to the code that was running. */
export class Crash extends Error {}

interface File {
  bytes: Uint8Array<ArrayBuffer>;
  readonly ino: number;
  lockedBy: unknown;
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
  /** How many bytes can still be written. */
  space = Infinity;
  /** After how many more written bytes the process is gone: that write is cut off, and no call works from then on. */
  crashAfter = Infinity;
  /** The most that one read or write transfers. */
  transfer = Infinity;
  /** How many handles are open. */
  open = 0;
  /** Is called before each call that reads, writes, seeks or stats. */
  onCall: (name: string) => void = () => {};

  /** What a file holds. */
  read(path: string): Uint8Array<ArrayBuffer> {
    return this.files.get(path)!.bytes.slice();
  }

  /** Makes a path lead to a new file. */
  write(path: string, bytes: Uint8Array): void {
    this.files.set(path, { bytes: bytes.slice(), ino: ++lastIno, lockedBy: undefined });
  }

  /** Whether the lock of a file is held. */
  isLocked(path: string): boolean {
    return this.files.get(path)?.lockedBy !== undefined;
  }

  #enter(name: string): void {
    if (this.crashAfter < 0) throw new Crash();
    this.onCall(name);
  }

  #find(path: string): File {
    const file = this.files.get(path);
    if (file === undefined) throw new Deno.errors.NotFound(`No such file: ${path}`);
    return file;
  }

  statSync(path: string): ReturnType<Disk["statSync"]> {
    this.#enter("stat");
    const { ino, bytes } = this.#find(path);
    return { dev: 1, ino, isFile: true, size: bytes.length, mode: 0o600, nlink: 1 };
  }

  lstatSync(path: string): { isFile: boolean } {
    this.#enter("stat");
    this.#find(path);
    return { isFile: true };
  }

  realPathSync(path: string): string {
    return path;
  }

  renameSync(oldPath: string, newPath: string): void {
    this.#enter("rename");
    this.files.set(newPath, this.#find(oldPath));
    this.files.delete(oldPath);
  }

  removeSync(path: string): void {
    this.#enter("remove");
    this.#find(path);
    this.files.delete(path);
  }

  openSync(path: string, options: Deno.OpenOptions): DiskFile {
    this.#enter("open");
    if (options.createNew && this.files.has(path)) throw new Deno.errors.AlreadyExists(path);
    if ((options.create || options.createNew) && !this.files.has(path)) {
      this.write(path, new Uint8Array());
    }
    const file = this.#find(path);
    const enter = (name: string) => {
      if (isClosed) throw new Deno.errors.BadResource("Bad resource ID");
      this.#enter(name);
    };
    let isClosed = false;
    let position = 0;
    this.open++;
    const handle: DiskFile = {
      readSync: (target) => {
        enter("read");
        const source = file.bytes.subarray(position).subarray(
          0,
          Math.min(target.length, this.transfer),
        );
        if (source.length === 0) return target.length === 0 ? 0 : null;
        target.set(source);
        position += source.length;
        return source.length;
      },
      writeSync: (source) => {
        enter("write");
        const length = Math.min(source.length, this.transfer, this.space, this.crashAfter);
        resize(file, Math.max(file.bytes.length, position + length));
        file.bytes.set(source.subarray(0, length), position);
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
      },
      statSync: () => {
        enter("fstat");
        return { dev: 1, ino: file.ino, isFile: true, size: file.bytes.length } as Deno.FileInfo;
      },
      syncSync: () => enter("sync"),
      syncDataSync: () => enter("sync"),
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
}
