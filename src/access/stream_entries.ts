// Copyright 2026 the pecapiku authors. MIT license.

import { nodeCrypto } from "../_deferred.ts";
import type { Codec } from "../codecs/codec.ts";
import { compressionOf, decompressParts } from "../codecs/compression.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { codecNamed, isStreamName } from "../codecs/resolve_codec.ts";
import { deriveDigest } from "../keys/derive_digest.ts";
import type { DeleteChange, Digest, Parts, Store, StoredValue } from "../stores/store.ts";
import { warnUndecodable } from "./_entries.ts";

/** What gave the chunks: a generator function, an async one, or a stream of chunks of any type, or of bytes. */
export type StreamKind = "generator" | "async generator" | "stream" | "bytes";

const KINDS: ReadonlySet<unknown> = new Set<StreamKind>([
  "generator",
  "async generator",
  "stream",
  "bytes",
]);

/** How many chunks beyond the number of entries in the store may be missing one after another, when those that are left are removed. */
const LONGEST_GAP = 10_000;

/** The version of the manifest's bytes. */
const VERSION = 1;

/** The name of the codec of what is known of runs. It is not the name of any codec. */
export const RUNS_CODEC = "pecapiku runs";

/** What is stored under a call's own digest, once the function gave its last chunk. */
export interface Manifest {
  /** What gave the chunks. */
  readonly kind: StreamKind;
  /** Which run of the function did. No two runs have the same. */
  readonly run: string;
  /** How many there are. */
  readonly chunks: number;
  /** Whether the generator returned something but `undefined`: that is stored as one more chunk. */
  readonly returns: boolean;
}

/** A run that has begun, and is not known to be over. */
export interface BegunRun {
  /** Which it is. */
  readonly run: string;
  /** Who evaluates: a process, or a worker of one. */
  readonly owner: string;
  /** When it was last heard of, in milliseconds since the epoch. */
  readonly seen: number;
  /** How many chunks it has stored at the most. */
  readonly reserved: number;
}

/**
 * Gives the digest of the entry of a chunk.
 *
 * @param base The digest of the call.
 * @param run The run that gave it.
 * @param index Which one it is, from 0.
 * @returns The digest.
 */
export function chunkDigest(base: Digest, run: string, index: number): Digest {
  return deriveDigest({ purpose: "chunk", base, details: [run, index] });
}

/**
 * Gives the digest of the entry that tells which runs have begun.
 *
 * @param base The digest of the call.
 * @returns The digest.
 */
export function runsDigest(base: Digest): Digest {
  return deriveDigest({ purpose: "runs", base, details: [] });
}

/**
 * Gives the bytes of a manifest.
 *
 * @param manifest The manifest.
 * @returns The bytes.
 */
export function encodeManifest({ kind, run, chunks, returns }: Manifest): Parts {
  return encodeJson({ stream: VERSION, kind, run, chunks, returns });
}

/**
 * Reads the manifest of a stream.
 *
 * @param found What is stored under the digest of a call.
 * @returns The manifest; `undefined` if it is a value, or a manifest that this version can't read.
 */
export function decodeManifest(
  { codec, parts }: Pick<StoredValue, "codec" | "parts">,
): Manifest | undefined {
  if (!isStreamName(codec)) return undefined;
  const content = decodeJson(parts);
  if (content?.["stream"] !== VERSION) return undefined;
  const { kind, run, chunks, returns } = content;
  const isSound = KINDS.has(kind) && typeof run === "string" && isCount(chunks) &&
    typeof returns === "boolean";
  return isSound ? { kind, run, chunks, returns } as Manifest : undefined;
}

/**
 * Gives the bytes that tell which runs have begun.
 *
 * @param runs The runs.
 * @returns The bytes.
 */
export function encodeRuns(runs: readonly BegunRun[]): Parts {
  return encodeJson({
    runs: runs.map(({ run, owner, seen, reserved }) => ({ run, owner, seen, reserved })),
  });
}

/**
 * Finds which runs of a call have begun.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @returns The runs that are not known to be over.
 */
