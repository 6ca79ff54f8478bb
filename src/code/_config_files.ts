// Copyright 2026 the pecapiku authors. MIT license.

import { ImportMap } from "./_import_map.ts";
import { isObject, parseObject } from "./_jsonc.ts";
import { pathOfFile, readText } from "./_read_file.ts";

/** A `deno.json`, `deno.jsonc` or `package.json`. */
export interface ConfigFile {
  /** Its URL. */
  readonly url: string;
  /** The URL of its folder, with a slash at the end. */
  readonly folder: string;
  /** What is in it. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** The names of Deno's configuration, in the order in which it looks for them. */
export const DENO_NAMES = ["deno.json", "deno.jsonc"] as const;

/** The configurations around modules: each file is read once. */
export class ConfigFiles {
  readonly #read = new Map<string, ConfigFile | undefined>();
  readonly #maps = new Map<ConfigFile, ImportMap>();

  /**
   * Finds the nearest configuration.
   *
   * @param folder The URL of the folder to begin in, with a slash at the end.
   * @param names Which names it may have.
   * @returns The configuration; `undefined` if there is none that can be read.
   */
  nearest(folder: string, names: readonly string[]): ConfigFile | undefined {
    for (const each of foldersFrom(folder)) {
      const found = this.in(each, names);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Finds the configuration that Deno starts from: the nearest one, or that of the workspace which it is a member of.
   *
   * @param folder The URL of the folder to begin in, with a slash at the end.
   * @returns The configuration; `undefined` if there is none that can be read.
   */
  root(folder: string): ConfigFile | undefined {
    const nearest = this.nearest(folder, DENO_NAMES);
    if (nearest === undefined) return undefined;
    for (const each of foldersFrom(parentOf(nearest.folder))) {
      const config = this.in(each, DENO_NAMES);
      if (config !== undefined && hasMember(config, nearest.folder)) return config;
    }
    return nearest;
  }

  /**
   * Reads the configuration of a folder.
   *
   * @param folder The URL of the folder, with a slash at the end.
   * @param names Which names it may have.
   * @returns The configuration; `undefined` if there is none that can be read.
   */
  in(folder: string, names: readonly string[]): ConfigFile | undefined {
    for (const name of names) {
      const url = folder + name;
      if (!this.#read.has(url)) this.#read.set(url, read(url, folder));
      const found = this.#read.get(url);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Gives the import map of a configuration.
   *
   * @param config A `deno.json`.
   * @returns Its own map, or that of the file it names. Without one, an empty map.
   */
  importMap(config: ConfigFile): ImportMap {
    let map = this.#maps.get(config);
    if (map === undefined) {
      const { value, base, isDeno } = importMapOf(config);
      map = ImportMap.of(value, base, isDeno);
      this.#maps.set(config, map);
    }
    return map;
  }

  /**
   * Tells whether Deno goes by a configuration that is not in the workspace, since an import map leads to its folder, or it is
   * said to be linked.
   *
   * @param root The configuration that it starts from.
   * @param config The other one.
   * @returns Whether it is known to do so.
   */
  isLinked(root: ConfigFile, config: ConfigFile): boolean {
    const linked = new Set([root]);
    for (const each of linked) {
      const { links, patch } = each.value;
      const named = [links, patch].flat().map((link) =>
        typeof link === "string" ? URL.parse(`${link}/.`, each.folder)?.href : undefined
      );
      for (const address of [...named, ...this.importMap(each).addresses]) {
        if (address === undefined || !address.startsWith("file:")) continue;
        const found = this.nearest(parentOf(`${address}_`), DENO_NAMES);
        if (found !== undefined) linked.add(found);
      }
    }
    return linked.has(config);
  }
}

/**
 * Tells whether a folder is a member of a workspace.
 *
 * @param config The configuration of the workspace.
 * @param folder The URL of the folder, with a slash at the end.
 * @returns Whether it is.
 */
export function hasMember({ folder: root, value }: ConfigFile, folder: string): boolean {
  const { workspace } = value;
  const members = isObject(workspace) ? workspace["members"] : workspace;
  if (!Array.isArray(members) || !folder.startsWith(root)) return false;
  let isMember = false;
  for (const member of members) {
    if (typeof member !== "string") continue;
    const isExcluded = member.startsWith("!");
    const url = URL.parse(isExcluded ? member.slice(1) : member, root)?.href;
    if (url !== undefined && patternOf(url).test(folder)) isMember = !isExcluded;
  }
  return isMember;
}

/**
 * Finds where Deno keeps the versions of packages.
 *
 * @param config The configuration that it started from.
 * @returns The path of the lock file; `undefined` if it keeps none.
 */
export function lockPathOf({ folder, value }: ConfigFile): string | undefined {
  const lock = isObject(value["lock"]) ? value["lock"]["path"] : value["lock"];
  if (lock === false) return undefined;
  const url = URL.parse(typeof lock === "string" ? lock : "deno.lock", folder);
  return url === null ? undefined : pathOfFile(url.href);
}

/**
 * Gives the folder of a file, or the one above a folder.
 *
 * @param url The URL of the file, or of the folder with a slash at the end.
 * @returns The URL of the folder, with a slash at the end.
 */
export function parentOf(url: string): string {
  const { href } = new URL(url.endsWith("/") ? ".." : ".", url);
  return href;
}

/**
 * Lists a folder and all above it.
 *
 * @param folder The URL of the folder, with a slash at the end.
 * @returns Their URLs, the innermost first.
 */
export function foldersFrom(folder: string): string[] {
  const folders = [folder];
  for (let each = folder; parentOf(each) !== each;) {
    each = parentOf(each);
    folders.push(each);
  }
  return folders;
}

function read(url: string, folder: string): ConfigFile | undefined {
  const path = pathOfFile(url);
  const text = path === undefined ? undefined : readText(path);
  // Deno itself would not start with one that it can't read or parse.
  const value = text === undefined ? undefined : parseObject(text);
  return value === undefined ? undefined : { url, folder, value };
}

function importMapOf(config: ConfigFile): {
  value: Readonly<Record<string, unknown>>;
  base: string;
  isDeno: boolean;
} {
  const { value, url } = config;
  if (value["imports"] !== undefined || value["scopes"] !== undefined) {
    return { value, base: url, isDeno: true };
  }
  const named = value["importMap"];
  const base = typeof named === "string" ? URL.parse(named, url)?.href : undefined;
  const path = base === undefined ? undefined : pathOfFile(base);
  const text = path === undefined ? undefined : readText(path);
  const map = text === undefined ? undefined : parseObject(text);
  return { value: map ?? {}, base: base ?? url, isDeno: false };
}

// "*" stands for one name, "**" for any number of them.
function patternOf(url: string): RegExp {
  const parts = url.replace(/\/$/, "").split("/").map((part) => {
    if (part === "**") return ".+";
    return RegExp.escape(part).replaceAll("\\*", "[^/]*");
  });
  return new RegExp(`^${parts.join("/")}/$`);
}
