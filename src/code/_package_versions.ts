// Copyright 2026 the pecapiku authors. MIT license.

import { foldersFrom, parentOf } from "./_config_files.ts";
import type { Ask, ImportMaps } from "./_import_maps.ts";
import { LockFile } from "./_lock_file.ts";
import {
  cachedPackageFile,
  hasExactVersion,
  isExactVersion,
  jsrPackageFile,
  modulesPackageFile,
  type PackageFile,
  packageName,
  type PackageSpecifier,
} from "./_packages.ts";
import { pathOfFile } from "./_read_source.ts";

/** Finds the versions of packages. In all of it, `null` stands for one that can't be told. */
export class PackageVersions {
  readonly #ask: Ask;
  readonly #maps: ImportMaps;
  #lock: LockFile | null | undefined;

  /**
   * Makes it. Nothing is read yet.
   *
   * @param ask Asks Deno.
   * @param maps The configurations of the program.
   */
  constructor(ask: Ask, maps: ImportMaps) {
    this.#ask = ask;
    this.#maps = maps;
  }

  /**
   * Finds the version of a package.
   *
   * @param asked Which package, and what of it.
   * @param url What Deno makes of it: a file or a module of the package, if it is loaded.
   * @param referrer The URL of the module that imports it.
   * @returns The name with the version.
   */
  ofSpecifier(asked: PackageSpecifier, url: string, referrer: string): string | null {
    const version = this.#loaded(asked, url, referrer);
    return version === null ? null : packageName(asked, version);
  }

  /**
   * Finds the version of what is at a URL.
   *
   * @param url The URL, behind redirects if it is loaded.
   * @returns The name with the version.
   */
  ofRemote(url: string): string | null {
    const jsr = jsrPackageFile(url);
    if (jsr?.version !== undefined) {
      return packageName(
        { registry: "jsr", name: jsr.name, range: "", path: jsr.path },
        jsr.version,
      );
    }
    const lock = this.#lockFile;
    const found = lock?.redirect(url) ?? url;
    const isExact = hasExactVersion(found);
    const digest = lock?.remoteDigest(found, !isExact);
    if (digest !== undefined) return `${found}#${digest}`;
    return isExact ? found : null;
  }

  /**
   * Finds the version of the package that a file is of.
   *
   * @param url The URL of the file.
   * @returns The name with the version; `undefined` if it is a file of the user's own.
   */
  ofFile(url: string): string | null | undefined {
    const cached = this.#cached(url);
    const found = cached ?? modulesPackageFile(url);
    if (found === undefined) return undefined;
    const version = cached?.version ?? this.#versionIn(found.folder);
    if (version === null || version === undefined) return null;
    return packageName({ registry: "npm", name: found.name, range: "", path: found.path }, version);
  }

  // A folder of the user's own may look like the cache. Deno knows where it has that version.
  #cached(url: string): PackageFile | undefined {
    const file = cachedPackageFile(url);
    const { name = "", version = "", folder = "" } = file ?? {};
    const loaded = file && cachedPackageFile(this.#ask(`npm:${name}@${version}`) ?? "", name);
    const isSame = loaded?.version === version && beforeCopy(loaded.folder) === beforeCopy(folder);
    return isSame ? file : undefined;
  }

  /**
   * Tells whether Deno found a package in a folder of the user's own, such as a member of the workspace.
   *
   * @param url What Deno makes of it.
   * @param asked Which package.
   * @returns Whether it did.
   */
  isLocal(url: string, { name }: PackageSpecifier): boolean {
    return cachedPackageFile(url, name) === undefined && modulesPackageFile(url) === undefined;
  }

  // What is loaded goes before what is written anywhere: Deno may have been told to pass over the lock file.
  #loaded(asked: PackageSpecifier, url: string, referrer: string): string | null {
    const { registry, name, range } = asked;
    const file = registry === "jsr" ? jsrPackageFile(url, name) : cachedPackageFile(url, name);
    if (file?.version !== undefined) return file.version;
    const found = modulesPackageFile(url);
    if (found !== undefined) {
      // Under another name it is there if that is an alias, or if an import map on the command line leads there.
      const isIt = found.name === name || this.#valueIn(found.folder)?.["name"] === name;
      const version = isIt ? this.#versionIn(found.folder) : null;
      // Deno was asked for a module of this package: the user's module may have a folder with another version nearer.
      const near = this.#nearestVersion(name, referrer);
      return near === undefined || near === version ? version : null;
    }
    if (isExactVersion(range)) return range;
    const locked = this.#lockFile?.versionOf(asked) ?? null;
    const near = registry === "npm" ? this.#nearestVersion(name, referrer) : undefined;
    return near === undefined || near === locked ? locked : locked === null ? near : null;
  }

  /** The version in the nearest `node_modules`; `undefined` if there is none. */
  #nearestVersion(name: string, referrer: string): string | null | undefined {
    for (const folder of foldersFrom(parentOf(referrer))) {
      const found = `${folder}node_modules/${name}/`;
      if (this.#maps.files.in(found, ["package.json"]) !== undefined) return this.#versionIn(found);
    }
    return undefined;
  }

  #versionIn(folder: string): string | null {
    // Deno's own node_modules has the version in a folder's name, and takes the package from the cache.
    const inName = /\/node_modules\/\.deno\/[^/]*@(\d+\.\d+\.\d+[^/_]*)(?:_[^/]*)?\/node_modules\//
      .exec(folder)?.[1];
    if (inName !== undefined && isExactVersion(inName)) return inName;
    const version = this.#valueIn(folder)?.["version"];
    if (typeof version !== "string" || !isExactVersion(version)) return null;
    return isLink(folder) ? null : version;
  }

  #valueIn(folder: string): Readonly<Record<string, unknown>> | undefined {
    return this.#maps.files.in(folder, ["package.json"])?.value;
  }

  get #lockFile(): LockFile | undefined {
    if (this.#lock === undefined) {
      const path = this.#maps.lockPath;
      this.#lock = path === undefined ? null : LockFile.read(path) ?? null;
    }
    return this.#lock ?? undefined;
  }
}

// "…/pkg/1.0.0_1/" is the same as "…/pkg/1.0.0/".
function beforeCopy(folder: string): string {
  return folder.replace(/_\d+\/$/, "/");
}

// What is linked from elsewhere, a package manager did not put there: it may change without a new version.
function isLink(folder: string): boolean {
  const path = pathOfFile(folder);
  if (path === undefined) return true;
  try {
    return !/[\\/]node_modules[\\/]/.test(Deno.realPathSync(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return true;
  }
}
