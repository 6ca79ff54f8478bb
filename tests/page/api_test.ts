// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { StoredStream } from "../../src/inspect/stored_stream.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { digestOf, put } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { putCall, putValue, Served, writeFile } from "./_served.ts";

function storeOf(...changes: PutChange[]): MemoryStore {
  const store = new MemoryStore();
  store.commit(changes);
  return store;
}

const CALLS = [
  putCall(1, "beta", "1", "x".repeat(300), { duration: 5, writtenAt: 4_000 }),
  putCall(2, "alpha", '"Öl"', "x".repeat(100), { duration: 70, writtenAt: 3_000 }),
  putCall(3, "beta", "10", "x".repeat(200), { duration: 0.5, writtenAt: 1_000 }),
  putValue(4, ["row", { x: 1 }], 1, { writtenAt: 2_000 }),
];

Deno.test("api/entries sorts by each column, in both directions", async () => {
  await using served = new Served(storeOf(...CALLS));
  const order = async (sort: string) => {
    const { rows } = await served.rows(`sort=${sort}`);
    const { rows: back } = await served.rows(`sort=${sort}&order=descending`);
    assertEquals(back.map(({ digest }) => digest), rows.map(({ digest }) => digest).reverse());
    return rows.map(({ digest }) => parseInt(digest.slice(0, 8), 16) - 0x1000);
  };
  assertEquals(await order("key"), [4, 2, 1, 3]);
  assertEquals(await order("function"), [4, 2, 1, 3]);
  assertEquals(await order("size"), [4, 2, 3, 1]);
  assertEquals(await order("written"), [3, 4, 2, 1]);
  assertEquals(await order("duration"), [4, 3, 1, 2]);
});

Deno.test("api/entries tells what is known of an entry", async () => {
  await using served = new Served(storeOf(...CALLS));
  const { rows, location, ...more } = await served.rows("sort=written");
  assertEquals(location, "memory");
  assertEquals(
    [more.count, more.found, more.offset, more.unread, more.functionCount, more.mayDelete],
    [4, 4, 0, 0, 2, true],
  );
  assertEquals(more.bytes, rows.reduce((sum, { size }) => sum + size, 0));
  assertEquals(rows[0], {
    digest: digestOf(3),
    key: "beta(10)",
    functionName: "beta",
    size: rows[0]!.size,
    writtenAt: 1_000,
    duration: 0.5,
    promised: false,
    isPart: false,
    isStream: false,
  });
  assertEquals(rows[1]!.key, '["row",{"x":1}]');
});

Deno.test("api/entries finds words in keys and functions, whatever the case", async () => {
  await using served = new Served(storeOf(...CALLS));
  const cases: [string, string[]][] = [
    ["beta", ["beta(1)", "beta(10)"]],
    ["BETA", ["beta(1)", "beta(10)"]],
    ["öL", ['alpha("Öl")']],
    ["10 beta", ["beta(10)"]],
    ["  row   x ", ['["row",{"x":1}]']],
    ["beta alpha", []],
    ["b.ta", []],
    ["(1", ["beta(1)", "beta(10)"]],
    ["[ \\", []],
    ["", ['["row",{"x":1}]', 'alpha("Öl")', "beta(1)", "beta(10)"]],
  ];
  for (const [search, keys] of cases) {
    const query = `sort=key&search=${encodeURIComponent(search)}`;
    assertEquals([search, await served.keys(query)], [search, keys]);
  }
  assertEquals(await served.keys("sort=key&function=beta"), ["beta(1)", "beta(10)"]);
  assertEquals(await served.keys("function=bet"), []);
  assertEquals(await served.keys("function="), ['["row",{"x":1}]']);
  assertEquals(await served.keys("function=beta&search=10"), ["beta(10)"]);
});

Deno.test("api/entries gives pages, which are all entries once", async () => {
  const changes = Array.from({ length: 1_000 }, (_, n) => putCall(n, `f${n % 7}`, `${n}`, n));
  await using served = new Served(storeOf(...changes));
  for (const sort of ["key", "size", "duration", "function"]) {
    const digests = new Set<string>();
    for (let offset = 0; offset < 1_000; offset += 300) {
      const { rows, found } = await served.rows(`sort=${sort}`, offset, 300);
      assertEquals([found, rows.length], [1_000, Math.min(300, 1_000 - offset)]);
      for (const { digest } of rows) digests.add(digest);
    }
    assertEquals(digests.size, 1_000);
  }
  const behind = await served.rows("", 5_000, 10);
  assertEquals([behind.found, behind.rows], [1_000, []]);
  const found = await served.rows("search=77&sort=written", 5, 5);
  const all = await served.rows("search=77&sort=written", 0, 500);
  assertEquals(found.rows, all.rows.slice(5, 10));
});

