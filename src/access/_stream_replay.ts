// Copyright 2026 the pecapiku authors. MIT license.

import { nodeCrypto } from "../_deferred.ts";
import type { Codec } from "../codecs/codec.ts";
import { compressionOf, decompressParts } from "../codecs/compression.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { codecNamed } from "../codecs/resolve_codec.ts";
import type { Digest, Parts, Store, StoredValue } from "../stores/store.ts";
import { warnUndecodable } from "./_entries.ts";
import { chunkDigest, decodeManifest, type Manifest } from "./_stream_entries.ts";

/** Reads what a whole run stored, chunk by chunk, each decoded freshly. */
export class Replay {
  /** What it reads. */
  readonly manifest: Manifest;
  readonly #store: Store;
  readonly #base: Digest;
  readonly #codec: Codec;
  #next = 0;

  /**
   * Begins at the first chunk.
   *
   * @param store Where the chunks are.
   * @param base The digest of the call.
   * @param manifest What there is.
   * @param codec The reader's own codec.
   */
  constructor(store: Store, base: Digest, manifest: Manifest, codec: Codec) {
    this.#store = store;
    this.#base = base;
    this.manifest = manifest;
    this.#codec = codec;
  }

  /**
   * Reads the next chunk.
   *
   * @param given What is told of each chunk.
   * @returns The chunk, or the end; `undefined` if it is not there any more, or can't be decoded.
   */
  next(given: GivenChunks): IteratorResult<unknown, unknown> | undefined {
    const { chunks, returns } = this.manifest;
    const index = this.#next++;
    if (index >= chunks && !returns) return { done: true, value: undefined };
    const found = this.#store.get(chunkDigest(this.#base, this.manifest.run, index));
    if (found === undefined) return undefined;
    try {
      const codec = codecNamed(found.codec, this.#codec);
      if (codec === undefined) {
        throw new Error(`no codec named ${JSON.stringify(found.codec)}`);
      }
      const compression = compressionOf(found.codec);
      const parts = compression === undefined
        ? found.parts
        : decompressParts(found.parts, compression);
      // Before it is decoded: the value may keep the bytes.
      const digest = index < chunks ? given.digest(parts) : "";
      const value = decodeParts(codec, parts);
      if (index >= chunks) return { done: true, value };
      given.add(digest, codec);
      return { done: false, value };
    } catch (error) {
      warnUndecodable(this.#store.location, error instanceof Error ? error.message : `${error}`);
      return undefined;
    }
  }
}

/** What was given to a consumer, digested: so that another run can be told to give the same. */
export class GivenChunks {
  /** The codec that the chunks were encoded with. */
  codec: Codec | undefined;
  /** How many there are. */
  count = 0;
  #digest = "";

  /** Digests a chunk, and all that were given before. */
  digest(parts: Parts): string {
    const hash = nodeCrypto.createHash("sha256").update(`${this.#digest} ${parts.length}`);
    for (const part of parts) hash.update(` ${part.byteLength} `).update(part);
    return hash.digest("hex");
  }

  /** Takes note of a chunk that was digested. */
  add(digest: string, codec: Codec): void {
    this.count++;
    this.#digest = digest;
    this.codec = codec;
  }

  /** Tells whether the same chunks were given. */
  equals(other: GivenChunks): boolean {
    return this.count === other.count && this.#digest === other.#digest;
  }
}

/**
 * Reads all chunks of a stream, for those who look into a cache.
 *
 * @param store Where the chunks are.
 * @param base The digest of the call.
 * @param found What is stored under it.
 * @param codec The reader's own codec.
 * @returns The chunks; `undefined` if they are not all there.
 */
export function readChunks(
  store: Store,
  base: Digest,
  found: Pick<StoredValue, "codec" | "parts">,
  codec: Codec,
): unknown[] | undefined {
  const manifest = decodeManifest(found);
  if (manifest === undefined) return undefined;
  const replay = new Replay(store, base, manifest, codec);
  const given = new GivenChunks();
  const chunks: unknown[] = [];
  while (true) {
    const step = replay.next(given);
    if (step === undefined) return undefined;
    if (step.done === true) return chunks;
    chunks.push(step.value);
  }
}
