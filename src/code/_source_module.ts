// Copyright 2026 the pecapiku authors. MIT license.

import type { CodeMemo } from "./code_memo.ts";
import type { LoadedModule, Resolved } from "./loaded_module.ts";
import type { ModuleSummary, Slice } from "./module_summary.ts";
import { digestData, isWrittenLately, pathOfFile, readModule } from "./_read_source.ts";
import type { Target } from "./_resolver.ts";
import type { Unit } from "./unit.ts";
import type { Language, MediaType } from "./_to_javascript.ts";
import type { Emit } from "./_compiler_options.ts";

/** What a module knows of the others. */
export interface Neighbours {
  /** Finds what an import leads to. */
  readonly resolve: (specifier: string, type: string) => Target;
  /** Gives a module of the user's own. */
  readonly module: (url: string) => LoadedModule;
  /** Finds what compiler options make of the module. */
  readonly emit: (mediaType: MediaType) => Emit;
}

/** A module that is imported. */
export interface ImportedModule {
  /** Its URL. */
  readonly url: string;
  /** Whether it may be evaluated later than the module that imports it, or never. */
  readonly isLater: boolean;
}

/** A module of the user's own, read from its file. */
export class SourceModule implements LoadedModule {
  readonly url: string;
  readonly name: string;
  readonly summary: ModuleSummary | undefined;
  readonly problem: string | undefined;
  readonly emit: string = "";
  readonly #memo: CodeMemo;
  readonly #neighbours: Neighbours;
  readonly #resolved = new Map<string, Resolved>();
  readonly #text: { readonly source: string; readonly language: Language } | undefined;
  #isChanged = false;
  #isLate = false;
  #javaScript: string | undefined;
  #imports: readonly ImportedModule[] | undefined;

  /**
   * Reads a module.
   *
   * @param url Its URL.
   * @param name What it is called, for people.
   * @param memo What remembers analyses.
   * @param neighbours What it knows of other modules.
   */
  constructor(url: string, name: string, memo: CodeMemo, neighbours: Neighbours) {
    this.url = url;
    this.name = name;
    this.#memo = memo;
    this.#neighbours = neighbours;
    const read = readModule(url);
    if ("problem" in read) {
      this.problem = read.problem;
      return;
    }
    const { text, language } = neighbours.emit(read.mediaType);
    this.emit = text;
    this.#text = { source: read.source, language };
    this.#isChanged = read.changed;
    const { summary, problem } = memo.summary(read.source, language);
    this.summary = summary;
    this.problem = problem;
  }

  get changed(): boolean {
    if (this.#isLate) this.#look();
    return this.#isChanged;
  }

  /**
   * Says whether the program may load it later than it was read here, or has not loaded it at all: then it may still become
   * another one before it is loaded.
   */
  set isLate(isLate: boolean) {
    if (this.#isLate && !isLate) this.#look();
    this.#isLate = isLate;
  }

  #look(): void {
    const path = this.#text && pathOfFile(this.url);
    this.#isChanged ||= path !== undefined && isWrittenLately(path);
  }

  /** The modules of the user's own that it imports as code, in order; a module may be there several times. */
  get imports(): readonly ImportedModule[] {
    return this.#imports ??= (this.summary?.imports ?? []).flatMap(
      ({ specifier, type, dynamic }) => {
        const target = this.#neighbours.resolve(specifier, type);
        return target.kind === "module" ? [{ url: target.url, isLater: dynamic }] : [];
      },
    );
  }

  resolve(index: number): Resolved {
    const found = this.summary?.imports[index];
    if (found === undefined) return { kind: "unknown", reason: "there is no such import" };
    return this.#resolve(found.specifier, found.type);
  }

  resolveSpecifier(specifier: string): Resolved {
    return this.#resolve(specifier, "");
  }

  unit(slice: Slice): Unit | undefined {
    return this.#memo.unit(() => this.#slice(slice), slice.kind, slice.digest);
  }

  #slice({ start, end }: Slice): string {
    if (this.#text === undefined) return "";
    const { source, language } = this.#text;
    this.#javaScript ??= this.#memo.javaScript(source, language);
    return this.#javaScript.slice(start, end);
  }

  #resolve(specifier: string, type: string): Resolved {
    const key = `${type} ${specifier}`;
    let resolved = this.#resolved.get(key);
    if (resolved === undefined) {
      resolved = this.#toResolved(this.#neighbours.resolve(specifier, type), specifier);
      this.#resolved.set(key, resolved);
    }
    return resolved;
  }

  #toResolved(target: Target, specifier: string): Resolved {
    switch (target.kind) {
      case "module":
        return { kind: "module", module: this.#neighbours.module(target.url) };
      case "file": {
        const data = digestData(target.url, target.type);
        if ("problem" in data) {
          return { kind: "unknown", reason: `of ${specifier}: ${data.problem}` };
        }
        return { kind: "file", name: specifier, digest: () => data.digest };
      }
      default:
        return target;
    }
  }
}
