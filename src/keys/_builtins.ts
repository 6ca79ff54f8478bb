// Copyright 2026 the pecapiku authors. MIT license.

import type { ClassInfo } from "./_classes.ts";
import { type CanonicalWriter, Tag } from "./_canonical_writer.ts";
import type { Encoding } from "./_encoding.ts";
import * as own from "./_platform.ts";
import { hasOnlyElements, MANY_ELEMENTS } from "./_property_keys.ts";

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
    hasOnlyElements(value, () => new typedArrays[info.baseName]!(MANY_ELEMENTS))
  ) {
    return [];
  }
  return own.ownKeys(value).slice(length);
}

const typedArrays: Readonly<Record<string, new (length: number) => object>> = {
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

const PlatformURL = URL;
const PlatformSearchParams = URLSearchParams;
const PlatformException = DOMException;

const platformSamples: Readonly<Record<string, () => object>> = {
  url: () => new PlatformURL("a:"),
  urlSearchParams: () => new PlatformSearchParams(),
  headers: () => {
    const headers = new Headers([["a", "b"]]);
    // The first look at them leaves a property behind.
    for (const _ of headers);
    return headers;
  },
  domException: () => new PlatformException(),
};

const platformSymbols = new Map<string, ReadonlySet<symbol>>();

// The keys of what a program added to an object of the platform. The platform keeps the object's state in properties under
// symbols of its own; their content is read through getters.
function keysOfPlatformObject(value: object, { base }: ClassInfo): (string | symbol)[] {
  let internal = platformSymbols.get(base!);
  if (internal === undefined) {
    internal = new Set(own.getSymbols(platformSamples[base!]!()));
    platformSymbols.set(base!, internal);
  }
  const symbols = internal;
  return own.ownKeys(value).filter((key) => typeof key === "string" || !symbols.has(key));
}

type WriteTemporal = (writer: CanonicalWriter, value: object) => void;

// With its calendar, the ISO text of a plain value holds all of it; also the hidden day of a year and month.
const withCalendar = Object.freeze({ __proto__: null, calendarName: "always" });

function asText(prototype: object): WriteTemporal {
  const toString = own.uncurry<string>(prototype, "toString");
  return (writer, value) => writer.string(toString(value, withCalendar));
}

// To touch Temporal takes longer than to load all of this package's keys: so only when there is a value of it.
function makeTemporalWriters(): Readonly<Record<string, WriteTemporal>> {
  const instantNanoseconds = own.uncurry<bigint>(Temporal.Instant.prototype, "epochNanoseconds");
  const zonedNanoseconds = own.uncurry<bigint>(
    Temporal.ZonedDateTime.prototype,
    "epochNanoseconds",
  );
  const zonedTimeZone = own.uncurry<string>(Temporal.ZonedDateTime.prototype, "timeZoneId");
  const zonedCalendar = own.uncurry<string>(Temporal.ZonedDateTime.prototype, "calendarId");
  // The text of a duration adds its fractions of a second up, so that 1,000 ms look like 1 s.
  const durationFields = DURATION_FIELDS.map((name) =>
    own.uncurry<number>(Temporal.Duration.prototype, name)
  );
  return {
    Duration: (writer, value) => {
      for (const field of durationFields) writer.number(field(value));
    },
    Instant: (writer, value) => writer.bigint(instantNanoseconds(value)),
    PlainDate: asText(Temporal.PlainDate.prototype),
    PlainDateTime: asText(Temporal.PlainDateTime.prototype),
    PlainMonthDay: asText(Temporal.PlainMonthDay.prototype),
    PlainTime: asText(Temporal.PlainTime.prototype),
    PlainYearMonth: asText(Temporal.PlainYearMonth.prototype),
    ZonedDateTime: (writer, value) => {
      writer.bigint(zonedNanoseconds(value));
      writer.string(zonedTimeZone(value));
      writer.string(zonedCalendar(value));
    },
  };
}

const DURATION_FIELDS = [
  "years",
  "months",
  "weeks",
  "days",
  "hours",
  "minutes",
  "seconds",
  "milliseconds",
  "microseconds",
  "nanoseconds",
];

let temporalWriters: Readonly<Record<string, WriteTemporal>> | undefined;

function writeTemporal(writer: CanonicalWriter, name: string, value: object): void {
  writer.string(name);
  temporalWriters ??= makeTemporalWriters();
  temporalWriters[name]!(writer, value);
}
