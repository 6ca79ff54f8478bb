// Copyright 2026 the pecapiku authors. MIT license.

import type { ClassInfo } from "./_class_info.ts";
import type { Encoding } from "./_encoding.ts";
import { hasOnlyElements, MANY_ELEMENTS } from "./_named_keys.ts";
import { keysOfPlatformObject } from "./_platform_keys.ts";
import * as own from "./_primordials.ts";
import { Tag } from "./_tags.ts";
import { writeTemporal } from "./_temporal.ts";

type Write = (encoding: Encoding, value: object, info: ClassInfo) => void;

// Node cuts small Buffers from pools of this size, and no others.
const POOL_SIZE = 8192;

const boxedValues: Readonly<Record<string, (self: unknown) => unknown>> = {
  Boolean: own.uncurry(Boolean.prototype, "valueOf"),
  Number: own.uncurry(Number.prototype, "valueOf"),
  String: own.uncurry(String.prototype, "valueOf"),
  BigInt: own.uncurry(BigInt.prototype, "valueOf"),
  Symbol: own.uncurry(Symbol.prototype, "valueOf"),
};
const urlHref = own.uncurry<string>(URL.prototype, "href");
const urlSearchParams = own.uncurry<URLSearchParams>(URL.prototype, "searchParams");
const paramsForEach = own.uncurry<void>(URLSearchParams.prototype, "forEach");
// Loaded late, as the class is.
let headersForEach: ((self: unknown, ...args: unknown[]) => void) | undefined;
const exceptionName = own.uncurry<string>(DOMException.prototype, "name");
const exceptionMessage = own.uncurry<string>(DOMException.prototype, "message");

const writers: Readonly<Record<string, Write>> = {
  map(encoding, value, info) {
    if (!own.slotTests().isMap(value)) pretended(encoding, info);
    const items: unknown[] = [];
    own.mapForEach(value, (item: unknown, key: unknown) => items.push(key, item));
    begin(encoding, Tag.map, info);
    encoding.writer.varuint(items.length / 2);
    encoding.queueProperties(value, own.ownKeys(value));
    encoding.queueValues(value, items, "map");
  },
  set(encoding, value, info) {
    if (!own.slotTests().isSet(value)) pretended(encoding, info);
    const items: unknown[] = [];
    own.setForEach(value, (item: unknown) => items.push(item));
    begin(encoding, Tag.set, info);
    encoding.writer.varuint(items.length);
    encoding.queueProperties(value, own.ownKeys(value));
    encoding.queueValues(value, items, "set");
  },
  date(encoding, value, info) {
    if (!own.slotTests().isDate(value)) pretended(encoding, info);
    begin(encoding, Tag.date, info);
    encoding.writer.double(own.dateTime(value));
    encoding.queueProperties(value, own.ownKeys(value));
  },
  regExp(encoding, value, info) {
    if (!own.slotTests().isRegExp(value)) pretended(encoding, info);
    begin(encoding, Tag.regExp, info);
    encoding.writer.string(own.regExpSource(value));
    encoding.writer.string(own.regExpFlags(value));
    encoding.queueProperties(value, own.ownKeys(value));
  },
  boxed(encoding, value, info) {
    if (!own.slotTests().isBoxedPrimitive(value)) pretended(encoding, info);
    const content = boxedValues[info.baseName]!(value);
    let keys = own.ownKeys(value);
    if (typeof content === "string") {
      // What comes first are the code units, then the length.
      keys = keys.slice(content.length).filter((key) => key !== "length");
    }
    begin(encoding, Tag.boxed, info);
    encoding.queueProperties(value, keys);
    encoding.queueValues(value, [content], "boxed");
  },
  error(encoding, value, info) {
    if (!own.isError(value)) pretended(encoding, info);
    begin(encoding, Tag.error, info);
    encoding.writer.string(info.baseName);
    // The stack differs from process to process.
    encoding.queueProperties(value, own.ownKeys(value).filter((key) => key !== "stack"));
  },
  arrayBuffer(encoding, value, info) {
    const buffer = value as ArrayBuffer;
    if (own.bufferDetached(buffer)) encoding.refuse("a detached ArrayBuffer");
    const length = own.bufferByteLength(buffer);
    const { writer } = encoding;
    begin(encoding, Tag.arrayBuffer, info);
    // A buffer that can grow is not one that can't; 0 is no length to grow to.
    writer.varuint(own.bufferResizable(buffer) ? own.bufferMaxByteLength(buffer) + 1 : 0);
    encoding.storages.write(writer, buffer, 0, length, false);
    writer.content(new Uint8Array(buffer));
    encoding.queueProperties(value, own.ownKeys(value));
  },
  view: writeView,
  url(encoding, value, info) {
    const href = urlHref(value);
    const params = urlSearchParams(value);
    begin(encoding, Tag.url, info);
    encoding.writer.string(href);
    encoding.queueProperties(value, keysOfPlatformObject(value, info));
    // Code can change the one through the other.
    encoding.queueValues(value, [params], "url");
  },
  urlSearchParams(encoding, value, info) {
    const items: string[] = [];
    paramsForEach(value, (item: string, name: string) => items.push(name, item));
    begin(encoding, Tag.urlSearchParams, info);
    encoding.writer.varuint(items.length / 2);
    for (const item of items) encoding.writer.string(item);
    encoding.queueProperties(value, keysOfPlatformObject(value, info));
  },
  headers(encoding, value, info) {
    const items: string[] = [];
    headersForEach ??= own.uncurry<void>(Headers.prototype, "forEach");
    headersForEach(value, (item: string, name: string) => items.push(name, item));
    begin(encoding, Tag.headers, info);
    encoding.writer.varuint(items.length / 2);
    for (const item of items) encoding.writer.string(item);
    encoding.queueProperties(value, keysOfPlatformObject(value, info));
  },
  domException(encoding, value, info) {
    const name = exceptionName(value);
    const message = exceptionMessage(value);
    begin(encoding, Tag.domException, info);
    encoding.writer.string(name);
    encoding.writer.string(message);
    encoding.queueProperties(
      value,
      keysOfPlatformObject(value, info).filter((key) => key !== "stack"),
    );
  },
  temporal(encoding, value, info) {
    begin(encoding, Tag.temporal, info);
    writeTemporal(encoding.writer, info.baseName, value);
    encoding.queueProperties(value, own.ownKeys(value));
  },
};