Deno.test("api/entries refuses what it can't understand", async () => {
  await using served = new Served(storeOf(...CALLS));
  for (
    const query of [
      "",
      "offset=0",
      "offset=-1&limit=1",
      "offset=0&limit=0",
      "offset=0&limit=501",
      "offset=1e3&limit=1",
      "offset=0x1&limit=1",
      "offset=&limit=1",
      "offset=99999999999999999999&limit=1",
      "offset=0&limit=1&sort=digest",
      "offset=0&limit=1&sort=__proto__",
      `offset=0&limit=1&search=${"x".repeat(1_001)}`,
    ]
  ) {
    const response = await served.fetch(`api/entries?${query}`);
    assertEquals([query, response.status], [query, 400]);
    assert((await response.json()).error.startsWith("Cannot "));
  }
});

Deno.test("api/entries gives hostile keys as they are, and only the beginning of long ones", async () => {
  const hostile = [
    "<script>alert(1)</script>",
    "\x1b[31mred\x07",
    "\u202egnp.exe",
    '"},{"digest":"',
    "\ud800",
    "__proto__",
  ];
  const changes = hostile.map((text, n) => putCall(n, text, text, text));
  await using served = new Served(storeOf(
    ...changes,
    putCall(20, "long", "y".repeat(5_000), 1),
    putValue(21, "z".repeat(200_000), 1),
    putValue(22, Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n])), 1),
    { ...putValue(23, 1, 1), codec: "none" },
    { ...putValue(24, 1, 1), key: { kind: "value", parts: [Uint8Array.of(255, 1)] } },
    { ...putCall(25, "f", "", 1), key: { kind: "call", parts: [new TextEncoder().encode("{")] } },
    putValue(26, 1, 1, { writtenAt: NaN }),
    putValue(27, { ["__proto__"]: 1 }, 1),
  ));
  const { rows } = await served.rows("sort=written");
  assertEquals(rows.length, changes.length + 8);
  const keys = new Map(rows.map(({ digest, key }) => [digest, key]));
  hostile.forEach((text, n) => {
    const sent = text.toWellFormed();
    assertEquals(keys.get(digestOf(n))!.toWellFormed(), `${sent}(${sent})`);
  });
  for (const number of [20, 22]) {
    const key = keys.get(digestOf(number))!;
    assert(key.length === 160 && key.endsWith("…"), key);
  }
  assertEquals(keys.get(digestOf(23)), '(can\'t be decoded: no codec named "none" here)');
  assert(keys.get(digestOf(21))!.startsWith("(a key of 200"));
  assert(keys.get(digestOf(24))!.startsWith("(can't be decoded: "));
  assertEquals(keys.get(digestOf(25)), "(can't be read)");
  assertEquals(rows.find(({ digest }) => digest === digestOf(26))!.writtenAt, null);
  assertEquals(({} as { x?: unknown }).x, undefined);
  for (const sort of ["key", "size", "written", "duration", "function"]) {
    assertEquals((await served.rows(`sort=${sort}`)).rows.length, rows.length);
  }
});

Deno.test("api/entry shows the beginning of a value, or says why not", async () => {
  const codec = "other";
  await using served = new Served(storeOf(
    putValue(1, "a", { x: [1, new Map([["k", 2n]])] }),
    putValue(2, "b", "plain\ntext \x1b[0m"),
    putValue(3, "c", "w".repeat(60_000)),
    putValue(4, "d", new Float64Array(100_000)),
    { ...putValue(5, "e", 1), codec, key: { kind: "value", parts: [Uint8Array.of(1)] } },
    put(6, "not encoded"),
    putValue(7, "g", undefined),
  ));
  const value = async (n: number) => (await served.json(`api/entry?digest=${digestOf(n)}`)).value;
  assertEquals(await value(1), {
    text: '{ x: [ 1, Map(1) { "k" => 2n } ] }',
    isPlain: false,
    left: 0,
  });
  assertEquals((await value(2)).text, "plain\ntext \x1b[0m");
  assertEquals([(await value(3)).text.length, (await value(3)).left], [50_000, 10_000]);
  assert((await value(4)).text.startsWith("Float64Array(100000) ["));
  assert((await value(4)).text.length < 2_000);
  assertEquals(await value(5), { problem: `it can't be decoded: no codec named "other" here` });
  assert((await value(6)).problem.startsWith("it can't be decoded: "));
  assertEquals((await value(7)).text, "undefined");

  for (
    const [digest, status] of [["", 400], ["xyz", 400], ["A".repeat(64), 400], [digestOf(99), 404]]
  ) {
    const response = await served.fetch(`api/entry?digest=${digest}`);
    assertEquals([digest, response.status], [digest, status]);
    await response.body?.cancel();
  }
});

