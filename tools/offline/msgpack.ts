// Copyright 2026 the pecapiku authors. MIT license.

/**
 * `@std/msgpack` over `npm:@msgpack/msgpack`, for networks that do not reach JSR.
 *
 * The library writes and reads what is the same in both: numbers, bytes, marks. All that the two take
 * differently is decided here: what is refused and how, the members of arrays and maps, strings
 * (lone surrogates, byte order marks, invalid UTF-8), and where bytes end.
 *
 * @module
 */

import defer * as library from "@msgpack/msgpack";

/** Bytes over a buffer of their own. */
export type Uint8Array_ = ReturnType<Uint8Array["slice"]>;

/** What can be encoded. */
export type ValueType =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly ValueType[]
  | ValueMap;

/** A map of what can be encoded. */
export interface ValueMap {
  /** An entry. */
  [index: string | number]: ValueType;
}

/** Integers outside 32 bits are floats, and bigints integers of 64 bits, with this option. */
const OPTIONS = { useBigInt64: true } as const;

/** First bytes of the lengths in 8, 16 and 32 bits of each kind, and of the short form. */
const STRING = { short: 0xa0, shortBelow: 32, sized: [0xd9, 0xda, 0xdb] } as const;
const ARRAY = { short: 0x90, shortBelow: 16, sized: [undefined, 0xdc, 0xdd] } as const;
const MAP = { short: 0x80, shortBelow: 16, sized: [undefined, 0xde, 0xdf] } as const;

type Kind = typeof STRING | typeof ARRAY | typeof MAP;

/** How many bytes follow the first one of a number, by that first byte. */
const NUMBER_BYTES: Readonly<Record<number, number>> = {
  0xca: 4,
  0xcb: 8,
  0xcc: 1,
  0xcd: 2,
  0xce: 4,
  0xcf: 8,
  0xd0: 1,
  0xd1: 2,
  0xd2: 4,
  0xd3: 8,
};

let libraryEncoder: library.Encoder | undefined;
let libraryDecoder: library.Decoder | undefined;
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/**
 * Encodes a value.
 *
 * @param object The value.
 * @returns Its bytes.
 * @throws {Error} If it, or a part of it, is of another type, or a bigint over 64 bits.
 * @throws {TypeError} If it, or a part of it, is undefined.
 */
