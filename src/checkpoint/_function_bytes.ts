// Copyright 2026 the pecapiku authors. MIT license.

import { functionName, functionSource, originalOf } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import type { CodeIdentity } from "../code/function_code.ts";
import type { EncodingOptions } from "../keys/_encoding_options.ts";
import { digestKey } from "../keys/digest_key.ts";
import { addedProperties } from "./_added_properties.ts";
import type { Callers, CodeSource } from "./_code_source.ts";

const encoder = new TextEncoder();

const bytesOfIdentities = new WeakMap<CodeIdentity, Uint8Array>();

/** What stands for functions and classes among the values of a call: their code and what it reaches, not their name. */
export class FunctionBytes {
  /** How values are encoded. */
  readonly options: EncodingOptions;
  /** Whether the name and the text of a function count, too. */
  readsFunctions = false;
  readonly #source: CodeSource;
  readonly #callers: Callers;
  /** The functions whose properties are being encoded. */
  readonly #within: AnyFunction[] = [];
  #unseen: string[] | undefined;

  /**
   * Makes what encodes functions.
   *
   * @param source What tells their code.
   * @param callers Who made the checkpoint.
   * @param keyOrder Whether the order of properties counts.
   */
  constructor(source: CodeSource, callers: Callers, keyOrder: "sort" | "keep") {
    this.#source = source;
    // Who made a function that is passed as an argument is not known.
    this.#callers = { ...callers, functions: [""] };
    this.options = {
      keyOrder,
      encodeFunction: (fn, path) => this.#encode(fn as AnyFunction, path),
    };
  }

  /**
   * Begins to note what can't be seen of the functions that are encoded.
   *
   * @returns What was noted before, for {@linkcode end}: a method that speaks for an object may call the checkpointed function
   * while a key is made.
   */
  begin(): string[] | undefined {
    const outer = this.#unseen;
    this.#unseen = undefined;
    return outer;
  }

  /**
   * Ends to note.
   *
   * @param outer What {@linkcode begin} gave.
   * @returns What can't be seen, for people; `undefined` if all is.
   */
  end(outer: string[] | undefined): readonly string[] | undefined {
    const unseen = this.#unseen;
    this.#unseen = outer;
    return unseen;
  }

  #encode(fn: AnyFunction, path: string): Uint8Array {
    const original = originalOf(fn);
    const identity = this.#source.read(original, this.#callers).identifyWhole();
    if (identity.unseen.length > 0 || identity.refusal !== undefined) this.#note(identity, path);
    const added = addedTo(fn, original);
    if (added === undefined && !this.readsFunctions) return bytesOf(identity);
    const cycle = this.#within.indexOf(original);
    if (cycle >= 0) return encoder.encode(JSON.stringify([identity.digest, cycle]));
    const written = this.readsFunctions ? [functionName(fn), functionSource(original) ?? ""] : null;
    const parts = [identity.digest, written, this.#digestOf(original, added)];
    return encoder.encode(JSON.stringify(parts));
  }

  #digestOf(fn: AnyFunction, added: readonly unknown[] | undefined): string | null {
    if (added === undefined) return null;
    this.#within.push(fn);
    try {
      return digestKey(added, this.options);
    } finally {
      this.#within.pop();
    }
  }

  #note({ unseen, refusal }: CodeIdentity, path: string): void {
    const notes = this.#unseen ??= [];
    for (const one of unseen) notes.push(`${one}, of the function ${path}`);
    if (refusal !== undefined) notes.push(`the function ${path} (${refusal})`);
  }
}

function addedTo(fn: AnyFunction, original: AnyFunction): readonly unknown[] | undefined {
  const added = addedProperties(original);
  if (fn === original) return added;
  // A cache round a function takes over what is on it, and may be given more.
  return addedProperties(fn, true) ?? added;
}

function bytesOf(identity: CodeIdentity): Uint8Array {
  let bytes = bytesOfIdentities.get(identity);
  if (bytes === undefined) {
    bytesOfIdentities.set(identity, bytes = encoder.encode(identity.digest));
  }
  return bytes;
}
