// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Parses JSON with comments and trailing commas, as `deno.json` and import maps may have them.
 *
 * @param text The text.
 * @returns The value, if it is an object; otherwise `undefined`.
 */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(isPlain(text) ? text : withoutComments(text));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/**
 * Tells whether a value is an object that is no array.
 *
 * @param value The value.
 * @returns Whether it is.
 */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A string, a comment, or a comma that nothing follows but what closes. Whatever is none of these stays. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\/\/[^\n\r]*|\/\*[^]*?\*\//g;

function isPlain(text: string): boolean {
  return !text.includes("/") && !/,\s*[\]}]/.test(text);
}

function withoutComments(text: string): string {
  const bare = text.replace(TOKEN, (token) => token.startsWith('"') ? token : " ");
  return bare.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g, (token) => token === "," ? "" : token);
}
