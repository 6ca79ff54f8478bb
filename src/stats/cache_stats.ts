// Copyright 2026 the pecapiku authors. MIT license.

import { statsText } from "../display/stats_text.ts";
import type { CacheCounts } from "../stores/store_stats.ts";

/** The figures that a `CacheStats` is made of. */
export type CacheFigures = Pick<
  CacheStats,
  | "location"
  | "functionName"
  | "entries"
  | "bytes"
  | "bytesLive"
  | "bytesDead"
  | "session"
  | "total"
>;

/**
 * What there is to tell of a cache at one moment. It prints as a table, is plain data as JSON, and shows as bars in a notebook.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type CacheStats } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const square = CacheDict.decorate((x: number) => x * x, { filePath: Deno.makeTempDirSync() + "/a.cache" });
 * for (const x of [1, 2, 1]) square(x);
 *
 * const stats: CacheStats = square.stats();
 * assertEquals([stats.entries, stats.session.hits, stats.session.misses], [2, 1, 2]);
 * assert(stats.total!.savedMilliseconds < 1_000);
 * console.log(stats);
 * ```
 */
export class CacheStats {
  /** Where the cache is: the absolute path of the file. */
  readonly location: string;
  /** The name of the function whose counts these are; `undefined` if they are those of all that use the cache. */
  readonly functionName: string | undefined;
  /**
   * How many entries the cache has, of all functions; `0` where it may not be read. Those that belong to others do not count, such as
   * the chunks of a stream; where there are such, all entries are gone through to count.
   */
  readonly entries: number;
  /** How many bytes it takes: the length of the file. `undefined` where that is not known. */
  readonly bytes: number | undefined;
  /** How many of them its entries take. */
  readonly bytesLive: number | undefined;
  /** How many are of no use any more, and come back with a compaction. What is left is the index, and what a file begins with. */
  readonly bytesDead: number | undefined;
  /** What was counted since this process uses the cache; of a function, since it was decorated. */
  readonly session: CacheCounts;
  /**
   * What was counted in all: what processes have written into the file, as the option `totals` says, and what this one has counted.
   * `undefined` where no totals are kept: in a `DirectoryStore`, in a store of your own without them, without the right to read, and for a
   * function in a file where 64 others were counted before it.
   */
  readonly total: CacheCounts | undefined;

  /**
   * Makes one of its figures.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new CacheDict(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.stats().entries, 0);
   * ```
   *
   * @param figures The figures.
   */
  constructor(figures: CacheFigures) {
    this.location = figures.location;
    this.functionName = figures.functionName;
    this.entries = figures.entries;
    this.bytes = figures.bytes;
    this.bytesLive = figures.bytesLive;
    this.bytesDead = figures.bytesDead;
    this.session = figures.session;
    this.total = figures.total;
  }

  /**
   * Writes the figures as a table.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertStringIncludes } from "@std/assert";
   *
   * const cache = new CacheDict(Deno.makeTempDirSync() + "/a.cache");
   * assertStringIncludes(String(cache.stats()), "time saved");
   * ```
   *
   * @returns The lines.
   */
  toString(): string {
    return statsText(this);
  }

  /** What the figures print as in `console.log`: a table. */
  [Symbol.for("Deno.customInspect")](): string {
    return statsText(this);
  }

  /** What the figures print as in Node's `util.inspect`: a table. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return statsText(this);
  }

  /** What a notebook shows: bars drawn as SVG, and a table; also as text. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    const { statsBundle } = await import("../display/stats_html.ts");
    return { ...statsBundle(this) };
  }
}
