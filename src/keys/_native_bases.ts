// Copyright 2026 the pecapiku authors. MIT license.

import { hasOwn } from "./_primordials.ts";

/** What an object is at bottom, and so how its content is written. */
export type NativeBase =
  | "object"
  | "null"
  | "array"
  | "map"
  | "set"
  | "date"
  | "regExp"
  | "boxed"
  | "error"
  | "arrayBuffer"
  | "view"
  | "url"
  | "urlSearchParams"
  | "headers"
  | "domException"
  | "temporal";

/** A built-in class whose content is known. */
export interface NativeClass {
  /** What its instances are. */
  readonly base: NativeBase;
  /** Its name. */
  readonly name: string;
}

const classes = new Map<object, NativeClass>();

function know(base: NativeBase, constructors: Record<string, { prototype: object }>): void {
  for (const [name, constructor] of Object.entries(constructors)) {
    classes.set(constructor.prototype, { base, name });
  }
}

know("object", { Object });
know("array", { Array });
know("map", { Map });
know("set", { Set });
know("date", { Date });
know("regExp", { RegExp });
know("boxed", { Boolean, Number, String, BigInt, Symbol });
know("error", {
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SuppressedError,
  SyntaxError,
  TypeError,
  URIError,
});
know("arrayBuffer", { ArrayBuffer });
know("view", {
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float16Array,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
});
know("url", { URL });
know("urlSearchParams", { URLSearchParams });
know("domException", { DOMException });

// To touch these loads parts of the platform, which takes longer than all else here: so only when there is an instance.
const lateClasses: Readonly<
  Record<string, () => { base: NativeBase; constructor: { prototype: object } }>
> = {
  Headers: () => ({ base: "headers", constructor: Headers }),
  Duration: () => ({ base: "temporal", constructor: Temporal.Duration }),
  Instant: () => ({ base: "temporal", constructor: Temporal.Instant }),
  PlainDate: () => ({ base: "temporal", constructor: Temporal.PlainDate }),
  PlainDateTime: () => ({ base: "temporal", constructor: Temporal.PlainDateTime }),
  PlainMonthDay: () => ({ base: "temporal", constructor: Temporal.PlainMonthDay }),
  PlainTime: () => ({ base: "temporal", constructor: Temporal.PlainTime }),
  PlainYearMonth: () => ({ base: "temporal", constructor: Temporal.PlainYearMonth }),
  ZonedDateTime: () => ({ base: "temporal", constructor: Temporal.ZonedDateTime }),
};

/**
 * Looks up the built-in class of a prototype.
 *
 * @param prototype The prototype.
 * @returns The class, `undefined` if its content is not known.
 */
export function nativeClass(prototype: object): NativeClass | undefined {
  return classes.get(prototype);
}

/**
 * Looks up the built-in class of a prototype among those that are loaded late.
 *
 * @param prototype The prototype.
 * @param name The name of its class.
 * @param isNative Whether the class is native code; a polyfill is not.
 * @returns The class, `undefined` if it is none of them.
 */
export function lateNativeClass(
  prototype: object,
  name: string,
  isNative: boolean,
): NativeClass | undefined {
  if (!hasOwn(lateClasses, name)) return undefined;
  const { base, constructor } = lateClasses[name]!();
  if (constructor.prototype !== prototype || (base === "temporal" && !isNative)) return undefined;
  const found = { base, name };
  classes.set(prototype, found);
  return found;
}
