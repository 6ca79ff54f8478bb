// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec, CodecOption } from "./codec.ts";
import { type Compression, compressionOf } from "./compression.ts";
import { msgpack } from "./msgpack.ts";
import { structured } from "./structured.ts";

/** The name is stored with its length in one byte. */
const MAX_NAME = 255;

/** What is added to the name of a codec where the chunks that it encoded are stored apart. No codec's own name ends so. */
const STREAM = "+stream";

/**
 * Gives the codec that an option asks for.
 *
 * @param option The option; `undefined` means `"structured"`.
 * @param compress How values are to be compressed: that is added to the codec's name.
 * @returns The codec.
 * @throws {TypeError} If the option is no codec and no name of a built-in one, or if a codec's name is empty, too long,
 * that of a built-in one or that of a compressed entry or a stream.
 */
export function resolveCodec(
  option: CodecOption | undefined,
  compress: Compression | false = false,
): Codec {
  if (option === undefined) return structured;
  const codec = builtIn(option);
  if (codec !== undefined) return codec;
  if (typeof option !== "object" || option === null) {
    throw new TypeError(
      `Cannot use codec: neither "structured" nor "msgpack" nor an object: ${show(option)}`,
    );
  }
  const { name, encode, decode } = option;
  if (typeof encode !== "function" || typeof decode !== "function") {
    throw new TypeError(`Cannot use codec: encode and decode must be functions: ${show(option)}`);
  }
  const longest = compress === false ? MAX_NAME : MAX_NAME - `+${compress}`.length;
  if (typeof name !== "string" || name === "" || new TextEncoder().encode(name).length > longest) {
    throw new TypeError(
      `Cannot use codec: its name must be a text of 1 to ${longest} bytes: ${show(name)}`,
    );
  }
  if (compressionOf(name) !== undefined) {
    throw new TypeError(
      `Cannot use codec: its name ends as that of a compressed entry does: ${show(name)}`,
    );
  }
  if (isStreamName(name)) {
    throw new TypeError(`Cannot use codec: its name ends as that of a stream does: ${show(name)}`);
  }
  // The built-in codecs themselves may be passed as they are.
  const namesake = builtIn(name);
  if (namesake !== undefined && namesake !== option) {
    throw new TypeError(`Cannot use codec: its name belongs to a built-in codec: ${show(name)}`);
  }
  return option;
}

/**
 * Finds the codec of an entry.
 *
 * @param name The name that was stored with the entry, which may say that it is compressed.
 * @param own The reader's own codec.
 * @returns The codec, or `undefined` if the reader has none of that name.
 */
export function codecNamed(name: string, own: Codec): Codec | undefined {
  const compression = compressionOf(name);
  const inner = compression === undefined ? name : name.slice(0, -`+${compression}`.length);
  return own.name === inner ? own : builtIn(inner);
}

/**
 * Gives the name under which the manifest of a stream is stored. A reader that does not know of streams knows no codec of that
 * name, so that it can't take the manifest for a value.
 *
 * @param codec The name of the codec that encoded the entry's key.
 * @returns The name.
 */
export function streamNameOf(codec: string): string {
  return codec + STREAM;
}

/**
 * Tells whether a name is that of the manifest of a stream.
 *
 * @param name The name that was stored with an entry.
 * @returns Whether it is.
 */
export function isStreamName(name: string): boolean {
  return name.endsWith(STREAM);
}

/**
 * Gives the name of the codec that encoded the key of an entry.
 *
 * @param name The name that was stored with the entry.
 * @returns The name of the codec.
 */
export function keyCodecOf(name: string): string {
  return isStreamName(name) ? name.slice(0, -STREAM.length) : name;
}

function builtIn(name: unknown): Codec | undefined {
  switch (name) {
    case "structured":
      return structured;
    case "msgpack":
      return msgpack;
    default:
      return undefined;
  }
}

function show(value: unknown): string {
  return Deno.inspect(value, { depth: 0, colors: false, strAbbreviateSize: 100 });
}