/**
 * Writes the content of a built-in object, or of an instance of a class that extends one, and queues what else is in it.
 *
 * @param encoding The encoding under way.
 * @param value The object.
 * @param info What is known of its class.
 * @throws {UncacheableKeyError} If the object only has the prototype of a built-in one.
 */
export function writeBuiltin(encoding: Encoding, value: object, info: ClassInfo): void {
  writers[info.base!]!(encoding, value, info);
}

function begin(encoding: Encoding, tag: number, info: ClassInfo): void {
  encoding.writer.byte(tag);
  encoding.classes(info);
}

function pretended(encoding: Encoding, info: ClassInfo): never {
  return encoding.refuse(`an object with the prototype of ${info.baseName} that is none`);
}

function writeView(encoding: Encoding, value: object, info: ClassInfo): void {
  if (!own.isView(value)) pretended(encoding, info);
  const kind = own.typedArrayKind(value) ?? "DataView";
  if (kind !== info.baseName) pretended(encoding, info);
  const isData = kind === "DataView";
  const buffer = isData ? own.dataViewBuffer(value) : own.typedArrayBuffer(value);
  if (own.slotTests().isSharedArrayBuffer(buffer)) {
    encoding.refuse("a view of a SharedArrayBuffer, which others can change at any time,");
  }
  // Whether such a view follows the length of its buffer can't be seen.
  if (own.bufferResizable(buffer)) encoding.refuse("a view of a resizable ArrayBuffer");
  if (own.bufferDetached(buffer)) encoding.refuse("a view of a detached ArrayBuffer");
  const start = isData ? own.dataViewByteOffset(value) : own.typedArrayByteOffset(value);
  const length = isData ? own.dataViewByteLength(value) : own.typedArrayByteLength(value);
  const keys = isData ? own.ownKeys(value) : namedKeys(value, info);
  const { writer } = encoding;
  begin(encoding, Tag.view, info);
  writer.string(kind);
  const isPooled = info.classes[0]?.name === "Buffer" &&
    own.bufferByteLength(buffer) === POOL_SIZE &&
    length < POOL_SIZE;
  encoding.storages.write(writer, buffer, start, length, isPooled);
  writer.content(new Uint8Array(buffer as ArrayBuffer, start, length));
  encoding.queueProperties(value, keys);
}

// The keys of a typed array that are no indices.
function namedKeys(value: object, info: ClassInfo): (string | symbol)[] {
  const length = own.typedArrayLength(value);
  const isPlain = info.classes.length === 0 || info.classes[0]!.name === "Buffer";
  if (
    length > MANY_ELEMENTS && isPlain &&
    hasOnlyElements(value, () => new samples[info.baseName]!(MANY_ELEMENTS))
  ) {
    return [];
  }
  return own.ownKeys(value).slice(length);
}

const samples: Readonly<Record<string, new (length: number) => object>> = {
  BigInt64Array,
  BigUint64Array,
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
};
