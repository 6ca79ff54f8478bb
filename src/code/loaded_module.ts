// Copyright 2026 the pecapiku authors. MIT license.

import type { ModuleSummary, Slice } from "./module_summary.ts";
import type { Unit } from "./unit.ts";

/** What a specifier stands for. */
export type Resolved =
  /** A module of the user's own. */
  | { readonly kind: "module"; readonly module: LoadedModule }
  /** A file that is imported as data. */
  | {
    readonly kind: "file";
    /** What it is called, for people: its path beside the importing module. */
    readonly name: string;
    /** Gives the digest of its content: of the value, if it is JSON. */
    readonly digest: () => string;
  }
  /** A package of known version, or a part of it. */
  | {
    readonly kind: "package";
    /** Such as `"npm:pkg@1.0.0"` or `"npm:pkg@1.0.0/sub"`, `"jsr:@std/path@1.1.1"`, `"node:fs"`; an `https:` URL with a version. */
    readonly name: string;
    /** Whether calling it when a module is loaded is known to look at nothing outside: `node:path`, `jsr:@std/collections`, …. */
    readonly pure: boolean;
  }
  /** This package itself, of any version. */
  | { readonly kind: "own" }
  /** It can't be told. */
  | { readonly kind: "unknown"; readonly reason: string };

/** A module of the user's own, as it was read. */
export interface LoadedModule {
  /** Its URL. */
  readonly url: string;
  /** What it is called, for people: its path beside the main module or the current directory. */
  readonly name: string;
  /** What is known of it; `undefined` if it can't be parsed or read, and then `problem` says why. */
  readonly summary: ModuleSummary | undefined;
  /** Why it is not known: `"it can't be parsed: …"`. */
  readonly problem: string | undefined;
  /** Whether its file was written after the program began, so that what is loaded may be something else. */
  readonly changed: boolean;
  /** The compiler options that change what Deno makes of it, as JSON; `""` or `undefined` if there are none. */
  readonly emit?: string | undefined;

  /**
   * Finds what an import stands for.
   *
   * @param index The index in the imports of the summary.
   * @returns What it is.
   */
  resolve(index: number): Resolved;

  /**
   * Finds what a specifier stands for, as an import of code.
   *
   * @param specifier The specifier.
   * @returns What it is.
   */
  resolveSpecifier(specifier: string): Resolved;

  /**
   * Analyses a part of the module, or remembers what it is.
   *
   * @param slice The part.
   * @returns What is known of it; `undefined` if it can't be parsed.
   */
  unit(slice: Slice): Unit | undefined;
}

/** All modules of the user's own that a program has loaded, as far as it is known. */
export interface LoadedGraph {
  /** The modules, each one after those that it imports, as they are evaluated. */
  readonly modules: readonly LoadedModule[];
}
