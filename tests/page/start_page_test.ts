// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { makeNotice, NOTICE } from "../../src/access/entry_parts.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { startPage } from "../../src/page/start_page.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { runScript } from "../access/_run_script.ts";
import { digestOf, remove } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { putCall, putValue, Served, writeFile } from "./_served.ts";

function newerVersion(path: string): void {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 2, true);
  view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
  Deno.writeFileSync(path, bytes);
}

Deno.test("startPage() refuses options that can't be ones", () => {
  const store = new MemoryStore();
  assertThrows(
    () => startPage(store, { access: "rw" as "read" }),
    TypeError,
    'Cannot serve page: not "read" or "write" as access: "rw"',
  );
  for (const port of [-1, 65536, 1.5, NaN, "80"]) {
    assertThrows(() => startPage(store, { port: port as number }), TypeError, "not a port");
  }
});

Deno.test("startPage() stops by close() and by a signal", async () => {
  const page = startPage(new MemoryStore());
  await page.close();
  await page.finished;
  await assertRejects(() => fetch(page.url));

  const controller = new AbortController();
  const signalled = startPage(new MemoryStore(), { signal: controller.signal });
  controller.abort();
  await signalled.finished;
  await assertRejects(() => fetch(signalled.url));
  assertThrows(() => startPage(new MemoryStore(), { signal: controller.signal }), DOMException);
});

Deno.test("startPage() listens on a port that is asked for, and says if it is taken", async () => {
  await using one = new Served(new MemoryStore());
  const port = Number(one.page.url.port);
  const error = assertThrows(
    () => startPage(new MemoryStore(), { port }),
    CacheError,
    `Cannot serve page: `,
  );
  assert(error.message.endsWith(`: 127.0.0.1:${port}`));
  assert(error.cause instanceof Deno.errors.AddrInUse);
  await one.page.close();
  await using two = new Served(new MemoryStore(), { port });
  assertEquals(two.page.url.port, `${port}`);
});

Deno.test({
  name: "startPage() names the flag where net access is not granted",
  permissions: { net: false, read: true },
  fn() {
    assertThrows(
      () => startPage(new MemoryStore()),
      CacheError,
      "Cannot serve page: no net access, run with --allow-net=127.0.0.1: 127.0.0.1",
    );
  },
});

Deno.test("startPage() listens nowhere else, also where the environment has Deno do so", async () => {
  const source = `
    import { startPage } from ${
    JSON.stringify(import.meta.resolve("../../src/page/start_page.ts"))
  };
    import { MemoryStore } from ${JSON.stringify(import.meta.resolve("../../src/stores/mod.ts"))};
    try {
      startPage(new MemoryStore());
    } catch (error) {
      console.log(error.message);
    }`;
  const env = { DENO_SERVE_ADDRESS: "tcp:127.0.0.2:0" };
  const { stdout, code } = await runScript(source, { permissions: ["--allow-net"], env });
  assertEquals(stdout.trim(), "Cannot serve page: DENO_SERVE_ADDRESS has it listen on 127.0.0.2");
  assertEquals(code, 0);
});

Deno.test("startPage() refuses what is no cache file, or one of a newer version, and leaves it as it is", () =>
  withDirectory((directory) => {
    const text = `${directory}/notes.txt`;
    Deno.writeTextFileSync(
      text,
      "Something else, and long enough to be told apart from a cut-off file",
    );
    assertThrows(() => startPage(new LogStore(text)), CacheFormatError, "not a cache file");

    const path = `${directory}/a.cache`;
    writeFile(path, [putValue(1, "a", 1)]);
    newerVersion(path);
    const before = Deno.readFileSync(path);
    assertThrows(() => startPage(new LogStore(path)), CacheFormatError, "newer");
    assertEquals(Deno.readFileSync(path), before);
  }));

Deno.test("startPage() says it on the page when a newer version has taken the file over", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    await using served = new Served(writeFile(path, [putValue(1, "a", 1)]));
    assertEquals((await served.rows()).count, 1);
    writeFile(`${directory}/b.cache`, [putValue(1, "a", 1), putValue(2, "b", 2)]).close();
    newerVersion(`${directory}/b.cache`);
    Deno.renameSync(`${directory}/b.cache`, path);
    const response = await served.fetch("api/entries?offset=0&limit=1");
    assertEquals(response.status, 500);
    assert((await response.json()).error.includes("newer"));
  }));

Deno.test("startPage() shows what other processes have written since", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    await using served = new Served(writeFile(path, [putValue(1, "a", 1)]));
    assertEquals(await served.keys("sort=key"), ['"a"']);
    assertEquals(await served.json("api/state"), { isCurrent: true });
    const other = new LogStore(path);
    other.commit([putValue(2, "b", 2)]);
    assertEquals(await served.json("api/state"), { isCurrent: false });
    assertEquals(await served.keys("sort=key"), ['"a"', '"b"']);
    other.commit([remove(1)]);
    other.compact();
    assertEquals(await served.keys("sort=key"), ['"b"']);
    other.close();
    Deno.removeSync(path);
    assertEquals((await served.rows()).count, 0);
  }));

