// Copyright 2026 the pecapiku authors. MIT license.

import { slots } from "./_slots.ts";
import type { SurveyLimits, SurveyNode } from "./_survey_node.ts";
import { bufferOf, isDetached, isResizable } from "./_view_access.ts";

const { is, prototype: objectPrototype } = Object;
const BYTE_ORDER_MARK = 0xfeff;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/** What MessagePack, as `@std/msgpack` writes and reads it, gives back equal. For one value. */
export class MsgpackLimits implements SurveyLimits {
  /** Both directions recurse, and need less than a tenth of the usual stack for this many levels. */
  readonly depth = 500;
  readonly again = "an object that is there already, which MessagePack would give back as two";

  readonly #buffers = new Set<object>();

  leaf(value: unknown): string | undefined {
    switch (typeof value) {
      case "string":
        return problemOfText(value);
      case "number":
        return is(value, -0) ? "the number -0" : undefined;
      case "bigint":
        return value < MIN_INTEGER || value > MAX_INTEGER ? "a bigint of over 64 bits" : undefined;
      case "undefined":
        return "undefined";
      default:
        return undefined;
    }
  }

  node(node: SurveyNode): string | undefined {
    switch (node.kind) {
      case "object":
        return node.prototype === objectPrototype
          ? problemOfNames(node.names!)
          : "an object with a null prototype";
      case "array":
        return node.names === undefined
          ? undefined
          : "an array with holes or properties of its own";
      case "view":
        return this.#problemOfView(node);
      default:
        return `what MessagePack has no type for (${node.type?.name ?? node.kind})`;
    }
  }

  #problemOfView(node: SurveyNode): string | undefined {
    if (node.prototype !== Uint8Array.prototype) return "a view that is no Uint8Array";
    const buffer = bufferOf(node.value);
    if (!slots().isArrayBuffer(buffer)) return "a Uint8Array over shared memory";
    if (isDetached(buffer)) return "a Uint8Array over a detached ArrayBuffer";
    if (isResizable(buffer)) return "a Uint8Array over a resizable ArrayBuffer";
    if (this.#buffers.has(buffer)) return "a Uint8Array that shares its buffer with another one";
    this.#buffers.add(buffer);
    // The bytes are all that is stored; that the buffer may be longer is not.
    node.children = [];
    return undefined;
  }
}

function problemOfNames(names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name === "__proto__") return "an object with a property __proto__";
    const problem = problemOfText(name);
    if (problem !== undefined) return `an object with, as a property's name, ${problem}`;
  }
  return undefined;
}

function problemOfText(text: string): string | undefined {
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) return "a string that begins with U+FEFF";
  return text.isWellFormed() ? undefined : "a string with a lone surrogate";
}
