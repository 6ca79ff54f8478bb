// Copyright 2026 the pecapiku authors. MIT license.

import { FileKey } from "../file_key.ts";
import { isProxy } from "./_objects.ts";

const { getOwnPropertyDescriptor } = Object;
const { ownKeys } = Reflect;

/** A class whose instances are stored as something else. */
export interface StoredType {
  /** The name that is stored with each instance. */
  readonly name: string;
  /** What exactly the instances have as their prototype. */
  readonly prototype: object;
  /** Gives what is stored instead of an instance. */
  encode(instance: object): unknown;
  /** Gives the instance back. */
  decode(content: unknown): unknown;
}

const byPrototype = new Map<object, StoredType>();
const byName = new Map<string, StoredType>();

/**
 * Registers a type, over another one of the same name or class.
 *
 * @param type The type.
 */
export function addStoredType(type: StoredType): void {
  const former = byName.get(type.name);
  // What comes back under the name is of the new class from now on, so the former can't be stored any more.
  if (former !== undefined && byPrototype.get(former.prototype) === former) {
    byPrototype.delete(former.prototype);
  }
  byName.set(type.name, type);
  byPrototype.set(type.prototype, type);
}

/**
 * Finds the type of an object by its prototype.
 *
 * @param prototype The object's prototype.
 * @returns The type, or `undefined` if there is none for exactly this prototype.
 */
export function storedTypeOf(prototype: object): StoredType | undefined {
  const type = byPrototype.get(prototype);
  if (type !== undefined) return type;
  return isProxy(prototype) ? undefined : builtInTypeOf(prototype);
}

/**
 * Finds a type by the name that was stored.
 *
 * @param name The name.
 * @returns The type, or `undefined` if none is registered.
 */
export function storedTypeNamed(name: string): StoredType | undefined {
  return byName.get(name) ?? builtInTypeNamed(name);
}

/** How the instances of a class of the platform, or of this package, are stored. */
interface BuiltInType {
  /** Gives the class. Not asked before an instance is there: to touch `Temporal` alone takes 17 ms. */
  readonly class: () => { readonly prototype: object };
  /** Gives any instance, to see which properties they all have. Without it, they have none. */
  readonly sample?: () => object;
  readonly encode: (instance: never) => unknown;
  readonly decode: (content: never) => object;
}

const DATE = /^([+-]?\d+)-(\d\d)-(\d\d)/;

/** The year, month and day by the ISO calendar, of a date or a part of one. */
function isoDate(
  value: Temporal.PlainMonthDay | Temporal.PlainYearMonth,
): [year: number, month: number, day: number, calendar: string] {
  const match = DATE.exec(value.toString({ calendarName: "always" }))!;
  return [Number(match[1]), Number(match[2]), Number(match[3]), value.calendarId];
}

