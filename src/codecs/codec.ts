// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../stores/store.ts";

/**
 * Turns values into bytes and back. The value that comes back must be equal to the one that was given, or `encode` must
 * throw. Pass one of your own as the option `codec`.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type Codec } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const text: Codec = {
 *   name: "text",
 *   encode(value) {
 *     if (typeof value !== "string" || !value.isWellFormed()) throw new TypeError("Not a text");
 *     return new TextEncoder().encode(value);
 *   },
 *   decode(bytes) {
 *     return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
 *   },
 * };
 *
 * using cache = new CacheDict<string>(undefined, { access: "e", codec: text });
 * cache.set("greeting", "hello");
 * assertEquals(cache.get("greeting"), "hello");
 * ```
 */
export interface Codec {
  /**
   * The name that is kept with each entry, of at most 255 bytes in UTF-8. A reader finds the codec of an entry by it:
   * `"structured"` and `"msgpack"` are always found, another one where the reader's own option `codec` has that name.
   * Choose another name when the bytes change their meaning. It must not end in `+gzip`, `+deflate` or `+stream`, which is added
   * to it where a value is compressed, or stored in chunks.
   */
  readonly name: string;

  /**
   * Encodes a value.
   *
   * @param value The value.
   * @returns Its bytes; or its bytes followed by buffers that are left out of them, so that large ones are not copied.
   * @throws {Error} If the value would not come back equal.
   */
  encode(value: unknown): Uint8Array | Parts;

  /**
   * Decodes a value, a fresh one at each call.
   *
   * @param bytes What `encode` gave (its first element, where it gave several). It may be a view into memory that others
   * read: it must not be changed, and the value must not hold on to it.
   * @param buffers What `encode` gave after the first element. The value may keep them.
   * @returns The value.
   * @throws {Error} If the bytes are not what `encode` gave. The entry is then not found.
   */
  decode(bytes: Uint8Array, buffers: readonly Uint8Array[]): unknown;
}

/**
 * The choice of a codec: one of the two that are built in, by name, or your own. `"structured"` keeps everything that
 * `structuredClone` does, identity and cycles included, and more; `"msgpack"` holds JSON-like values that programs in other
 * languages can read.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type CodecOption } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const codec: CodecOption = "msgpack";
 * using cache = new CacheDict(undefined, { access: "e", codec });
 * cache.set("bytes", Uint8Array.of(1, 2));
 * assertEquals(cache.get("bytes"), Uint8Array.of(1, 2));
 * ```
 */
export type CodecOption = "structured" | "msgpack" | Codec;
