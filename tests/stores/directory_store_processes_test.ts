// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { crc32 } from "../../src/stores/_crc32.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { digestOf, randomNumbers } from "./_changes.ts";
import { childCommand, runChild } from "./_child.ts";
import { filesIn } from "./_directory_disk.ts";
import { numberedValue } from "./_numbered_value.ts";
import { withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

const CHILD = "_child_directory_commits.ts";

function permissions(directory: string): string[] {
  return [`--allow-read=${directory}`, `--allow-write=${directory}`];
}

function sum(parts: Iterable<Uint8Array>): string {
  return [...parts].map((part) => `${part.length} ${crc32(part)}`).join();
}

/** Checks that an entry is there, with one of the values of some numbers. */
function assertValue(
  store: DirectoryStore,
  number: number,
  largeParts: number,
  of: readonly number[] = [number],
): void {
  const value = store.get(digestOf(number));
  assert(value !== undefined, `Lost: ${number}`);
  const found = sum(value.parts);
  assert(of.some((each) => sum(numberedValue(each, largeParts)) === found), `Wrong: ${number}`);
}

Deno.test("DirectoryStore holds all entries, when four processes commit 50 each at the same time", () =>
  withDirectory(async (directory) => {
    const starts = [1000, 2000, 3000, 4000];
    const results = await Promise.all(
      starts.map((first) =>
        runChild(CHILD, permissions(directory), [directory, `${first}`, "50", "1", "Infinity"])
      ),
    );
    for (const { code, errors } of results) {
      assertEquals(errors, "");
      assertEquals(code, 0);
    }
    const store = new DirectoryStore(directory);
    assertEquals(store.size, 201);
    assertEquals([...store.entries()].length, 201);
    for (const first of starts) {
      for (let number = first; number < first + 50; number++) assertValue(store, number, 1);
    }
    // Written by all of them, and last by one of those that were the last.
    assertValue(store, 0, 1, starts.map((first) => 3 * (first + 49)));
    assertEquals(filesIn(directory).filter((path) => !path.endsWith(".entry")), []);
  }));

Deno.test("DirectoryStore keeps about within limits, when processes commit at the same time", () =>
  withDirectory(async (directory) => {
    const results = await Promise.all(
      [1000, 2000, 3000].map((first) =>
        runChild(CHILD, permissions(directory), [directory, `${first}`, "60", "0", "20"])
      ),
    );
    for (const { code, errors } of results) {
      assertEquals(errors, "");
      assertEquals(code, 0);
    }
    const store = new DirectoryStore(directory);
    // Of 181. What the others have put during its last commits, a process may not have seen.
    assert(store.size <= 40, `${store.size}`);
    store.commit([], { limits: { maxEntries: 20 } });
    assertEquals(store.size, 20);
    assertEquals([...store.entries()].length, 20);
  }));

Deno.test("DirectoryStore holds all that was acknowledged, when processes are killed at random moments", () =>
  withDirectory(async (directory) => {
    const seed = Date.now() % 1_000_000;
    const random = randomNumbers(seed);
    const largeParts = 12;
    async function killOne(first: number, patience: number): Promise<number[]> {
      const child = childCommand(CHILD, permissions(directory), [
        directory,
        `${first}`,
        "Infinity",
        `${largeParts}`,
        "Infinity",
      ]).spawn();
      let output = "";
      let isKilled = false;
      // A kill that comes with the last line read meets the child somewhere in a later commit.
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        output += text;
        if (!isKilled && output.split("\n").length > patience) {
          isKilled = true;
          child.kill("SIGKILL");
        }
      }
      const { code } = await child.status;
      const errors = await child.stderr.text();
      assertEquals(code, 137, errors);
      return output.split("\n").slice(0, -1).map(Number);
    }
    async function killSome(lane: number): Promise<number[]> {
      const acknowledged: number[] = [];
      for (let round = 0; round < 6; round++) {
        const first = lane * 100_000 + round * 10_000;
        acknowledged.push(...await killOne(first, Math.floor(random() * 30)));
      }
      return acknowledged;
    }
    try {
      const acknowledged = (await Promise.all([killSome(1), killSome(2)])).flat();
      const store = new DirectoryStore(directory);
      const { warnings } = withWarnings(() => {
        for (const number of acknowledged) assertValue(store, number, largeParts);
        assertEquals([...store.entries()].length, store.size);
      });
      assertEquals(warnings, []);
      // What was committed, but not acknowledged any more, is one commit a round at the most.
      assert(store.size >= acknowledged.length + 1);
      assert(store.size <= acknowledged.length + 1 + 12);
      const left = filesIn(directory).filter((path) => !path.endsWith(".entry"));
      assert(left.length <= 12);
      assert(left.every((path) => path.endsWith(".tmp")));
      const later = new DirectoryStore(directory, { now: () => Date.now() + 10 * 60 * 60 * 1000 });
      later.compact();
      assertEquals(filesIn(directory).length, store.size);
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error });
    }
  }));
