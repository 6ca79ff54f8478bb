// Copyright 2026 the pecapiku authors. MIT license.

import { toPath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { assertOneOf, type OnError } from "../access/storage_options.ts";
import type { CodecOption } from "../codecs/codec.ts";
import { resolveCodec } from "../codecs/resolve_codec.ts";

/**
 * What holds for checkpoints whose options say nothing else. It is read when a checkpoint is made.
 *
 * @example Usage
 * ```ts
 * import { type CheckpointDefaults, defaults } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const all: CheckpointDefaults = defaults;
 * assertEquals(all["cache.filesystem.directory"], ".checkpointing");
 * ```
 */
export interface CheckpointDefaults {
  /** The option `directory`: a path, relative to the current directory when the first call is made, or a `file:` URL. */
  "cache.filesystem.directory": string | URL;
  /** The option `onError`. */
  "checkpoint.on_error": OnError;
  /** The option `codec`. */
  "cache.codec": CodecOption;
}

const CHECKS: Record<keyof CheckpointDefaults, (value: unknown) => void> = {
  "cache.filesystem.directory": (value) => void checkDirectory(value),
  "checkpoint.on_error": (value) =>
    assertOneOf("checkpoint.on_error", value, ["warn", "raise", "ignore"]),
  "cache.codec": (value) => {
    // Of an option, it means that there is none; here, there is none to fall back to.
    if (value === undefined) throw new TypeError(`Cannot set cache.codec: no codec: ${value}`);
    resolveCodec(value as CodecOption);
  },
};

/**
 * Checks a directory as far as that goes without knowing the current one.
 *
 * @param value What a person gave.
 * @returns What does not change any more: a URL is an object.
 * @throws {TypeError} If it is no path or `file:` URL.
 */
export function checkDirectory(value: unknown): string | URL {
  toPath(value as string | URL, "Cannot set directory");
  return value instanceof URL ? new URL(value) : value as string;
}

const values: CheckpointDefaults = {
  "cache.filesystem.directory": ".checkpointing",
  "checkpoint.on_error": "warn",
  "cache.codec": "structured",
};

function isKnown(key: PropertyKey): key is keyof CheckpointDefaults {
  return Object.hasOwn(CHECKS, key);
}

function refuse(action: string, key: PropertyKey): never {
  const known = Object.keys(CHECKS).map(show).join(", ");
  throw new TypeError(`${action}: expected one of ${known}: ${show(key)}`);
}

/**
 * What holds for checkpoints whose options say nothing else. To assign a key or a value that there is not is a `TypeError`.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, defaults } from "@pecapiku/cache/checkpoint";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * defaults["cache.filesystem.directory"] = Deno.makeTempDirSync();
 * defaults["checkpoint.on_error"] = "raise";
 * const square = checkpoint((x: number) => x * x);
 * assertEquals(square(3), 9);
 * assertThrows(() => Object.assign(defaults, { "checkpoint.onError": "raise" }), TypeError);
 * ```
 */
export const defaults: CheckpointDefaults = new Proxy(values, {
  set(target, key, value): boolean {
    if (!isKnown(key)) refuse("Cannot set default", key);
    CHECKS[key](value);
    return Reflect.set(target, key, value instanceof URL ? new URL(value) : value);
  },
  defineProperty(_target, key): never {
    return refuse("Cannot define default", key);
  },
  deleteProperty(_target, key): never {
    throw new TypeError(`Cannot delete default: it can only be set: ${show(key)}`);
  },
  setPrototypeOf(): never {
    throw new TypeError("Cannot change defaults: their prototype is fixed");
  },
  preventExtensions(): never {
    throw new TypeError("Cannot freeze defaults: they are there to be set");
  },
});
