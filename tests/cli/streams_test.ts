// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CacheDict, type Compression } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import { decodeManifest } from "../../src/access/stream_entries.ts";
import { StoredStream } from "../../src/inspect/stored_stream.ts";
import { bytesOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { jsonOf, linesOf, runCli } from "./_run_cli.ts";

interface Streams {
  readonly path: string;
  /** The digest of the entry of `letters`. */
  readonly digest: string;
}

/** Makes a file with a generator's chunks, and what it returned. */
function makeStream(
  path: string,
  chunks: readonly unknown[] = ["a", { b: 1 }, ["c"]],
  returned?: unknown,
  compress: Compression | false = false,
): Streams {
  const letters = CacheDict.decorate(function* letters(_of: string) {
    yield* chunks;
    return returned;
  }, { filePath: path, compress });
  const digest = letters.keyFor("abc");
  assertEquals([...letters("abc")].length, chunks.length);
  return { path, digest };
}

/** Flips a bit of a chunk, in its value. */
function damageChunk({ path, digest }: Streams, index: number): void {
  const found = streamOf({ path, digest }).read(index)!;
  const value = found.parts[0];
  const bytes = Deno.readFileSync(path);
  const text = (data: Uint8Array): string => new TextDecoder("latin1").decode(data);
  bytes[text(bytes).lastIndexOf(text(value))]! ^= 1;
  Deno.writeFileSync(path, bytes);
}

/** Removes a chunk, as a limit would. */
function removeChunk({ path, digest }: Streams, index: number): void {
  const chunk = streamOf({ path, digest }).digest(index);
  const store = new LogStore(path);
  store.commit([{ type: "delete", digest: chunk }]);
  store.close();
}

function streamOf({ path, digest }: Streams): StoredStream {
  const store = new LogStore(path);
  return StoredStream.from(store, digest, store.get(digest)!)!;
}

Deno.test("show tells what a stream is, and gives its first chunks", async () => {
  await withDirectory(async (directory) => {
    const { path } = makeStream(`${directory}/a.cache`, ["a", { b: 1 }, 5n], "end");
    const { code, stdout, stderr } = await runCli(["show", path, "letters("]);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /\nSize +\d+ B, and \d+ B of key\nCodec +structured\+stream\n/);
    assertMatch(stdout, /\nStream +3 chunks of a generator, and what it returned\n\n/);
    assertMatch(stdout, /\n\[0\] "a"\n\[1\] \{ b: 1 \}\n\[2\] 5n\nreturned "end"\n$/);
  });
});

Deno.test("show gives ten chunks of many, and all with --full", async () => {
  await withDirectory(async (directory) => {
    const chunks = Array.from({ length: 1200 }, (_, at) => `${at}`.repeat(300));
    const { path } = makeStream(`${directory}/a.cache`, chunks);
    const short = await runCli(["show", path, "letters("]);
    assertStringIncludes(short.stdout, "1,200 chunks of a generator\n");
    assertMatch(short.stdout, /\n\[9\] "9{200}"\.\.\. 100 more characters\n\.\.\. 1,190 more\n/);
    assertMatch(short.stdout, /--full shows all\.\n$/);
    const full = await runCli(["show", path, "letters(", "--full"]);
    assertEquals(linesOf(full).filter((line) => line.startsWith("[")).length, 1200);
    assertMatch(full.stdout, /\n\[9\] "9{300}"\n/);
  });
});

Deno.test("show --raw gives the bytes of the chunks one after another", async () => {
  await withDirectory(async (directory) => {
    const { path } = makeStream(`${directory}/a.cache`, ["a", [1]], "not a chunk");
    const { code, bytes } = await runCli(["show", path, "letters(", "--raw"]);
    assertEquals([code, bytes], [0, bytesOf('"a"[1]')]);
  });
});

