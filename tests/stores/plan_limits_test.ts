// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { CacheError, CacheFormatError } from "@pecapiku/cache";
import { type Limits, LogStore, verify } from "@pecapiku/cache/stores";
import { readBeginning } from "../../src/stores/cache_file.ts";
import { fileFacts } from "../../src/stores/file_facts.ts";
import { planLimits } from "../../src/stores/plan_limits.ts";
import { digestOf, put } from "./_changes.ts";
import { withDirectory } from "./_temporary.ts";

const never = (message: string): void => {
  throw new Error(message);
};

Deno.test("planLimits() tells what a commit with the limits removes", () => {
  const all: Limits[] = [
    { maxEntries: 7 },
    { maxBytes: 2_000 },
    { writtenSince: 1_700_000_000_005 },
    { functionName: "f", maxEntries: 2 },
    { functionName: "none", maxEntries: 0 },
    { maxEntries: 100 },
  ];
  for (const limits of all) {
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      const store = new LogStore(path, { snapshotInterval: 8 });
      const names = ["f", "g", ""];
      for (let at = 0; at < 20; at++) {
        store.commit([put(at, "x".repeat(10 * at), { functionName: names[at % 3]! })]);
      }
      for (const at of [3, 0, 12]) store.touch(digestOf(at));
      store.commit([{ type: "delete", digest: digestOf(9) }]);
      const before = [...store.entries()].map(({ digest }) => digest);
      const bytes = Deno.readFileSync(path);
      const plan = planLimits(path, limits, never);
      assertEquals(Deno.readFileSync(path), bytes);
      const { liveBytes } = fileFacts(path, never);
      store.commit([], { limits });
      const left = new Set([...store.entries()].map(({ digest }) => digest));
      assertEquals([...plan.digests].sort(), before.filter((digest) => !left.has(digest)).sort());
      assertEquals(fileFacts(path, never).liveBytes, liveBytes - plan.bytes);
      store.close();
    });
  }
});

Deno.test("fileFacts() tells what verify() finds, with and without a snapshot", () => {
  for (const snapshotInterval of [4, 2048]) {
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      const store = new LogStore(path, { snapshotInterval });
      for (let at = 0; at < 30; at++) store.commit([put(at % 20, `"${at}"`)]);
      store.close();
      const facts = fileFacts(path, never);
      const { size, live } = verify(path);
      const { liveBytes, indexBytes, deadBytes } = facts;
      assertEquals([facts.bytes, facts.entries, liveBytes], [size, live.entries, live.bytes]);
      assertEquals(liveBytes + indexBytes + deadBytes, size);
    });
  }
});

Deno.test("fileFacts() and planLimits() take an empty file as one without entries", () => {
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    Deno.writeFileSync(path, new Uint8Array());
    const { bytes, entries, liveBytes, indexBytes, deadBytes } = fileFacts(path, never);
    assertEquals([bytes, entries, liveBytes, indexBytes, deadBytes], [0, 0, 0, 0, 0]);
    assertEquals(planLimits(path, { maxEntries: 0 }, never), { digests: [], bytes: 0 });
  });
});

Deno.test("fileFacts() and planLimits() refuse what is no cache file, and what is not there", () => {
  withDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/notes`, "notes of somebody");
    for (const look of [fileFacts, (path: string) => planLimits(path, {}, never)]) {
      assertThrows(() => look(`${directory}/notes`, never), CacheFormatError, "not a cache file");
      assertThrows(() => look(`${directory}/none`, never), CacheError, "no such file");
    }
  });
});

Deno.test("readBeginning() knows cache files of any version by their first bytes", () => {
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const store = new LogStore(path);
    store.commit([put(1, "1")]);
    store.close();
    assertEquals(readBeginning(path), { isOurs: true, formatVersion: 1 });
    const bytes = Deno.readFileSync(path);
    const cases: [Uint8Array, boolean, number | undefined][] = [
      [bytes.with(9, 1), true, 257],
      [bytes.subarray(0, 8), true, undefined],
      [bytes.subarray(0, 7), false, undefined],
      [bytes.with(3, 0), false, undefined],
      [new Uint8Array(), false, undefined],
    ];
    for (const [content, isOurs, formatVersion] of cases) {
      Deno.writeFileSync(path, content);
      assertEquals(readBeginning(path), { isOurs, formatVersion });
    }
    assertThrows(() => readBeginning(`${directory}/none`), CacheError, "Cannot open cache: ");
  });
});

Deno.test("LogStore gives what there is to say to warn, and nothing to the console", () => {
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const writer = new LogStore(path);
    writer.commit([put(1, '"value"')]);
    writer.close();
    const bytes = Deno.readFileSync(path);
    Deno.writeFileSync(path, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    const said: string[] = [];
    const store = new LogStore(path, { warn: (message) => said.push(message) });
    assertEquals([store.get(digestOf(1)), store.get(digestOf(1))], [undefined, undefined]);
    assertEquals([said.length, said[0]!.startsWith("Cannot read all of cache: damaged at byte ")], [
      1,
      true,
    ]);
    store.close();
    assertThrows(
      () => new LogStore(path, { warn: 1 as never }),
      TypeError,
      "not a function as warn: 1",
    );
  });
});
