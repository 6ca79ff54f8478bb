// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { tableCrc32 } from "../../src/stores/_crc32.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { createFileHeader } from "../../src/stores/_file_header.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { emptyRecordFields, KIND, writeRecordHeader } from "../../src/stores/_record.ts";
import type { Store } from "../../src/stores/store.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, textAt, valueOf } from "./_changes.ts";
import { entryPath } from "./_directory_disk.ts";
import { CHANGE, DIGEST, withEntry } from "./_entry_file.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

const posix = Deno.build.os !== "windows";

function assertMissing(store: Store): void {
  assertEquals(store.get(DIGEST), undefined);
  assertEquals(store.has(DIGEST), false);
}

function assertRefused(directory: string, path: string, message: string): void {
  const before = Deno.readFileSync(path);
  const store = new DirectoryStore(directory);
  for (
    const call of [
      () => store.get(DIGEST),
      () => store.has(DIGEST),
      () => store.info(DIGEST),
      () => store.commit([CHANGE]),
      () => store.commit([remove(1)]),
    ]
  ) {
    const error = assertThrows(call, CacheFormatError, message);
    assertStringIncludes(error.message, path);
    assertEquals(error.filePath, path);
  }
  // Where it is not asked for, it is passed over, and said once.
  const { warnings } = withWarnings(() => {
    assertEquals([...store.entries()], []);
    store.commit([put(2, "two")], { limits: { maxEntries: 1 } });
    assertEquals([...store.entries()].map(({ digest }) => digest), [digestOf(2)]);
    store.commit([], { limits: { maxEntries: 0, maxBytes: 0, writtenSince: Infinity } });
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, path);
  assertEquals(Deno.readFileSync(path), before);
}

Deno.test("DirectoryStore takes a file that is cut off anywhere for damaged, and writes it anew", () =>
  withEntry((_, path, directory) => {
    const bytes = Deno.readFileSync(path);
    for (let length = 0; length < bytes.length; length++) {
      Deno.writeFileSync(path, bytes.subarray(0, length));
      const store = new DirectoryStore(directory);
      const { warnings } = withWarnings(() => {
        assertMissing(store);
        assertEquals([...store.entries()].length, Number(store.info(DIGEST) !== undefined));
        store.commit([], { limits: { maxEntries: 1 } });
      });
      assertEquals(warnings.length, 1, `${length}`);
      assertStringIncludes(warnings[0]!, `damaged, taken as not cached: ${path}`);
      assertEquals(Deno.readFileSync(path), bytes.subarray(0, length));
      store.commit([CHANGE]);
      assertEquals(store.get(DIGEST), valueOf(CHANGE));
    }
  }));

Deno.test("DirectoryStore takes a file with any bit changed for damaged, and removes it when told to", () =>
  withEntry((_, path, directory) => {
    const bytes = Deno.readFileSync(path);
    const { warnings } = withWarnings(() => {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const flipped = bytes.slice();
        flipped[bit >>> 3]! ^= 1 << (bit & 7);
        Deno.writeFileSync(path, flipped);
        const store = new DirectoryStore(directory);
        assertMissing(store);
        store.commit([remove(1)]);
        assertEquals(store.size, 0);
      }
    });
    assertEquals(warnings.length, 8 * bytes.length);
  }));

Deno.test("DirectoryStore takes a file for damaged that holds more than one record, or zeros", () =>
  withEntry((store, path) => {
    const bytes = Deno.readFileSync(path);
    const states: (() => void)[] = [
      // What is behind the record may be a newer one.
      () => Deno.writeFileSync(path, new Uint8Array(1), { append: true }),
      () => {
        const log = new LogStore(path);
        log.commit([put(1, "newer")]);
        log.close();
      },
      () => {
        const log = new LogStore(path);
        log.commit([remove(1)]);
        log.close();
      },
      () => Deno.writeFileSync(path, new Uint8Array(bytes.length)),
      () => Deno.writeFileSync(path, new Uint8Array(3)),
    ];
    for (const makeState of states) {
      Deno.writeFileSync(path, bytes);
      makeState();
      withWarnings(() => assertMissing(store));
      store.commit([CHANGE]);
      assertEquals(store.get(DIGEST), valueOf(CHANGE));
    }
  }));

