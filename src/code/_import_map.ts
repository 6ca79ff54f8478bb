// Copyright 2026 the pecapiku authors. MIT license.

/** Specifiers and what they stand for; `null` where an entry has no address that is a URL. The longest specifiers come first. */
type Entries = readonly (readonly [specifier: string, address: string | null])[];

/** The specifiers that are something else in the modules below a URL. */
type Scope = readonly [prefix: string, entries: Entries];

/** An import map, as browsers and Deno have it. */
export class ImportMap {
  readonly #imports: Entries;
  readonly #scopes: readonly Scope[];

  private constructor(imports: Entries, scopes: readonly Scope[]) {
    this.#imports = imports;
    this.#scopes = scopes.toSorted(longestFirst);
  }

  /**
   * Reads an import map.
   *
   * @param value What is in its file.
   * @param base The URL of the file.
   * @param isDeno Whether it is in a `deno.json`, where `"a": "npm:b@1"` stands for `"a/": "npm:/b@1/"`, too.
   * @returns The import map.
   */
  static of(
    value: Readonly<Record<string, unknown>>,
    base: string,
    isDeno: boolean,
  ): ImportMap {
    const scopes = isObject(value["scopes"]) ? Object.entries(value["scopes"]) : [];
    return new ImportMap(
      entriesOf(value["imports"], base, isDeno),
      scopes.flatMap(([prefix, imports]) => {
        const url = URL.parse(prefix, base);
        return url === null ? [] : [[url.href, entriesOf(imports, base, isDeno)] as const];
      }),
    );
  }

  /**
   * Adds the import map of a folder, of which only that counts which is for all modules in it.
   *
   * @param folder The URL of the folder, with a slash at the end.
   * @param map The import map.
   * @returns An import map with both.
   */
  with(folder: string, map: ImportMap): ImportMap {
    return new ImportMap(this.#imports, [[folder, map.#imports], ...this.#scopes]);
  }

  /** What it leads to. */
  get addresses(): string[] {
    const all = [this.#imports, ...this.#scopes.map(([, entries]) => entries)];
    return all.flat().flatMap(([, address]) => address ?? []);
  }

  /** The specifiers that it maps everywhere. */
  get specifiers(): string[] {
    return this.#imports.map(([specifier]) => specifier);
  }

  /**
   * Finds what a specifier stands for.
   *
   * @param specifier The specifier; a URL, if it is one.
   * @param referrer The URL of the module that has it.
   * @returns The URL; `null` if the map forbids it, `undefined` if it says nothing about it.
   */
  resolve(specifier: string, referrer: string): string | null | undefined {
    for (const [prefix, entries] of this.#scopes) {
      if (prefix !== referrer && !(prefix.endsWith("/") && referrer.startsWith(prefix))) continue;
      const found = match(specifier, entries);
      if (found !== undefined) return found;
    }
    return match(specifier, this.#imports);
  }
}

function match(specifier: string, entries: Entries): string | null | undefined {
  for (const [key, address] of entries) {
    if (key === specifier) return address;
    if (!key.endsWith("/") || !specifier.startsWith(key)) continue;
    // Of URLs, only those with folders can be mapped by their beginning.
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier) && !/^(?:https?|file|wss?|ftp):/.test(specifier)) {
      continue;
    }
    if (address === null) return null;
    const url = URL.parse(specifier.slice(key.length), address)?.href;
    // With "../" it would lead elsewhere.
    return url?.startsWith(address) ? url : null;
  }
  return undefined;
}

function entriesOf(imports: unknown, base: string, isDeno: boolean): Entries {
  if (!isObject(imports)) return [];
  const entries: [string, string | null][] = [];
  for (const [written, value] of Object.entries(imports)) {
    const key = isRelative(written)
      ? URL.parse(written, base)?.href
      : URL.parse(written)?.href ?? written;
    if (key === undefined || key === "") continue;
    const address = addressOf(value, base);
    entries.push([key, key.endsWith("/") && !address?.endsWith("/") ? null : address]);
    const registry = isDeno && typeof value === "string" ? /^(npm|jsr):\/?(.+)$/.exec(value) : null;
    if (registry === null || written.endsWith("/") || Object.hasOwn(imports, `${written}/`)) {
      continue;
    }
    entries.push([`${key}/`, `${registry[1]}:/${registry[2]}/`]);
  }
  return entries.sort(longestFirst);
}

function addressOf(value: unknown, base: string): string | null {
  if (typeof value !== "string") return null;
  return (isRelative(value) ? URL.parse(value, base) : URL.parse(value))?.href ?? null;
}

function isRelative(text: string): boolean {
  return /^\.{0,2}\//.test(text);
}

// Of two that match, the longer one begins with the other.
function longestFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return b.length - a.length;
}

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
