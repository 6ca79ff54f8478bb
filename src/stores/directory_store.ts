// Copyright 2026 the pecapiku authors. MIT license.

import { toAbsolutePath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { checkChanges, checkOptions } from "./_check_commit.ts";
import { isDigest } from "./_digest_table.ts";
import { DirectoryAccess } from "./_directory_access.ts";
import { DirectoryFiles } from "./_directory_files.ts";
import { listFiles } from "./_directory_folders.ts";
import { DirectoryWriter } from "./_directory_writer.ts";
import { DENO_DIRECTORY_DISK } from "./directory_disk.ts";
import type { DirectoryStoreOptions } from "./directory_store_options.ts";
import { readInfo, readValue } from "./_record_reader.ts";
import type { StoreStats } from "./store_stats.ts";
import type {
  CommitOptions,
  Compaction,
  Digest,
  EntryInfo,
  Store,
  StoreChange,
  StoredValue,
} from "./store.ts";

/**
 * A {@linkcode Store} in a directory: one file an entry, in folders of two levels (`5a/f0/5af0….entry`). It is for
 * values that people want as separate files, to copy or to remove them one by one, and for network file systems on
 * which locks can't be trusted: it takes no lock. In all other cases {@linkcode LogStore} is faster, above all for many
 * small values.
 *
 * Each file is a complete cache file of one entry, as `docs/format.md` has it. It is written under another name and
 * renamed: at any moment there is the old one, the new one or none. A commit of several changes is made entry by entry,
 * in order: a crash, or an error, leaves those that were made before it. A damaged file is not cached, and said once on
 * the console. A file in the place of an entry that is none of this package, or a newer version's, is never overwritten
 * or removed: a `CacheFormatError`. All other files in the directory are left alone.
 *
 * Lookups always read the file. What other processes have committed is seen by the next call; on a network file system,
 * once that shows it. `size` and `entries()` go through all folders, `entries()` and the first commit with limits
 * through all files.
 *
 * When an entry was used is kept as the time of its file, to the millisecond and never the same twice: after many
 * writes at once those times are ahead of the clock. Limits count the length of the files. While several processes
 * commit within limits at the same time, each goes by what it knows, and looks at what the others have done at the
 * latest after a commit for every 32 entries: until then a group may be over its limits by what the others have put. A
 * file that somebody has used or written meanwhile is not evicted.
 *
 * Needs `--allow-read` for the directory, and `--allow-write` for it to commit (for the directory it is in, too, if it
 * has to be created). A permission that is missing is never asked for. Directories are created for their owner only.
 *
 * @example Usage
 * ```ts
 * import { DirectoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new DirectoryStore(Deno.makeTempDirSync() + "/results");
 * const digest = "5".repeat(64);
 * store.commit([{
 *   type: "put",
 *   digest,
 *   codec: "structured",
 *   key: { kind: "value", parts: [new TextEncoder().encode('"answer"')] },
 *   parts: [new TextEncoder().encode("42")],
 *   functionName: "",
 *   writtenAt: Date.now(),
 *   duration: 0,
 *   promised: false,
 * }]);
 *
 * assertEquals(new TextDecoder().decode(store.get(digest)?.parts[0]), "42");
 * const [file] = Deno.readDirSync(`${store.location}/55/55`);
 * assertEquals(file?.name, `${digest}.entry`);
 * ```
 */
export class DirectoryStore implements Store {
  readonly #access: DirectoryAccess;
  readonly #files: DirectoryFiles;
  readonly #writer: DirectoryWriter;

  /**
   * Makes a store. Nothing is created yet.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new DirectoryStore(new URL("file:///tmp/none"));
   * assertEquals(store.location, "/tmp/none");
   * ```
   *
   * @param path The path or `file:` URL of the directory. It is created by the first commit.
   * @param options How to go about it.
   * @throws {TypeError} If the path or an option can't be one.
   */
  constructor(path: string | URL, options: DirectoryStoreOptions = {}) {
    const { now = Date.now, disk = DENO_DIRECTORY_DISK } = options;
    const absolute = toAbsolutePath(path, "Cannot make store");
    if (typeof now !== "function") {
      throw new TypeError(`Cannot make store: not a clock: ${show(now)}`);
    }
    this.#access = new DirectoryAccess(absolute, disk);
    this.#files = new DirectoryFiles(this.#access);
    this.#writer = new DirectoryWriter(this.#access, this.#files, now);
  }

  /**
   * The absolute path of the directory.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DirectoryStore("/tmp/none").location, "/tmp/none");
   * ```
   */
  get location(): string {
    return this.#access.root;
  }

  /**
   * How many entries there are. Some may turn out to be damaged when they are read. All folders are gone through for
   * it.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DirectoryStore("/tmp/none").size, 0);
   * ```
   *
   * @throws {CacheError} If the directory can't be read.
   */
  get size(): number {
    let size = 0;
    for (const { isTemporary } of listFiles(this.#access)) {
      if (!isTemporary) size++;
    }
    return size;
  }

  /**
   * Looks an entry up.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DirectoryStore("/tmp/none").get("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   * @throws {CacheFormatError} If a file that is none of this package, or a newer version's, is in the place of the
   * entry.
   * @throws {CacheError} If the file can't be read.
   */
  get(digest: Digest): StoredValue | undefined {
    return this.#reporting(() =>
      isDigest(digest) ? this.#files.read(digest, readValue) : undefined
    );
  }

  /**
   * Tells whether an undamaged entry is there. All of it is read to tell.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assert } from "@std/assert";
   *
   * assert(!new DirectoryStore("/tmp/none").has("0".repeat(64)));
   * ```
   *
   * @param digest The digest to look for.
   * @returns Whether {@linkcode DirectoryStore.get} would find something.
   * @throws {CacheFormatError} If a file that is none of this package, or a newer version's, is in the place of the
   * entry.
   * @throws {CacheError} If the file can't be read.
   */
  has(digest: Digest): boolean {
    return this.get(digest) !== undefined;
  }

  /**
   * Tells what is known of an entry but its value.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DirectoryStore("/tmp/none").info("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is known, or `undefined` if there is no such entry.
   * @throws {CacheFormatError} If a file that is none of this package, or a newer version's, is in the place of the
   * entry.
   * @throws {CacheError} If the file can't be read.
   */
  info(digest: Digest): EntryInfo | undefined {
    return this.#reporting(() => isDigest(digest) ? this.#files.read(digest, readInfo) : undefined);
  }

  /**
   * Goes through the entries, without their values, by the time of writing, and those of the same time by digest. Files
   * that are none of this package, or a newer version's, are passed over. The beginnings of all files are read at once,
   * to put them in order.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals([...new DirectoryStore("/tmp/none").entries()], []);
   * ```
   *
   * @returns An iterator over the entries at the time of the call; those that are removed until their turn are left
   * out.
   * @throws {CacheError} If the directory or a file can't be read.
   */
  entries(): IterableIterator<EntryInfo> {
    return this.#infos(this.#reporting(() => this.#digestsByAge()));
  }

  /**
   * Makes the changes one by one, in order. When one fails, those before it are made, and those after it are not.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new DirectoryStore(Deno.makeTempDirSync());
   * store.commit([{ type: "delete", digest: "5".repeat(64) }], { limits: { maxEntries: 100 } });
   * assertEquals(store.size, 0);
   * ```
   *
   * @param changes What to do, in order.
   * @param options Limits to keep, and when to wait for the medium.
   * @throws {TypeError} If a digest, the name of a codec or an option can't be one: then nothing is changed.
   * @throws {CacheFormatError} If a file that is none of this package, or a newer version's, is in the place of an
   * entry.
   * @throws {CacheError} If a file can't be written.
   */
  commit(changes: readonly StoreChange[], options: CommitOptions = {}): void {
    checkChanges(changes);
    checkOptions(options);
    const { limits, sync } = options;
    this.#reporting(() => this.#writer.commit(changes, limits, sync === "commit"));
  }

  /**
   * Notes that an entry is used, so that limits spare it for longer. The next commit writes that, as the time of the
   * entry's file.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new DirectoryStore("/tmp/none");
   * store.touch("5".repeat(64));
   * assertEquals(store.size, 0);
   * ```
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void {
    if (isDigest(digest)) this.#writer.touch(digest);
  }

  /**
   * Removes temporary files that a crash has left more than an hour ago, and folders that hold nothing.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new DirectoryStore(Deno.makeTempDirSync());
   * assertEquals(store.compact(), { bytesBefore: 0, bytesAfter: 0 });
   * ```
   *
   * @returns How many bytes the files of the store took before and take now.
   * @throws {CacheError} If the directory can't be read or written.
   */
  compact(): Compaction {
    return this.#reporting(() => this.#writer.compact());
  }

  /**
   * How many entries limits have removed through this object.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DirectoryStore("/tmp/none").evictions, 0);
   * ```
   */
  get evictions(): number {
    return this.#writer.evictions;
  }

  /**
   * Tells how much room the files take. It looks at each of them. What is dead are temporary files that a crash has left, or that are
   * being written. There are no totals: they would have to be in a file that all who use the directory write to.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const { bytes, totals } = new DirectoryStore("/tmp/none").stats();
   * assertEquals([bytes, totals], [0, undefined]);
   * ```
   *
   * @returns What is known.
   * @throws {CacheError} If the directory can't be read.
   */
  stats(): StoreStats & { readonly totals: undefined } {
    return this.#reporting(() => {
      let [bytesLive, bytesDead] = [0, 0];
      for (const { path, isTemporary } of listFiles(this.#access)) {
        const size = this.#files.stateAt(path)?.size ?? 0;
        if (isTemporary) bytesDead += size;
        else bytesLive += size;
      }
      return { bytes: bytesLive + bytesDead, bytesLive, bytesDead, totals: undefined };
    });
  }

  /**
   * Does nothing: no file is held open. What was noted by {@linkcode DirectoryStore.touch} stays noted.
   *
   * @example Usage
   * ```ts
   * import { DirectoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new DirectoryStore("/tmp/none");
   * store.close();
   * assertEquals(store.size, 0);
   * ```
   */
  close(): void {}

  #reporting<T>(step: () => T): T {
    try {
      return step();
    } finally {
      this.#access.report();
    }
  }

  #digestsByAge(): Digest[] {
    const found: { digest: Digest; writtenAt: number }[] = [];
    for (const { digest, isTemporary } of listFiles(this.#access)) {
      const info = isTemporary ? undefined : this.#files.readOwn(digest, readInfo);
      if (info === undefined) continue;
      const { writtenAt } = info;
      found.push({ digest, writtenAt: Number.isNaN(writtenAt) ? -Infinity : writtenAt });
    }
    found.sort((one, other) =>
      one.writtenAt - other.writtenAt || (one.digest < other.digest ? -1 : 1)
    );
    return found.map(({ digest }) => digest);
  }

  *#infos(digests: readonly Digest[]): IterableIterator<EntryInfo> {
    for (const digest of digests) {
      const info = this.#reporting(() => this.#files.readOwn(digest, readInfo));
      if (info !== undefined) yield info;
    }
  }
}
