// Copyright 2026 the pecapiku authors. MIT license.

import {
  type ConfigFile,
  ConfigFiles,
  DENO_NAMES,
  foldersFrom,
  hasMember,
  lockPathOf,
  parentOf,
} from "./_config_files.ts";
import { ImportMap, isObject } from "./_import_map.ts";
import { jsrPackageFile, packageSpecifier } from "./_packages.ts";
import { pathOfFile } from "./_read_source.ts";

/** Asks Deno what a specifier stands for in a module of this package; `undefined` if nothing. */
export type Ask = (specifier: string) => string | undefined;

/** What a specifier stands for. */
export type Mapped =
  | {
    readonly kind: "url";
    /** What Deno makes of it: where the package, or what the server gave, is. */
    readonly url: string;
    /** What the import map gives, with the range of a package; the URL itself, where that is not known. */
    readonly meant: string;
  }
  | { readonly kind: "unknown"; readonly reason: string };

/** The import map of a member of the workspace, or of a linked folder. */
interface Layer {
  readonly own: ImportMap;
  /** The same, as if it were that of the program's folder. */
  readonly asRoots: ImportMap;
}

/** What counts for the modules in a folder. */
interface Surroundings {
  /** The import map of the program, with those of the members around the folder; `undefined` if there is none. */
  readonly map: ImportMap | undefined;
  readonly layers: readonly Layer[];
  /** Import maps that may count, too. */
  readonly others: readonly ImportMap[];
}

/** The import maps of a program: those in configurations, and one that was given on the command line. */
export class ImportMaps {
  /** The configurations, as they are read. */
  readonly files = new ConfigFiles();
  readonly #ask: Ask;
  readonly #start: string;
  readonly #ownFolder: string | undefined;
  readonly #known = new Map<string, Surroundings>();
  #root: { readonly config: ConfigFile | undefined; readonly isInForce: boolean } | undefined;

  /**
   * Makes them. Nothing is read yet.
   *
   * @param ask Asks Deno.
   * @param start The URL of the folder where Deno began to look for its configuration.
   * @param ownFolder The URL of the folder of this package, where it is a checkout.
   */
  constructor(ask: Ask, start: string, ownFolder: string | undefined) {
    this.#ask = ask;
    this.#start = start;
    this.#ownFolder = ownFolder;
  }

  /** Where Deno keeps the versions of packages for this program; `undefined` if it does not, or it is not known. */
  get lockPath(): string | undefined {
    const { config, isInForce } = this.#begin;
    if (config !== undefined) return isInForce ? lockPathOf(config) : undefined;
    const file = this.files.nearest(this.#start, ["package.json"]);
    return file === undefined ? undefined : pathOfFile(`${file.folder}deno.lock`);
  }

  /**
   * Finds what a specifier stands for.
   *
   * @param specifier The specifier, as it is written.
   * @param referrer The URL of the module that has it.
   * @returns What it is.
   */
  resolve(specifier: string, referrer: string): Mapped {
    const url = urlOf(specifier, referrer);
    const text = url ?? specifier;
    const { isInForce } = this.#begin;
    const { map, layers, others } = this.#around(parentOf(referrer));
    const byConfig = map?.resolve(text, referrer);
    if (byConfig === null) return unknown(specifier);
    const isLayered = layers.some(({ own }) => own.resolve(text, referrer) !== undefined);
    for (const { own, asRoots } of layers) {
      // Relative specifiers that a member maps, Deno takes for those of the program's folder, and not of the member's.
      const differs = own.resolve(text, referrer) !== asRoots.resolve(text, referrer);
      if (url !== undefined && differs) return disagreement(specifier);
    }
    for (const other of others) {
      const found = other.resolve(text, referrer);
      if (found !== undefined && found !== byConfig) return disagreement(specifier);
    }

    const asked = this.#ask(text);
    const told = asked !== undefined && this.#isOwnAnswer(text, asked) ? undefined : asked;
    const meant = byConfig ?? url;
    if (meant === undefined) return this.#unmapped(specifier, referrer, told);
    const final = meant.startsWith("file:") ? meant : this.#ask(meant) ?? meant;
    // Of a URL, too, an import map on the command line may make another one, or nothing.
    if (told === final) {
      return { kind: "url", url: final, meant: leadsTo(meant, final) ? meant : final };
    }
    if (asked === undefined && url !== undefined && byConfig === undefined) {
      return unknown(specifier);
    }
    // What is said of this package's modules, a scope or a member of the workspace may say otherwise.
    if (isInForce && byConfig !== undefined || told === undefined && byConfig === undefined) {
      return { kind: "url", url: final, meant };
    }
    // An import map on the command line has taken the place of the configuration's, but not of those of its members.
    const isGiven = !isInForce && !isLayered && told !== undefined;
    return isGiven ? { kind: "url", url: told, meant: told } : disagreement(specifier);
  }

  // The import map for the modules in a folder.
  #around(folder: string): Surroundings {
    let found = this.#known.get(folder);
    if (found === undefined) {
      const { config, isInForce } = this.#begin;
      const configs = foldersFrom(folder).flatMap((each) => {
        const near = this.files.in(each, DENO_NAMES);
        return near === undefined || near === config ? [] : [near];
      });
      const links = config && this.files.links(config);
      const isLayer = (each: ConfigFile): boolean =>
        config !== undefined && (hasMember(config, each.folder) || links!.linked.has(each));
      let map = config && this.files.importMap(config);
      const layers: Layer[] = [];
      for (const each of configs.filter(isLayer)) {
        const own = this.files.importMap(each);
        map = map?.with(each.folder, own);
        layers.push({ own, asRoots: ImportMap.of(each.value, config!.url, true) });
      }
      // One that is not known to count, Deno may go by as well, if not all is known that leads there.
      const isSure = isInForce && links?.isComplete === true;
      const others = isSure ? [] : configs.filter((each) => !isLayer(each));
      found = { map, layers, others: others.map((each) => this.files.importMap(each)) };
      this.#known.set(folder, found);
    }
    return found;
  }

