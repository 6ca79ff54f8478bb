// Copyright 2026 the pecapiku authors. MIT license.

import { isAbsolutePath, joinPath, toAbsolutePath } from "../_absolute_path.ts";
import { config } from "../config/config.ts";
import { CacheError } from "../errors/cache_error.ts";
import { CacheFormatError } from "../errors/cache_format_error.ts";
import { requireRead } from "../inspect/cache_files.ts";
import { findEntry } from "../inspect/find_entry.ts";
import { safeText } from "../inspect/safe_text.ts";
import { LogStore } from "../stores/log_store.ts";
import type { EntryInfo } from "../stores/store.ts";
import type { CliIo } from "./cli_io.ts";
import { NoSuchKeyError, UsageError } from "./_exit.ts";
import { Output } from "./_output.ts";

/** What a command works with: files, output, warnings, and the person at the terminal. */
export class Session {
  /** Input and output. */
  readonly io: CliIo;
  /** What the command gives. */
  readonly out: Output;
  #warnings = 0;
  readonly #stores: LogStore[] = [];

  /** Begins a session. */
  constructor(io: CliIo) {
    this.io = io;
    this.out = new Output(io);
  }

  /** Says that something is not as it should be. */
  readonly warn = (message: string): void => {
    this.#warnings++;
    // What is above it on the screen came before it.
    this.out.flush();
    for (const line of message.split("\n")) this.io.stderr(`Warning: ${safeText(line)}\n`);
  };

  /** Whether there was something to warn of: then what was given may not be all there was. */
  get hasWarned(): boolean {
    return this.#warnings > 0;
  }

  /**
   * Finds the file or directory that a person means: a relative path is one in the current directory, or else one in the cache directory,
   * as it is in a program.
   *
   * @param given What the person wrote.
   * @returns The absolute path of something that is there.
   */
  find(given: string): string {
    const [first, second] = placesOf(given);
    if (isThere(first!)) return first!;
    if (second !== undefined && isThere(second)) return second;
    // Whether it is there can't be told without the permission.
    requireRead(first!, "open cache");
    const also = second === undefined ? "" : `, nor ${second}`;
    throw new CacheError(`Cannot open cache: no such file: ${first}${also}`, { filePath: first });
  }

  /**
   * Finds the file that a person means, as {@linkcode Session.find} does.
   *
   * @param given What the person wrote.
   * @returns The absolute path of a file.
   */
  file(given: string): string {
    const path = this.find(given);
    const { isDirectory, isFile } = statOf(path);
    // To open a pipe is to wait for its other end.
    if (!isFile && !isDirectory) {
      throw new CacheFormatError(`Cannot open cache: not a file: ${path}`, { filePath: path });
    }
    if (isDirectory) {
      throw new CacheFormatError(
        `Cannot open cache: a directory (ls shows what is in it): ${path}`,
        { filePath: path },
      );
    }
    return path;
  }

  /** Opens the store of a file, which is closed at the end of the session. */
  store(path: string, compactFrom?: number): LogStore {
    const options = compactFrom === undefined ? {} : { compactFrom };
    const store = new LogStore(path, { ...options, warn: this.warn });
    this.#stores.push(store);
    // What is no cache file is said now, not halfway.
    void store.size;
    return store;
  }

  /** Finds the entry that a person means. */
  entry(store: LogStore, key: string): EntryInfo {
    const { info, candidates } = findEntry(store, key);
    if (info !== undefined) return info;
    if (candidates.length === 0) {
      throw new NoSuchKeyError(`Cannot find key: no such entry: ${key} in ${store.location}`);
    }
    const names = candidates.map((row) => `\n  ${row.digest.slice(0, 16)}  ${safeText(row.key)}`);
    throw new UsageError(
      `Cannot tell which entry is meant: ${safeText(key)} may be${names.join("")}`,
    );
  }

  /**
   * Asks whether to go on.
   *
   * @param question What will be done.
   * @param yes Whether the answer is known.
   * @returns Whether to go on.
   */
  confirm(question: string, yes: boolean | undefined): boolean {
    if (yes === true) return true;
    const { ask } = this.io;
    if (ask === undefined) {
      throw new UsageError("Cannot ask: not a terminal; to remove without a question, add --yes");
    }
    this.out.flush();
    const answer = ask(`${safeText(question)} [y/N] `);
    return answer !== null && /^y(?:es)?$/i.test(answer.trim());
  }

  /** Lets go of the files, and writes what is left to write. */
  close(): void {
    for (const store of this.#stores) store.close();
    this.out.flush();
  }
}

/**
 * Where a path may lead: the first place that has something counts.
 *
 * @param given What a person wrote.
 * @returns One or two absolute paths.
 */
export function placesOf(given: string): [first: string, second?: string] {
  let absolute: string;
  try {
    absolute = toAbsolutePath(given, "Cannot open cache");
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(safeText(error.message));
    // The current directory was removed.
    const reason = error instanceof Error ? error.message : String(error);
    throw new CacheError(`Cannot open cache: ${reason}: ${given}`, { cause: error });
  }
  const isRelative = !isAbsolutePath(given) && !/^file:/i.test(given);
  // Dots at the beginning say that the current directory is meant.
  if (!isRelative || /^\.{1,2}(?:[\\/]|$)/.test(given)) return [absolute];
  const inCache = joinPath(config.getCacheDir(), given);
  return inCache === absolute ? [absolute] : [absolute, inCache];
}

function isThere(path: string): boolean {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  try {
    statOf(path);
    return true;
  } catch (error) {
    if (error instanceof CacheError && isMissing(error.cause)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Tells what the system knows of a file or directory. */
export function statOf(path: string): Deno.FileInfo {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CacheError(`Cannot open cache: ${reason}: ${path}`, { filePath: path, cause });
  }
}
