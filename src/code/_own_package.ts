// Copyright 2026 the pecapiku authors. MIT license.

/** Where this package is: the folder of `mod.ts` and `src/`. */
const ROOT = new URL("../../", import.meta.url).href;

/** The name of this package. */
export const OWN_NAME = "@pecapiku/cache";

/** The registry that this package, and each other version of it, is loaded from; `undefined` if it is a checkout. */
const [, REGISTRY, VERSION] = /^(https?:\/\/[^/]+\/@pecapiku\/cache\/)([^/]+)\/$/.exec(ROOT) ?? [];

/** The version of this package, as it was published; `""` of a checkout. */
export const OWN_VERSION: string = VERSION ?? "";

/**
 * Tells whether a module is this package's own source, of any version. Tests and examples in a checkout are none of it.
 *
 * @param url The URL of the module.
 * @returns Whether it is.
 */
export function isOwnModule(url: string): boolean {
  if (isSource(url, ROOT)) return true;
  for (const registry of [REGISTRY, `https://jsr.io/${OWN_NAME}/`]) {
    if (registry === undefined || !url.startsWith(registry)) continue;
    const slash = url.indexOf("/", registry.length);
    return slash >= 0 && isSource(url, url.slice(0, slash + 1));
  }
  return false;
}

/**
 * Tells whether a specifier names this package in a registry, in any version.
 *
 * @param specifier The specifier, as an import map gives it.
 * @returns Whether it does.
 */
export function isOwnSpecifier(specifier: string): boolean {
  const rest = /^(?:jsr:\/?@pecapiku\/cache|npm:\/?@jsr\/pecapiku__cache)(.*)$/.exec(specifier)
    ?.[1];
  return rest !== undefined && /^(?:$|[@/])/.test(rest);
}

/** The folder of this package, as a `file:` URL; `undefined` if it is no checkout. */
export const OWN_FOLDER: string | undefined = ROOT.startsWith("file:") ? ROOT : undefined;

function isSource(url: string, root: string): boolean {
  return url.startsWith(root) &&
    (url === `${root}mod.ts` || url.startsWith("src/", root.length));
}
