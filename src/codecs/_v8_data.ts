// Copyright 2026 the pecapiku authors. MIT license.

import defer * as v8 from "node:v8";

import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
import type { Parts } from "../stores/store.ts";
import type { SurveyNode } from "./_survey_node.ts";
import { byteLengthOf, isResizable } from "./_view_access.ts";

/** From this length on, the content of a buffer is kept apart from V8's data: V8 copies 8 MB in 11 ms, each way. */
const APART = 65_536;

/**
 * Finds the buffers whose content is kept apart.
 *
 * @param nodes The objects of a value.
 * @returns The buffers, in the order in which they were met.
 */
export function largeBuffers(nodes: Iterable<SurveyNode>): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const { kind, value } of nodes) {
    if (kind === "buffer" && byteLengthOf(value) >= APART && !isResizable(value)) {
      buffers.push(value as ArrayBuffer);
    }
  }
  return buffers;
}

/**
 * Writes a value with V8's serializer.
 *
 * @param value The value.
 * @param buffers The buffers whose content is kept apart.
 * @returns V8's data, and then the content of the buffers, not copied.
 * @throws {UncacheableValueError} If V8 refuses the value.
 */
export function writeV8(value: unknown, buffers: readonly ArrayBuffer[]): Parts {
  // Not v8.serialize: what it makes of views loses which of them share a buffer.
  const serializer = new v8.Serializer();
  serializer.writeHeader();
  for (let id = 0; id < buffers.length; id++) {
    serializer.transferArrayBuffer(id, buffers[id]!);
  }
  try {
    serializer.writeValue(value);
  } catch (cause) {
    throw new UncacheableValueError("Cannot store value: V8 can't serialize what is in value", {
      cause,
    });
  }
  const { buffer, byteOffset, byteLength } = serializer.releaseBuffer();
  return [
    new Uint8Array(buffer, byteOffset, byteLength),
    ...buffers.map((content) => new Uint8Array(content)),
  ];
}

/**
 * Reads what {@linkcode writeV8} wrote.
 *
 * @param data V8's data.
 * @param buffers The content of the buffers. The value takes them over.
 * @returns The value.
 * @throws {Error} If it is not V8's data, or a newer V8 wrote it.
 */
export function readV8(data: Uint8Array, buffers: readonly Uint8Array[]): unknown {
  const deserializer = new v8.Deserializer(data);
  if (!deserializer.readHeader()) {
    throw new TypeError("Cannot decode value: no data of V8, or of a newer one");
  }
  for (let id = 0; id < buffers.length; id++) {
    deserializer.transferArrayBuffer(id, wholeBuffer(buffers[id]!));
  }
  return deserializer.readValue();
}

function wholeBuffer(content: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = content;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return whole ? buffer : content.slice().buffer;
}
