// Copyright 2026 the pecapiku authors. MIT license.

import { pathOfFile, readFile } from "./_read_file.ts";
import { textDigest } from "./text_digest.ts";
import { type MediaType, mediaTypeOf } from "./_to_javascript.ts";

/** What came of reading a module. */
export type ReadModule =
  | {
    readonly source: string;
    readonly mediaType: MediaType;
    /** Whether it was written since the program began. */
    readonly changed: boolean;
  }
  | {
    /** Why it could not be read, for people. */
    readonly problem: string;
  };

/**
 * Reads the text of a module, as Deno does.
 *
 * @param url Its URL.
 * @returns The text, or why it is not known.
 */
export function readModule(url: string): ReadModule {
  const path = pathOfFile(url);
  if (path === undefined) return { problem: "it is no file on this system" };
  const mediaType = mediaTypeOf(path);
  if (mediaType === undefined) return { problem: "it is no file that can be read as code" };
  const read = readFile(path);
  if ("problem" in read) return { problem: read.problem };
  const { bytes, changed } = read;
  if (/^(?:fffe|feff)/.test(bytes.subarray(0, 2).toHex())) {
    return { problem: "it can't be parsed: it is not UTF-8" };
  }
  return { source: new TextDecoder().decode(bytes), mediaType, changed };
}

/**
 * Digests a file that is imported as data.
 *
 * @param url Its URL.
 * @param type What it is imported as.
 * @returns The digest of its value, or why it is not known.
 */
export function digestData(
  url: string,
  type: "json" | "text" | "bytes",
): { readonly digest: string } | { readonly problem: string } {
  const path = pathOfFile(url);
  const read = path === undefined ? undefined : readFile(path);
  if (read === undefined) return { problem: "it is no file on this system" };
  if ("problem" in read) return { problem: read.problem };
  if (read.changed) return { problem: "it was written after the program began" };
  if (type !== "json") return { digest: textDigest(`${type} ${read.bytes.toHex()}`) };
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(read.bytes));
    return { digest: textDigest(`json ${JSON.stringify(value, distinct)}`) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { problem: `it can't be parsed: ${error.message}` };
  }
}

// JSON can be read as -0, and as numbers that are infinite, and can't be written as such.
function distinct(_key: string, value: unknown): unknown {
  if (typeof value === "string") return `s${value}`;
  if (typeof value !== "number" || Number.isFinite(value) && !Object.is(value, -0)) return value;
  return `n${Object.is(value, -0) ? "-0" : value}`;
}
