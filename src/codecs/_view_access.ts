// Copyright 2026 the pecapiku authors. MIT license.

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

/** A getter as a function of the object, as it was when the module loaded: it reads the object itself, not a property. */
function getter<T>(prototype: object, name: PropertyKey): (object: object) => T {
  const { get } = getOwnPropertyDescriptor(prototype, name)!;
  return Function.prototype.call.bind(get!) as (object: object) => T;
}

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as object;

/** The name of a typed array's class; `undefined` for anything else. */
export const typedArrayName: (view: object) => string | undefined = getter(
  typedArrayPrototype,
  Symbol.toStringTag,
);
/** Where a typed array begins in its buffer, in bytes. */
export const typedArrayOffset: (view: object) => number = getter(typedArrayPrototype, "byteOffset");
/** How many elements a typed array has. */
export const typedArrayLength: (view: object) => number = getter(typedArrayPrototype, "length");
/** Whether the content of an `ArrayBuffer` was moved elsewhere. */
export const isDetached: (buffer: object) => boolean = getter(ArrayBuffer.prototype, "detached");
/** Whether an `ArrayBuffer` can change its length. */
export const isResizable: (buffer: object) => boolean = getter(ArrayBuffer.prototype, "resizable");
/** The length of an `ArrayBuffer`, in bytes. */
export const byteLengthOf: (buffer: object) => number = getter(ArrayBuffer.prototype, "byteLength");

const typedArrayBuffer = getter<ArrayBufferLike>(typedArrayPrototype, "buffer");
const dataViewBuffer = getter<ArrayBufferLike>(DataView.prototype, "buffer");

/**
 * Gives the buffer that a view shows.
 *
 * @param view A typed array or a `DataView`.
 * @returns Its buffer.
 * @throws {TypeError} If it is neither.
 */
export function bufferOf(view: object): ArrayBufferLike {
  return typedArrayName(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);
}