  // What no import map has may be a dependency in a package.json, which goes before the modules of Node of the same name.
  #unmapped(specifier: string, referrer: string, told: string | undefined): Mapped {
    if (told !== undefined && !told.startsWith("node:")) {
      return { kind: "url", url: told, meant: told };
    }
    const dependency = this.#dependency(specifier, referrer);
    if (dependency !== undefined) {
      return dependency === null
        ? unknown(specifier)
        : { kind: "url", url: this.#ask(dependency) ?? dependency, meant: dependency };
    }
    return told === undefined ? unknown(specifier) : { kind: "url", url: told, meant: told };
  }

  #dependency(specifier: string, referrer: string): string | null | undefined {
    const name = /^(?:@[^/]+\/)?[^/#.][^/]*/.exec(specifier)?.[0];
    if (name === undefined) return undefined;
    for (const folder of foldersFrom(parentOf(referrer))) {
      const value = this.files.in(folder, ["package.json"])?.value;
      for (const key of ["dependencies", "devDependencies"]) {
        const dependencies = value?.[key];
        const range = isObject(dependencies) && Object.hasOwn(dependencies, name)
          ? dependencies[name]
          : undefined;
        if (typeof range === "string") return rangeSpecifier(name, range, specifier);
      }
    }
    return undefined;
  }

  get #begin(): { readonly config: ConfigFile | undefined; readonly isInForce: boolean } {
    return this.#root ??= this.#findStart();
  }

  #findStart(): { readonly config: ConfigFile | undefined; readonly isInForce: boolean } {
    const config = this.files.root(this.#start);
    return { config, isInForce: config !== undefined && this.#isInForce(config) };
  }

  // Whether Deno gives what the configuration says: otherwise an import map on the command line has taken its place.
  #isInForce(config: ConfigFile): boolean {
    const map = this.files.importMap(config);
    const own = this.#ownConfig(config);
    const referrer = this.#ownFolder ?? config.url;
    return map.specifiers.every((specifier) => {
      const url = map.resolve(specifier, referrer);
      if (typeof url !== "string" || packageSpecifier(url)?.path === "/") return true;
      if (
        own !== undefined && this.files.importMap(own).resolve(specifier, own.url) !== undefined
      ) {
        return true;
      }
      const asked = this.#ask(specifier);
      return asked !== undefined && (asked === url || asked === this.#ask(url));
    });
  }

  // Whether an answer comes from the configuration of this package's checkout, which is none of the user's modules.
  #isOwnAnswer(specifier: string, answer: string): boolean {
    const own = this.#ownConfig(this.#begin.config);
    if (own === undefined) return this.#isOwnHidden && !URL.canParse(specifier);
    const url = this.files.importMap(own).resolve(specifier, own.url);
    return typeof url === "string" && (answer === url || answer === this.#ask(url));
  }

  // Whether there is such a configuration that can't be read. A checkout always has one.
  get #isOwnHidden(): boolean {
    return this.#ownFolder !== undefined &&
      this.files.in(this.#ownFolder, DENO_NAMES) === undefined;
  }

  #ownConfig(root: ConfigFile | undefined): ConfigFile | undefined {
    const own = this.#ownFolder === undefined
      ? undefined
      : this.files.in(this.#ownFolder, DENO_NAMES);
    return own === root ? undefined : own;
  }
}

function urlOf(specifier: string, referrer: string): string | undefined {
  const url = /^\.{0,2}\//.test(specifier) ? URL.parse(specifier, referrer) : URL.parse(specifier);
  return url?.href;
}

// Whether Deno may have found something by a URL, and not by another one that an import map has in its place.
function leadsTo(meant: string, final: string): boolean {
  const asked = packageSpecifier(meant);
  if (asked === undefined || meant === final) return true;
  if (final.startsWith("file:")) return true;
  return asked.registry === "jsr" && jsrPackageFile(final, asked.name) !== undefined;
}

// A folder, a workspace or a server has no version that tells its content.
function rangeSpecifier(name: string, range: string, specifier: string): string | null {
  const path = specifier.slice(name.length);
  const other = /^(npm|jsr):(@?[^@]+)(?:@(.*))?$/.exec(range);
  if (other !== null) return `${other[1]}:${other[2]}@${other[3] ?? "*"}${path}`;
  return /^[\w^~<>=*. |-]*$/.test(range) ? `npm:${name}@${range || "*"}${path}` : null;
}

function disagreement(specifier: string): Mapped {
  return { kind: "unknown", reason: `of ${specifier}, of which import maps say different things` };
}

function unknown(specifier: string): Mapped {
  return { kind: "unknown", reason: `of ${specifier}, of which it can't be told what it is` };
}
