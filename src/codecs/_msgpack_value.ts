// Copyright 2026 the pecapiku authors. MIT license.

const { getPrototypeOf, hasOwn, prototype: objectPrototype } = Object;
const { isArray } = Array;

const encoder = new TextEncoder();
const PROTO = encoder.encode("__proto__");

/**
 * Makes what the MessagePack decoder gave independent of the bytes that it was read from, and makes sure that no object got
 * another prototype.
 *
 * @param value What the decoder gave.
 * @returns The value, its byte strings copied.
 * @throws {TypeError} If a prototype is not that of a plain object.
 */
export function checkMsgpackValue(value: unknown): unknown {
  const root = [value];
  const open: object[] = [root];
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const fields = container as Record<string, unknown>;
    const names = isArray(container) ? undefined : Object.keys(container);
    const length = names === undefined ? (container as unknown[]).length : names.length;
    for (let i = 0; i < length; i++) {
      const name = names === undefined ? i : names[i]!;
      const child = fields[name];
      if (typeof child !== "object" || child === null) continue;
      if (child instanceof Uint8Array) {
        // A copy that owns its buffer: the decoder gives a view, which would keep all the bytes it was read from.
        fields[name] = new Uint8Array(child);
      } else if (isArray(child) || getPrototypeOf(child) === objectPrototype) {
        open.push(child);
      } else {
        throw new TypeError("Cannot decode value: an object has another prototype");
      }
    }
  }
  return root[0];
}

/**
 * Tells whether a map in MessagePack has the key `__proto__`. The decoder would set the prototype, or lose the entry.
 *
 * @param bytes The MessagePack.
 * @param decode The decoder.
 * @returns Whether there is such a key.
 */
export function hasPrototypeKey(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): boolean {
  const places = placesOf(bytes, PROTO);
  if (places.length === 0) return false;
  // It may as well be a part of a text. So it is decoded once with another name in its place, and that name is looked for.
  const name = unusedName(bytes);
  const replaced = new Uint8Array(bytes);
  for (const place of places) replaced.set(encoder.encode(name), place);
  return hasKey(decode(replaced), name);
}

function placesOf(bytes: Uint8Array, sequence: Uint8Array): number[] {
  const places: number[] = [];
  const last = bytes.length - sequence.length;
  let from = bytes.indexOf(sequence[0]!);
  while (from >= 0 && from <= last) {
    const found = sequence.every((byte, i) => bytes[from + i] === byte);
    if (found) places.push(from);
    from = bytes.indexOf(sequence[0]!, from + (found ? sequence.length : 1));
  }
  return places;
}

function unusedName(bytes: Uint8Array): string {
  for (let number = 0;; number++) {
    const name = `#${String(number).padStart(PROTO.length - 1, "0")}`;
    if (placesOf(bytes, encoder.encode(name)).length === 0) return name;
  }
}

function hasKey(value: unknown, name: string): boolean {
  const open: unknown[] = [value];
  for (let index = 0; index < open.length; index++) {
    const container = open[index];
    if (typeof container !== "object" || container === null) continue;
    if (container instanceof Uint8Array) continue;
    if (isArray(container)) {
      for (const child of container) open.push(child);
    } else {
      if (hasOwn(container, name)) return true;
      for (const key of Object.keys(container)) {
        open.push((container as Record<string, unknown>)[key]);
      }
    }
  }
  return false;
}
