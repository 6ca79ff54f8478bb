// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";

import type { Digest, Limits, PutChange, StoreChange } from "../../src/stores/store.ts";
import { digestOf, put, randomNumbers, remove } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { PATH } from "./_memory_file.ts";

import { collectWarnings } from "../_collect_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 6, ...options });
}

/** What limits do, done in the simplest way there is: a list in the order of use, of what the file holds. */
class Model {
  entries: PutChange[] = [];

  touch(digest: Digest): void {
    const entry = this.entries.find((each) => each.digest === digest);
    if (entry !== undefined) this.#use(entry);
  }

  commit(
    changes: readonly StoreChange[],
    { functionName, maxEntries, writtenSince }: Limits,
  ): void {
    for (const change of changes) {
      if (change.type === "put") this.#use(change);
      else this.#remove(change.digest);
    }
    const isIn = (each: PutChange) =>
      functionName === undefined || each.functionName === functionName;
    const kept = this.entries.filter(isIn).filter((each) =>
      each.writtenAt >= (writtenSince ?? -Infinity)
    );
    const newest = new Set(kept.slice(Math.max(0, kept.length - (maxEntries ?? Infinity))));
    this.entries = this.entries.filter((each) => !isIn(each) || newest.has(each));
  }

  #use(entry: PutChange): void {
    this.#remove(entry.digest);
    this.entries.push(entry);
  }

  #remove(digest: Digest): void {
    this.entries = this.entries.filter((each) => each.digest !== digest);
  }
}

Deno.test("LogStore keeps limits as a list does, whoever commits, fails, starts anew or compacts", () => {
  for (let seed = 1; seed <= 15; seed++) {
    const random = randomNumbers(seed);
    const pick = (limit: number) => Math.floor(random() * limit);
    using _ = collectWarnings();
    const disk = new MemoryDisk();
    const model = new Model();
    const fresh = () => open(disk, { snapshotInterval: 1 + pick(12), sync: "commit" });
    const stores = [fresh(), fresh(), fresh()];
    const touched = stores.map(() => new Set<Digest>());
    const assertHeld = (...readers: LogStore[]): void => {
      const expected = model.entries.map(({ digest }) => digest).sort();
      for (const each of readers) {
        const found = [...Array(12).keys()].map(digestOf).filter((digest) => each.has(digest));
        assertEquals(found, expected, `Seed ${seed}`);
        assertEquals(each.size, expected.length, `Seed ${seed}`);
      }
    };
    for (let step = 0; step < 80; step++) {
      const at = pick(3);
      const store = stores[at]!;
      const action = pick(40);
      if (action < 12) {
        const digest = digestOf(pick(12));
        store.touch(digest);
        touched[at]!.delete(digest);
        touched[at]!.add(digest);
        continue;
      }
      if (action === 12) {
        stores[at] = fresh();
        touched[at]!.clear();
        continue;
      }
      if (action === 13) {
        store.compact();
        continue;
      }
      const changes = Array.from({ length: pick(4) }, () => {
        const number = pick(12);
        const functionName = ["", "f"][pick(2)]!;
        return pick(5) === 0
          ? remove(number)
          : put(number, `${step}`, { functionName, writtenAt: pick(100) });
      });
      const limits: Limits | undefined = [
        { maxEntries: 3 + pick(5) },
        { maxEntries: 2, functionName: "f" },
        { writtenSince: pick(40) },
        {},
        undefined,
      ][pick(5)];
      if (pick(4) === 0) {
        // The disk is full, or fails.
        let isFailed = false;
        const failing = ["write", "syncData"][pick(2)]!;
        disk.onCall = (name) => {
          if (name !== failing) return;
          isFailed = true;
          throw new Error("An error of the disk");
        };
        try {
          store.commit(changes, { limits });
        } catch (error) {
          assert(error instanceof CacheError && isFailed, String(error));
        }
        disk.onCall = () => {};
        if (isFailed) continue;
      } else store.commit(changes, { limits });
      for (const digest of touched[at]!) model.touch(digest);
      touched[at]!.clear();
      model.commit(changes, limits ?? {});
      assertHeld(store, stores[pick(3)]!, fresh());
    }
    // Down to the last, in the order of use.
    while (model.entries.length > 0) {
      const at = pick(3);
      const limits = { maxEntries: model.entries.length - 1 };
      stores[at]!.commit([], { limits });
      for (const digest of touched[at]!) model.touch(digest);
      touched[at]!.clear();
      model.commit([], limits);
      assertHeld(fresh());
    }
  }
});
