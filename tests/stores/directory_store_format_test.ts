// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import { encodeEntry } from "../../src/stores/_directory_entry.ts";
import { DENO_DIRECTORY_DISK } from "../../src/stores/directory_disk.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { infoOf, valueOf } from "./_changes.ts";
import { entryPath } from "./_directory_disk.ts";
import { goldenBytes } from "./_golden.ts";
import { withDirectory } from "./_temporary.ts";

const bytes = (digits: string) => Uint8Array.fromHex(digits.replaceAll(/\s/g, ""));

const ENTRY: PutChange = {
  type: "put",
  digest: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
  codec: "structured",
  key: { kind: "call", parts: [bytes("7b226e616d65223a2266222c2270726576696577223a2231227d")] },
  parts: [bytes("3432")],
  functionName: "f",
  writtenAt: 1750000000000,
  duration: 12.5,
  promised: true,
};

const SALT = bytes("01 02 03 04 05 06 07 08");

/** The file in the document that specifies the bytes. */
const FILE = goldenBytes("entry");

Deno.test("DirectoryStore reads the file in the document as it is described there", () =>
  withDirectory((directory) => {
    const path = entryPath(directory, ENTRY.digest);
    assertEquals(path, `${directory}/00/11/${ENTRY.digest}.entry`);
    Deno.mkdirSync(`${directory}/00/11`, { recursive: true });
    Deno.writeFileSync(path, FILE);
    const store = new DirectoryStore(directory);
    assertEquals([...store.entries()], [infoOf(ENTRY)]);
    assertEquals(store.get(ENTRY.digest), valueOf(ENTRY));
  }));

Deno.test("encodeEntry() writes the file in the document, byte for byte", () =>
  withDirectory((directory) => {
    const path = `${directory}/entry`;
    const file = DENO_DIRECTORY_DISK.openSync(path, { write: true, createNew: true });
    assertEquals(encodeEntry(file, ENTRY, SALT), FILE.length);
    file.close();
    assertEquals(Deno.readFileSync(path).toHex(), FILE.toHex());
  }));

Deno.test("DirectoryStore.commit() writes that file, with a salt of its own each time", () =>
  withDirectory((directory) => {
    const store = new DirectoryStore(directory);
    const path = entryPath(directory, ENTRY.digest);
    const salts = new Set<string>();
    for (let count = 0; count < 20; count++) {
      store.commit([ENTRY]);
      const written = Deno.readFileSync(path);
      salts.add(written.subarray(12, 20).toHex());
      // All but the salt, and the two checksums that go by it.
      for (const [start, end] of [[12, 20], [28, 32], [104, 108]] as const) {
        assertNotEquals(written.subarray(start, end), FILE.subarray(start, end));
        written.set(FILE.subarray(start, end), start);
      }
      assertEquals(written, FILE);
    }
    assertEquals(salts.size, 20);
  }));
