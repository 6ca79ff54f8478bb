// Copyright 2026 the pecapiku authors. MIT license.

import { chunkDigest, decodeManifest, type Manifest } from "../access/stream_entries.ts";
import { formatBytes, formatCount } from "../display/format.ts";
import type { Digest, EntryInfo, Store, StoredValue } from "../stores/store.ts";
import { contentForm, decodeStoredContent, inspectValue } from "./stored_content.ts";

/** Of how many chunks the sizes are looked up: some 76 µs each, as measured on a busy machine. */
const MOST_MEASURED = 20_000;

/** How many chunks are put into JSON, and of how many bytes: the form of an entry is held in memory. */
const MOST_CHUNKS = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** A larger chunk is not read to be shown among others. */
const LARGEST_CHUNK = 4 * 1024 * 1024;

/** How large a stream is, as far as that was looked up. */
export interface StreamExtent {
  /** How many chunks were looked at, with what was returned. */
  readonly measured: number;
  /** What they take, encoded, in bytes. */
  readonly bytes: number;
  /** The first chunk that is not there: it is damaged, or was removed. Then the call counts as not cached. */
  readonly missing: number | undefined;
  /** Whether all of it was looked at. */
  readonly isAll: boolean;
}

/** What a function gave chunk by chunk, as a store has it. Nothing of it is held in memory. */
export class StoredStream {
  readonly #store: Store;
  readonly #base: Digest;
  readonly #manifest: Manifest;

  /**
   * Looks into the manifest of a stream.
   *
   * @param store The store.
   * @param base The digest of the entry.
   * @param stored What is stored there.
   * @returns The stream; `undefined` if it is a value, or of a version that can't be read here.
   */
  static from(
    store: Store,
    base: Digest,
    stored: Pick<StoredValue, "codec" | "parts">,
  ): StoredStream | undefined {
    const manifest = decodeManifest(stored);
    return manifest && new StoredStream(store, base, manifest);
  }

  private constructor(store: Store, base: Digest, manifest: Manifest) {
    this.#store = store;
    this.#base = base;
    this.#manifest = manifest;
  }

  /** What gave the chunks. */
  get kind(): Manifest["kind"] {
    return this.#manifest.kind;
  }

  /** How many chunks there are, by what the file says: none of them need be there. */
  get count(): number {
    return this.#manifest.chunks;
  }

  /** Whether the generator returned something but `undefined`. */
  get returns(): boolean {
    return this.#manifest.returns;
  }

