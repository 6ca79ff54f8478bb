// Copyright 2026 the pecapiku authors. MIT license.

import type { DirectoryAccess } from "./_directory_access.ts";
import type { DirectoryFiles } from "./_directory_files.ts";
import { listFiles } from "./_directory_folders.ts";
import { type Evicted, Eviction } from "./_eviction.ts";
import { readInfo } from "./_record_reader.ts";
import type { Digest, Limits, PutChange } from "./store.ts";

/**
 * How many entries each commit pays for: after as many commits as it takes, the directory is gone through again if
 * others have changed it. So that costs the same for each commit at any size, and a small directory is always gone
 * through.
 */
const ENTRIES_PER_COMMIT = 32;

/** What is known of an entry's file. */
interface Known {
  readonly functionName: string;
  readonly writtenAt: number;
  readonly size: number;
  /** The time of the file: that of its last use. */
  readonly time: number;
}

/** Who was used when, in a directory store: what it takes to keep limits. */
export class DirectoryUses {
  readonly #access: DirectoryAccess;
  readonly #files: DirectoryFiles;
  #known = new Map<Digest, Known>();
  #eviction = new Eviction();
  #isOutdated = true;
  /** How many commits there were since the directory was gone through. */
  #commits = Infinity;

  constructor(access: DirectoryAccess, files: DirectoryFiles) {
    this.#access = access;
    this.#files = files;
  }

  /** Notes that others have changed the directory. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /**
   * Takes in what others have changed, if it is time to. Temporary files that a crash has left are removed on the way.
   *
   * @param now The time by now, in milliseconds since the epoch.
   * @returns The time of the last use, if the directory was gone through; `undefined` if not.
   */
  refresh(now: number): number | undefined {
    this.#commits++;
    if (!this.#isOutdated || this.#commits * ENTRIES_PER_COMMIT < this.#known.size) {
      return undefined;
    }
    const found: [Digest, Known][] = [];
    for (const { digest, path, isTemporary } of listFiles(this.#access)) {
      if (isTemporary) {
        this.#files.removeAbandoned(path, now);
        continue;
      }
      const known = this.#look(digest);
      if (known !== undefined) found.push([digest, known]);
    }
    found.sort(([digest, { time }], [otherDigest, { time: otherTime }]) =>
      time - otherTime || (digest < otherDigest ? -1 : 1)
    );
    this.#known = new Map();
    this.#eviction = new Eviction();
    for (const [digest, known] of found) this.#take(digest, known);
    this.#isOutdated = false;
    this.#commits = 0;
    return found.at(-1)?.[1].time ?? -Infinity;
  }

  /**
   * Notes that an entry was written.
   *
   * @param entry The entry, whose file is there.
   */
  put({ digest, functionName, writtenAt }: PutChange): void {
    // As the file system has it: some keep times to the second only.
    const state = this.#files.state(digest);
    if (state === undefined) this.remove(digest);
    else this.#take(digest, { functionName, writtenAt, ...state });
  }

  /**
   * Notes that an entry was used.
   *
   * @param digest The digest of the entry, whose file has been given a new time.
   */
  touch(digest: Digest): void {
    const known = this.#known.get(digest);
    const state = known && this.#files.state(digest);
    if (state === undefined) return this.remove(digest);
    this.#known.set(digest, { ...known!, time: state.time });
    this.#eviction.touch(digest);
  }

  /**
   * Notes that an entry is gone.
   *
   * @param digest The digest of the entry.
   */
  remove(digest: Digest): void {
    this.#known.delete(digest);
    this.#eviction.remove(digest);
  }

  /**
   * Removes the files that are too much.
   *
   * @param limits The limits, checked.
   * @param onRemove Is told of each.
   * @returns One of them that was too large by itself, if there is one.
   */
  evict(limits: Limits, onRemove: (digest: Digest) => void): Evicted["tooLarge"] {
    const spared = new Set<Digest>();
    let tooLarge: Evicted["tooLarge"];
    for (let isDone = false; !isDone;) {
      isDone = true;
      const evicted = this.#eviction.evict(limits);
      for (const digest of evicted.digests) {
        // Others may have used it, or written it anew, since the directory was gone through; once is enough.
        const known = spared.has(digest) ? this.#known.get(digest) : this.#look(digest);
        if (known !== this.#known.get(digest)) {
          spared.add(digest);
          if (known === undefined) this.#known.delete(digest);
          else this.#take(digest, known);
          isDone = false;
        } else {
          this.#known.delete(digest);
          this.#files.removeOwn(digest);
          onRemove(digest);
          if (evicted.tooLarge?.digest === digest) tooLarge ??= evicted.tooLarge;
        }
      }
    }
    return tooLarge;
  }

  #take(digest: Digest, known: Known): void {
    this.#known.set(digest, known);
    this.#eviction.put(digest, known.functionName, known.size, known.writtenAt);
  }

  /** What is known of an entry by now. Its file is read only if it is not the one that is known. */
  #look(digest: Digest): Known | undefined {
    const state = this.#files.state(digest);
    if (state === undefined) return undefined;
    const known = this.#known.get(digest);
    if (known !== undefined && known.size === state.size && known.time === state.time) return known;
    const info = this.#files.readOwn(digest, readInfo);
    if (info === undefined) return undefined;
    const { functionName, writtenAt } = info;
    return { functionName, writtenAt, ...state };
  }
}