Deno.test("DirectoryStore finds nothing in a file that is named after another digest", () =>
  withEntry((store, path, directory) => {
    store.commit([put(2, "two")]);
    Deno.copyFileSync(path, entryPath(directory, digestOf(2)));
    const { warnings } = withWarnings(() => {
      assertEquals(store.get(digestOf(2)), undefined);
      assertEquals(store.info(digestOf(2)), undefined);
      assertEquals([...store.entries()], [infoOf(CHANGE)]);
    });
    assertEquals(warnings.length, 1);
    store.commit([put(2, "two")]);
    assertEquals(textAt(store, 2), "two");
  }));

Deno.test("DirectoryStore leaves a file alone that is in the place of an entry and is none", () => {
  for (const bytes of [noise(1, 1), noise(7, 2), noise(32, 3), noise(5000, 4), bytesOf("{}")]) {
    withEntry((_, path, directory) => {
      Deno.writeFileSync(path, bytes);
      assertRefused(directory, path, "not a cache file");
      assertEquals(Deno.readFileSync(path), bytes);
    });
  }
});

Deno.test("DirectoryStore leaves a file alone that a newer version wrote", () => {
  const newer = createFileHeader(new Uint8Array(8));
  const view = new DataView(newer.buffer);
  view.setUint32(8, 2, true);
  view.setUint32(28, tableCrc32(newer, 0, 28), true);
  const header = createFileHeader(new Uint8Array(8));
  const saltChecksum = tableCrc32(header, 12, 20);
  function withRecord(kind: number, flags: number): Uint8Array {
    const bytes = new Uint8Array(32 + 76);
    bytes.set(header);
    const fields = { ...emptyRecordFields(), kind, flags };
    writeRecordHeader(bytes, new DataView(bytes.buffer), 32, DIGEST, fields, saltChecksum, 32);
    return bytes;
  }
  for (
    const [bytes, message] of [
      [newer, "file format 2 is newer than 1"],
      [withRecord(3, 0), "a newer version wrote a record of kind 3"],
      [withRecord(KIND.put, 64), "of kind 1 with flags 64"],
    ] as const
  ) {
    withEntry((_, path, directory) => {
      Deno.writeFileSync(path, bytes);
      assertRefused(directory, path, message);
    });
  }
  // What a version knows, but is no entry, is damage.
  for (
    const [kind, flags] of [[KIND.delete, 8], [KIND.uses, 0], [KIND.put, 1], [200, 0]] as const
  ) {
    withEntry((store, path) => {
      Deno.writeFileSync(path, withRecord(kind, flags));
      withWarnings(() => assertMissing(store));
      store.commit([CHANGE]);
      assertEquals(store.get(DIGEST), valueOf(CHANGE));
    });
  }
});

Deno.test("DirectoryStore leaves alone what is in the place of an entry and is no file", () => {
  const makers: ((path: string) => void)[] = [(path) => Deno.mkdirSync(path)];
  // To open a pipe would be to wait for its other end.
  if (posix) {
    makers.push((path) => {
      assert(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
    });
  }
  for (const make of makers) {
    withEntry((_, path, directory) => {
      Deno.removeSync(path);
      make(path);
      const store = new DirectoryStore(directory);
      for (
        const call of [
          () => store.get(DIGEST),
          () => store.info(DIGEST),
          () => store.commit([CHANGE]),
          () => store.commit([remove(1)]),
        ]
      ) assertThrows(call, CacheFormatError, `not a file: ${path}`);
      assertEquals([...store.entries()], []);
    });
  }
});

Deno.test("DirectoryStore throws a CacheFormatError when a file is in the place of a directory", () =>
  withDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/file`, "");
    const store = new DirectoryStore(`${directory}/file`);
    const message = "a file is in the place of a directory";
    for (
      const call of [
        () => store.get(DIGEST),
        () => store.size,
        () => store.entries(),
        () => store.commit([CHANGE]),
        () => store.commit([], { limits: { maxEntries: 1 } }),
      ]
    ) assertThrows(call, CacheFormatError, message);
    const other = new DirectoryStore(directory);
    Deno.writeTextFileSync(`${directory}/00`, "");
    assertThrows(() => other.commit([CHANGE]), CacheFormatError, message);
    assertThrows(() => other.get(DIGEST), CacheFormatError, message);
    assertEquals([...other.entries()], []);
    assertEquals(namesIn(directory), ["00", "file"]);
  }));
