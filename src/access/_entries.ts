// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec } from "../codecs/codec.ts";
import {
  compressionOf,
  compressParts,
  decompressParts,
  type EncodedValue,
} from "../codecs/compression.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { encodeParts } from "../codecs/encode_parts.ts";
import { codecNamed, isStreamName, keyCodecOf } from "../codecs/resolve_codec.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { previewArguments } from "../keys/_preview.ts";
import { CallKey } from "../keys/call_key.ts";
import { deriveDigest } from "../keys/derive_digest.ts";
import { digestCall } from "../keys/digest_call.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { KeyOptions } from "../keys/key_options.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { Digest, EntryInfo, Parts, Store, StoredKey, StoredValue } from "../stores/store.ts";
import { shownName } from "./_commits.ts";
import type { CallKeys, Located } from "./cache_plan.ts";
import { isAlive, type Storage } from "./storage_options.ts";

/**
 * Finds where a dictionary keeps a key.
 *
 * @param key The key, as a person gave it. A `CallKey` stands for the call it came from.
 * @param options How keys are digested.
 * @returns The place.
 * @throws {UncacheableKeyError} If the key has no canonical form.
 */
export function locateKey(key: unknown, options: KeyOptions): Located {
  return { digest: key instanceof CallKey ? key.digest : digestKey(key, options), key };
}

/**
 * Encodes a dictionary's key, to be kept with its entry.
 *
 * @param key The key.
 * @param codec The codec.
 * @returns The encoded key: a copy, because the key may change before it is stored.
 * @throws {UncacheableKeyError} If the codec could not give the key back.
 */
