// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What the project uses of `@std/crypto`, for networks that do not reach JSR: the SHA family.
 *
 * `node:crypto` takes 20 to 40 ms to load, which is all that a script with a cache hit may cost: up
 * to 64 KiB are hashed by {@linkcode sha256} in about the time the original's WebAssembly takes.
 *
 * @module
 */

import defer * as node from "node:crypto";
import { sha256 } from "./_sha256.ts";

const OUTPUT_BYTES = { "SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 } as const;

/** What `node:crypto` calls them. */
const NODE_NAMES = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
} as const;

/** Up to how many bytes are hashed without `node:crypto`. */
const SMALL_BYTES = 65_536;

const MAX_LENGTH = 0x7fff_ffff;

/** An algorithm that this stand-in knows. */
export type DigestAlgorithmName = keyof typeof OUTPUT_BYTES;

/** The names of the algorithms. */
export const DIGEST_ALGORITHM_NAMES: readonly DigestAlgorithmName[] = [
  "SHA-384",
  "SHA-256",
  "SHA-512",
  "SHA-1",
];

/** An algorithm and how many bytes it is to give. */
export type DigestAlgorithmObject = {
  /** Its name. */
  name: DigestAlgorithmName;
  /** The length of the digest in bytes: of these algorithms only their own. */
  length?: number;
};

/** An algorithm, or its name in any case. */
export type DigestAlgorithm = DigestAlgorithmName | DigestAlgorithmObject;

/** `SubtleCrypto` with digests of iterables, and without waiting. */
export interface StdSubtleCrypto extends SubtleCrypto {
  /** Digests bytes. */
  digest(
    algorithm: DigestAlgorithm,
    data: BufferSource | AsyncIterable<BufferSource> | Iterable<BufferSource>,
  ): Promise<ArrayBuffer>;
  /** Digests bytes, at once. */
  digestSync(
    algorithm: DigestAlgorithm,
    data: BufferSource | Iterable<BufferSource>,
  ): ArrayBuffer;
}

/** `Crypto` with {@linkcode StdSubtleCrypto}. */
export interface StdCrypto extends Crypto {
  /** The digests. */
  readonly subtle: StdSubtleCrypto;
}

const web = globalThis.crypto;

/** The platform's `crypto`, with `subtle.digestSync`. */
export const crypto: StdCrypto = {
  getRandomValues: web.getRandomValues.bind(web),
  randomUUID: web.randomUUID.bind(web),
  subtle: {
    decrypt: web.subtle.decrypt.bind(web.subtle),
    deriveBits: web.subtle.deriveBits.bind(web.subtle),
    deriveKey: web.subtle.deriveKey.bind(web.subtle),
    digest,
    encrypt: web.subtle.encrypt.bind(web.subtle),
    exportKey: web.subtle.exportKey.bind(web.subtle),
    generateKey: web.subtle.generateKey.bind(web.subtle),
    importKey: web.subtle.importKey.bind(web.subtle),
    sign: web.subtle.sign.bind(web.subtle),
    unwrapKey: web.subtle.unwrapKey.bind(web.subtle),
    verify: web.subtle.verify.bind(web.subtle),
    wrapKey: web.subtle.wrapKey.bind(web.subtle),
    digestSync,
  } as StdSubtleCrypto,
};

async function digest(
  algorithm: DigestAlgorithm,
  data: BufferSource | AsyncIterable<BufferSource> | Iterable<BufferSource>,
): Promise<ArrayBuffer> {
  const { name, length } = normalize(algorithm);
  // A single buffer, and a name unknown here, are the platform's to digest or to refuse.
  if (isBufferSource(data) || !isKnown(name)) {
    return await web.subtle.digest(algorithm, data as BufferSource);
  }
  if (isIterable(data)) return digestChunks(name, length, data);
  if (!isAsyncIterable(data)) {
    throw new TypeError("data must be a BufferSource or [Async]Iterable<BufferSource>");
  }
  const chunks: BufferSource[] = [];
  for await (const chunk of data) chunks.push(bytesOfChunk(chunk).slice());
  return digestChunks(name, length, chunks);
}

