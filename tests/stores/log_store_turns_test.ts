// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Parts, StoreChange } from "../../src/stores/store.ts";
import { digestOf, put, randomNumbers, remove } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

const PATH = "/a.cache";

Deno.test("LogStore reads right and loses nothing, however three processes take turns and crash", () => {
  for (let seed = 1; seed <= 60; seed++) {
    try {
      takeTurns(randomNumbers(seed));
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error });
    }
  }
});

function takeTurns(random: () => number): void {
  const pick = (count: number) => Math.floor(random() * count);
  const disk = new MemoryDisk();
  let time = 0;
  const clock = { now: () => time, pause: () => void (time += 40_000) };
  const stores = Array.from(
    { length: 3 },
    () => new LogStore(PATH, { disk, clock, compactFrom: Infinity }),
  );
  /** What was committed, after each commit, the newest last. */
  const history: Map<string, string>[] = [new Map()];
  let number = 0;
  /** The one whose turn it is: a process does nothing else in the middle of a call. */
  let current: LogStore | undefined;

  function randomChanges(): StoreChange[] {
    return Array.from({ length: 1 + pick(3) }, () => {
      const digit = pick(6);
      // Some large enough to be written, and read, in several steps.
      const length = random() < 0.06 ? 70_000 + pick(100_000) : pick(12);
      return random() < 0.2
        ? remove(digit)
        : put(digit, `${number++}`.padEnd(length, "."), { writtenAt: 1 });
    });
  }
  function commit(store: LogStore): void {
    const changes = randomChanges();
    try {
      store.commit(changes);
    } catch (error) {
      assert(error instanceof CacheError && error.message.startsWith("Cannot lock"), String(error));
      return;
    }
    const state = new Map(history.at(-1)!);
    for (const change of changes) {
      if (change.type === "put") {
        state.set(change.digest, decode(change.parts));
      } else state.delete(change.digest);
    }
    history.push(state);
  }
  function after(changes: StoreChange[], bytes = disk.read(PATH)): Uint8Array {
    const copy = new MemoryDisk();
    copy.write(PATH, bytes);
    const store = new LogStore(PATH, { disk: copy, compactFrom: Infinity });
    store.commit(changes);
    // Too many open files would close one that is in the middle of a call.
    store.close();
    return copy.read(PATH);
  }
  function crash(): void {
    if (!disk.files.has(PATH) || disk.isLocked(PATH)) return;
    const never = put(7, "never");
    const committed = after([never]).length -
      (after([never], new Uint8Array()).length - FIRST_RECORD_AT);
    const bytes = after([...randomChanges(), never]);
    // Between two records, too: a value that is large begins, or ends, a write of its own.
    const ends: number[] = [];
    for (let at = committed; (at = bytes.indexOf(0xf1, at + 1)) >= 0;) {
      if (bytes[at + 1] === 0x70) ends.push(at);
    }
    const end = ends.length > 0 && random() < 0.5
      ? ends[pick(ends.length)]!
      : committed + pick(bytes.length - committed);
    disk.files.get(PATH)!.bytes = bytes.slice(0, end);
  }
  function disturb(): void {
    if (random() > 0.06) return;
    const { onCall } = disk;
    disk.onCall = () => {};
    if (random() < 0.3) crash();
    else commit(stores.filter((store) => store !== current)[pick(2)]!);
    disk.onCall = onCall;
  }

  const { warnings } = withWarnings(() => {
    for (let turn = 0; turn < 40; turn++) {
      const store = current = stores[pick(3)]!;
      const from = history.length - 1;
      const action = pick(4);
      disk.onCall = disturb;
      if (action === 0) {
        disk.onCall = () => {};
        crash();
      } else if (action === 1) {
        // A commit inside its own commit is none of the store's concerns: others only.
        disk.onCall = () => {};
        commit(store);
      } else if (action === 2) {
        const digit = pick(6);
        const value = store.get(digestOf(digit));
        const text = value && decode(value.parts);
        const expected = history.slice(from).map((state) => state.get(digestOf(digit)));
        assert(expected.includes(text), `${digit}: ${text}`);
      } else {
        const digests = new Set([...store.entries()].map(({ digest }) => digest));
        for (const state of history.slice(from)) {
          for (const key of state.keys()) digests.delete(key);
        }
        assertEquals(digests.size, 0);
      }
      disk.onCall = () => {};
      if (turn % 5 < 4) continue;
      for (const each of stores) {
        const held = [...each.entries()].map((
          { digest },
        ) => [digest, decode(each.get(digest)!.parts)]);
        assertEquals(new Map(held as [string, string][]), history.at(-1));
      }
    }
    for (const store of stores) store.close();
  });
  assertEquals(warnings.filter((warning) => !warning.includes("are moved to")), []);
}

function decode([bytes]: Parts): string {
  return new TextDecoder().decode(bytes).replace(/\.+$/, (dots) => `${dots.length}`);
}