export function encode(object: ValueType): Uint8Array_ {
  const parts: Uint8Array[] = [];
  write(object, parts);
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function write(object: ValueType, parts: Uint8Array[]): void {
  if (object === null || typeof object === "boolean" || typeof object === "number") {
    parts.push(encodeLeaf(object));
  } else if (typeof object === "bigint") {
    if (BigInt.asIntN(64, object) !== object && BigInt.asUintN(64, object) !== object) {
      throw new Error("Cannot safely encode bigint larger than 64 bits");
    }
    parts.push(encodeLeaf(object));
  } else if (typeof object === "string") {
    // The library would write a lone surrogate as it is, where UTF-8 has no place for it.
    const utf8 = textEncoder.encode(object);
    parts.push(head(STRING, utf8.length, "string"), utf8);
  } else if (object instanceof Uint8Array) {
    if (object.length >= 2 ** 32) throw tooLarge("Uint8Array");
    parts.push(encodeLeaf(object));
  } else if (Array.isArray(object)) {
    parts.push(head(ARRAY, object.length, "array"));
    for (const item of object) write(item, parts);
  } else if (isPlain(object)) {
    parts.push(head(MAP, Object.keys(object).length, "map"));
    for (const [key, item] of Object.entries(object)) {
      write(key, parts);
      write(item, parts);
    }
  } else {
    throw new Error("Cannot safely encode value into messagepack");
  }
}

function isPlain(value: object): value is ValueMap {
  // For undefined this throws the same TypeError as the original.
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function encodeLeaf(value: number | bigint | boolean | null | Uint8Array): Uint8Array {
  libraryEncoder ??= new library.Encoder(OPTIONS);
  return libraryEncoder.encode(value);
}

function head(kind: Kind, size: number, name: string): Uint8Array {
  if (size < kind.shortBelow) return Uint8Array.of(kind.short | size);
  const [sized8, sized16, sized32] = kind.sized;
  if (sized8 !== undefined && size < 2 ** 8) return Uint8Array.of(sized8, size);
  if (size < 2 ** 16) return Uint8Array.of(sized16, size >>> 8, size);
  if (size < 2 ** 32) return Uint8Array.of(sized32, size >>> 24, size >>> 16, size >>> 8, size);
  throw tooLarge(name);
}

function tooLarge(name: string): Error {
  return new Error(`Cannot safely encode ${name} with size larger than 32 bits`);
}

/**
 * Decodes a value.
 *
 * @param data Its bytes, and nothing else.
 * @returns The value; bytes in it are views of `data`.
 * @throws {EvalError} If the bytes end early or late, or a key of a map is no string or number.
 * @throws {Error} If there is an extension, or a byte that never begins a value.
 */
export function decode(data: Uint8Array): ValueType {
  const reader = {
    data,
    view: new DataView(data.buffer, data.byteOffset, data.byteLength),
    at: 0,
  };
  const value = read(reader);
  if (reader.at < data.length) {
    throw new EvalError("Messagepack decode did not consume whole array");
  }
  return value;
}

interface Reader {
  readonly data: Uint8Array;
  readonly view: DataView;
  at: number;
}

function read(reader: Reader): ValueType {
  const start = reader.at;
  const type = readSize(reader, 1);
  if (type <= 0x7f) return type;
  if (type <= 0x8f) return readMap(reader, type & 0x0f);
  if (type <= 0x9f) return readArray(reader, type & 0x0f);
  if (type <= 0xbf) return readString(reader, type & 0x1f);
  if (type >= 0xe0) return type - 0x100;
  switch (type) {
    case 0xc0:
      return null;
    case 0xc1:
      throw new Error("Messagepack decode encountered a type that is never used");
    case 0xc2:
    case 0xc3:
      return type === 0xc3;
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return take(reader, readSize(reader, 1 << type - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      throw new Error(
        "Cannot decode a slice: Large extension type 'ext' not implemented yet",
      );
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      throw new Error("Cannot decode a slice: 'fixext' not implemented yet");
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readString(reader, readSize(reader, 1 << type - 0xd9));
    case 0xdc:
    case 0xdd:
      return readArray(reader, readSize(reader, 2 << type - 0xdc));
    case 0xde:
    case 0xdf:
      return readMap(reader, readSize(reader, 2 << type - 0xde));
  }
  take(reader, NUMBER_BYTES[type]!);
  return decodeLeaf(reader, start);
}

function readArray(reader: Reader, size: number): ValueType[] {
  const items: ValueType[] = [];
  for (let i = 0; i < size; i++) items.push(read(reader));
  return items;
}

function readMap(reader: Reader, size: number): ValueMap {
  const map: ValueMap = {};
  for (let i = 0; i < size; i++) {
    const key = read(reader);
    const value = read(reader);
    if (typeof key !== "number" && typeof key !== "string") {
      throw new EvalError(
        "Cannot decode a key of a map: The type of key is invalid, keys must be a number or a string",
      );
    }
    // As in the original: under --unsafe-proto the key `__proto__` sets the prototype.
    map[key] = value;
  }
  return map;
}

function readString(reader: Reader, size: number): string {
  return textDecoder.decode(take(reader, size));
}

function readSize(reader: Reader, width: number): number {
  const { view, at } = reader;
  take(reader, width);
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}

function take(reader: Reader, size: number): Uint8Array {
  const end = reader.at + size;
  if (end > reader.data.length) {
    throw new EvalError("Messagepack decode reached end of array prematurely");
  }
  const bytes = reader.data.subarray(reader.at, end);
  reader.at = end;
  return bytes;
}

function decodeLeaf(reader: Reader, start: number): ValueType {
  libraryDecoder ??= new library.Decoder(OPTIONS);
  return libraryDecoder.decode(reader.data.subarray(start, reader.at)) as ValueType;
}
