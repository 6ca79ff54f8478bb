// Copyright 2026 the pecapiku authors. MIT license.

import defer * as messagePack from "@std/msgpack";

import { MsgpackLimits } from "./_msgpack_limits.ts";
import { checkMsgpackValue, hasPrototypeKey } from "./_msgpack_value.ts";
import { Survey } from "./_survey.ts";
import type { Codec } from "./codec.ts";

/**
 * The codec for JSON-like values that programs in other languages read: `null`, booleans, numbers but `-0`, strings,
 * bigints of up to 64 bits, `Uint8Array`, dense arrays and plain objects, in MessagePack.
 */
export const msgpack: Codec = {
  name: "msgpack",

  encode(value: unknown): Uint8Array {
    const limits = new MsgpackLimits();
    new Survey(value, limits.depth, limits);
    return messagePack.encode(value as Parameters<typeof messagePack.encode>[0]);
  },

  decode(bytes: Uint8Array): unknown {
    const { decode } = messagePack;
    if (hasPrototypeKey(bytes, decode)) {
      throw new TypeError("Cannot decode value: a map has the key __proto__");
    }
    return checkMsgpackValue(decode(bytes));
  },
};
