// Copyright 2026 the pecapiku authors. MIT license.

const typedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);

/**
 * Compares two values as a user could tell them apart: prototypes, own properties in order, content, sharing and cycles. It
 * is written apart from what it tests, and compares the two graphs step by step, each object with one other.
 *
 * @param a A value.
 * @param b Another one.
 * @returns Where and how they differ; `undefined` if they don't.
 */
export function graphDifference(a: unknown, b: unknown): string | undefined {
  const partners = new Map<object, object>();
  const taken = new Map<object, object>();
  const open: [unknown, unknown, string][] = [[a, b, "$"]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [left, right, path] = next;
    if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) {
      if (!Object.is(left, right)) return `${path}: ${String(left)} is not ${String(right)}`;
      continue;
    }
    const partner = partners.get(left);
    if (partner !== undefined || taken.has(right)) {
      if (partner !== right || taken.get(right) !== left) return `${path}: other sharing`;
      continue;
    }
    if (left === right) return `${path}: the very same object`;
    partners.set(left, right);
    taken.set(right, left);
    if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return `${path}: prototype`;
    const difference = contentDifference(left, right, path, open);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

type Open = [unknown, unknown, string][];

function contentDifference(a: object, b: object, path: string, open: Open): string | undefined {
  const view = ArrayBuffer.isView(a);
  if (!view) {
    const names = Object.keys(a), others = Object.keys(b);
    if (names.join("\0") !== others.join("\0")) {
      return `${path}: keys ${names.join()} are not ${others.join()}`;
    }
    for (const name of names) {
      const left = Object.getOwnPropertyDescriptor(a, name)!;
      const right = Object.getOwnPropertyDescriptor(b, name)!;
      if (("value" in left) !== ("value" in right)) return `${path}.${name}: accessor`;
      open.push([left.value, right.value, `${path}.${name}`]);
    }
  }
  if (Array.isArray(a)) return same(a.length, (b as unknown[]).length, `${path}.length`);
  const inner = innerContent(a), other = innerContent(b);
  if (inner.length !== other.length) return `${path}: ${inner.length} parts, not ${other.length}`;
  inner.forEach((part, i) => open.push([part, other[i], `${path}<${i}>`]));
  return undefined;
}

function same(a: unknown, b: unknown, path: string): string | undefined {
  return Object.is(a, b) ? undefined : `${path}: ${String(a)} is not ${String(b)}`;
}

/** What an object is made of that its enumerable properties don't show. */
function innerContent(value: object): unknown[] {
  const tag = Object.prototype.toString.call(value);
  if (value instanceof Map) return [...value].flat(1);
  if (value instanceof Set) return [...value];
  if (value instanceof Date) return [value.getTime()];
  if (value instanceof RegExp) return [value.source, value.flags, value.lastIndex];
  if (value instanceof ArrayBuffer) {
    const bytes = new Uint8Array(value);
    const sum = bytes.length > 5000 ? bytes.reduce((hash, byte) => (hash * 31 + byte) | 0, 7) : 0;
    return [
      value.byteLength,
      value.resizable,
      value.maxByteLength,
      sum,
      bytes.slice(0, 5000).join(),
    ];
  }
  if (ArrayBuffer.isView(value)) {
    const type = Object.getOwnPropertyDescriptor(typedArrayPrototype, Symbol.toStringTag)!.get!;
    return [value.buffer, value.byteOffset, value.byteLength, type.call(value)];
  }
  if (value instanceof Error || value instanceof DOMException) return errorContent(value);
  if (value instanceof URL) return [value.href];
  if (value instanceof URLSearchParams || value instanceof Headers) {
    return [JSON.stringify([...value])];
  }
  if (tag.startsWith("[object Temporal.")) return temporalContent(value);
  if (tag === "[object Number]" || tag === "[object String]" || tag === "[object Boolean]") {
    return [tag, value.valueOf()];
  }
  if (tag === "[object BigInt]") return [BigInt.prototype.valueOf.call(value)];
  return [tag];
}

function errorContent(error: Error | DOMException): unknown[] {
  const content: unknown[] = [error.name, error.message, error.stack];
  if (error instanceof DOMException) return [...content, error.code];
  for (const name of ["message", "cause", "errors"]) {
    const descriptor = Object.getOwnPropertyDescriptor(error, name);
    content.push(descriptor === undefined, descriptor?.enumerable, descriptor?.value);
  }
  return content;
}

function temporalContent(value: object): unknown[] {
  const content: unknown[] = [
    (value as Temporal.PlainDate).toString({ calendarName: "always" }),
  ];
  for (
    const name of Object.getOwnPropertyNames(Object.getPrototypeOf(value)).sort()
  ) {
    const part: unknown = Reflect.get(value, name);
    if (typeof part !== "function") content.push(name, part);
  }
  return content;
}
