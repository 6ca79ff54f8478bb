// Copyright 2026 the pecapiku authors. MIT license.

import { ImportMap, isObject, parseObject } from "./_import_map.ts";
import { pathOfFile, readText } from "./_read_source.ts";

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
  readonly #links = new Map<ConfigFile, Links>();

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
   * Finds the configurations that are not in the workspace, and that Deno goes by for the modules in their folders: since an
   * import map leads there, or they are said to be linked.
   *
   * @param root The configuration that it starts from.
   * @returns Those that are known, and whether these are all.
   */
  links(root: ConfigFile): Links {
    let links = this.#links.get(root);
    if (links === undefined) {
      const linked = new Set([root]);
      for (const each of linked) {
        for (const folder of this.#leadsTo(each)) {
          const found = this.nearest(folder, DENO_NAMES);
          if (found !== undefined) linked.add(found);
        }
      }
      // Members have import maps as well, and with one of a workspace come all the others.
      const isComplete = Array.from(linked).every((each) =>
        each.value["workspace"] === undefined && this.root(each.folder) === each
      );
      linked.delete(root);
      links = { linked, isComplete };
      this.#links.set(root, links);
    }
    return links;
  }

  #leadsTo(config: ConfigFile): string[] {
    const { links, patch } = config.value;
    const folders = [links, patch].flat().map((link) =>
      typeof link === "string" ? URL.parse(`${link}/.`, config.folder)?.href : undefined
    );
    return [...folders, ...this.importMap(config).addresses].flatMap((address) =>
      address?.startsWith("file:") ? parentOf(`${address}_`) : []
    );
  }
}

/** The configurations that are linked. */
export interface Links {
  /** Those that are known. */
  readonly linked: ReadonlySet<ConfigFile>;
  /** Whether these are all. */
  readonly isComplete: boolean;
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