const TYPES = new Map<string, BuiltInType>(Object.entries<BuiltInType>({
  "pecapiku.FileKey": {
    class: () => FileKey,
    sample: () => new FileKey("/", "0".repeat(64), 0),
    encode: ({ path, sha256, size }: FileKey) => [path, sha256, size],
    decode: (content: [string, string, number]) => new FileKey(...content),
  },
  URL: {
    class: () => URL,
    sample: () => new URL("about:blank"),
    encode: (url: URL) => {
      const { href } = url;
      if (new URL(href).href !== href) throw new TypeError("the URL reads differently when parsed");
      return href;
    },
    decode: (href: string) => new URL(href),
  },
  URLSearchParams: {
    class: () => URLSearchParams,
    sample: () => new URLSearchParams(),
    // Parameters that belong to a URL change it, so they come back as those of the same URL.
    encode: (params: URLSearchParams) => urlOf(params) ?? [...params],
    decode: (content: URL | [string, string][]) =>
      content instanceof URL ? content.searchParams : new URLSearchParams(content),
  },
  Headers: {
    class: () => Headers,
    sample: () => {
      const headers = new Headers([["a", "b"]]);
      // Who goes through them leaves a property behind.
      Array.from(headers);
      return headers;
    },
    encode: (headers: Headers) => [...headers],
    decode: (entries: [string, string][]) => new Headers(entries),
  },
  DOMException: {
    class: () => DOMException,
    sample: () => new DOMException(),
    encode: ({ message, name, stack }: DOMException) => [message, name, stack],
    decode: ([message, name, stack]: [string, string, string]) => {
      const exception = new DOMException(message, name);
      exception.stack = stack;
      return exception;
    },
  },
  "Temporal.Instant": {
    class: () => Temporal.Instant,
    encode: (value: Temporal.Instant) => value.epochNanoseconds,
    decode: (nanoseconds: bigint) => new Temporal.Instant(nanoseconds),
  },
  "Temporal.ZonedDateTime": {
    class: () => Temporal.ZonedDateTime,
    // Its text rounds the offset, and an old one has seconds.
    encode: (value: Temporal.ZonedDateTime) => [
      value.epochNanoseconds,
      value.timeZoneId,
      value.calendarId,
    ],
    decode: (content: [bigint, string, string]) => new Temporal.ZonedDateTime(...content),
  },
  "Temporal.PlainDate": {
    class: () => Temporal.PlainDate,
    encode: (value: Temporal.PlainDate) => value.toString(),
    decode: (text: string) => Temporal.PlainDate.from(text),
  },
  "Temporal.PlainTime": {
    class: () => Temporal.PlainTime,
    encode: (value: Temporal.PlainTime) => value.toString(),
    decode: (text: string) => Temporal.PlainTime.from(text),
  },
  "Temporal.PlainDateTime": {
    class: () => Temporal.PlainDateTime,
    encode: (value: Temporal.PlainDateTime) => value.toString(),
    decode: (text: string) => Temporal.PlainDateTime.from(text),
  },
  "Temporal.PlainMonthDay": {
    class: () => Temporal.PlainMonthDay,
    // From its text it would come back with another reference year.
    encode: isoDate,
    decode: ([year, month, day, calendar]: [number, number, number, string]) =>
      new Temporal.PlainMonthDay(month, day, calendar, year),
  },
  "Temporal.PlainYearMonth": {
    class: () => Temporal.PlainYearMonth,
    encode: isoDate,
    decode: ([year, month, day, calendar]: [number, number, number, string]) =>
      new Temporal.PlainYearMonth(year, month, calendar, day),
  },
  "Temporal.Duration": {
    class: () => Temporal.Duration,
    // Its text turns milliseconds into parts of seconds.
    encode: (value: Temporal.Duration) => [
      value.years,
      value.months,
      value.weeks,
      value.days,
      value.hours,
      value.minutes,
      value.seconds,
      value.milliseconds,
      value.microseconds,
      value.nanoseconds,
    ],
    decode: (fields: number[]) => new Temporal.Duration(...fields),
  },
}));

const ready = new Map<string, StoredType>();

/**
 * Finds the built-in type of a prototype.
 *
 * @param prototype The prototype of an object; neither it nor what it inherits from is a proxy.
 * @returns The type, or `undefined` if it is none of them.
 */
export function builtInTypeOf(prototype: object): StoredType | undefined {
  const tag: unknown = getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value;
  if (typeof tag !== "string") return undefined;
  return TYPES.get(tag)?.class().prototype === prototype ? builtInTypeNamed(tag) : undefined;
}

/**
 * Finds a built-in type by its name.
 *
 * @param name The name.
 * @returns The type, or `undefined` if none has that name.
 */
export function builtInTypeNamed(name: string): StoredType | undefined {
  const type = ready.get(name);
  if (type !== undefined) return type;
  const definition = TYPES.get(name);
  if (definition === undefined) return undefined;
  const made = prepare(name, definition);
  ready.set(name, made);
  return made;
}

function prepare(name: string, definition: BuiltInType): StoredType {
  const { sample, encode, decode } = definition;
  const usual = new Set(sample === undefined ? [] : ownKeys(sample()));
  return {
    name,
    prototype: definition.class().prototype,
    encode: (instance) => {
      for (const key of ownKeys(instance)) {
        if (!usual.has(key)) throw new TypeError(`it has an extra property ${String(key)}`);
      }
      return (encode as (instance: object) => unknown)(instance);
    },
    decode: decode as (content: unknown) => unknown,
  };
}

/** The URL that parameters belong to. The platform keeps it in one of their own properties, under a symbol. */
function urlOf(params: URLSearchParams): URL | undefined {
  for (const key of ownKeys(params)) {
    const value: unknown = getOwnPropertyDescriptor(params, key)?.value;
    if (value instanceof URL && value.searchParams === params) return value;
  }
  return undefined;
}
