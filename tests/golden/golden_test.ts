// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict, CacheFormatError, NoCache } from "@pecapiku/cache";
import { DirectoryStore, LogStore, repair, type Store, verify } from "@pecapiku/cache/stores";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { collectWarnings } from "../_collect_warnings.ts";
import { importMapArguments } from "../_deno.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { GOLDEN_FILES } from "./_golden_files.ts";

/** Every version of the format that there ever was. */
const VERSIONS = [...Deno.readDirSync(new URL(".", import.meta.url))]
  .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();

/** The path of a golden file. */
function pathOf(version: string, name: string): string {
  return new URL(`${version}/${name}`, import.meta.url).pathname;
}

/** All files at a path, with their bytes. */
function bytesAt(path: string, found: Record<string, string> = {}): Record<string, string> {
  if (Deno.statSync(path).isFile) found[path] = Deno.readFileSync(path).toHex();
  else for (const { name } of Deno.readDirSync(path)) bytesAt(`${path}/${name}`, found);
  return found;
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) copy(`${from}/${name}`, `${to}/${name}`);
}

function cacheFilesAt(path: string): string[] {
  return Object.keys(bytesAt(path)).filter((each) => each.endsWith(".cache"));
}

for (const version of VERSIONS) {
  for (const golden of GOLDEN_FILES) {
    const { name, entries } = golden;
    const source = pathOf(version, name);
    // Of what was added later there is none in older versions; of the first one there is each.
    if (version !== "v1" && !exists(source)) continue;

    Deno.test(`${name} of ${version} is read, and left as it is`, () =>
      withDirectory(async (directory) => {
        const path = `${directory}/${name}`;
        copy(source, path);
        using warnings = collectWarnings();
        const before = bytesAt(directory);
        await golden.check(path);
        for (const file of cacheFilesAt(path)) {
          const report = verify(file);
          assert(report.isSound && report.unfinished.bytes === 0, file);
        }
        if (entries !== undefined) assertEquals(new LogStore(path).size, entries);
        assertEquals(bytesAt(directory), before);
        assertEquals(warnings.lines, []);
      }));

    Deno.test(`${name} of ${version} keeps all it has when it is written to, compacted and repaired`, () =>
      withDirectory(async (directory) => {
        const path = `${directory}/${name}`;
        copy(source, path);
        using warnings = collectWarnings();
        await golden.use?.(path);
        for (const file of cacheFilesAt(path)) {
          {
            using cache = new CacheDict(file);
            cache.set("written by a later version", version);
          }
          await golden.check(path);
          new LogStore(file).compact();
          await golden.check(path);
          repair(file);
          await golden.check(path);
          using cache = new CacheDict(file, { access: "r" });
          assertEquals(cache.get("written by a later version"), version);
          assert(verify(file).isSound);
        }
        assertEquals(warnings.lines, []);
      }));
  }
}

Deno.test("_make.ts does not make again what is there", async () => {
  const before = bytesAt(pathOf("v1", ""));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...importMapArguments(), pathOf("_make.ts", "").slice(0, -1), "v1"],
  }).output();
  assert(!success);
  assert(new TextDecoder().decode(stderr).includes("File exists"));
  assertEquals(bytesAt(pathOf("v1", "")), before);
});

Deno.test("a golden file of a version to come is refused, and left as it is", () =>
  withDirectory((directory) => {
    for (const version of [2, 99, 2 ** 32 - 1]) {
      for (const golden of ["keys.cache", "functions.cache", "index.cache", "compacted.cache"]) {
        const path = `${directory}/${version} ${golden}`;
        const bytes = ofVersion(version, Deno.readFileSync(pathOf("v1", golden)));
        Deno.writeFileSync(path, bytes);
        assertAllRefuse(path, `file format ${version} is newer than`);
        assertEquals(Deno.readFileSync(path), bytes);
      }
    }
    assertEquals([...Deno.readDirSync(directory)].length, 12);
  }));

function assertAllRefuse(filePath: string, message: string): void {
  const refuses = (call: () => unknown) => assertThrows(call, CacheFormatError, message);
  for (const access of ["r", "rw", "rew"] as const) {
    const cache = new CacheDict(filePath, { access });
    refuses(() => cache.get(1));
    refuses(() => cache.size);
    refuses(() => cache.stats());
  }
  const blind = new CacheDict(filePath, { access: "w" });
  blind.set(1, 2);
  refuses(() => blind.flush());
  blind.clear();
  let calls = 0;
  refuses(CacheDict.decorate(() => ++calls, { filePath, outerKey: 1 }));
  using warnings = collectWarnings();
  const warning = CacheDict.decorate(() => ++calls, { filePath, outerKey: 1, onError: "warn" });
  const evaluated = calls;
  assertEquals(warning(), evaluated + 1);
  assert(warnings.lines.length > 0);
  const store = new LogStore(filePath);
  refuses(() => store.commit([{ type: "delete", digest: "0".repeat(64) }]));
  refuses(() => store.compact());
  refuses(() => verify(filePath));
  refuses(() => repair(filePath));
}

Deno.test("an entry of a directory in a version to come is refused, and left as it is", () =>
  withDirectory((directory) => {
    const path = `${directory}/directory`;
    copy(pathOf("v1", "directory"), path);
    for (const file of Object.keys(bytesAt(path))) {
      Deno.writeFileSync(file, ofVersion(99, Deno.readFileSync(file)));
    }
    const before = bytesAt(path);
    for (const access of ["r", "rew"] as const) {
      const cache = new CacheDict(undefined, { store: new DirectoryStore(path), access });
      assertThrows(() => cache.get("nested"), CacheFormatError);
    }
    assertEquals(bytesAt(path), before);
  }));

/** A file in another version, as far as whoever does not know it can tell. */
function ofVersion(version: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  view.setUint32(8, version, true);
  view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
  return bytes;
}

Deno.test("a value that a V8 to come has written is a miss, with one warning, and can be put again", () =>
  withDirectory((directory) => {
    const filePath = `${directory}/values.cache`;
    copy(pathOf("v1", "values.cache"), filePath);
    const names = ["V8 data of a cycle", "an envelope with types"];
    for (const name of names) writeWithNewerV8(new LogStore(filePath), name);
    using warnings = collectWarnings();
    {
      using cache = new CacheDict(filePath);
      for (const name of names) assert(cache.get(name) instanceof NoCache, name);
      assertEquals(cache.get("a long literal"), -(2n ** 63n));
      assertEquals(warnings.lines.length, 1);
      const again = CacheDict.decorate(() => "again", { filePath, innerKey: () => names[0] });
      assertEquals(again(), "again");
      cache.set(names[1], "put again");
    }
    using cache = new CacheDict(filePath, { access: "r" });
    assertEquals(names.map((name) => cache.get(name)), ["again", "put again"]);
  }));

/** Stores an entry's value as if a later V8 had written it: the version follows the first byte of V8's data, `ff`. */
function writeWithNewerV8(store: Store, name: string): void {
  const info = [...store.entries()].find(({ key }) =>
    new TextDecoder().decode(key.parts[0]) === JSON.stringify(name)
  )!;
  const { parts, ...stored } = store.get(info.digest)!;
  const data = parts[0].slice();
  const at = data.indexOf(0xff);
  assert(at >= 0 && data[at + 1]! < 0x7f);
  data[at + 1] = 0x7f;
  store.commit([{ ...info, ...stored, type: "put", parts: [data, ...parts.slice(1)] }]);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
