// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { LogStore } from "../../src/stores/log_store.ts";
import { openLogStore } from "../../src/stores/open_log_store.ts";
import { put, textAt } from "./_changes.ts";
import { withDirectory } from "./_temporary.ts";

Deno.test("openLogStore() gives one store for one path", () => {
  const store = openLogStore("/tmp/none.cache");
  assertStrictEquals(openLogStore("/tmp/none.cache"), store);
  assert(openLogStore("/tmp/other.cache") !== store);
  assertEquals(store.location, "/tmp/none.cache");
});

Deno.test("LogStore works with 200 files in turn, and holds 128 of them open at the most", () =>
  withDirectory((directory) => {
    const stores = Array.from(
      { length: 200 },
      (_, number) => new LogStore(`${directory}/${number}.cache`),
    );
    const openBefore = Deno.build.os === "linux" ? countOpen(directory) : 0;
    for (let round = 0; round < 3; round++) {
      for (const [number, store] of stores.entries()) {
        if (round !== 1) store.commit([put(round, `${number}`)]);
        assertEquals(textAt(store, 0), `${number}`);
        assertEquals(store.size, round === 2 ? 2 : 1);
      }
      if (Deno.build.os === "linux") assert(countOpen(directory) - openBefore <= 128);
    }
    for (const store of stores) store.close();
    if (Deno.build.os === "linux") assertEquals(countOpen(directory), 0);
  }));

function countOpen(directory: string): number {
  let open = 0;
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      if (Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(directory)) open++;
    } catch (error) {
      // That of the directory listing itself.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return open;
}
