// Copyright 2026 the pecapiku authors. MIT license.

import {
  bufferOf,
  className,
  hasHiddenContent,
  isBareTypedArray,
  isDetached,
  slots,
  typedArrayLength,
  typedArrayName,
  typedArrayOffset,
} from "./_objects.ts";

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;
const { isArray, prototype: arrayPrototype } = Array;
const { isRawJSON } = JSON as unknown as { isRawJSON?: (value: unknown) => boolean };

/** What V8 does with an object, and so what has to be looked at in it. */
export type Kind =
  | "array"
  | "boxed"
  | "buffer"
  | "date"
  | "error"
  | "map"
  | "object"
  | "regexp"
  | "set"
  | "view";

/** A class of typed arrays. */
export interface TypedArrayClass {
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): object;
  readonly name: string;
  readonly prototype: object;
}

/** The classes of typed arrays. */
const VIEWS: readonly TypedArrayClass[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

const views = new Map<object, (typeof VIEWS)[number]>(VIEWS.map((View) => [View.prototype, View]));

/** The error classes that V8 gives back, and the name it knows each by. */
const errorNames = new Map<object, string>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]
    .map((Class) => [Class.prototype, Class.name]),
);

const kinds = new Map<object, Kind>([
  [Object.prototype, "object"],
  [Array.prototype, "array"],
  [Map.prototype, "map"],
  [Set.prototype, "set"],
  [Date.prototype, "date"],
  [RegExp.prototype, "regexp"],
  [ArrayBuffer.prototype, "buffer"],
  [DataView.prototype, "view"],
  [Boolean.prototype, "boxed"],
  [Number.prototype, "boxed"],
  [String.prototype, "boxed"],
  [BigInt.prototype, "boxed"],
  ...VIEWS.map(({ prototype }) => [prototype, "view"] as const),
  ...[...errorNames.keys()].map((prototype) => [prototype, "error"] as const),
]);

/** The class of typed arrays with a prototype. */
export function typedArrayOf(prototype: object): TypedArrayClass | undefined {
  return views.get(prototype);
}

/** The class of typed arrays with a name. */
export function typedArrayNamed(name: string): TypedArrayClass | undefined {
  return VIEWS.find((View) => View.name === name);
}

/** The prototype of `AggregateError`, which V8 takes for `Error`. */
export const aggregatePrototype: object = AggregateError.prototype;

/**
 * Tells the kind of an object by its prototype; {@linkcode problemOf} tells whether it really is of it.
 *
 * @param prototype The object's prototype.
 * @returns The kind, or `undefined` for any other class.
 */
export function kindOf(prototype: object | null): Kind | undefined {
  return prototype === null ? "object" : kinds.get(prototype);
}

/**
 * Tells why V8 would not give an object back equal. What the object holds is not looked at.
 *
 * @param value The object, not a proxy.
 * @param kind Its kind by {@linkcode kindOf}.
 * @param prototype Its prototype.
 * @returns The reason, or `undefined` if there is none.
 */
export function problemOf(
  value: object,
  kind: Kind,
  prototype: object | null,
): string | undefined {
  switch (kind) {
    case "object":
      return problemOfObject(value);
    case "array":
      return isArray(value) ? undefined : NOT_WHAT_IT_SEEMS;
    case "map":
      return slots().isMap(value) ? problemOfExtras(value, 0) : NOT_WHAT_IT_SEEMS;
    case "set":
      return slots().isSet(value) ? problemOfExtras(value, 0) : NOT_WHAT_IT_SEEMS;
    case "date":
      return slots().isDate(value) ? problemOfExtras(value, 0) : NOT_WHAT_IT_SEEMS;
    case "regexp":
      return problemOfRegExp(value);
    case "buffer":
      return problemOfBuffer(value);
    case "view":
      return problemOfView(value, prototype!);
    case "boxed":
      return problemOfBoxed(value, prototype!);
    case "error":
      return problemOfError(value, prototype!);
  }
}

const NOT_WHAT_IT_SEEMS = "an object that is not what its prototype says";

