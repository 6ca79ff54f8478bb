// Copyright 2026 the pecapiku authors. MIT license.

import type { PutChange } from "./store.ts";
import { readLength, RECORD_HEADER_LENGTH, writeLength } from "./_record.ts";

/** The codecs that are known by number. The number `0` says that the name is in the meta section. */
const CODEC_NUMBERS = ["", "structured", "msgpack"] as const;

const FIXED_LENGTH = 20;
const KEY_PART_COUNT_AT = 12;
const VALUE_PART_COUNT_AT = 16;
const LENGTH_SIZE = 8;

/** The most of a function's name that is kept, in bytes of UTF-8. */
const LONGEST_FUNCTION_NAME = 1024;

/** Up to how many characters a function's name is written here. */
const SHORT_NAME = 64;

/** The longest name of a codec, in UTF-16 code units. */
export const LONGEST_CODEC_NAME = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The meta section of a record, but for the key's bytes, which follow it. Its layout is in `docs/format.md`. */
export interface RecordMeta {
  /** How long the evaluation took, in milliseconds. */
  readonly duration: number;
  /** The name of the function. */
  readonly functionName: string;
  /** The name of the codec. */
  readonly codec: string;
  /** The lengths of the key's parts, in bytes. */
  readonly keyLengths: readonly number[];
  /** The lengths of the value's parts, in bytes. */
  readonly valueLengths: readonly number[];
  /** Where in the meta section the key begins. */
  readonly keyAt: number;
}

/** The number of a codec; `0` for one that goes by name. */
export function codecNumber(name: string): number {
  return name === "structured" ? 1 : name === "msgpack" ? 2 : 0;
}

/**
 * How much room {@linkcode writeRecordMeta} may need.
 *
 * @param change The change.
 * @returns The number of bytes.
 */
export function metaBound(change: PutChange): number {
  return FIXED_LENGTH + (change.key.parts.length + change.parts.length) * LENGTH_SIZE +
    LONGEST_FUNCTION_NAME + 3 * change.codec.length;
}

const nameScratch = new Uint8Array(LONGEST_FUNCTION_NAME);

/** The length of the record that a change makes, in bytes. */
export function recordLength(change: PutChange): number {
  const { key, parts, functionName, codec } = change;
  let length = RECORD_HEADER_LENGTH + FIXED_LENGTH +
    (key.parts.length + parts.length) * LENGTH_SIZE +
    writeName(functionName, nameScratch, 0);
  if (codecNumber(codec) === 0) length += encoder.encode(codec).byteLength;
  for (const part of key.parts) length += part.byteLength;
  for (const part of parts) length += part.byteLength;
  return length;
}

/**
 * Writes a function's name. Most are short, and plain ASCII: to have them encoded costs as much as to write the record.
 *
 * @returns How many bytes it takes.
 */
function writeName(name: string, target: Uint8Array, at: number): number {
  const { length } = name;
  if (length <= SHORT_NAME) {
    let index = 0;
    for (; index < length; index++) {
      const code = name.charCodeAt(index);
      if (code > 127) break;
      target[at + index] = code;
    }
    if (index === length) return length;
  }
  return encoder.encodeInto(name, target.subarray(at, at + LONGEST_FUNCTION_NAME)).written;
}

/**
 * Writes the meta section of a change, but for the key's bytes.
 *
 * @param bytes Where to write.
 * @param view A view over the same bytes.
 * @param at The position in `bytes`.
 * @param change The change.
 * @returns Where the section ends, and the key's bytes belong.
 */
export function writeRecordMeta(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  change: PutChange,
): number {
  view.setFloat64(at, change.duration, true);
  view.setUint32(at + KEY_PART_COUNT_AT, change.key.parts.length, true);
  view.setUint32(at + VALUE_PART_COUNT_AT, change.parts.length, true);
  let end = at + FIXED_LENGTH;
  for (const part of change.key.parts) {
    writeLength(view, end, part.byteLength);
    end += LENGTH_SIZE;
  }
  for (const part of change.parts) {
    writeLength(view, end, part.byteLength);
    end += LENGTH_SIZE;
  }
  const name = writeName(change.functionName, bytes, end);
  view.setUint16(at + 8, name, true);
  end += name;
  let codec = 0;
  if (codecNumber(change.codec) === 0) {
    codec = encoder.encodeInto(change.codec, bytes.subarray(end)).written;
    end += codec;
  }
  view.setUint16(at + 10, codec, true);
  return end;
}

/**
 * Reads a meta section. It trusts none of the lengths in it.
 *
 * @param bytes The whole section.
 * @param codec The number of the codec, from the header.
 * @param payloadLength The length of the payload, from the header.
 * @returns The section, or `undefined` if it contradicts itself.
 */
export function readRecordMeta(
  bytes: Uint8Array,
  codec: number,
  payloadLength: number,
): RecordMeta | undefined {
  if (bytes.byteLength < FIXED_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const functionNameLength = view.getUint16(8, true);
  const codecNameLength = view.getUint16(10, true);
  const keyPartCount = view.getUint32(KEY_PART_COUNT_AT, true);
  const valuePartCount = view.getUint32(VALUE_PART_COUNT_AT, true);
  const namesAt = FIXED_LENGTH + (keyPartCount + valuePartCount) * LENGTH_SIZE;
  const keyAt = namesAt + functionNameLength + codecNameLength;
  if (keyPartCount === 0 || valuePartCount === 0 || keyAt > bytes.byteLength) return undefined;
  const keyLengths = readLengths(view, FIXED_LENGTH, keyPartCount, bytes.byteLength - keyAt);
  const valueLengths = readLengths(
    view,
    FIXED_LENGTH + keyPartCount * LENGTH_SIZE,
    valuePartCount,
    payloadLength,
  );
  const name = codec === 0
    ? decoder.decode(bytes.subarray(namesAt + functionNameLength, keyAt))
    : CODEC_NUMBERS[codec];
  if (keyLengths === undefined || valueLengths === undefined || !name) return undefined;
  return {
    duration: view.getFloat64(0, true),
    functionName: functionNameLength === 0
      ? ""
      : decoder.decode(bytes.subarray(namesAt, namesAt + functionNameLength)),
    codec: name,
    keyLengths,
    valueLengths,
    keyAt,
  };
}

function readLengths(
  view: DataView,
  at: number,
  count: number,
  total: number,
): number[] | undefined {
  const lengths: number[] = [];
  let sum = 0;
  for (let index = 0; index < count; index++) {
    const length = readLength(view, at + index * LENGTH_SIZE);
    lengths.push(length);
    sum += length;
  }
  return sum === total ? lengths : undefined;
}