Deno.test("show --json and export give the chunks of a stream", async () => {
  await withDirectory(async (directory) => {
    const { path } = makeStream(`${directory}/a.cache`, ["a", 5n, { $x: 1 }], [7], "gzip");
    const [shown] = jsonOf(await runCli(["show", path, "letters(", "--json"]));
    const [exported, ...more] = jsonOf(await runCli(["export", path]));
    assertEquals(more, []);
    const { $bytes, ...value } = shown.value;
    assertEquals(value, {
      $stream: "generator",
      $count: 3,
      $chunks: ["a", { $inspect: "5n" }, { $inspect: '{ "$x": 1 }' }],
      $returned: [7],
    });
    assertEquals([typeof $bytes, exported.value, shown.stream], ["number", shown.value, true]);
    const empty = makeStream(`${directory}/b.cache`, []);
    assertEquals(jsonOf(await runCli(["export", empty.path]))[0].value, {
      $stream: "generator",
      $count: 0,
      $bytes: 0,
      $chunks: [],
    });
  });
});

Deno.test("export says that a stream is too large for a line", async () => {
  await withDirectory(async (directory) => {
    const half = new Uint8Array(9 * 1024 * 1024);
    const { path } = makeStream(`${directory}/a.cache`, [half, half]);
    const result = await runCli(["export", path]);
    assertEquals(result.code, 0);
    assertEquals(jsonOf(result)[0].value.$reason, "too large: 2 chunks, 19 MB");
  });
});

Deno.test("each command that looks into a stream tells that a chunk is missing", async () => {
  await withDirectory(async (directory) => {
    const stream = makeStream(`${directory}/a.cache`, ["a", "b", "c"]);
    const { path } = stream;
    removeChunk(stream, 1);
    const reason = "chunk 1 is missing or damaged: the call counts as not cached";
    const shown = await runCli(["show", path, "letters("]);
    assertEquals([shown.code, shown.stderr], [1, ""]);
    assertStringIncludes(
      shown.stdout,
      `\nProblem   ${reason}\n\n[0] "a"\n[1] (missing or damaged)`,
    );
    const raw = await runCli(["show", path, "letters(", "--raw"]);
    assertEquals([raw.code, raw.bytes], [1, bytesOf('"a"')]);
    assertEquals(raw.stderr, `Warning: Cannot write all chunks: ${reason}\n`);
    for (const args of [["show", path, "letters(", "--json"], ["export", path]]) {
      const result = await runCli(args);
      assertEquals(result.code, 1);
      assertEquals(jsonOf(result)[0].value, {
        $stream: "generator",
        $count: 3,
        $bytes: null,
        $reason: reason,
      });
    }
    const whole = makeStream(`${directory}/b.cache`, ["a", "b", "c"]);
    const [there] = jsonOf(await runCli(["diff", path, whole.path, "--json"]));
    assertEquals([there.same, there.counts], [0, { onlyInA: 0, onlyInB: 1, different: 0 }]);
    const [back] = jsonOf(await runCli(["diff", whole.path, path, "--json"]));
    assertEquals([back.same, back.counts], [0, { onlyInA: 1, onlyInB: 0, different: 0 }]);
  });
});

Deno.test("each command that reads a damaged chunk warns, and tells by its exit code", async () => {
  await withDirectory(async (directory) => {
    const whole = makeStream(`${directory}/a.cache`, ["abc", "defgh"]);
    const path = `${directory}/b.cache`;
    Deno.copyFileSync(whole.path, path);
    damageChunk({ ...whole, path }, 1);
    const commands = [
      ["show", path, "letters("],
      ["show", path, "letters(", "--json"],
      ["show", path, "letters(", "--raw"],
      ["export", path],
      ["diff", whole.path, path],
      ["diff", path, whole.path],
    ];
    for (const args of commands) {
      const { code, stderr } = await runCli(args);
      assertEquals([args, code], [args, 1]);
      assertMatch(stderr, /^Warning: Cannot read all of cache: damaged at byte \d+, /);
    }
    assertMatch(
      (await runCli(commands[0]!)).stdout,
      /\n\[0\] "abc"\n\[1\] \(missing or damaged\)\n$/,
    );
    assertEquals((await runCli(["verify", path])).code, 1);
    assertEquals((await runCli(["ls", path])).code, 0);
  });
});

