// Copyright 2026 the pecapiku authors. MIT license.

import { pathOfUrl } from "../_absolute_path.ts";
import { textDigest } from "./text_digest.ts";
import { type MediaType, mediaTypeOf } from "./_to_javascript.ts";

/** A file that is larger is no module that a person wrote, and would take seconds to look at. */
const MAX_BYTES = 10 * 1024 * 1024;

/** What came of reading a file. */
export type ReadFile =
  | {
    /** What is in it. */
    readonly bytes: Uint8Array<ArrayBuffer>;
    /** Whether it was written since the program began, so that what the program has read may be something else. */
    readonly changed: boolean;
  }
  | {
    /** Why it could not be read, for people: `"it can't be read without --allow-read"`. */
    readonly problem: string;
  };

/**
 * Reads a file. It never asks for a permission.
 *
 * @param path The absolute path.
 * @returns What is in it, or why that is not known.
 */
export function readFile(path: string): ReadFile {
  if (!isGranted(path)) {
    return { problem: "it can't be read without --allow-read" };
  }
  try {
    // Looked at first: to open a pipe is to wait for its other end.
    const info = Deno.statSync(path);
    if (!info.isFile) return { problem: "it is no ordinary file" };
    if (info.size > MAX_BYTES) return tooLarge();
    const bytes = Deno.readFileSync(path);
    return bytes.byteLength > MAX_BYTES ? tooLarge() : { bytes, changed: isChanged(info) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: `it can't be read: ${error.message}` };
  }
}

/**
 * Tells whether a file was written since the program began. It never asks for a permission.
 *
 * @param path The absolute path.
 * @returns Whether it was, or that can't be told.
 */
export function isWrittenLately(path: string): boolean {
  if (!isGranted(path)) return true;
  try {
    return isChanged(Deno.statSync(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return true;
  }
}

/**
 * Reads a file as text.
 *
 * @param path The absolute path.
 * @returns The text; `undefined` if it can't be read.
 */
export function readText(path: string): string | undefined {
  const read = readFile(path);
  return "bytes" in read ? new TextDecoder().decode(read.bytes) : undefined;
}

/**
 * Gives the path of a `file:` URL.
 *
 * @param url The URL. Its search and hash count for nothing.
 * @returns The absolute path; `undefined` if it is none on this system.
 */
export function pathOfFile(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  try {
    return pathOfUrl(new URL(url), "Cannot read module");
  } catch (error) {
    // Such as another host, or what is no UTF-8 when it is decoded.
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

/**
 * Gives the URL of a path.
 *
 * @param path An absolute path.
 * @returns The `file:` URL.
 */
export function fileUrl(path: string): string {
  const url = new URL("file:///");
  const slashed = WINDOWS ? path.replaceAll("\\", "/") : path;
  // "//server/share/a" is a share on Windows, and just a path elsewhere.
  const share = WINDOWS ? /^\/\/([^/]+)(\/.*)$/.exec(slashed) : null;
  if (share?.[1] !== undefined) url.hostname = share[1];
  url.pathname = (share?.[2] ?? slashed).replace(NOT_AS_IT_IS, encodeURIComponent);
  return url.href;
}

const WINDOWS = Deno.build.os === "windows";

/** What a URL takes for something else, or drops. */
const NOT_AS_IT_IS = /[%\\\n\r\t]/g;

function isGranted(path: string): boolean {
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
  // For what is in there, Deno wants all permissions, and would ask for them.
  return !/^\/(?:dev|proc|sys)\//.test(path) || ALL.every((name) => {
    return Deno.permissions.querySync({ name }).state === "granted";
  });
}

const ALL = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

function isChanged({ mtime, ctime }: Deno.FileInfo): boolean {
  const began = performance.timeOrigin;
  // A file that was moved here has an old time of writing, but not an old time of change. (That one comes in whole seconds.)
  return mtime === null || mtime.getTime() > began || (ctime?.getTime() ?? 0) > began;
}

function tooLarge(): ReadFile {
  return { problem: `it is larger than ${MAX_BYTES / 1024 / 1024} MB` };
}

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
