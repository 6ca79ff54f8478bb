// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  KIND,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
} from "../../src/stores/_record.ts";
import { digestOf, put, textAt } from "./_changes.ts";
import { childCommand } from "./_child.ts";
import type { WaitPlan } from "./_child_waits.ts";
import { namesIn, withDirectory } from "./_temporary.ts";

const WAITERS = 40;
const COMMITS = 5;

/** How often each digest is put in a file. */
function countPuts(path: string): Map<string, number> {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const saltChecksum = crc32(bytes.subarray(12, 20));
  const counts = new Map<string, number>();
  const fields = emptyRecordFields();
  for (let at = 32; at < bytes.length;) {
    assert(readRecordHeader(bytes, view, at, saltChecksum, at, fields), `no record at ${at}`);
    const digest = bytes.subarray(at + 20, at + 52).toHex();
    if (fields.kind === KIND.put) counts.set(digest, (counts.get(digest) ?? 0) + 1);
    at += RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
  }
  return counts;
}

/** What a worker tells next. */
function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
}

Deno.test("LogStore.commit() lands once each, when 40 in one process wait for a lock that another process holds", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(0, "before")]);
    const permissions = ["--allow-read", "--allow-write"];
    const holder = childCommand("_child_holds_lock.ts", permissions, [path], "piped").spawn();
    const reader = holder.stdout.getReader();
    assertEquals(new TextDecoder().decode((await reader.read()).value), "locked\n");

    const workers: Worker[] = [];
    function startWorker(): Promise<unknown> {
      const worker = new Worker(new URL("_child_waits.ts", import.meta.url), { type: "module" });
      const plan: WaitPlan = { path, first: 1 + workers.length * COMMITS, count: COMMITS };
      worker.postMessage(plan);
      workers.push(worker);
      return nextMessage(worker);
    }
    try {
      // The module is type-checked with the first one; with all at once it would be with each.
      assertEquals(await startWorker(), "waiting");
      const others = Array.from({ length: WAITERS - 1 }, startWorker);
      assertEquals(await Promise.all(others), Array(WAITERS - 1).fill("waiting"));
      // Nobody has got past the lock, and who reads waits for nobody.
      assertEquals(new LogStore(path).size, 1);
      const done = Promise.all(workers.map(nextMessage));
      await holder.stdin.close();
      assertEquals(await done, Array(WAITERS).fill("done"));
    } finally {
      for (const worker of workers) worker.terminate();
      await holder.stdin.abort();
      await reader.cancel();
      await holder.stderr.cancel();
      await holder.status;
    }

    const numbers = Array.from({ length: WAITERS * COMMITS }, (_, index) => 1 + index);
    const store = new LogStore(path);
    for (const number of numbers) assertEquals(textAt(store, number), `${number}`);
    assertEquals(textAt(store, 0), "before");
    assertEquals(store.size, 1 + numbers.length);
    store.close();
    assertEquals(countPuts(path), new Map([0, ...numbers].map((number) => [digestOf(number), 1])));
    assertEquals(namesIn(directory), ["a.cache"]);
  }));
