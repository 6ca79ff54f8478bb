// Copyright 2026 the pecapiku authors. MIT license.

/** A specifier of a package in a registry. */
export interface PackageSpecifier {
  /** The registry. */
  readonly registry: "npm" | "jsr";
  /** The name, with its scope. */
  readonly name: string;
  /** Which versions may be taken, as it is written; `""` for any. */
  readonly range: string;
  /** What of the package is meant, with a slash before it; `""` for its main part. */
  readonly path: string;
}

const SPECIFIER = /^(npm|jsr):\/?(@[^/@]+\/[^/@]+|[^/@]+)(?:@([^/]*))?(\/.*)?$/;

/**
 * Takes a specifier apart.
 *
 * @param specifier The specifier.
 * @returns Its parts; `undefined` if it is none of a package.
 */
export function packageSpecifier(specifier: string): PackageSpecifier | undefined {
  const match = SPECIFIER.exec(specifier);
  if (match === null) return undefined;
  const [, registry, name = "", range = "", path = ""] = match;
  if (registry === "jsr" && !name.startsWith("@")) return undefined;
  // Import maps have ranges with what a URL encodes, such as "npm:a@>=1 <2".
  return { registry: registry as "npm" | "jsr", name, range: decode(range), path };
}

/**
 * Tells whether a text is one version, and no range.
 *
 * @param text The text.
 * @returns Whether it is.
 */
export function isExactVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/.test(text);
}

/**
 * Gives the name by which a package counts.
 *
 * @param specifier Which package, and what of it.
 * @param version Its version.
 * @returns Such as `npm:pkg@1.0.0/sub`.
 */
export function packageName({ registry, name, path }: PackageSpecifier, version: string): string {
  return `${registry}:${name}@${version}${path === "/" ? "" : path}`;
}

/** A package, as the URL of one of its files tells it. */
export interface PackageFile {
  /** The name, with its scope. */
  readonly name: string;
  /** Its version; `undefined` if only the package's own `package.json` tells it. */
  readonly version: string | undefined;
  /** The URL of the package's folder, with a slash at the end. */
  readonly folder: string;
  /** Which of its files it is, with a slash before it. */
  readonly path: string;
}

/**
 * Takes the URL of a file in Deno's cache of npm packages apart.
 *
 * @param url The URL.
 * @param name The name of the package, if it is known: then the registry may be any.
 * @returns Its parts; `undefined` if it is none in there.
 */
export function cachedPackageFile(url: string, name?: string): PackageFile | undefined {
  if (!url.startsWith("file:")) return undefined;
  const named = name === undefined ? "(?:@[^/]+/)?[^/@]+" : RegExp.escape(name);
  const registry = name === undefined ? "(?:[^/]+\\.[^/]+|localhost[^/]*)" : "[^/]+(?:/[^/]+)*?";
  // A package that is there several times, with other peers, has a number at the end: "1.0.0_1".
  const pattern = `^(.*/npm/${registry}/(${named})/(\\d+\\.\\d+\\.\\d+[^/_]*)(?:_\\d+)?/)(.*)$`;
  const [, folder, found, version, path] = new RegExp(pattern).exec(url) ?? [];
  if (folder === undefined || found === undefined || version === undefined) return undefined;
  return isExactVersion(decode(version))
    ? { name: found, version: decode(version), folder, path: `/${path}` }
    : undefined;
}

/**
 * Takes the URL of a file in a `node_modules` apart.
 *
 * @param url The URL.
 * @returns Its parts; `undefined` if it is in none.
 */
export function modulesPackageFile(url: string): PackageFile | undefined {
  if (!url.startsWith("file:")) return undefined;
  const match = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/@.][^/]*)\/)(.*)$/.exec(url);
  const [, folder, name, path] = match ?? [];
  if (folder === undefined || name === undefined) return undefined;
  return { name, version: undefined, folder, path: `/${path}` };
}

/**
 * Takes the URL of a module in a JSR registry apart.
 *
 * @param url The URL.
 * @param name The name of the package, if it is known: then the registry may be any.
 * @returns Its parts; `undefined` if it is none in there.
 */
export function jsrPackageFile(url: string, name?: string): PackageFile | undefined {
  const host = name === undefined ? "https://jsr\\.io" : "https?://[^/]+(?:/[^/]+)*?";
  const named = name === undefined ? "@[^/]+/[^/]+" : RegExp.escape(name);
  const [, folder, found, version, path] =
    new RegExp(`^(${host}/(${named})/([^/]+)/)([^?#]*)$`).exec(url) ?? [];
  if (folder === undefined || found === undefined || version === undefined) return undefined;
  return isExactVersion(version) ? { name: found, version, folder, path: `/${path}` } : undefined;
}

/**
 * Tells whether a URL names one version, which servers of packages never change.
 *
 * @param url The URL.
 * @returns Whether it does, and names no range beside it.
 */
export function hasExactVersion(url: string): boolean {
  const { pathname, search } = new URL(url);
  const versions = [...pathname.matchAll(/@([^/@]+)(?=\/|$)/g), ...search.matchAll(/@([^/@&,]+)/g)]
    .map(([, text = ""]) => text)
    // "@scope/name" is no version.
    .filter((text) => /^[v^~<>=*\d]|^latest$|^next$/.test(decode(text)));
  return /@v?\d/.test(pathname) &&
    versions.length > 0 && versions.every((text) => isExactVersion(decode(text).replace(/^v/, "")));
}

const PURE_NODE: ReadonlySet<string> = new Set(
  "path path/posix path/win32 url util buffer assert assert/strict querystring string_decoder punycode"
    .split(" "),
);

const PURE_STD: ReadonlySet<string> = new Set(
  "path assert bytes collections encoding text regexp semver math data-structures".split(" "),
);

/**
 * Tells whether a package is known to look at nothing outside when something of it is called while a module is loaded.
 *
 * @param name The name by which it counts: `node:path`, `jsr:@std/bytes@1.0.0`.
 * @returns Whether it is known.
 */
export function isPure(name: string): boolean {
  if (name.startsWith("node:")) return PURE_NODE.has(name.slice("node:".length));
  const std = /^jsr:@std\/([^@/]+)@/.exec(name)?.[1];
  return std !== undefined && PURE_STD.has(std);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
