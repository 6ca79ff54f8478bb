// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";

import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";

import { digestOf, put, randomNumbers, textAt } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { PATH } from "./_memory_file.ts";
import { Medium } from "./_power.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 4, ...options });
}

/** A disk on which it is told what is on the medium. */
function volatileDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.medium = new Medium();
  return disk;
}

Deno.test('LogStore holds all that was committed with sync: "commit", when the power is cut at any time', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed);
    const history = new History(random, 12);
    const disk = volatileDisk();
    const compactFrom = seed % 3 === 0 ? 2000 : Infinity;
    const store = open(disk, { sync: "commit", compactFrom });
    for (let commit = 5 + history.pick(25); commit > 0; commit--) history.commit(store);
    // One more, in the middle of which the process dies, or not.
    const changes = history.changes();
    const calls = history.pick(30);
    let count = 0;
    disk.onCall = () => {
      if (count++ === calls) disk.crashAfter = -1;
    };
    let isDone = false;
    withWarnings(() => {
      try {
        store.commit(changes);
        isDone = true;
      } catch {
        // It is no more.
      }
    });
    const before = new History(random, 12);
    before.done([...history.state.values()]);
    history.done(changes);
    if (isDone) before.done(changes);
    disk.cutPower(() => random() < 0.5);
    withWarnings(() => {
      // The last one is there as a whole, or not at all.
      const reader = open(disk);
      const isThere = changes.every(({ digest }) => {
        const value = reader.get(digest);
        const change = history.state.get(digest);
        return change === undefined ? value === undefined : value?.writtenAt === change.writtenAt &&
          value.parts[0].toHex() === change.parts[0].toHex();
      });
      try {
        for (let number = 0; number < 12; number++) {
          (isThere ? history : before).assertOne(open(disk), digestOf(number));
        }
        const after = isThere ? history : before;
        for (let commit = 0; commit < 5; commit++) after.commit(open(disk, { compactFrom }));
        for (let number = 0; number < 12; number++) after.assertOne(open(disk), digestOf(number));
      } catch (error) {
        throw new Error(`Seed ${seed}`, { cause: error });
      }
    });
  }
});

Deno.test("LogStore keeps all that the medium has, when the power is cut and what came later is lost", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed);
    const history = new History(random, 12);
    const disk = volatileDisk();
    const store = open(disk);
    for (let commit = 3 + history.pick(20); commit > 0; commit--) history.commit(store);
    disk.syncAll();
    const states = [new Map(history.state)];
    for (let commit = 1 + history.pick(10); commit > 0; commit--) {
      history.commit(store);
      states.push(new Map(history.state));
    }
    const until = history.pick(disk.medium!.pending + 1);
    let steps = 0;
    disk.cutPower(() => steps++ < until);
    const { warnings } = withWarnings(() => {
      const digests = [...open(disk).entries()].map(({ digest }) => digest);
      const found = states.findLast((state) =>
        [...state.keys()].join() === digests.join() &&
        [...state].every(([digest, change]) =>
          open(disk).get(digest)!.parts[0].toHex() === change.parts[0].toHex()
        )
      );
      assert(found !== undefined, `Seed ${seed}: it is none of the states that were committed`);
      const after = new History(random, 12);
      after.done([...found.values()]);
      after.assertHolds(open(disk));
      for (let commit = 0; commit < 8; commit++) after.commit(open(disk));
      after.assertHolds(open(disk));
    });
    assertEquals(warnings.filter((warning) => !warning.includes("are moved to")), []);
  }
});

Deno.test("LogStore gives no value that was never newest, when the power is cut and any of what came later is lost", () => {
  let [kept, lost] = [0, 0];
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed);
    const history = new History(random, 12);
    const disk = volatileDisk();
    const store = open(disk);
    for (let commit = 3 + history.pick(20); commit > 0; commit--) history.commit(store);
    disk.syncAll();
    /** What each digest may be by now. */
    const possible = new Map<string, Set<string | undefined>>();
    const note = () => {
      for (let number = 0; number < 12; number++) {
        const digest = digestOf(number);
        const values = possible.get(digest) ?? new Set();
        possible.set(digest, values.add(history.state.get(digest)?.parts[0].toHex()));
      }
    };
    note();
    for (let commit = 1 + history.pick(10); commit > 0; commit--) {
      history.commit(store);
      note();
    }
    disk.cutPower(() => random() < 0.7);
    withWarnings(() => {
      for (const reader of [open(disk), open(disk)]) {
        for (const [digest, values] of possible) {
          const value = reader.get(digest)?.parts[0].toHex();
          // It may be nobody's: a record is lost that replaced one, and nobody knows of which.
          if (value === undefined && !values.has(undefined)) lost++;
          else {
            assert(values.has(value), `Seed ${seed}: ${digest} ${value}`);
            kept++;
          }
        }
        for (const _ of reader.entries());
      }
      const after = new History(random, 12);
      for (let commit = 0; commit < 8; commit++) {
        const changes = after.changes().filter(({ type }) => type === "put");
        after.commit(open(disk), changes);
        for (const { digest } of after.state.values()) after.assertOne(open(disk), digest);
      }
    });
  }
  assert(kept > 2 * lost, `${kept} ${lost}`);
});

Deno.test("LogStore.compact() loses nothing of what the medium has, when the power is cut at any moment of it", () => {
  const start = new MemoryDisk();
  const history = new History(randomNumbers(51), 10);
  for (let commit = 0; commit < 20; commit++) history.commit(open(start));
  for (let moment = 0, isOver = false; !isOver; moment++) {
    for (const odds of [0, 0.5, 1]) {
      const random = randomNumbers(moment);
      const disk = volatileDisk();
      disk.write(PATH, start.read(PATH));
      disk.syncAll();
      let calls = 0;
      disk.onCall = () => {
        if (calls++ === moment) disk.crashAfter = -1;
      };
      withWarnings(() => {
        try {
          open(disk).compact();
          isOver = true;
        } catch {
          // It is no more.
        }
      });
      disk.cutPower(() => random() < odds);
      const { warnings } = withWarnings(() => history.assertHolds(open(disk)));
      assertEquals(warnings, [], `${moment} ${odds}`);
      open(disk).commit([put(99, "x")]);
      assertEquals(textAt(open(disk), 99), "x");
    }
  }
});

Deno.test("LogStore.compact() has all on the medium that was committed before, when it is done", () => {
  const disk = volatileDisk();
  const history = new History(randomNumbers(52), 10);
  const store = open(disk);
  for (let commit = 0; commit < 20; commit++) history.commit(store);
  store.compact();
  disk.cutPower(() => false);
  history.assertHolds(open(disk));
  assertEquals([...disk.files.keys()], [PATH]);
});
