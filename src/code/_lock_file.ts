// Copyright 2026 the pecapiku authors. MIT license.

import { isObject, parseObject } from "./_import_map.ts";
import { isExactVersion, type PackageSpecifier } from "./_packages.ts";
import { readText } from "./_read_source.ts";
import { textDigest } from "./text_digest.ts";

/** The versions of its format that are known. The specifiers of 3 are in another place. */
const VERSIONS = ["3", "4", "5"];

/** What `deno.lock` says. */
export class LockFile {
  readonly #versions = new Map<string, string>();
  readonly #remote: Readonly<Record<string, unknown>>;
  readonly #redirects: Readonly<Record<string, unknown>>;
  #remoteDigest: string | undefined;

  /**
   * Reads what a lock file says.
   *
   * @param value What is in it.
   */
  constructor(value: Readonly<Record<string, unknown>>) {
    const isKnown = VERSIONS.includes(String(value["version"]));
    const holder = value["version"] === "3" ? value["packages"] : value;
    const specifiers = isKnown && isObject(holder) ? holder["specifiers"] : undefined;
    for (const [specifier, found] of isObject(specifiers) ? Object.entries(specifiers) : []) {
      const version = typeof found === "string" ? versionOf(found) : undefined;
      if (version !== undefined) this.#versions.set(specifier, version);
    }
    this.#remote = isKnown && isObject(value["remote"]) ? value["remote"] : {};
    this.#redirects = isKnown && isObject(value["redirects"]) ? value["redirects"] : {};
  }

  /**
   * Reads a lock file.
   *
   * @param path Where it is.
   * @returns What it says; `undefined` if it can't be read, or is none.
   */
  static read(path: string): LockFile | undefined {
    const text = readText(path);
    const value = text === undefined ? undefined : parseObject(text);
    return value === undefined ? undefined : new LockFile(value);
  }

  /**
   * Finds the version of a package.
   *
   * @param specifier Which package.
   * @returns The version; `undefined` if it is not there, or there are several that it may be.
   */
  versionOf({ registry, name, range }: PackageSpecifier): string | undefined {
    const start = `${registry}:${name}`;
    const written = this.#versions.get(range === "" ? start : `${start}@${range}`);
    if (written !== undefined) return written;
    // Deno writes ranges in a form of its own. Where all of them give one version, the form does not matter.
    const found = new Set<string>();
    for (const [specifier, version] of this.#versions) {
      if (specifier === start || specifier.startsWith(`${start}@`)) found.add(version);
    }
    const [version] = found;
    return found.size === 1 ? version : undefined;
  }

  /**
   * Tells where a module was found.
   *
   * @param url Its URL.
   * @returns The URL that the server led to.
   */
  redirect(url: string): string {
    let found = url;
    for (let count = 0; count < 10 && Object.hasOwn(this.#redirects, found); count++) {
      const next = this.#redirects[found];
      if (typeof next !== "string") break;
      found = next;
    }
    return found;
  }

  /**
   * Gives what stands for the content of a remote module.
   *
   * @param url Its URL, behind all redirects.
   * @param isWhole Whether that of all it may import counts, too: it is not told apart from all else that is remote.
   * @returns Another digest if the content is another; `undefined` if the module is not there.
   */
  remoteDigest(url: string, isWhole: boolean): string | undefined {
    const digest = Object.hasOwn(this.#remote, url) ? this.#remote[url] : undefined;
    if (typeof digest !== "string" || !isWhole) {
      return typeof digest === "string" ? digest : undefined;
    }
    this.#remoteDigest ??= textDigest(
      JSON.stringify([Object.entries(this.#remote).sort(), Object.entries(this.#redirects).sort()]),
    );
    return this.#remoteDigest;
  }
}

// "1.0.0", "npm:a@1.0.0", and with the peers of a package: "1.0.0_b@2.0.0".
function versionOf(found: string): string | undefined {
  const version = found.replace(/^(?:npm|jsr):@?[^@]+@/, "").split("_")[0] ?? "";
  return isExactVersion(version) ? version : undefined;
}
