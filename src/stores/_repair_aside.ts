// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { parentOf } from "./_directory.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { readAt, writeFully } from "./_file_io.ts";
import type { LogFile } from "./_log_file.ts";
import { syncDirectory } from "./_temporary_file.ts";
import type { BadPart } from "./_verify_tally.ts";

/** The version of the format of files that hold what was set aside. */
const ASIDE_VERSION = 1;

const CHUNK_LENGTH = 1024 * 1024;

const encoder = new TextEncoder();

/** What can be set aside. */
export type AsidePart =
  | BadPart
  | { readonly type: "unfinished"; readonly offset: number; readonly length: number };

/** The file beside a cache file that takes what a repair takes out of it. It is created when there is something to set aside. */
export class AsideFile {
  readonly #log: LogFile;
  readonly #disk: Disk;
  readonly #source: DiskFile;
  readonly #path: string;
  #file: DiskFile | undefined;
  #isCreated = false;
  #chunk: Uint8Array | undefined;
  /** How many bytes of the cache file are set aside. */
  bytes = 0;

  /**
   * Makes it. Nothing is created yet.
   *
   * @param log The cache file, whose lock is held.
   * @param disk The disk.
   * @param source The handle to read the cache file through.
   */
  constructor(log: LogFile, disk: Disk, source: DiskFile) {
    this.#log = log;
    this.#disk = disk;
    this.#source = source;
    this.#path = `${log.path}.damaged-${crypto.randomUUID().slice(0, 8)}`;
  }

  /** The path of the file; `undefined` if there was nothing to set aside. */
  get path(): string | undefined {
    return this.#isCreated ? this.#path : undefined;
  }

  /** Copies a part of the cache file. Of the index nothing is kept: it is made anew of the records. */
  add(part: AsidePart): void {
    const { type, ...fields } = part;
    if (type === "damaged" && part.what === "index") return;
    const file = this.#file ?? this.#create();
    const { offset, length } = part;
    writeFully(file, line(type === "damaged" ? fields : { ...fields, what: type }));
    const chunk = this.#chunk ??= new Uint8Array(CHUNK_LENGTH);
    for (let done = 0; done < length;) {
      const piece = chunk.subarray(0, Math.min(chunk.byteLength, length - done));
      if (readAt(this.#source, offset + done, piece) < piece.byteLength) {
        throw new Error("The file was cut off meanwhile");
      }
      writeFully(file, piece);
      done += piece.byteLength;
    }
    writeFully(file, encoder.encode("\n"));
    this.bytes += length;
  }

  /** Has the file on the medium, and its name. */
  finish(): void {
    if (this.#file === undefined) return;
    this.#file.syncSync();
    this.#close();
    syncDirectory(this.#disk, parentOf(this.#path));
  }

  /** Removes the file: the cache file has all that is in it. */
  abandon(): void {
    this.#close();
    if (!this.#isCreated) return;
    this.#isCreated = false;
    this.#disk.removeSync(this.#path);
  }

  #create(): DiskFile {
    const { path } = this.#log;
    if (!this.#log.isGranted("write", this.#path)) {
      throw new CacheError(
        `Cannot repair cache: no write access, run with --allow-write=${parentOf(path)}: ${path}`,
        { filePath: path },
      );
    }
    // A new file or an error: never through a link that somebody else has put there.
    const options = { write: true, createNew: true, mode: 0o600 };
    const file = this.#file = this.#disk.openSync(this.#path, options);
    this.#isCreated = true;
    writeFully(file, line({ format: "pecapiku damaged", version: ASIDE_VERSION }));
    return file;
  }

  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.close();
  }
}

function line(fields: object): Uint8Array {
  return encoder.encode(JSON.stringify(fields) + "\n");
}