  /** Gives the digest of a chunk, or, behind the last one, of what was returned. */
  digest(index: number): Digest {
    return chunkDigest(this.#base, this.#manifest.run, index);
  }

  /** Reads a chunk, or, behind the last one, what was returned. It is `undefined` if it is not there. */
  read(index: number): StoredValue | undefined {
    return this.#store.get(this.digest(index));
  }

  /** Tells what is known of a chunk without reading it. */
  info(index: number): EntryInfo | undefined {
    return this.#store.info(this.digest(index));
  }

  /** Tells whether all chunks are there. It takes no longer than as many of them are. */
  get isWhole(): boolean {
    for (let index = 0; index < this.#length; index++) {
      if (!this.#store.has(this.digest(index))) return false;
    }
    return true;
  }

  /** Looks up how large the chunks are, up to the first that is not there. */
  measure(most = MOST_MEASURED): StreamExtent {
    let bytes = 0;
    let measured = 0;
    while (measured < Math.min(most, this.#length)) {
      const info = this.info(measured);
      if (info === undefined) return { measured, bytes, missing: measured, isAll: false };
      bytes += info.byteLength;
      measured++;
    }
    return { measured, bytes, missing: undefined, isAll: measured === this.#length };
  }

  get #length(): number {
    return this.count + (this.returns ? 1 : 0);
  }
}

/**
 * Tells people what a stream is.
 *
 * @param stream The stream.
 * @returns Such as `25 chunks of an async generator, and what it returned`.
 */
export function streamText({ kind, count, returns }: StoredStream): string {
  const chunks = `${formatCount(count)} ${count === 1 ? "chunk" : "chunks"} of ${KINDS[kind]}`;
  return returns ? `${chunks}, and what it returned` : chunks;
}

const KINDS: Readonly<Record<Manifest["kind"], string>> = {
  "generator": "a generator",
  "async generator": "an async generator",
  "stream": "a stream",
  "bytes": "a stream of bytes",
};

/**
 * Tells people how large a stream is.
 *
 * @param extent What was looked up.
 * @returns Such as `4.2 kB`.
 */
export function extentText({ bytes, isAll }: StreamExtent): string {
  return isAll ? formatBytes(bytes) : `at least ${formatBytes(bytes)}`;
}

/**
 * Tells people that a chunk is not there, and what that means.
 *
 * @param index Which one.
 * @returns Such as `chunk 3 is missing or damaged: the call counts as not cached`.
 */
export function missingText(index: number): string {
  return `chunk ${index} is missing or damaged: the call counts as not cached`;
}

/** How chunks are shown. */
export interface ChunkTextOptions {
  /** Whether all of each chunk is shown, however large or deep. */
  readonly full?: boolean | undefined;
  /** How wide a line may be, in columns. */
  readonly columns?: number | undefined;
}

/**
 * Shows chunks for people, one after another. The texts are not safe for a terminal or a page by themselves.
 *
 * @param stream The stream.
 * @param most How many chunks.
 * @param options How they are shown.
 * @returns Texts such as `[0] "a"`, and at the end, what was returned, as `returned "b"`.
 */
export function* chunkTexts(
  stream: StoredStream,
  most: number,
  { full = false, columns }: ChunkTextOptions = {},
): Generator<string> {
  const shown = Math.min(most, stream.count);
  for (let index = 0; index < shown; index++) {
    const text = chunkText(stream, index, full, columns);
    yield `[${index}] ${text ?? "(missing or damaged)"}`;
    // The number of chunks is what the file says: of those behind a gap, there may be none.
    if (text === undefined) return;
  }
  if (shown < stream.count) yield `... ${formatCount(stream.count - shown)} more`;
  if (!stream.returns) return;
  const returned = chunkText(stream, stream.count, full, columns);
  yield `returned ${returned ?? "(missing or damaged)"}`;
}

function chunkText(
  stream: StoredStream,
  index: number,
  full: boolean,
  columns: number | undefined,
): string | undefined {
  const length = stream.info(index)?.byteLength;
  if (length === undefined) return undefined;
  if (!full && length > LARGEST_CHUNK) return `(too large to be shown: ${formatBytes(length)})`;
  const chunk = stream.read(index);
  if (chunk === undefined) return undefined;
  const decoded = decodeStoredContent(chunk.codec, chunk.parts);
  if (decoded.reason !== undefined) return `(can't be decoded: ${decoded.reason})`;
  return inspectValue(decoded.value, { full, columns, longestText: 200, mostItems: 20 });
}

/** What stands for the value of an entry in JSON. */
export interface ValueForm {
  /** What JSON can have. */
  readonly form: unknown;
  /** The first chunk of a stream that is not there, so that this is not all of it. */
  readonly missing?: number | undefined;
}

/**
 * Gives what stands for the value of an entry in JSON: of a stream, an object with `$stream`, what gave it, and `$chunks`, the form of each chunk.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @param stored What is stored there.
 * @returns The form.
 */
export function valueForm(store: Store, digest: Digest, stored: StoredValue): ValueForm {
  const stream = StoredStream.from(store, digest, stored);
  return stream === undefined
    ? { form: contentForm(stored.codec, stored.parts) }
    : streamForm(stream);
}

function streamForm(stream: StoredStream): ValueForm {
  const extent = stream.measure(MOST_CHUNKS + 1);
  const { bytes, isAll } = extent;
  const what = { $stream: stream.kind, $count: stream.count, $bytes: isAll ? bytes : null };
  const without = (missing: number): ValueForm => ({
    form: { ...what, $bytes: null, $reason: missingText(missing) },
    missing,
  });
  if (extent.missing !== undefined) return without(extent.missing);
  if (!isAll || stream.count > MOST_CHUNKS || bytes > MOST_BYTES) {
    const size = `${formatCount(stream.count)} chunks, ${extentText(extent)}`;
    return { form: { ...what, $reason: `too large: ${size}` } };
  }
  const $chunks: unknown[] = [];
  for (let index = 0; index < stream.count; index++) {
    const chunk = stream.read(index);
    if (chunk === undefined) return without(index);
    $chunks.push(contentForm(chunk.codec, chunk.parts));
  }
  if (!stream.returns) return { form: { ...what, $chunks } };
  const last = stream.read(stream.count);
  if (last === undefined) return without(stream.count);
  return { form: { ...what, $chunks, $returned: contentForm(last.codec, last.parts) } };
}
