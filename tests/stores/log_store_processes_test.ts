// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, put, randomNumbers, textAt } from "./_changes.ts";
import { childCommand, runChild } from "./_child.ts";
import { numberedValue } from "./_numbered_value.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

const READ_WRITE = ["--allow-read", "--allow-write"];

function assertHoldsNumbers(store: LogStore, numbers: Iterable<number>, largeParts: number): void {
  const sum = (parts: Iterable<Uint8Array>) => [...parts].map((part) => [part.length, crc32(part)]);
  for (const number of numbers) {
    const value = store.get(digestOf(number));
    assert(value !== undefined, `Lost: ${number}`);
    assert(
      sum(value.parts).join() === sum(numberedValue(number, largeParts)).join(),
      `Wrong: ${number}`,
    );
  }
}

Deno.test("LogStore holds 4,000 entries, when eight processes commit 500 each at the same time", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    const results = await Promise.all(
      Array.from(
        { length: 8 },
        (_, process) =>
          runChild("_child_commits.ts", READ_WRITE, [path, `${process * 500}`, "500", "0"]),
      ),
    );
    for (const { code, errors } of results) {
      assertEquals(errors, "");
      assertEquals(code, 0);
    }
    const store = new LogStore(path);
    assertEquals(store.size, 4000);
    assertHoldsNumbers(store, Array(4000).keys(), 0);
    assertEquals([...store.entries()].length, 4000);
    store.close();
    // Nothing beside it, either, with these permissions only.
    assertEquals(namesIn(directory), ["a.cache"]);
  }));

Deno.test("LogStore holds all that was acknowledged, when processes are killed at random moments", () =>
  withDirectory(async (directory) => {
    const seed = Date.now() % 1_000_000;
    const random = randomNumbers(seed);
    const largeParts = 12;
    const rounds = Array.from({ length: 50 }, (_, round) => ({
      file: `${directory}/${round % 10}/a.cache`,
      first: round * 1_000_000,
      patience: Math.floor(random() * 30),
      // The second process in each file dies in the middle of a write for certain: of the others, nobody knows. The first
      // writes of a process may be those that begin a file.
      lastWrite: round >= 10 && round < 20 ? 3 + Math.floor(random() * 40) : undefined,
    }));
    let cuts = 0;
    async function killOne(
      { file, first, patience, lastWrite }: typeof rounds[number],
      acknowledged: Set<number>,
    ): Promise<void> {
      const child = childCommand(
        "_child_commits.ts",
        lastWrite === undefined ? READ_WRITE : [...READ_WRITE, "--allow-run"],
        [
          file,
          `${first}`,
          "Infinity",
          `${largeParts}`,
          ...lastWrite === undefined ? [] : [`${lastWrite}`],
        ],
      ).spawn();
      let output = "";
      let isKilled = false;
      // A kill that comes with the last line read meets the child somewhere in a later commit.
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        output += text;
        if (lastWrite === undefined && !isKilled && output.split("\n").length > patience) {
          isKilled = true;
          child.kill("SIGKILL");
        }
      }
      const { code } = await child.status;
      const errors = await child.stderr.text();
      assertEquals(code, 137, errors);
      for (const line of output.split("\n").slice(0, -1)) acknowledged.add(Number(line));
      const store = new LogStore(file);
      const { warnings } = withWarnings(() => assertHoldsNumbers(store, acknowledged, largeParts));
      assertEquals(warnings, []);
      const digests = new Set([...store.entries()].map((info) => info.digest));
      // What was committed, but not acknowledged any more, is one entry a round at the most.
      assert(digests.size - acknowledged.size <= 1 + first / 1_000_000);
      assert(acknowledged.size <= digests.size);
      store.close();
    }
    async function killAll(files: number[]): Promise<void> {
      for (const number of files) {
        const acknowledged = new Set<number>();
        Deno.mkdirSync(`${directory}/${number}`);
        for (const round of rounds.filter((_, at) => at % 10 === number)) {
          await killOne(round, acknowledged);
        }
        cuts += namesIn(`${directory}/${number}`).filter((name) => name.includes("damaged")).length;
        Deno.removeSync(`${directory}/${number}`, { recursive: true });
      }
    }
    try {
      await Promise.all([killAll([0, 1, 2, 3, 4]), killAll([5, 6, 7, 8, 9])]);
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error });
    }
    assert(cuts >= 10, `Seed ${seed}: ${cuts} writes were cut`);
  }));

Deno.test("LogStore.commit() gives up, when another process holds the lock beyond the time-out", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1, "one")]);
    // To the system a second handle is as good as a second process.
    using holder = Deno.openSync(path, { read: true, write: true });
    holder.lockSync(true);
    let time = 0;
    const pauses: number[] = [];
    const clock = {
      now: () => time,
      pause: (milliseconds: number) => {
        pauses.push(milliseconds);
        time += milliseconds;
      },
    };
    const store = new LogStore(path, { clock, lockTimeout: 1000 });
    const error = assertThrows(
      () => store.commit([put(2, "two")]),
      CacheError,
      `Cannot lock cache: others have held the lock for 1000 ms: ${path}`,
    );
    assertEquals(error.filePath, path);
    assert(time >= 1000 && time < 1020, `${time}`);
    assert(pauses.every((pause) => pause > 0 && pause <= 16));
    // Who reads waits for nobody.
    assertEquals(textAt(store, 1), "one");
    assertEquals(store.has(digestOf(2)), false);
    holder.unlockSync();
    store.commit([put(2, "two")]);
    assertEquals(textAt(store, 2), "two");
    store.close();
  }));

Deno.test("LogStore.commit() goes on as soon as the lock is given up", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1, "one")]);
    using holder = Deno.openSync(path, { read: true, write: true });
    holder.lockSync(true);
    let pauses = 0;
    const clock = { now: () => pauses, pause: () => void (++pauses === 5 && holder.unlockSync()) };
    const store = new LogStore(path, { clock });
    store.commit([put(2, "two")]);
    assertEquals(pauses, 5);
    assertEquals(textAt(store, 2), "two");
    store.close();
  }));

Deno.test("LogStore.commit() writes to the new file, when the file is replaced while it waits for the lock", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const other = `${directory}/b.cache`;
    const store = new LogStore(path);
    store.commit([put(1, "old")]);
    new LogStore(other).commit([put(1, "new")]);
    using holder = Deno.openSync(path, { read: true, write: true });
    holder.lockSync(true);
    const clock = {
      now: () => 0,
      pause: () => {
        Deno.renameSync(other, path);
        holder.unlockSync();
      },
    };
    const waiting = new LogStore(path, { clock });
    waiting.commit([put(2, "two")]);
    for (const each of [waiting, store, new LogStore(path)]) {
      // Within a millisecond a lookup may still see the file of before; a commit never does.
      each.commit([put(3, "three")]);
      assertEquals([1, 2, 3].map((number) => textAt(each, number)), ["new", "two", "three"]);
      each.close();
    }
    assertStringIncludes(path, namesIn(directory).join());
  }));