Deno.test("startPage() deletes entries in the file, the parts of a result with it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    const store = writeFile(path, [
      putValue(1, "a", 1),
      putCall(2, "read", "1", "whole"),
      putCall(3, "read", "1", "chunk", { key: { part: "chunk", index: 0, of: digestOf(2) } }),
      putCall(4, "read", "1", "chunk", { key: { part: "end", of: digestOf(2) } }),
      putCall(5, "read", "2", "chunk", { key: { part: "chunk", index: 0, of: digestOf(6) } }),
      putCall(6, "read", "2", "whole"),
    ]);
    await using served = new Served(store);
    assertEquals((await served.rows()).found, 3);
    assertEquals((await served.rows("parts=true")).found, 6);
    assertEquals((await served.rows()).partCount, 3);

    const response = await served.delete([digestOf(2), digestOf(9)]);
    assertEquals(await response.json(), { deleted: 1, parts: 2 });
    assertEquals(await served.keys("parts=true&sort=key"), ['"a"', "read(2)", "read(2) (chunk 0)"]);
    using _ = { [Symbol.dispose]: () => fresh.close() };
    const fresh = new LogStore(path);
    assertEquals(
      [...fresh.entries()].map(({ digest }) => digest),
      [1, 5, 6].map(digestOf),
    );
  }));

Deno.test("startPage() shows nobody the notice of parts, and does not delete it", async () => {
  const store = new MemoryStore();
  store.commit([makeNotice(0), putValue(1, "a", 1)]);
  await using served = new Served(store);
  const { found, count, partCount, unread } = await served.rows("parts=true");
  assertEquals([found, count, partCount, unread], [1, 1, 0, 0]);
  const response = await served.fetch(`api/entry?digest=${NOTICE}`);
  await response.body?.cancel();
  assertEquals(response.status, 404);
  const deleted = await served.delete([NOTICE, digestOf(1)]);
  assertEquals(await deleted.json(), { deleted: 1, parts: 0 });
  assertEquals([store.size, store.has(NOTICE)], [1, true]);
});

Deno.test("startPage() deletes nothing with access to read only", async () => {
  const store = new MemoryStore();
  store.commit([putValue(1, "a", 1)]);
  await using served = new Served(store, { access: "read" });
  assertEquals((await served.rows()).mayDelete, false);
  const response = await served.delete([digestOf(1)]);
  assertEquals(response.status, 403);
  assert((await response.json()).error.startsWith("Cannot delete entries: no write access"));
  assertEquals(store.size, 1);
});

const readOnly = Deno.makeTempFileSync({ suffix: ".cache" });
writeFile(readOnly, [putValue(1, "a", 1)]).close();

Deno.test({
  name: "startPage() deletes nothing without permission to write, and names the flag",
  permissions: { net: ["127.0.0.1"], read: [readOnly], write: false },
  async fn() {
    await using served = new Served(new LogStore(readOnly));
    assertEquals((await served.rows()).mayDelete, false);
    const response = await served.delete([digestOf(1)]);
    assertEquals(response.status, 403);
    assert((await response.json()).error.endsWith(`--allow-write=${readOnly}`));
    assertEquals(await served.keys(), ['"a"']);
  },
});

Deno.test("startPage() is done with a file that is not to be written", () =>
  Deno.removeSync(readOnly));

Deno.test("startPage() shows what is left of a damaged file, and what is damaged", () =>
  withDirectory(async (directory) => {
    using _ = collectWarnings();
    const path = `${directory}/a.cache`;
    writeFile(path, [
      putValue(1, "first key", "first value"),
      putValue(2, "second key", "second value"),
      putValue(3, "third key", "third value"),
    ]).close();
    const bytes = Deno.readFileSync(path);
    flip(bytes, "second value");
    flip(bytes, "third key");
    Deno.writeFileSync(path, bytes);

    await using served = new Served(new LogStore(path));
    const rows = await served.rows("sort=key");
    assertEquals(rows.rows.map(({ key }) => key), ['"first key"', '"second key"']);
    const first = await served.json(`api/entry?digest=${digestOf(1)}`);
    assertEquals(first.value, { text: "first value", isPlain: true, left: 0 });
    const second = await served.json(`api/entry?digest=${digestOf(2)}`);
    assertEquals(second.value, { problem: "it is damaged, and counts as not cached" });
    const damage = await served.json("api/damage");
    assertEquals(damage.isChecked, true);
    assert(damage.findings[0].startsWith("2 ranges of "));
    assert(damage.findings.some((text: string) => text.includes("payload")));
    // What is damaged can be deleted none the less.
    assertEquals(await (await served.delete([digestOf(2)])).json(), { deleted: 1, parts: 0 });
    assertEquals(await served.keys(), ['"first key"']);
  }));

Deno.test("startPage() finds no damage where there is none, or no file", async () => {
  await withDirectory(async (directory) => {
    await using served = new Served(writeFile(`${directory}/a.cache`, [putValue(1, "a", 1)]));
    assertEquals(await served.json("api/damage"), {
      isChecked: true,
      isCheckable: true,
      findings: [],
    });
  });
  for (const store of [new MemoryStore(), new LogStore("/tmp/none.cache")]) {
    await using served = new Served(store);
    assertEquals((await served.json("api/damage")).isCheckable, false);
    assertEquals((await served.rows()).count, 0);
    assertEquals(await served.json("api/treemap?width=500&height=200"), []);
  }
});

function flip(bytes: Uint8Array, text: string): void {
  const at = new TextDecoder("latin1").decode(bytes).lastIndexOf(text);
  assert(at > 0);
  bytes[at]! ^= 1;
}