function digestSync(
  algorithm: DigestAlgorithm,
  data: BufferSource | Iterable<BufferSource>,
): ArrayBuffer {
  const { name, length } = normalize(algorithm);
  if (isBufferSource(data)) {
    checkAlgorithm(name);
    checkLength(name, length);
    const bytes = bytesOf(data)!;
    if (isSmall(name, bytes.length)) return sha256(bytes);
    return finish(node.createHash(NODE_NAMES[name]).update(bytes));
  }
  if (!isIterable(data)) {
    throw new TypeError("data must be a BufferSource or Iterable<BufferSource>");
  }
  return digestChunks(name, length, data);
}

function digestChunks(
  name: string,
  length: number | undefined,
  chunks: Iterable<BufferSource>,
): ArrayBuffer {
  checkAlgorithm(name);
  const head: Uint8Array[] = [];
  let size = 0;
  let hash: node.Hash | undefined;
  for (const chunk of chunks) {
    const bytes = bytesOfChunk(chunk);
    size += bytes.length;
    if (hash !== undefined) {
      hash.update(bytes);
    } else if (isSmall(name, size)) {
      // A copy: the producer may use its buffer again for the next chunk.
      head.push(bytes.slice());
    } else {
      hash = node.createHash(NODE_NAMES[name]).update(join(head)).update(bytes);
    }
  }
  checkLength(name, length);
  if (hash !== undefined) return finish(hash);
  return isSmall(name, size) ? sha256(join(head)) : finish(node.createHash(NODE_NAMES[name]));
}

function isSmall(name: DigestAlgorithmName, size: number): boolean {
  return name === "SHA-256" && size <= SMALL_BYTES;
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function finish(hash: node.Hash): ArrayBuffer {
  return new Uint8Array(hash.digest()).buffer;
}

function normalize(algorithm: DigestAlgorithm): { name: string; length: number | undefined } {
  const isName = typeof algorithm === "string";
  const name = (isName ? algorithm : algorithm.name).toUpperCase();
  const length = isName ? undefined : algorithm.length;
  if (length !== undefined && !(Number.isInteger(length) && length >= 0 && length <= MAX_LENGTH)) {
    throw new RangeError(`length must be an integer between 0 and ${MAX_LENGTH}, inclusive`);
  }
  return { name, length };
}

function isKnown(name: string): name is DigestAlgorithmName {
  return Object.hasOwn(OUTPUT_BYTES, name);
}

function checkAlgorithm(name: string): asserts name is DigestAlgorithmName {
  if (!isKnown(name)) throw new TypeError("unsupported algorithm");
}

function checkLength(name: DigestAlgorithmName, length: number | undefined): void {
  if (length !== undefined && length !== OUTPUT_BYTES[name]) {
    throw new TypeError("non-default length specified for non-extendable algorithm");
  }
}

function bytesOf(data: unknown): Uint8Array | undefined {
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return data instanceof ArrayBuffer ? new Uint8Array(data) : undefined;
}

function bytesOfChunk(chunk: unknown): Uint8Array {
  const bytes = bytesOf(chunk);
  if (bytes !== undefined) return bytes;
  throw new TypeError("Cannot digest the data: A chunk is not ArrayBuffer nor ArrayBufferView");
}

function isBufferSource(data: unknown): data is BufferSource {
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data);
}

function isIterable(data: unknown): data is Iterable<BufferSource> {
  return typeof (data as Iterable<BufferSource>)[Symbol.iterator] === "function";
}

function isAsyncIterable(data: unknown): data is AsyncIterable<BufferSource> {
  return typeof (data as AsyncIterable<BufferSource>)[Symbol.asyncIterator] === "function";
}