Deno.test("api/entry shows the first chunks of a stream, and says when one is missing", async () => {
  const store = new MemoryStore();
  const count = CacheDict.decorate(function* count(to: number) {
    for (let index = 0; index < to; index++) yield `${index}`;
    return "end";
  }, { store });
  assertEquals([[...count(2)].length, [...count(30)].length], [2, 30]);
  await using served = new Served(store);
  const digest = count.keyFor(2);
  const entry = await served.json(`api/entry?digest=${digest}`);
  assertEquals(entry.value, {
    text: '[0] "0"\n[1] "1"\nreturned "end"\n',
    isPlain: false,
    left: 0,
    stream: { what: "2 chunks of a generator, and what it returned", size: "11 B" },
  });
  const { rows } = await served.rows();
  assertEquals(rows.map(({ isStream }) => isStream), [true, true]);
  const long = await served.json(`api/entry?digest=${count.keyFor(30)}`);
  assertStringIncludes(long.value.text, '\n[24] "24"\n... 5 more\nreturned "end"\n');

  const chunk = StoredStream.from(store, digest, store.get(digest)!)!.digest(1);
  store.commit([{ type: "delete", digest: chunk }]);
  const { value } = await served.json(`api/entry?digest=${digest}`);
  assertEquals(value.text, '[0] "0"\n[1] (missing or damaged)\n');
  assertEquals(
    value.stream.problem,
    "chunk 1 is missing or damaged: the call counts as not cached",
  );
});

Deno.test("api/entries tells what was counted in all, if anything was", async () => {
  await withDirectory(async (directory) => {
    const store = writeFile(`${directory}/a.cache`, CALLS);
    await using served = new Served(store);
    assertEquals((await served.rows()).totals, undefined);
    const counts = { hits: 3, misses: 1, stores: 0, evictions: 0, savedMilliseconds: 20 };
    store.count([{ functionName: "f", ...counts }]);
    assertEquals((await served.rows()).totals, { hits: 3, misses: 1, savedMilliseconds: 20 });
  });
});

Deno.test("api/entry is no use of an entry", async () => {
  const store = storeOf(putValue(1, "a", 1), putValue(2, "b", 2));
  await using served = new Served(store);
  await served.rows();
  await served.json(`api/entry?digest=${digestOf(1)}`);
  store.commit([], { limits: { maxEntries: 1 } });
  assertEquals(await served.keys(), ['"b"']);
});

Deno.test("api/treemap lays all bytes out within its bounds, in few rectangles", async () => {
  const changes = Array.from(
    { length: 2_000 },
    (_, n) => putCall(n, `f${n % 50}`, `${n}`, "x".repeat(n % 400)),
  );
  await using served = new Served(storeOf(...changes));
  const { bytes, count } = await served.rows();
  const groups = await served.json("api/treemap?width=800&height=300");
  assertEquals(groups.length, 30);
  // deno-lint-ignore no-explicit-any
  const leaves = groups.flatMap((group: any) => group.leaves);
  assert(leaves.length < 300);
  // deno-lint-ignore no-explicit-any
  const sum = (name: string) => leaves.reduce((all: number, leaf: any) => all + leaf[name], 0);
  assertEquals([sum("bytes"), sum("entries")], [bytes, count]);
  let area = 0;
  for (const { x, y, width, height } of leaves) {
    assert(x >= 0 && y >= 0 && width >= 0 && height >= 0 && x + width <= 800 && y + height <= 300);
    area += width * height;
  }
  assert(area > 800 * 300 / 2);
  for (const query of ["", "width=0&height=300", "width=800", "width=800&height=99999"]) {
    const response = await served.fetch(`api/treemap?${query}`);
    assertEquals(response.status, 400);
    await response.body?.cancel();
  }
});

Deno.test("api/delete refuses what is no list of digests", async () => {
  const store = storeOf(...CALLS);
  await using served = new Served(store);
  const bodies: [string, number][] = [
    ["", 400],
    ["{", 400],
    ["null", 400],
    ["[]", 400],
    ['{"digests":"x"}', 400],
    ['{"digests":["x"]}', 400],
    [`{"digests":[["${digestOf(1)}"]]}`, 400],
    [JSON.stringify({ digests: Array(10_001).fill(digestOf(1)) }), 400],
    [JSON.stringify({ digests: Array(30_000).fill(digestOf(1)) }), 413],
  ];
  for (const [body, status] of bodies) {
    const headers = { "content-type": "application/json" };
    const response = await served.fetch("api/delete", { method: "POST", headers, body });
    assertEquals([body.slice(0, 50), response.status], [body.slice(0, 50), status]);
    await response.body?.cancel();
  }
  // What a form or a simple request of another site could send.
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const response = await served.delete([digestOf(1)], { "content-type": type });
    assertEquals(response.status, 415);
    await response.body?.cancel();
  }
  assertEquals(store.size, 4);
  assertEquals(await (await served.delete([])).json(), { deleted: 0, parts: 0 });
});

Deno.test("api/delete takes rows and sizes out at once", async () => {
  await using served = new Served(storeOf(...CALLS));
  const before = await served.rows("sort=size");
  await (await served.delete([digestOf(1), digestOf(4), digestOf(1)])).body?.cancel();
  const after = await served.rows("sort=size");
  assertEquals(
    after.rows,
    before.rows.filter(({ digest }) => [2, 3].map(digestOf).includes(digest)),
  );
  assertEquals(after.bytes, after.rows.reduce((sum, { size }) => sum + size, 0));
  assertEquals([after.count, after.found, after.functionCount], [2, 2, 2]);
});
