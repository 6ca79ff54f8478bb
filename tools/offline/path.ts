// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What the project uses of `@std/path`, for networks that do not reach JSR.
 *
 * On Windows it is over `node:path`, which differs in places (what counts as an argument, what is left
 * of a path of separators only, the suffix of `basename`, URLs): here `@std/path` is right.
 *
 * @module
 */

import defer * as node from "node:path";
import * as posix from "./_posix_path.ts";

const isWindows = Deno.build.os === "windows";
const native = isWindows ? node : posix;

/** The character between the parts of a path. */
export const SEPARATOR: "\\" | "/" = isWindows ? "\\" : "/";

/** The character between the paths of a list such as `PATH`. */
export const DELIMITER: ";" | ":" = isWindows ? ";" : ":";

/** One or more separators. */
export const SEPARATOR_PATTERN: RegExp = isWindows ? /[\\/]+/ : /\/+/;

const ENCODED_WHITESPACE: Readonly<Record<string, string>> = {
  "\t": "%09",
  "\n": "%0A",
  "\v": "%0B",
  "\f": "%0C",
  "\r": "%0D",
  " ": "%20",
};

function checkPath(path: unknown): asserts path is string {
  if (typeof path !== "string") {
    throw new TypeError(`Path must be a string, received "${JSON.stringify(path)}"`);
  }
}

function toPath(path: string | URL): string {
  const given = path instanceof URL ? fromFileUrl(path) : path;
  checkPath(given);
  return given;
}

/**
 * The last part of a path.
 *
 * @param path A path or a `file:` URL.
 * @param suffix What to take off the end of it, unless nothing else would be left.
 * @returns The last part; a separator when the path is nothing else.
 * @throws {TypeError} If the path or the suffix is not a string.
 */
export function basename(path: string | URL, suffix = ""): string {
  const given = toPath(path);
  if (given.length === 0) return "";
  if (typeof suffix !== "string") {
    throw new TypeError(`Suffix must be a string, received "${JSON.stringify(suffix)}"`);
  }
  const name = native.basename(given) || afterDrive(given).slice(0, 1);
  const isShorter = suffix.length < name.length;
  return isShorter && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
}

function afterDrive(path: string): string {
  return isWindows ? path.replace(/^[a-z]:/i, "") : path;
}

/**
 * All but the last part of a path.
 *
 * @param path A path or a `file:` URL.
 * @returns The directory; `"."` when the path names none.
 * @throws {TypeError} If the path is not a string.
 */
export function dirname(path: string | URL): string {
  return native.dirname(toPath(path));
}

/**
 * The extension of a path, with its dot.
 *
 * @param path A path or a `file:` URL.
 * @returns The extension; empty when there is none.
 * @throws {TypeError} If the path is not a string.
 */
export function extname(path: string | URL): string {
  return native.extname(toPath(path));
}

/**
 * Tells whether a path is absolute.
 *
 * @param path The path.
 * @returns Whether it is.
 * @throws {TypeError} If the path is not a string.
 */
export function isAbsolute(path: string): boolean {
  checkPath(path);
  return isWindows ? node.isAbsolute(path) : path.startsWith("/");
}

/**
 * Joins parts and normalizes the path they make.
 *
 * @param path The first part, or a `file:` URL.
 * @param paths The other parts.
 * @returns The path; `"."` for no parts.
 * @throws {TypeError} If a part is not a string.
 */
export function join(path: string | URL, ...paths: string[]): string {
  if (path === undefined && !isWindows) return ".";
  const first = path instanceof URL ? fromFileUrl(path) : path;
  // An empty first part is no part, whatever its type: so it is in the original.
  const parts = first ? [first, ...paths] : paths;
  parts.forEach(checkPath);
  return native.join(...parts);
}

/**
 * Takes `.`, `..` and repeated separators out of a path.
 *
 * @param path A path or a `file:` URL.
 * @returns The normal form.
 * @throws {TypeError} If the path is not a string.
 */
export function normalize(path: string | URL): string {
  return native.normalize(toPath(path));
}

/**
 * The way from one path to another.
 *
 * @param from Where it starts.
 * @param to Where it ends.
 * @returns The relative path; empty when the two are the same.
 * @throws {TypeError} If a path is not a string.
 */
export function relative(from: string, to: string): string {
  checkPath(from);
  checkPath(to);
  return native.relative(from, to);
}

/**
 * Resolves parts to an absolute path, from right to left, then against the current directory.
 *
 * @param pathSegments The parts.
 * @returns The absolute path.
 * @throws {TypeError} If a part that was reached is not a string.
 */
export function resolve(...pathSegments: string[]): string {
  // What stands left of an absolute part is never looked at, nor refused.
  const first = pathSegments.findLastIndex((segment) => {
    checkPath(segment);
    return !isWindows && segment.startsWith("/");
  });
  return native.resolve(...pathSegments.slice(Math.max(first, 0)));
}

/**
 * The `file:` URL of an absolute path.
 *
 * @param path The path.
 * @returns The URL.
 * @throws {TypeError} If the path is not a string, or not absolute.
 */
export function toFileUrl(path: string): URL {
  if (!isAbsolute(path)) {
    throw new TypeError(`Path must be absolute: received "${path}"`);
  }
  const url = new URL("file:///");
  const { host, rest } = isWindows ? splitHost(path) : { host: undefined, rest: path };
  url.pathname = encodePathname(rest);
  if (host !== undefined && host !== "localhost") {
    url.hostname = host;
    if (url.hostname === "") throw new TypeError(`Invalid hostname: "${url.hostname}"`);
  }
  return url;
}

function splitHost(path: string): { host: string | undefined; rest: string } {
  const host = /^[/\\]{2}([^/\\]+)(?=[/\\](?:[^/\\]|$))/.exec(path);
  return {
    host: host?.[1],
    rest: path.slice(host?.[0].length ?? 0).replace(/[\n\r\u2028\u2029].*/s, ""),
  };
}

function encodePathname(path: string): string {
  const escaped = path.replaceAll("%", "%25");
  const portable = isWindows ? escaped : escaped.replace(/^\/+/, "/").replaceAll("\\", "%5C");
  return portable.replace(/[\t\n\v\f\r ]/g, (char) => ENCODED_WHITESPACE[char] ?? char);
}

/**
 * The path of a `file:` URL.
 *
 * @param url The URL.
 * @returns The path.
 * @throws {TypeError} If it is not a URL, or not one of a file.
 */
export function fromFileUrl(url: string | URL): string {
  const given = url instanceof URL ? url : new URL(url);
  if (given.protocol !== "file:") {
    throw new TypeError(`URL must be a file URL: received "${given.protocol}"`);
  }
  const literalPercent = /%(?![0-9A-Fa-f]{2})/g;
  if (!isWindows) return decodeURIComponent(given.pathname.replace(literalPercent, "%25"));
  const backslashed = given.pathname.replaceAll("/", "\\").replace(literalPercent, "%25");
  const path = decodeURIComponent(backslashed).replace(/^\\*([A-Za-z]:)(\\|$)/, "$1\\");
  return given.hostname === "" ? path : `\\\\${given.hostname}${path}`;
}
