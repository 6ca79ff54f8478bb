// Copyright 2026 the pecapiku authors. MIT license.

import { process } from "../_deferred.ts";
import type { Parts } from "../stores/store.ts";
import { plainBytes } from "./decode_parts.ts";

/**
 * How values are compressed: `"deflate"` writes the zlib format (RFC 1950), `"gzip"` the same data in that of gzip (RFC
 * 1952), 12 bytes longer.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type Compression } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const compress: Compression = "deflate";
 * using cache = new CacheDict<string>(Deno.makeTempDirSync() + "/a.cache", { compress });
 * assertEquals(cache.set("x", "long ".repeat(1_000)).get("x"), "long ".repeat(1_000));
 * ```
 */
export type Compression = "gzip" | "deflate";

/** An encoded value, and the name under which it is stored: that of its codec, and how it is compressed. */
export interface EncodedValue {
  /** The name, as a reader gets it. */
  readonly codec: string;
  /** The bytes. */
  readonly parts: Parts;
}

/** Shorter values stay as they are: a call of zlib takes 20 to 50 µs, some hundred bytes less are not worth that. */
const SHORTEST = 1024;

/** How much a value has to shrink: to 90 %. Noise in 64-bit floats gets to 94 %, and takes 60 ms for 1 MB. */
const MOST_LEFT = 0.9;

/** Of 1 to 9; the ratio of the usual 6 is better by a hundredth, in up to twice the time. */
const LEVEL = 3;

/** From which length on a sample tells whether to compress a part at all. */
const SAMPLED = 512 * 1024;

/** The sample: pieces of so many bytes, evenly spread. */
const SAMPLE_PIECES = 4;
const SAMPLE_PIECE = 16 * 1024;

/** Longer parts stay as they are: zlib counts what it is given in 32 bits. */
const LONGEST = 2 ** 31 - 1;

/** Each part of a compressed value begins with its original length, in so many bytes. */
const LENGTH_SIZE = 8;

/** Deflate can't expand further than that: 258 bytes take two bits. */
const MOST_EXPANSION = 1032;

/** How much memory zlib is given at once for what it gives back. */
const CHUNK = 1024 * 1024;

/** Where gzip says which system it ran on. No reader looks at it; 255 is the number for an unknown one. */
const GZIP_SYSTEM_AT = 9;

/**
 * Compresses an encoded value if that pays: if it has at least 1,024 bytes and gets shorter by a tenth. Of several parts,
 * those stay as they are that don't get shorter.
 *
 * @param codec The name of the codec that encoded it.
 * @param parts The encoded value.
 * @param compression How to compress.
 * @returns What to store; what was given, if it does not pay.
 */
export function compressParts(codec: string, parts: Parts, compression: Compression): EncodedValue {
  let before = 0;
  for (const part of parts) before += part.byteLength;
  if (before < SHORTEST) return { codec, parts };
  let after = 0;
  const compressed = parts.map((part) => {
    const data = compressPart(part, compression) ?? part;
    after += LENGTH_SIZE + data.byteLength;
    return data;
  });
  if (after > before * MOST_LEFT) return { codec, parts };
  return {
    codec: `${codec}+${compression}`,
    parts: compressed.map((data, index) => {
      return withLength(data, parts[index]!.byteLength);
    }) as unknown as Parts,
  };
}

/**
 * Gives back the parts that {@linkcode compressParts} was given.
 *
 * @param parts What was stored. It is not trusted.
 * @param compression How they are compressed.
 * @returns The encoded value: the first part may be a view of what was stored, each other one owns its whole buffer.
 * @throws {Error} If they are not what was stored.
 */
export function decompressParts(parts: Parts, compression: Compression): Parts {
  return parts.map((part, index) => {
    const data = plainBytes(part).subarray(LENGTH_SIZE);
    const length = lengthOf(part);
    if (data.byteLength === length) return index === 0 ? data : data.slice();
    if (data.byteLength > length || length > data.byteLength * MOST_EXPANSION) {
      throw new RangeError(`Cannot decompress: ${data.byteLength} bytes can't be ${length}`);
    }
    return decompress(data, length, compression);
  }) as unknown as Parts;
}

/**
 * Tells how the entries of a codec's name are compressed.
 *
 * @param name The name that was stored with an entry.
 * @returns How; `undefined` if they are not.
 */
export function compressionOf(name: string): Compression | undefined {
  if (name.endsWith("+gzip")) return "gzip";
  return name.endsWith("+deflate") ? "deflate" : undefined;
}

/** Gives `undefined` where the part gets no shorter. */
function compressPart(part: Uint8Array, compression: Compression): Uint8Array | undefined {
  const { byteLength } = part;
  if (byteLength > LONGEST) return undefined;
  if (byteLength >= SAMPLED) {
    const sample = sampleOf(part);
    if (compress(sample, compression).byteLength > sample.byteLength * MOST_LEFT) return undefined;
  }
  const data = compress(part, compression);
  return data.byteLength < byteLength ? data : undefined;
}

function sampleOf(part: Uint8Array): Uint8Array {
  const sample = new Uint8Array(SAMPLE_PIECES * SAMPLE_PIECE);
  const step = Math.floor((part.byteLength - SAMPLE_PIECE) / (SAMPLE_PIECES - 1));
  for (let piece = 0; piece < SAMPLE_PIECES; piece++) {
    const from = piece * step;
    sample.set(part.subarray(from, from + SAMPLE_PIECE), piece * SAMPLE_PIECE);
  }
  return sample;
}

function compress(data: Uint8Array, compression: Compression): Uint8Array {
  const { deflateSync, gzipSync } = zlib();
  if (compression === "deflate") return deflateSync(data, { level: LEVEL });
  const bytes = gzipSync(data, { level: LEVEL });
  bytes[GZIP_SYSTEM_AT] = 255;
  return bytes;
}

function decompress(data: Uint8Array, length: number, compression: Compression): Uint8Array {
  const { gunzipSync, inflateSync } = zlib();
  const options = { maxOutputLength: length, chunkSize: Math.max(64, Math.min(length, CHUNK)) };
  const bytes = compression === "deflate" ? inflateSync(data, options) : gunzipSync(data, options);
  if (bytes.byteLength !== length) {
    throw new RangeError(`Cannot decompress: ${bytes.byteLength} bytes instead of ${length}`);
  }
  // A `Buffer` has methods that share memory where those of an array don't.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, length);
  return bytes.buffer.byteLength === length ? plain : plain.slice();
}

// Not imported, which takes 10 to 40 ms: see `stores/_crc32.ts`.
function zlib(): NonNullable<ReturnType<typeof process.getBuiltinModule<"node:zlib">>> {
  return process.getBuiltinModule("node:zlib")!;
}

function withLength(data: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(LENGTH_SIZE + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(data, LENGTH_SIZE);
  return bytes;
}

function lengthOf({ buffer, byteOffset, byteLength }: Uint8Array): number {
  if (byteLength < LENGTH_SIZE) throw new RangeError("Cannot decompress: no length");
  return Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
}
