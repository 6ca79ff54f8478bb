// Copyright 2026 the pecapiku authors. MIT license.

/** The first byte of a value that is stored as a JavaScript literal. */
export const LITERAL = 0x02;

const { is } = Object;
const encoder = new TextEncoder();

// These alone would else make a program load V8's serializer, which takes longer than all the rest.
const CONSTANTS: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
];

/** Of longer integers, the decimal digits take too long to read. */
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;
const INTEGER = /^-?\d{1,20}n$/;

/**
 * Encodes one of the values that JSON does not have but that are short to write.
 *
 * @param value The value.
 * @returns The bytes; `undefined` if it is no such value.
 */
export function encodeLiteral(value: unknown): Uint8Array | undefined {
  const text = literalOf(value);
  return text === undefined ? undefined : encoder.encode(`${String.fromCharCode(LITERAL)}${text}`);
}

function literalOf(value: unknown): string | undefined {
  if (typeof value === "bigint") {
    return value >= MIN_INTEGER && value <= MAX_INTEGER ? `${value}n` : undefined;
  }
  return CONSTANTS.find(([, constant]) => is(constant, value))?.[0];
}

/**
 * Decodes what {@linkcode encodeLiteral} gave.
 *
 * @param text The literal.
 * @returns The value.
 * @throws {SyntaxError} If it is no such literal.
 */
export function decodeLiteral(text: string): unknown {
  const constant = CONSTANTS.find(([name]) => name === text);
  if (constant !== undefined) return constant[1];
  if (INTEGER.test(text)) return BigInt(text.slice(0, -1));
  throw new SyntaxError(`Cannot decode value: not a literal: ${text.slice(0, 100)}`);
}