Deno.test("a manifest that can't be read is said to be one", async () => {
  await withDirectory(async (directory) => {
    const { path, digest } = makeStream(`${directory}/a.cache`);
    const store = new LogStore(path);
    const info = store.info(digest)!;
    store.commit([{
      ...{ type: "put", digest, codec: info.codec, key: info.key, promised: false },
      ...{ functionName: "letters", writtenAt: 0, duration: 0 },
      parts: [bytesOf('{"stream":2}')],
    }]);
    assertEquals(decodeManifest(store.get(digest)!), undefined);
    store.close();
    const { code, stdout } = await runCli(["show", path, "letters("]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "can't be decoded: a stream that this version can't read\n");
    const [{ value }] = jsonOf(await runCli(["export", path]));
    assertEquals(Object.keys(value), ["$base64", "$codec", "$reason"]);
  });
});

Deno.test("diff compares what streams gave, and not which run gave it", async () => {
  await withDirectory(async (directory) => {
    const chunks = ["a", ["b"]];
    const a = makeStream(`${directory}/a.cache`, chunks, 1);
    const same = makeStream(`${directory}/b.cache`, chunks, 1);
    assertEquals(
      await runCli(["diff", a.path, same.path]).then(({ code, stdout }) => [code, stdout]),
      [
        0,
        "1 entry is the same.\n",
      ],
    );
    const others: [unknown[], unknown][] = [
      [["a", ["c"]], 1],
      [["a"], 1],
      [["a", ["b"], "c"], 1],
      [chunks, 2],
      [chunks, undefined],
    ];
    for (const [index, [given, returned]] of others.entries()) {
      const other = makeStream(`${directory}/${index}.cache`, given, returned);
      const result = await runCli(["diff", a.path, other.path, "--json"]);
      assertEquals([result.code, jsonOf(result)[0].counts.different], [1, 1]);
    }
    const plain = CacheDict.decorate(function letters(_of: string) {
      return 1;
    }, { filePath: `${directory}/plain.cache` });
    plain("abc");
    const [{ counts }] = jsonOf(
      await runCli(["diff", a.path, `${directory}/plain.cache`, "--json"]),
    );
    assertEquals(counts.different, 1);
  });
});

Deno.test("ls gives no size of a stream, and reads its key", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    {
      using cache = new CacheDict(path, { compress: "gzip" });
      cache.set(["long", "k".repeat(2000)], "again ".repeat(1000));
      const given = cache.decorate(function* given(x: number) {
        yield x;
      }, { innerKey: (x: number) => ["given", x] });
      assertEquals([...given(1)], [1]);
    }
    const rows = jsonOf(await runCli(["ls", path, "--json"]));
    const byKey = new Map(rows.map(({ key, stream }) => [key.slice(0, 8), stream]));
    assertEquals(byKey, new Map([['["long",', undefined], ['["given"', true]]));
    assertMatch((await runCli(["ls", path])).stdout, / stream +1?\S* .* \["given",1\]\n/);
    assertEquals(
      jsonOf(await runCli(["export", path])).map(({ key }) => key[0]).sort(),
      ["given", "long"],
    );
    assertEquals((await runCli(["show", path, '["given",1]'])).code, 0);
  });
});

Deno.test("prune takes a stream as a whole when a chunk of it goes", async () => {
  await withDirectory(async (directory) => {
    const stream = makeStream(`${directory}/a.cache`, ["x".repeat(5000), "y"]);
    const { path } = stream;
    const cut = CacheDict.decorate(function* cut() {
      yield "z";
      yield "z";
    }, { filePath: path });
    assertEquals([...cut()].length, 2);
    const { code, stdout } = await runCli(["prune", path, "--max-bytes", "4k", "--yes"]);
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /^To be removed: 1 of 2 entries and 2 parts of entries, .*:\n.*\n.* letters\("abc"\)\nRemoved/,
    );
    const left = jsonOf(await runCli(["ls", path, "--all", "--json"]));
    assertEquals(new Set(left.map((row) => row.function)), new Set(["cut"]));
    assertEquals((await runCli(["show", path, "cut("])).code, 0);
  });
});
