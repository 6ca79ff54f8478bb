// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ensureDir, ensureDirSync, exists, existsSync } from "../../../tools/offline/fs.ts";
import type { ExistsOptions } from "../../../tools/offline/fs.ts";

function withDirectory(test: (dir: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const dir = await Deno.makeTempDir();
    try {
      await test(dir);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  };
}

Deno.test(
  "ensureDir() and ensureDirSync() make what is missing",
  withDirectory(async (dir) => {
    for (let i = 0; i < 2; i++) {
      ensureDirSync(`${dir}/a/b`);
      await ensureDir(new URL(`file://${dir}/c/d`));
    }
    assert(Deno.statSync(`${dir}/a/b`).isDirectory);
    assert(Deno.statSync(`${dir}/c/d`).isDirectory);
  }),
);

Deno.test(
  "ensureDir() and ensureDirSync() throw when a file is in the way",
  withDirectory(async (dir) => {
    Deno.writeTextFileSync(`${dir}/f`, "");
    const message = "Failed to ensure directory exists: expected 'dir', got 'file'";
    assertThrows(() => ensureDirSync(`${dir}/f`), Error, message);
    await assertRejects(() => ensureDir(`${dir}/f`), Error, message);
    assertThrows(() => ensureDirSync(`${dir}/f/g`), Deno.errors.NotADirectory);
  }),
);

Deno.test(
  "exists() and existsSync() tell what is there",
  withDirectory(async (dir) => {
    Deno.writeTextFileSync(`${dir}/f`, "");
    const cases: [string, ExistsOptions | undefined, boolean][] = [
      ["/f", undefined, true],
      ["/f", { isFile: true }, true],
      ["/f", { isDirectory: true }, false],
      ["", { isDirectory: true }, true],
      ["", { isFile: true }, false],
      ["/none", undefined, false],
    ];
    for (const [path, options, expected] of cases) {
      assertEquals(existsSync(dir + path, options), expected);
      assertEquals(await exists(dir + path, options), expected);
    }
  }),
);

Deno.test(
  "exists() and existsSync() throw a TypeError when it must be a file and a directory",
  withDirectory(async (dir) => {
    const both = { isFile: true, isDirectory: true };
    assertThrows(() => existsSync(dir, both), TypeError, "must not be true together");
    await assertRejects(() => exists(dir, both), TypeError, "must not be true together");
  }),
);
