// Copyright 2026 the pecapiku authors. MIT license.

// `import defer` of node:zlib itself is evaluated at once (tried with Deno 2.9.6, 37 ms); by way of node:process it is
// loaded when it is asked for.
import { process } from "../_deferred.ts";

/** From how many bytes in one call on native code is worth loading. */
const LARGE = 64 * 1024;

/** How many bytes of large pieces the table does before native code is loaded: 8 MiB take it about 10 ms. */
const PATIENCE = 8 * 1024 * 1024;

/** Eight tables of 256, for eight bytes a step ("slicing by 8"), the polynomial reflected. */
const TABLES = makeTables();

let native: ((data: Uint8Array, seed?: number) => number) | undefined;
let largeBytes = 0;

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  // The table is linear: an entry is the sum of those of its bits. That is a quarter of the work at every start.
  for (let bit = 128, crc = 1; bit > 0; bit >>= 1) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    for (let base = 0; base < 256; base += 2 * bit) tables[base + bit] = tables[base]! ^ crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = tables[index - 256]!;
    tables[index] = (previous >>> 8) ^ tables[previous & 0xff]!;
  }
  return tables;
}

/**
 * The CRC-32 of a run of bytes, as in zlib, gzip and PNG (reflected polynomial 0xEDB88320).
 *
 * A table computes it for small runs, since loading `node:zlib` costs some 37 ms; a process that checks large values
 * comes to use the native code, which is twenty times as fast.
 *
 * @param data The bytes.
 * @param seed The CRC-32 of the bytes before these; `0` at the beginning.
 * @returns An unsigned 32-bit integer.
 */
export function crc32(data: Uint8Array, seed = 0): number {
  if (data.byteLength >= LARGE) {
    if (native === undefined && (largeBytes += data.byteLength) > PATIENCE) {
      native = process.getBuiltinModule("node:zlib")?.crc32;
    }
    if (native !== undefined) return native(data, seed);
  }
  return tableCrc32(data, 0, data.byteLength, seed);
}

/**
 * The CRC-32 of a part of a run of bytes, by table.
 *
 * @param data The bytes.
 * @param start Where the part begins.
 * @param end Where it ends, exclusive.
 * @param seed The CRC-32 of the bytes before these; `0` at the beginning.
 * @returns An unsigned 32-bit integer.
 */
export function tableCrc32(data: Uint8Array, start: number, end: number, seed = 0): number {
  let crc = ~seed;
  let at = start;
  for (const stop = end - 7; at < stop; at += 8) {
    crc ^= data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    crc = TABLES[1792 + (crc & 0xff)]! ^ TABLES[1536 + ((crc >>> 8) & 0xff)]! ^
      TABLES[1280 + ((crc >>> 16) & 0xff)]! ^ TABLES[1024 + (crc >>> 24)]! ^
      TABLES[768 + data[at + 4]!]! ^ TABLES[512 + data[at + 5]!]! ^
      TABLES[256 + data[at + 6]!]! ^ TABLES[data[at + 7]!]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ TABLES[(crc ^ data[at]!) & 0xff]!;
  return ~crc >>> 0;
}
