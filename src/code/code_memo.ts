// Copyright 2026 the pecapiku authors. MIT license.

import { ANALYSIS, type Analysis } from "./_analysis.ts";
import type { ModuleSummary } from "./module_summary.ts";
import { isModuleSummary, isUnit } from "./_shapes.ts";
import { textDigest } from "./text_digest.ts";
import type { Language } from "./_to_javascript.ts";
import type { Unit, UnitKind } from "./unit.ts";
import { isAbsolutePath } from "../_absolute_path.ts";
import type { Digest, PutChange, Store } from "../stores/store.ts";

/** The version of what an entry is: `docs/format.md` specifies it. */
const VERSION = 1;

/** The codec's name that entries have, and what stands in the place of a function's name. */
const CODEC = "json";
const FUNCTION_NAME = "(code)";

/** What the entries may take of a file. What was used least recently goes first. */
const MAX_STORED_BYTES = 64 * 1024 * 1024;

/** How many analyses are kept in memory. A program that makes functions of strings may have any number. */
const MAX_KNOWN = 20_000;

/** What is known of a module: of one that can't be analysed, why. */
export type SummaryResult =
  | { readonly summary: ModuleSummary; readonly problem?: undefined }
  | { readonly summary?: undefined; readonly problem: string };

/**
 * Remembers what is known of code: in memory, and in a store, if there is one. With everything remembered, no parser is
 * loaded. What is new is written by {@linkcode CodeMemo.save}, in one step.
 */
export class CodeMemo {
  #store: Store | undefined;
  readonly #analysis: Analysis;
  readonly #known = new Map<string, unknown>();
  readonly #unsaved = new Map<string, string>();
  #isReadable: boolean | undefined;
  #problem: { readonly error: unknown } | undefined;

  /**
   * Makes a memo. Nothing is read yet.
   *
   * @param store Where analyses are kept between processes.
   * @param analysis What analyses code.
   */
  constructor(store?: Store, analysis: Analysis = ANALYSIS) {
    this.#store = store;
    this.#analysis = analysis;
  }

  /**
   * Analyses a piece of code, or remembers what it is.
   *
   * @param text The code, or what gives it.
   * @param kind What it is.
   * @param digest The digest of the text, if that is known already.
   * @returns What is known of it; `undefined` if it can't be parsed.
   */
  unit(text: string | (() => string), kind: UnitKind, digest?: Digest): Unit | undefined {
    const textual = digest ?? textDigest(read(text));
    const key = this.#key("unit", kind, textual);
    const found = this.#find(
      key,
      (value) => value === null || isUnit(value) && value.raw === textual,
    );
    if (found !== undefined) return (found as Unit | null) ?? undefined;
    const written = read(text);
    // Where the text is another one than it was said to be, what is found must not be kept under that name.
    if (digest !== undefined && textDigest(written) !== digest) return undefined;
    try {
      const unit = this.#analysis.unit(written, kind);
      this.#keep(key, unit ?? null);
      return unit;
    } catch (error) {
      // Nested too deep for the stack, of which there may be more another time.
      if (!(error instanceof RangeError)) throw error;
      return undefined;
    }
  }

  /**
   * Analyses a module, or remembers what it is.
   *
   * @param source The text of the module, as it is in its file.
   * @param language Its language.
   * @returns What is known of it, or why nothing is.
   */
  summary(source: string, language: Language): SummaryResult {
    // The places in a summary are those in the text that this version of Deno makes of the module.
    const key = this.#key("module", language, Deno.version.deno, textDigest(source));
    const found = this.#find(key, isSummaryResult);
    if (found !== undefined) return found as SummaryResult;
    const result = this.#summarize(source, language);
    this.#keep(key, result);
    return result;
  }

  /**
   * Gives the JavaScript that Deno makes of a module.
   *
   * @param source The text of the module.
   * @param language Its language.
   * @returns The JavaScript.
   * @throws {SyntaxError} If it can't be parsed.
   */
  javaScript(source: string, language: Language): string {
    return this.#analysis.javaScript(source, language);
  }

  /**
   * Writes what is new to the store, if there is one and writing is granted. What went wrong with the store is said here, once;
   * it is left alone from then on, and analyses are kept in memory only.
   *
   * @throws {CacheError} If the store can't be read or written.
   */
  save(): void {
    const store = this.#store;
    const problem = this.#problem;
    this.#problem = undefined;
    if (problem !== undefined) throw problem.error;
    if (store === undefined || this.#unsaved.size === 0 || !isGranted("write", store)) return;
    const changes = Array.from(this.#unsaved, putChange);
    this.#unsaved.clear();
    try {
      store.commit(changes, {
        limits: { functionName: FUNCTION_NAME, maxBytes: MAX_STORED_BYTES },
      });
    } catch (error) {
      this.#store = undefined;
      throw error;
    }
  }

  #summarize(source: string, language: Language): SummaryResult {
    try {
      const summary = this.#analysis.summary(this.javaScript(source, language));
      return summary === undefined ? { problem: "it can't be parsed" } : { summary };
    } catch (error) {
      // The module may be one that the code does not reach. If it does, this is said as the reason that it can't be seen.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      return { problem: `it can't be parsed: ${firstLine(error.message)}` };
    }
  }

  #key(...parts: readonly string[]): string {
    return JSON.stringify(["code", VERSION, this.#analysis.version, ...parts]);
  }

  #find(key: string, isRight: (value: unknown) => boolean): unknown {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const stored = this.#stored(key);
    if (stored === undefined || !isRight(stored)) return undefined;
    this.#remember(key, stored);
    return stored;
  }

  #stored(key: string): unknown {
    const store = this.#store;
    if (store === undefined) return undefined;
    try {
      this.#isReadable ??= isGranted("read", store);
      if (!this.#isReadable) return undefined;
      const digest = textDigest(key);
      const found = store.get(digest);
      if (found === undefined || found.codec !== CODEC || found.parts.length !== 1) {
        return undefined;
      }
      store.touch(digest);
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(found.parts[0]));
    } catch (error) {
      // A text that is no JSON, or not UTF-8, is not what was written here.
      if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
      this.#store = undefined;
      this.#problem = { error };
      return undefined;
    }
  }

  #keep(key: string, value: unknown): void {
    this.#remember(key, value);
    if (this.#store === undefined) return;
    this.#unsaved.set(key, JSON.stringify(value));
    if (this.#unsaved.size > MAX_KNOWN) dropFirst(this.#unsaved);
  }

  #remember(key: string, value: unknown): void {
    this.#known.set(key, value);
    if (this.#known.size > MAX_KNOWN) dropFirst(this.#known);
  }
}

function read(text: string | (() => string)): string {
  return typeof text === "string" ? text : text();
}

function isSummaryResult(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { summary, problem } = value as Record<string, unknown>;
  return problem === undefined
    ? isModuleSummary(summary)
    : typeof problem === "string" && summary === undefined;
}

function putChange([key, value]: readonly [string, string]): PutChange {
  const encoder = new TextEncoder();
  const shown = JSON.stringify({ name: FUNCTION_NAME, preview: key });
  return {
    type: "put",
    digest: textDigest(key),
    codec: CODEC,
    key: { kind: "call", parts: [encoder.encode(shown)] },
    parts: [encoder.encode(value)],
    functionName: FUNCTION_NAME,
    writtenAt: Date.now(),
    duration: 0,
    promised: false,
  };
}

function isGranted(name: "read" | "write", { location }: Store): boolean {
  // A store in memory needs no permission.
  return !isAbsolutePath(location) ||
    Deno.permissions.querySync({ name, path: location }).state === "granted";
}

function dropFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