export function findRuns(store: Store, base: Digest): readonly BegunRun[] {
  const found = store.get(runsDigest(base));
  if (found === undefined || found.codec !== RUNS_CODEC) return [];
  const runs = decodeJson(found.parts)?.["runs"];
  return Array.isArray(runs) ? runs.filter(isBegunRun) : [];
}

/**
 * Finds the manifest of a stream, however old it is.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @returns The manifest; `undefined` if there is none.
 */
export function findManifest(store: Store, base: Digest): Manifest | undefined {
  // Most entries are values, which may be large: they need not be read.
  if (!isStreamName(store.info(base)?.codec ?? "")) return undefined;
  const found = store.get(base);
  return found === undefined ? undefined : decodeManifest(found);
}

/**
 * Tells whether all chunks of a stream are there.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @param manifest What is to be there.
 * @returns Whether it is.
 */
export function isWhole(store: Store, base: Digest, { run, chunks, returns }: Manifest): boolean {
  const count = returns ? chunks + 1 : chunks;
  for (let index = 0; index < count; index++) {
    if (!store.has(chunkDigest(base, run, index))) return false;
  }
  return true;
}

/**
 * Tells whether a stream is stored under the digest of a call, and all there.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @returns Whether it is: not if what is stored is of a generator function.
 */
export function hasStream(store: Store, base: Digest): boolean {
  const manifest = findManifest(store, base);
  return manifest !== undefined && isStreamKind(manifest.kind) && isWhole(store, base, manifest);
}

/**
 * Tells whether chunks are those of a stream.
 *
 * @param kind What gave them.
 * @returns Whether it is a stream, and no generator.
 */
export function isStreamKind(kind: StreamKind): boolean {
  return kind === "stream" || kind === "bytes";
}

/**
 * Lists the changes that remove what a stream consists of but its manifest.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @returns The changes: none, if there is no stream.
 */
export function chunkRemovalsAt(store: Store, base: Digest): DeleteChange[] {
  const manifest = findManifest(store, base);
  if (manifest === undefined) return [];
  const { run, chunks, returns } = manifest;
  return chunkRemovals(store, base, run, returns ? chunks + 1 : chunks);
}

/**
 * Lists the changes that remove what runs of a call have stored that are not over. None of them becomes its result then.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @returns The changes: none, if no run is known.
 */
export function runRemovalsAt(store: Store, base: Digest): DeleteChange[] {
  const digest = runsDigest(base);
  if (!store.has(digest)) return [];
  const chunks = findRuns(store, base).flatMap(({ run, reserved }) =>
    chunkRemovals(store, base, run, reserved)
  );
  return [...chunks, { type: "delete", digest }];
}

/**
 * Lists the changes that remove the chunks of a run.
 *
 * @param store The store.
 * @param base The digest of the call.
 * @param run The run.
 * @param count How many chunks there are at the most.
 * @returns The changes.
 */
export function chunkRemovals(
  store: Store,
  base: Digest,
  run: string,
  count: number,
): DeleteChange[] {
  const changes: DeleteChange[] = [];
  // The number comes from a file that anybody may have written: past all doubt, nothing is looked for any more.
  const longestGap = store.size + LONGEST_GAP;
  let gap = 0;
  for (let index = 0; index < count && gap < longestGap; index++) {
    const digest = chunkDigest(base, run, index);
    if (store.has(digest)) {
      changes.push({ type: "delete", digest });
      gap = 0;
    } else {
      gap++;
    }
  }
  return changes;
}

function encodeJson(content: unknown): Parts {
  return [new TextEncoder().encode(JSON.stringify(content))];
}

function decodeJson(parts: Parts): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(parts[0]));
    return typeof content === "object" && content !== null
      ? content as Record<string, unknown>
      : undefined;
  } catch {
    // Whoever asks takes it for a miss: it is what another version wrote.
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isBegunRun(value: unknown): value is BegunRun {
  if (typeof value !== "object" || value === null) return false;
  const { run, owner, seen, reserved } = value as Record<string, unknown>;
  return typeof run === "string" && typeof owner === "string" && typeof seen === "number" &&
    isCount(reserved);
}

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
