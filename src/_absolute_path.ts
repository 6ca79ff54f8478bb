// Copyright 2026 the pecapiku authors. MIT license.

// For Windows. Elsewhere a few lines do, and loading any module for paths takes longer than a first hit may.
import { nodePath } from "./_deferred.ts";
import { show } from "./_show.ts";

const WINDOWS = Deno.build.os === "windows";

/**
 * Tells whether a path leaves nothing to be resolved.
 *
 * @param given The path.
 * @returns Whether it is absolute on this system.
 */
export function isAbsolutePath(given: string): boolean {
  return WINDOWS ? /^(?:[A-Za-z]:)?[\\/]/.test(given) : given.startsWith("/");
}

/**
 * Joins a directory and a relative path.
 *
 * @param dir An absolute directory.
 * @param relative A relative path.
 * @returns The normal form of the path.
 */
export function joinPath(dir: string, relative: string): string {
  if (WINDOWS) return nodePath.join(dir, relative);
  return normalise(`${dir}/${relative}`);
}

/**
 * Gives the path a `file:` URL stands for.
 *
 * @param url The URL.
 * @param action What failed, where it is not a `file:` URL that names a path on this system.
 * @returns The absolute path.
 */
export function pathOfUrl(url: URL, action: string): string {
  if (url.protocol !== "file:") throw new TypeError(`${action}: not a file: URL: ${url.href}`);
  const { host } = url;
  if (!WINDOWS && host !== "") {
    throw new TypeError(`${action}: another host in the URL: ${url.href}`);
  }
  try {
    const path = decodeURIComponent(url.pathname);
    if (!WINDOWS) return path;
    // "file:///C:/a" is a drive, "file://server/share/a" is a share.
    return nodePath.normalize(host === "" ? path.slice(1) : `//${host}${path}`);
  } catch (cause) {
    throw new TypeError(`${action}: not a path on this system: ${url.href}`, { cause });
  }
}

/**
 * Checks a path or a `file:` URL, and resolves it against the current directory.
 *
 * @param given What a person gave.
 * @param action What failed, where it is neither.
 * @returns The absolute path in its normal form.
 */
export function toAbsolutePath(given: string | URL, action: string): string {
  const text = toPath(given, action);
  if (WINDOWS) return nodePath.resolve(text);
  return isAbsolutePath(text) ? normalise(text) : joinPath(Deno.cwd(), text);
}

/**
 * Checks a path or a `file:` URL.
 *
 * @param given What a person gave.
 * @param action What failed, where it is neither.
 * @returns The path, as it was given.
 */
export function toPath(given: string | URL, action: string): string {
  const text = given instanceof URL ? pathOfUrl(given, action) : given;
  if (typeof text !== "string") throw new TypeError(`${action}: not a path or URL: ${show(text)}`);
  if (text === "") throw new TypeError(`${action}: the path is empty: ""`);
  if (text.includes("\0")) {
    throw new TypeError(`${action}: a NUL in the path: ${JSON.stringify(text)}`);
  }
  if (!isUrlText(text)) return text;
  const url = URL.parse(text);
  if (url === null) throw new TypeError(`${action}: not a URL: ${text}`);
  return toPath(url, action);
}

// `import.meta.resolve` gives URLs as strings. As a path, "https://…" is never what was meant.
function isUrlText(text: string): boolean {
  // Without the flag `i`, for which V8 takes a millisecond and a half when it meets it first.
  return /^(?:[Ff][Ii][Ll][Ee]:|[A-Za-z][A-Za-z0-9+.-]+:\/\/)/.test(text);
}

// Where the current directory is gone, a path can't be made absolute, and is left as it is.
function normalise(path: string): string {
  if (!path.startsWith("/") || !/\/(?:\.{0,2})(?:\/|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}`;
}
