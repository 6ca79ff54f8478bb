// Copyright 2026 the pecapiku authors. MIT license.

import type { DigestMemory, FileSystem, OpenFile } from "../../src/files/_file_digests.ts";

/** When the tests begin, in milliseconds since the epoch. */
export const START = 1_700_000_000_000;

/** A file in memory. */
export class FakeFile {
  content: Uint8Array<ArrayBuffer>;
  mtime: number | null = START - 60_000;
  ctime: number | null = START - 60_000;
  birthtime: number | null = START - 60_000;
  ino: number | null = 7;
  dev = 1;
  kind: "file" | "directory" | "pipe" = "file";
  /** What the system says of its size, where that is not its length. */
  saidSize: number | undefined;

  /**
   * Makes a file.
   *
   * @param content What it holds.
   */
  constructor(content: string) {
    this.content = new TextEncoder().encode(content);
  }

  /** What the system tells of it. */
  get info(): Deno.FileInfo {
    const time = (ms: number | null): Date | null => ms === null ? null : new Date(ms);
    return {
      isFile: this.kind === "file",
      isDirectory: this.kind === "directory",
      isFifo: this.kind === "pipe",
      size: this.saidSize ?? this.content.length,
      dev: this.dev,
      ino: this.ino,
      mtime: time(this.mtime),
      // As the runtime tells it.
      ctime: time(this.ctime === null ? null : Math.floor(this.ctime / 1000) * 1000),
      birthtime: time(this.birthtime),
    } as Deno.FileInfo;
  }
}

/** A system with files in memory and a clock that stands still. */
export class FakeSystem implements FileSystem {
  readonly files = new Map<string, FakeFile>();
  /** How many times a file was read. */
  read = 0;
  /** How many are open. */
  openNow = 0;
  time = START;
  readable = true;
  /** What happens while a file is read, after its first bytes. */
  meanwhile: ((path: string) => void) | undefined;
  /** What happens while a file is opened. */
  atOpening: (() => void) | undefined;

  isReadable(): boolean {
    return this.readable;
  }

  now(): number {
    return this.time;
  }

  stat(path: string): Deno.FileInfo {
    return this.#at(path).info;
  }

  open(path: string): OpenFile {
    this.atOpening?.();
    const file = this.#at(path);
    this.openNow++;
    let position = 0;
    return {
      statSync: () => file.info,
      close: () => void this.openNow--,
      readSync: (target: Uint8Array) => {
        if (position === 0) this.read++;
        const piece = file.content.subarray(position, position + target.length);
        target.set(piece);
        position += piece.length;
        this.meanwhile?.(path);
        return piece.length === 0 ? null : piece.length;
      },
    };
  }

  #at(path: string): FakeFile {
    const file = this.files.get(path);
    if (file === undefined) throw new Deno.errors.NotFound(path);
    return file;
  }
}

/** A memory beyond the process, in memory. */
export class FakeMemory implements DigestMemory {
  readonly kept = new Map<string, [state: string, sha256: string]>();
  asked = 0;

  find(path: string, state: string): string | undefined {
    this.asked++;
    const found = this.kept.get(path);
    return found?.[0] === state ? found[1] : undefined;
  }

  keep(path: string, state: string, sha256: string): void {
    this.kept.set(path, [state, sha256]);
  }
}
