// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "../src/stores/log_store.ts";
import { type Contender, measure, type Measured } from "./_measure.ts";
import { type Database, entryOf } from "./_store_files.ts";
import { inEntries, inTime, printTargetRow } from "./_target_table.ts";

const TIMES = 500;
const ROUNDS = 15;

/** A cache file, and a database of the same entries. */
export interface ReadPlace {
  /** How many entries there are. */
  readonly entries: number;
  /** The path of the cache file. */
  readonly path: string;
  readonly database: Database;
}

/**
 * Prints the rows of lookups: of entries that the process has not read before, of those that it has, and of what is not there.
 *
 * @param places Where to look up, few entries first.
 */
export function benchReading(places: readonly [ReadPlace, ReadPlace]): void {
  const contenders = places.map((place) => new Lookups(place));
  const rows: readonly [string, (lookups: Lookups) => Contender[]][] = [
    ["hit, the first of an entry", (lookups) => lookups.first()],
    ["hit, again", (lookups) => lookups.again()],
    ["miss", (lookups) => lookups.misses()],
  ];
  for (const [what, choose] of rows) {
    const results = measure(contenders.flatMap(choose), { times: TIMES, rounds: ROUNDS });
    const [few, fewTheirs, many, manyTheirs] = results as [Measured, Measured, Measured, Measured];
    for (
      const [{ entries }, ours, theirs] of [
        [places[0], few, fewTheirs],
        [places[1], many, manyTheirs],
      ] as const
    ) {
      printTargetRow(
        `${what}, ${inEntries(entries)}`,
        inTime(ours.milliseconds),
        `SELECT ${inTime(theirs.milliseconds)}`,
        ours.ratio / theirs.ratio,
      );
    }
  }
}

/** What looks entries up in one place, in the store and in the database, the same ones. */
class Lookups {
  readonly #place: ReadPlace;
  #store: LogStore;
  #turn = 0;
  #digests: string[] = [];
  #blobs: Uint8Array[] = [];

  constructor(place: ReadPlace) {
    this.#place = place;
    this.#store = new LogStore(place.path);
  }

  /** Entries in no order, different ones each round; where there are not enough, in a store that has read none of them. */
  first(): Contender[] {
    return this.#contenders((times) => {
      const { entries, path } = this.#place;
      if (times * ROUNDS > entries / 2) {
        this.#store.close();
        this.#store = new LogStore(path);
        // To open the file is measured elsewhere.
        this.#store.has(entryOf(-1).digest);
      }
      const first = this.#turn++ * times;
      return Array.from({ length: times }, (_, index) => (first + index) * 7919 % entries);
    });
  }

  /** The same few entries each time. */
  again(): Contender[] {
    const { entries } = this.#place;
    return this.#contenders((times) =>
      Array.from({ length: times }, (_, index) => index * 7919 % entries)
    );
  }

  /** What is not there, different each time. */
  misses(): Contender[] {
    return this.#contenders((times) => {
      const first = 2e9 + this.#turn++ * times;
      return Array.from({ length: times }, (_, index) => first + index);
    });
  }

  #contenders(choose: (times: number) => number[]): Contender[] {
    const { database } = this.#place;
    return [{
      name: "get",
      prepare: (times) => {
        this.#digests = choose(times).map((number) => entryOf(number).digest);
        this.#blobs = this.#digests.map((digest) => Uint8Array.fromHex(digest));
      },
      run: () => {
        for (const digest of this.#digests) this.#store.get(digest);
      },
    }, {
      name: "SELECT",
      run: () => {
        for (const blob of this.#blobs) database.get(blob);
      },
    }];
  }
}
