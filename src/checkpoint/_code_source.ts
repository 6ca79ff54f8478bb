// Copyright 2026 the pecapiku authors. MIT license.

import { joinPath } from "../_absolute_path.ts";
import { originalOf } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { warnOnce } from "../access/storage_options.ts";
import { type Callers, callers } from "../code/callers.ts";
import { CodeMemo } from "../code/code_memo.ts";
import { CodeReader } from "../code/code_reader.ts";
import type { CodeIdentity, FunctionCode } from "../code/function_code.ts";
import { openLogStore } from "../stores/open_log_store.ts";

export type { Callers };

/** What tells the code of functions. */
export interface CodeSource {
  /**
   * Reads the code of a function or class.
   *
   * @param fn The function or class, as a person wrote it.
   * @param callers Who made the checkpoint.
   * @returns What is known of it: the same object for the same function.
   */
  read(fn: AnyFunction, callers: Callers): FunctionCode;
}

/** The file that remembers what is known of code. */
const MEMO = "code.cache";

/**
 * Tells who is making a checkpoint.
 *
 * @returns The modules and functions on the stack.
 */
export function currentCallers(): Callers {
  return callers();
}

/**
 * Gives what tells the code of functions, and remembers what it found out.
 *
 * @param directory The absolute path of the directory in which it may remember it; `undefined` if nowhere.
 * @returns The source, one for each directory.
 */
export function codeSourceOf(directory: string | undefined): CodeSource {
  let source = sources.get(directory);
  if (source === undefined) sources.set(directory, source = new RememberingSource(directory));
  return source;
}

const sources = new Map<string | undefined, CodeSource>();

/** Reads code, and writes down what is new. */
class RememberingSource implements CodeSource {
  readonly #memo: CodeMemo;
  readonly #reader: CodeReader;
  readonly #codes = new WeakMap<FunctionCode, RememberedCode>();

  constructor(directory: string | undefined) {
    this.#memo = new CodeMemo(
      directory === undefined ? undefined : openLogStore(joinPath(directory, MEMO)),
    );
    this.#reader = new CodeReader(this.#memo, {
      originalOf: (fn) => originalOf(fn as AnyFunction),
    });
  }

  read(fn: AnyFunction, callers: Callers): FunctionCode {
    const code = this.#reader.read(fn, callers);
    let remembered = this.#codes.get(code);
    if (remembered === undefined) {
      remembered = new RememberedCode(code, () => this.#save());
      this.#codes.set(code, remembered);
    }
    return remembered;
  }

  // Without it the next process takes longer, and nothing else is lost.
  #save(): void {
    try {
      this.#memo.save();
    } catch (error) {
      warnOnce(`Cannot remember what is known of code: ${error}`);
    }
  }
}

/** A function's code, of which what is found out is written down. */
class RememberedCode implements FunctionCode {
  readonly parameters: FunctionCode["parameters"];
  readonly readsArguments: boolean;
  readonly module: string | undefined;
  readonly qualifiedName: string;
  readonly #code: FunctionCode;
  readonly #save: () => void;
  #last: CodeIdentity | undefined;

  constructor(code: FunctionCode, save: () => void) {
    this.parameters = code.parameters;
    this.readsArguments = code.readsArguments;
    this.module = code.module;
    this.qualifiedName = code.qualifiedName;
    this.#code = code;
    this.#save = save;
  }

  identify(): CodeIdentity {
    const identity = this.#code.identify();
    if (identity !== this.#last) {
      this.#last = identity;
      this.#save();
    }
    return identity;
  }

  identifyWhole(): CodeIdentity {
    const identity = this.#code.identifyWhole();
    this.#save();
    return identity;
  }

  identifyDefault(index: number): CodeIdentity {
    const identity = this.#code.identifyDefault(index);
    this.#save();
    return identity;
  }
}
