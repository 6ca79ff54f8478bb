// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  RECORD_HEADER_LENGTH,
  type RecordFields,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { digestOf, put } from "./_changes.ts";
import { diskWith, NEW, PATH, withNew } from "./_memory_file.ts";
import { assertHolds, makeSampleFile } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

const sample = makeSampleFile();

/** The sample file with one more record header, whose checksum is right. */
function withRecord(given: Partial<RecordFields>): Uint8Array {
  const bytes = new Uint8Array(sample.bytes.length + RECORD_HEADER_LENGTH);
  bytes.set(sample.bytes);
  const fields = { ...emptyRecordFields(), ...given };
  const view = new DataView(bytes.buffer);
  const at = sample.bytes.length;
  const saltChecksum = crc32(sample.bytes.subarray(12, 20));
  writeRecordHeader(bytes, view, at, digestOf(9), fields, saltChecksum, at);
  return bytes;
}

Deno.test("LogStore leaves a file alone whose records a newer version wrote", () => {
  for (const [kind, flags] of [[3, 0], [0, 0], [127, 0], [1, 16], [2, 128], [128, 64]] as const) {
    const bytes = withRecord({ kind, flags });
    const disk = diskWith(bytes);
    const store = new LogStore(PATH, { disk });
    assertThrows(
      () => store.get(digestOf(1)),
      CacheFormatError,
      `kind ${kind} with flags ${flags}`,
    );
    assertThrows(() => store.commit([NEW]), CacheFormatError, PATH);
    assertEquals(disk.read(PATH), bytes);
  }
  for (const kind of [128, 255]) {
    const disk = diskWith(withRecord({ kind }));
    const store = new LogStore(PATH, { disk });
    assertHolds(store, sample.state);
    store.commit([NEW]);
    assertHolds(new LogStore(PATH, { disk }), withNew(sample.state));
  }
});

Deno.test("LogStore takes a header of another version for what it is", () => {
  for (
    const [version, message] of [[2, "file format 2 is newer"], [0, "damaged file header"]] as const
  ) {
    const bytes = sample.bytes.slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(8, version, true);
    view.setUint32(28, crc32(bytes.subarray(0, 28)), true);
    const disk = diskWith(bytes);
    const store = new LogStore(PATH, { disk });
    assertThrows(() => store.size, CacheFormatError, message);
    assertThrows(() => store.commit([NEW]), CacheFormatError, message);
    assertEquals(disk.read(PATH), bytes);
  }
});

Deno.test("LogStore takes nothing but a proper prefix of a file header for an empty cache", () => {
  const { bytes: whole } = makeSampleFile([[put(1, "one")]]);
  for (let length = 1; length < 32; length++) {
    for (let bit = 0; bit < 8 * length; bit++) {
      // The salt can be anything, until there is a checksum.
      if (bit >= 8 * 12 && bit < 8 * 20) continue;
      const prefix = whole.slice(0, length);
      prefix[bit >>> 3]! ^= 1 << (bit & 7);
      const disk = diskWith(prefix);
      const store = new LogStore(PATH, { disk });
      assertThrows(() => store.size, CacheFormatError, PATH, `${length} ${bit}`);
      assertThrows(() => store.commit([NEW]), CacheFormatError, PATH);
      assertEquals(disk.read(PATH), prefix);
    }
  }
});

Deno.test("LogStore reads records whose lengths are beyond all bounds without allocating for them", () => {
  for (const payloadLength of [1, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 1, Infinity]) {
    for (const metaLength of [0, 1, 2 ** 32 - 1]) {
      const disk = diskWith(withRecord({ kind: 1, metaLength, payloadLength }));
      withWarnings(() => assertHolds(new LogStore(PATH, { disk }), sample.state));
    }
  }
});
