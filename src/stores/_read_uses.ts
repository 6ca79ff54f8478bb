// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "./_crc32.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { readAt } from "./_file_io.ts";
import { MOST_USES, RECORD_HEADER_LENGTH, type RecordFields } from "./_record.ts";
import type { Digest } from "./store.ts";

/**
 * Reads a record of uses.
 *
 * @param file The file.
 * @param fields What the record's header says.
 * @param offset Where the record begins.
 * @returns The digests, the one that was used last at the end; none if the record is damaged.
 */
export function readUses(file: DiskFile, fields: RecordFields, offset: number): Digest[] {
  const { metaLength, payloadLength, payloadChecksum } = fields;
  if (payloadLength > MOST_USES * DIGEST_LENGTH) return [];
  const bytes = new Uint8Array(payloadLength);
  const read = readAt(file, offset + RECORD_HEADER_LENGTH + metaLength, bytes);
  if (read < payloadLength || crc32(bytes) !== payloadChecksum) return [];
  return Array.from(
    { length: Math.floor(payloadLength / DIGEST_LENGTH) },
    (_, index) => bytes.subarray(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH).toHex(),
  );
}