export function encodeKey(key: unknown, codec: Codec): StoredKey {
  if (key instanceof CallKey) return callKeyText(key.name, key.preview);
  try {
    return { kind: "value", parts: copyParts(encodeParts(codec, key)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UncacheableKeyError(`Cannot store key: the codec can't give it back: ${reason}`, {
      key,
      cause,
    });
  }
}

/**
 * Encodes what is kept of a call.
 *
 * @param name The function's name.
 * @param preview The arguments, for people to read.
 * @returns The encoded key.
 */
function callKeyText(name: string, preview: string): StoredKey {
  return { kind: "call", parts: [new TextEncoder().encode(JSON.stringify({ name, preview }))] };
}

/**
 * Gives back the key of an entry, as it was set.
 *
 * @param entry The entry.
 * @param codec The reader's own codec.
 * @returns The key.
 * @throws {Error} If the key can't be decoded.
 */
export function decodeKey(
  entry: Pick<EntryInfo, "digest" | "key" | "codec">,
  codec: Codec,
): unknown {
  const { kind, parts } = entry.key;
  if (kind === "call") {
    const { name, preview } = JSON.parse(new TextDecoder().decode(parts[0]));
    return new CallKey(String(name), entry.digest, String(preview));
  }
  const found = codecNamed(keyCodecOf(entry.codec), codec);
  if (found === undefined) throw new Error(`no codec named ${JSON.stringify(entry.codec)}`);
  return decodeParts(found, parts);
}

/**
 * Gives the digest of a call in a namespace.
 *
 * @param namespace The namespace, if there is one.
 * @param digest The digest of the call.
 * @returns The digest.
 */
export function digestWithin(namespace: string | undefined, digest: Digest): Digest {
  return namespace === undefined
    ? digest
    : deriveDigest({ purpose: "namespace", base: digest, details: [namespace] });
}

/** What makes a key of a call: it has the arguments and the `this` of the call. */
export type InnerKey = (this: unknown, ...args: unknown[]) => unknown;

/** Keys made of the function's name, its arguments and, for a method, `this`. */
export class ArgumentKeys implements CallKeys {
  readonly #name: string;
  readonly #source: string | undefined;
  readonly #isMethod: boolean;
  readonly #options: KeyOptions;
  readonly #namespace: string | undefined;

  /**
   * Makes the keys of a function.
   *
   * @param name The function's name.
   * @param source The function's source, if it is to count.
   * @param isMethod Whether `this` counts at every call, not only where it is an instance.
   * @param options How keys are digested.
   * @param namespace What keeps the function apart from others of its name.
   */
  constructor(
    name: string,
    source: string | undefined,
    isMethod: boolean,
    options: KeyOptions,
    namespace?: string,
  ) {
    this.#name = name;
    this.#source = source;
    this.#isMethod = isMethod;
    this.#options = options;
    this.#namespace = namespace;
  }

  locate(self: unknown, args: readonly unknown[]): Located {
    const name = this.#name;
    const source = this.#source;
    const counts = this.#isMethod || (self !== undefined && isInstance(self));
    const call = digestCall(
      counts
        ? source === undefined
          ? { name, self: { value: self }, args }
          : { name, source, self: { value: self }, args }
        : source === undefined
        ? { name, args }
        : { name, source, args },
      this.#options,
    );
    const digest = digestWithin(this.#namespace, call);
    return { digest, key: digest };
  }

  describe(_located: Located, args: readonly unknown[]): StoredKey {
    return callKeyText(shownName(this.#name, this.#namespace), previewArguments(args));
  }
}

/** Keys that a callable makes of each call. */
export class InnerKeys implements CallKeys {
  readonly #name: string;
  readonly #innerKey: InnerKey;
  readonly #codec: Codec;
  readonly #options: KeyOptions;

  /**
   * Makes the keys of a function.
   *
   * @param name The function's name.
   * @param innerKey What makes the key of a call.
   * @param codec What encodes the keys.
   * @param options How keys are digested.
   */
  constructor(name: string, innerKey: InnerKey, codec: Codec, options: KeyOptions) {
    this.#name = name;
    this.#innerKey = innerKey;
    this.#codec = codec;
    this.#options = options;
  }

  locate(self: unknown, args: readonly unknown[]): Located {
    let key: unknown;
    try {
      key = Reflect.apply(this.#innerKey, self, args);
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : "it threw";
      throw new UncacheableKeyError(`Cannot make innerKey of ${this.#name || "call"}: ${reason}`, {
        cause,
      });
    }
    return locateKey(key, this.#options);
  }

  describe(located: Located): StoredKey {
    return encodeKey(located.key, this.#codec);
  }
}

/** One key for all calls. It is digested when a call needs it, and once only if nobody can change it. */
export class ConstantKey implements CallKeys {
  readonly #key: unknown;
  readonly #codec: Codec;
  readonly #options: KeyOptions;
  #located: Located | undefined;

  /**
   * Makes the keys of a function.
   *
   * @param key The key.
   * @param codec What encodes the key.
   * @param options How keys are digested.
   */
  constructor(key: unknown, codec: Codec, options: KeyOptions) {
    this.#key = key;
    this.#codec = codec;
    this.#options = options;
  }

  locate(): Located {
    if (this.#located !== undefined) return this.#located;
    const located = locateKey(this.#key, this.#options);
    const changeable = typeof this.#key === "object" && this.#key !== null;
    if (!changeable) this.#located = located;
    return located;
  }

  describe(located: Located): StoredKey {
    return encodeKey(located.key, this.#codec);
  }
}

/**
 * Tells whether the `this` of a call is an instance, whose fields the result may depend on. A namespace, an options bag
 * and the global object are not: `math.square(2)` is the call `square(2)`.
 *
 * @param self The `this` of the call.
 * @returns Whether it counts.
 */
export function isInstance(self: unknown): boolean {
  if (self === null || self === undefined || self === globalThis) return false;
  const prototype = Object.getPrototypeOf(self);
  return prototype !== null && prototype !== Object.prototype;
}

/**
 * Decodes what a store gave. What can't be decoded is as good as damaged: it is a miss, told once for each file.
 *
 * @param parts The bytes.
 * @param codecName The name that was stored with them: that of the codec that made them, and how they are compressed.
 * @param codec The reader's own codec.
 * @param location Where the bytes come from, for the warning.
 * @returns The value, or the marker for a miss.
 */
export function decodeStored(
  parts: Parts,
  codecName: string,
  codec: Codec,
  location: string,
): unknown {
  try {
    if (codec.name === codecName) return decodeParts(codec, parts);
    const found = codecNamed(codecName, codec);
    if (found !== undefined) {
      const compression = compressionOf(codecName);
      const plain = compression === undefined ? parts : decompressParts(parts, compression);
      return decodeParts(found, plain);
    }
    warnUndecodable(location, `no codec named ${JSON.stringify(codecName)}`);
  } catch (error) {
    warnUndecodable(location, error instanceof Error ? error.message : String(error));
  }
  return NO_CACHE;
}

/**
 * Gives what is stored of a value: compressed, if that is asked for and pays.
 *
 * @param parts The encoded value.
 * @param storage What encoded it, and how to compress.
 * @returns What to store: what was given, or bytes of its own.
 */
export function storedForm(parts: Parts, { codec, compress }: Storage): EncodedValue {
  return compress === false
    ? { codec: codec.name, parts }
    : compressParts(codec.name, parts, compress);
}

/**
 * Looks an entry up that counts.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @param storage How old it may be.
 * @returns What is stored; `undefined` if there is nothing, or it is too old.
 */
export function findAlive(store: Store, digest: Digest, storage: Storage): StoredValue | undefined {
  const found = store.get(digest);
  return found === undefined || isAlive(found.writtenAt, storage) ? found : undefined;
}

/**
 * Tells whether a store has an entry that counts.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @param storage How old it may be.
 * @returns Whether it is there, undamaged, and not too old.
 */
export function hasAlive(store: Store, digest: Digest, storage: Storage): boolean {
  if (storage.ttl !== Infinity) {
    const info = store.info(digest);
    if (info === undefined || !isAlive(info.writtenAt, storage)) return false;
  }
  return store.has(digest);
}

/**
 * Tells whether an entry is the manifest of a stream, whose chunks are entries of their own.
 *
 * @param store The store.
 * @param digest The digest of the entry.
 * @returns Whether it is.
 */
export function isStreamAt(store: Store, digest: Digest): boolean {
  const codec = store.info(digest)?.codec;
  return codec !== undefined && isStreamName(codec);
}

/**
 * Copies what a codec gave, so that it neither changes with the value it was made of nor shares memory with what is
 * decoded from it.
 *
 * @param parts The bytes.
 * @returns Bytes that nobody else has.
 */
export function copyParts(parts: Parts): Parts {
  // Not `slice`, which is no copy of a `Buffer`.
  return parts.map((part) => new Uint8Array(part)) as unknown as Parts;
}

const undecodable = new Set<string>();

/**
 * Tells that a file has entries that can't be decoded, once for each file.
 *
 * @param location Where the entries are.
 * @param reason Why the first of them can't be decoded.
 */
export function warnUndecodable(location: string, reason: string): void {
  if (undecodable.has(location)) return;
  undecodable.add(location);
  console.warn(`Cannot decode entry, it counts as not cached: ${location}: ${reason}`);
}
