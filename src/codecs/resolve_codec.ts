// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec, CodecOption } from "./codec.ts";
import { msgpack } from "./msgpack.ts";
import { structured } from "./structured.ts";

/** The name is stored with its length in one byte. */
const MAX_NAME = 255;

/**
 * Gives the codec that an option asks for.
 *
 * @param option The option; `undefined` means `"structured"`.
 * @returns The codec.
 * @throws {TypeError} If the option is no codec and no name of a built-in one, or if a codec's name is empty, too long
 * or that of a built-in one.
 */
export function resolveCodec(option: CodecOption | undefined): Codec {
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
  if (typeof name !== "string" || name === "" || new TextEncoder().encode(name).length > MAX_NAME) {
    throw new TypeError(
      `Cannot use codec: its name must be a text of 1 to ${MAX_NAME} bytes: ${show(name)}`,
    );
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
 * @param name The name that was stored with the entry.
 * @param own The reader's own codec.
 * @returns The codec, or `undefined` if the reader has none of that name.
 */
export function codecNamed(name: string, own: Codec): Codec | undefined {
  return own.name === name ? own : builtIn(name);
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