function problemOfExtras(value: object, expected: number): string | undefined {
  return ownKeys(value).length > expected ? `extra properties of ${withArticle(value)}` : undefined;
}

function problemOfObject(value: object): string | undefined {
  if (isArray(value) || isRawJSON?.(value)) return NOT_WHAT_IT_SEEMS;
  return ownKeys(value).length === 0 && hasHiddenContent(value) ? NOT_WHAT_IT_SEEMS : undefined;
}

function problemOfRegExp(value: object): string | undefined {
  if (!slots().isRegExp(value)) return NOT_WHAT_IT_SEEMS;
  if (typeof (value as RegExp).lastIndex !== "number") return "a lastIndex that is no number";
  return problemOfExtras(value, 1);
}

function problemOfBuffer(value: object): string | undefined {
  if (!slots().isArrayBuffer(value)) return NOT_WHAT_IT_SEEMS;
  if (isDetached(value)) return "a detached ArrayBuffer";
  if ((value as { immutable?: boolean }).immutable === true) return "an immutable ArrayBuffer";
  return problemOfExtras(value, 0);
}

function problemOfView(value: object, prototype: object): string | undefined {
  const View = views.get(prototype);
  if (View === undefined) {
    return slots().isDataView(value) ? problemOfExtras(value, 0) : NOT_WHAT_IT_SEEMS;
  }
  if (typedArrayName(value) !== View.name) return NOT_WHAT_IT_SEEMS;
  const length = typedArrayLength(value);
  const bare = isBareTypedArray(
    value,
    length,
    () => new View(bufferOf(value), typedArrayOffset(value), length),
  );
  return bare ? undefined : `extra properties of ${withArticle(value)}`;
}

function problemOfBoxed(value: object, prototype: object): string | undefined {
  const test = slots();
  if (prototype === String.prototype) {
    if (!test.isStringObject(value)) return NOT_WHAT_IT_SEEMS;
    return problemOfExtras(value, String.prototype.valueOf.call(value).length + 1);
  }
  const right = prototype === Number.prototype
    ? test.isNumberObject(value)
    : prototype === Boolean.prototype
    ? test.isBooleanObject(value)
    : test.isBigIntObject(value);
  return right ? problemOfExtras(value, 0) : NOT_WHAT_IT_SEEMS;
}

/** The getter of `stack` that V8 gives to every error. */
let nativeStack: (() => unknown) | undefined;

function problemOfError(value: object, prototype: object): string | undefined {
  if (!slots().isNativeError(value)) return NOT_WHAT_IT_SEEMS;
  // V8 finds the class of an error by what its `name` reads.
  if (getOwnPropertyDescriptor(prototype, "name")?.value !== errorNames.get(prototype)) {
    return "an error whose class has another name";
  }
  let stack: PropertyDescriptor | undefined;
  for (const key of ownKeys(value)) {
    const descriptor = getOwnPropertyDescriptor(value, key)!;
    const known = key === "stack" || key === "message" || key === "cause" ||
      (key === "errors" && prototype === aggregatePrototype);
    if (!known || descriptor.enumerable) return "extra properties of an error";
    if (key === "stack") stack = descriptor;
    else if (!("value" in descriptor)) return "an accessor of an error";
    else if (key === "message" && typeof descriptor.value !== "string") {
      return "an error whose message is no string";
    } else if (key === "errors" && !isPlainArray(descriptor.value)) {
      return "an error whose errors are no array";
    }
  }
  return problemOfStack(value, stack);
}

function isPlainArray(value: unknown): boolean {
  return isArray(value) && getPrototypeOf(value) === arrayPrototype;
}

function problemOfStack(error: object, stack: PropertyDescriptor | undefined): string | undefined {
  if (stack === undefined) return "an error without a stack";
  if (stack.get !== undefined || stack.set !== undefined) {
    nativeStack ??= getOwnPropertyDescriptor(new Error(), "stack")!.get;
    if (stack.get !== nativeStack) return "an accessor of an error";
  }
  return typeof (error as Error).stack === "string" ? undefined : "an error whose stack is no text";
}

function withArticle(value: object): string {
  const name = className(value) ?? "object";
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}
