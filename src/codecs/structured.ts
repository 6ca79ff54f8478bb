// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../stores/store.ts";
import { isJsonPatched, isJsonTree } from "./_json_tree.ts";
import { fromTaggedJson, literalOf, readLiteral, toTaggedJson } from "./_tagged_json.ts";
import { cannotStore, Survey, tooDeep } from "./_survey.ts";
import {
  largeBuffers,
  makeEnvelope,
  movesContents,
  needsEnvelope,
  openEnvelope,
  readV8,
  writeV8,
} from "./_v8_data.ts";
import type { Codec } from "./codec.ts";

const { parse, stringify } = JSON;
const encoder = new TextEncoder();
// Not a fatal one, which is slower by a third: whether the bytes are intact is for the store's checksum to say.
const decoder = new TextDecoder();

// The first byte tells the form. JSON in UTF-8 begins with none of these.
const ENVELOPE = 0x01;
const LITERAL = 0x02;
const TAGGED = 0x03;
const V8 = 0xff;

/**
 * How many levels V8's serializer is given. It recurses: with the usual stack of 1 MB it reads back 2,000 to 4,500 levels,
 * depending on what is nested, and whoever reads the value may have used up a part of the stack. JSON has no such bound.
 */
const MAX_DEPTH = 500;

/**
 * The codec for everything that can be cloned: what `structuredClone` keeps, and null prototypes, `lastIndex`,
 * `AggregateError`, `DOMException`, `URL`, `URLSearchParams`, `Headers`, the types of `Temporal` and registered classes.
 */
export const structured: Codec = {
  name: "structured",

  encode(value: unknown): Uint8Array | Parts {
    if (isJsonTree(value) && !isJsonPatched()) {
      const bytes = encodeJson(value);
      if (bytes !== undefined) return bytes;
    }
    if (typeof value !== "object") {
      const literal = encodeLiteral(value);
      if (literal !== undefined) return literal;
    }
    const survey = new Survey(value, MAX_DEPTH);
    if (survey.json && !isJsonPatched()) {
      const bytes = encodeJson(value);
      if (bytes !== undefined) return bytes;
    }
    const apart: Uint8Array[] = [];
    const tagged = isJsonPatched() ? undefined : toTaggedJson(value, survey, apart);
    if (tagged !== undefined) {
      return [encoder.encode(String.fromCharCode(TAGGED) + stringify(tagged)), ...apart];
    }
    const buffers = largeBuffers(survey.nodes.values());
    if (!needsEnvelope(survey)) {
      checkDepth(survey);
      return writeV8(value, buffers);
    }
    const envelope = makeEnvelope(value, survey);
    const met = movesContents(survey) ? new Survey(envelope, MAX_DEPTH) : survey;
    checkDepth(met, survey.deepest);
    const [data, ...contents] = writeV8(envelope, buffers);
    // Not written through the serializer: V8 lowers the version in its header only where its data begin.
    const bytes = new Uint8Array(data.length + 1);
    bytes[0] = ENVELOPE;
    bytes.set(data, 1);
    return [bytes, ...contents];
  },

  decode(bytes: Uint8Array, buffers: readonly Uint8Array[]): unknown {
    switch (bytes[0]) {
      case V8:
        return readV8(bytes, buffers);
      case ENVELOPE:
        return openEnvelope(readV8(bytes.subarray(1), buffers));
      case LITERAL:
        return readLiteral(decoder.decode(bytes.subarray(1)));
      case TAGGED:
        return fromTaggedJson(parse(decoder.decode(bytes.subarray(1))), buffers);
      default:
        return parse(decoder.decode(bytes));
    }
  },
};

function checkDepth({ depth, deepest }: Survey, path = deepest): void {
  if (depth > MAX_DEPTH) throw cannotStore(tooDeep(MAX_DEPTH), path);
}

/** Encodes as JSON; gives `undefined` if the text would be longer than a string can be. */
function encodeJson(value: unknown): Uint8Array | undefined {
  try {
    return encoder.encode(stringify(value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Encodes one of the values that JSON does not have but that are short to write; gives `undefined` for any other. */
function encodeLiteral(value: unknown): Uint8Array | undefined {
  const text = literalOf(value);
  return text === undefined ? undefined : encoder.encode(`${String.fromCharCode(LITERAL)}${text}`);
}
