// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { takeComputeLock } from "../../src/stores/compute_lock.ts";

const DIGEST = "0123456789abcdef".repeat(4);

function namesIn(directory: string): string[] {
  return Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
}

Deno.test("takeComputeLock() makes a file and its directory, and removes the file when it is given back", async () => {
  const directory = `${Deno.makeTempDirSync()}/new`;
  const lock = (await takeComputeLock(`${directory}/a.cache`, DIGEST))!;
  assert(lock.isCurrent);
  assert(namesIn(directory).includes("a.cache.computing-0123456789abcdef"));
  lock.release();
  assert(!namesIn(directory).some((name) => name.includes("computing")));
});

Deno.test("takeComputeLock() gives the right to one after another, however many wait", async () => {
  const path = `${Deno.makeTempDirSync()}/a.cache`;
  let holders = 0;
  let times = 0;
  const work = async (): Promise<void> => {
    while (true) {
      const lock = (await takeComputeLock(path, DIGEST))!;
      if (lock.isCurrent) {
        assertEquals(++holders, 1);
        await Promise.resolve();
        holders--;
        times++;
      }
      lock.release();
      // One that was given back before it was had is none: others may hold a new one.
      if (lock.isCurrent) return;
    }
  };
  await Promise.all(Array.from({ length: 12 }, work));
  assertEquals(times, 12);
});

Deno.test("takeComputeLock() lets other entries be computed at the same time", async () => {
  const path = `${Deno.makeTempDirSync()}/a.cache`;
  const locks = await Promise.all(
    [DIGEST, DIGEST.replaceAll("0", "f")].map((digest) => takeComputeLock(path, digest)),
  );
  assertEquals(locks.map((lock) => lock!.isCurrent), [true, true]);
  for (const lock of locks) lock!.release();
});

Deno.test("takeComputeLock() refuses what is no empty file, and leaves it as it is", async () => {
  const directory = Deno.makeTempDirSync();
  const name = `${directory}/a.cache.computing-0123456789abcdef`;
  const elsewhere = `${directory}/elsewhere`;
  const path = `${directory}/a.cache`;
  Deno.writeTextFileSync(name, "mine");
  await assertRejects(() => takeComputeLock(path, DIGEST), Error, "something else is there");
  assertEquals(Deno.readTextFileSync(name), "mine");
  Deno.removeSync(name);
  if (Deno.build.os === "windows") return;
  Deno.symlinkSync(elsewhere, name);
  await assertRejects(() => takeComputeLock(path, DIGEST), Error, "something else is there");
  assertEquals(namesIn(directory), ["a.cache.computing-0123456789abcdef"]);
});
