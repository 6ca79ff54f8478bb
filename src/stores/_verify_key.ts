// Copyright 2026 the pecapiku authors. MIT license.

import { readAt } from "./_file_io.ts";
import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { FLAG, RECORD_HEADER_LENGTH } from "./_record.ts";
import { readRecordMeta } from "./_record_meta.ts";
import type { WalkedRecord } from "./_verify_walk.ts";

/** How many characters of a key are shown. */
const MOST_SHOWN = 200;

/** Keys of larger sections are not shown: nobody could tell one by its beginning. */
const LARGEST_META = 64 * 1024;

/**
 * The key of a record as text, for people to read.
 *
 * @param file The file.
 * @param record The record.
 * @returns The text; `undefined` if the key is no text, or damaged.
 */
export function keyText(file: DiskFile, { fields, offset }: WalkedRecord): string | undefined {
  const { flags, codec, metaLength, metaChecksum, payloadLength } = fields;
  if (metaLength > LARGEST_META) return undefined;
  const bytes = new Uint8Array(metaLength);
  readAt(file, offset + RECORD_HEADER_LENGTH, bytes);
  if (crc32(bytes) !== metaChecksum) return undefined;
  const meta = readRecordMeta(bytes, codec, payloadLength);
  if (meta === undefined) return undefined;
  const key = bytes.subarray(meta.keyAt, meta.keyAt + meta.keyLengths[0]!);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(key);
    return shown((flags & FLAG.callKey) === 0 ? valueText(text) : callText(text));
  } catch {
    // It is no text: there is nothing to show, and nothing wrong.
    return undefined;
  }
}

/** Values that JSON does not have begin with a byte that says so. */
function valueText(text: string): string {
  return text.startsWith("\x02") || text.startsWith("\x03") ? text.slice(1) : text;
}

function callText(text: string): string {
  const { name, preview } = JSON.parse(text);
  return `${name}(${preview})`;
}

/** Keys come from a file that somebody else may have made: nothing in them may reach a terminal as a command to it. */
function shown(text: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(text)) return undefined;
  const characters = [...text];
  return characters.length <= MOST_SHOWN
    ? text
    : `${characters.slice(0, MOST_SHOWN - 1).join("")}…`;
}
