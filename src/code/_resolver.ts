// Copyright 2026 the pecapiku authors. MIT license.

import { isSessionModule, mainModule } from "./callers.ts";
import { CompilerOptions, type Emit } from "./_compiler_options.ts";
import { parentOf } from "./_config_files.ts";
import { isOwnModule, isOwnSpecifier, OWN_FOLDER } from "./_own_package.ts";
import { ImportMaps, type Mapped } from "./_import_maps.ts";
import { PackageVersions } from "./_package_versions.ts";
import { isPure, packageSpecifier } from "./_packages.ts";
import { fileUrl } from "./_read_source.ts";
import { type MediaType, mediaTypeOf } from "./_to_javascript.ts";

/** What a specifier leads to. */
export type Target =
  /** A module of the user's own. */
  | { readonly kind: "module"; readonly url: string }
  /** A file that is imported as data. */
  | { readonly kind: "file"; readonly url: string; readonly type: "json" | "text" | "bytes" }
  | { readonly kind: "package"; readonly name: string; readonly pure: boolean }
  | { readonly kind: "own" }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a resolver knows of the program. */
export interface ResolverOptions {
  /**
   * Resolves a specifier as Deno does for a module of this package; it throws where that fails.
   *
   * @default {import.meta.resolve}
   */
  readonly resolve?: (specifier: string) => string;
  /**
   * The URL of the main module.
   *
   * @default {Deno.mainModule}
   */
  readonly main?: string | undefined;
  /**
   * The URL of the folder of this package, where it is a checkout whose own `deno.json` Deno may go by for it.
   *
   * @default {Where this file is}
   */
  readonly own?: string | undefined;
}

const DATA_TYPES = ["json", "text", "bytes"] as const;

/**
 * Finds what the imports of modules lead to.
 *
 * What this process has loaded, `import.meta.resolve` tells for sure: the version of a package, and where a server led. But it
 * speaks for this package's modules, not for the user's, and these may have other import maps. So the maps are read as well, and where
 * they and Deno don't agree, and it can't be told why, nothing is known.
 */
export class Resolver {
  readonly #maps: ImportMaps;
  readonly #versions: PackageVersions;
  readonly #options: CompilerOptions;
  readonly #known = new Map<string, Target>();

  /**
   * Makes a resolver. Nothing is read yet.
   *
   * @param options What it knows of the program.
   */
  constructor(options: ResolverOptions = {}) {
    const { resolve = import.meta.resolve, main = mainModule(), own = OWN_FOLDER } = options;
    // A session has no file, and Deno goes by the current directory; so it does for a main module on a server.
    const start = main?.startsWith("file:") && !isSessionModule(main)
      ? parentOf(main)
      : currentFolder();
    const ask = (specifier: string): string | undefined => {
      try {
        return resolve(specifier);
      } catch (error) {
        // That is how Deno says that it is nothing.
        if (!(error instanceof Error)) throw error;
        return undefined;
      }
    };
    this.#maps = new ImportMaps(ask, start, own);
    this.#versions = new PackageVersions(ask, this.#maps);
    this.#options = new CompilerOptions(this.#maps.files);
  }

  /**
   * Finds what compiler options make of a module.
   *
   * @param url The URL of the module: a `file:` URL.
   * @param mediaType Its language.
   * @returns What they make of it.
   */
  emit(url: string, mediaType: MediaType): Emit {
    return this.#options.of(url, mediaType);
  }

  /**
   * Finds what an import leads to.
   *
   * @param specifier The specifier, as it is written.
   * @param type The import attribute `type`; `""` for code.
   * @param referrer The URL of the module that has it: a `file:` URL.
   * @returns What it is.
   */
  resolve(specifier: string, type: string, referrer: string): Target {
    const key = JSON.stringify([specifier, type, referrer]);
    let target = this.#known.get(key);
    if (target === undefined) {
      target = this.#target(this.#maps.resolve(specifier, referrer), type, specifier, referrer);
      this.#known.set(key, target);
    }
    return target;
  }

  #target(mapped: Mapped, type: string, specifier: string, referrer: string): Target {
    if (mapped.kind === "unknown") return mapped;
    const { url, meant } = mapped;
    if (isOwnModule(url) || isOwnSpecifier(meant)) return { kind: "own" };
    if (url.startsWith("node:")) return packageTarget(url);
    const asked = packageSpecifier(meant);
    if (asked !== undefined) {
      if (url.startsWith("file:") && this.#versions.isLocal(url, asked)) {
        return this.#local(url, type, specifier);
      }
      return versionTarget(this.#versions.ofSpecifier(asked, url, referrer), meant);
    }
    if (/^https?:/.test(url)) return versionTarget(this.#versions.ofRemote(url), url);
    if (url.startsWith("file:")) {
      const version = this.#versions.ofFile(url);
      return version === undefined
        ? this.#local(url, type, specifier)
        : versionTarget(version, specifier);
    }
    return unknown(`of ${shortened(specifier)}, which is none of a file, a package or a server`);
  }

  #local(url: string, type: string, specifier: string): Target {
    if (type !== "") {
      const known = DATA_TYPES.find((each) => each === type);
      return known === undefined
        ? unknown(`of ${specifier}, imported with the unknown type "${type}"`)
        : { kind: "file", url, type: known };
    }
    return mediaTypeOf(new URL(url).pathname) === undefined
      ? unknown(`of ${specifier}, which is no file that can be read as code`)
      : { kind: "module", url };
  }
}

/**
 * Gives what is said of what can't be told.
 *
 * @param reason Why, for people.
 * @returns The target.
 */
export function unknown(reason: string): { readonly kind: "unknown"; readonly reason: string } {
  return { kind: "unknown", reason };
}

function currentFolder(): string {
  try {
    return fileUrl(`${Deno.cwd()}/`);
  } catch (error) {
    // It was removed, and so was what Deno found there.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "file:///";
  }
}

function packageTarget(name: string): Target {
  return { kind: "package", name, pure: isPure(name) };
}

function versionTarget(name: string | null, asked: string): Target {
  return name === null
    ? unknown(`of ${shortened(asked)}, whose version can't be told`)
    : packageTarget(name);
}

function shortened(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
