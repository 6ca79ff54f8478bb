// Copyright 2026 the pecapiku authors. MIT license.

import { makeDecorator } from "../../src/access/cache_decorator.ts";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import type { Callers, CodeSource } from "../../src/checkpoint/_code_source.ts";
import { prepareCheckpoint } from "../../src/checkpoint/_prepare.ts";
import type { CheckpointOptions } from "../../src/checkpoint/checkpoint_options.ts";
import type { CheckpointDecorator } from "../../src/checkpoint/checkpointed_function.ts";
import type { CodeIdentity, FunctionCode } from "../../src/code/function_code.ts";
import type { Parameter } from "../../src/code/unit.ts";
import { digestKey } from "../../src/keys/digest_key.ts";

/** What a test says of a function. */
export interface FakeFunction {
  /** The text of its code; what it is by default is the text of the function. */
  readonly text?: string;
  readonly parameters?: readonly Parameter[] | undefined;
  readonly readsArguments?: boolean;
  readonly readsFunctions?: boolean;
  readonly unseen?: readonly string[];
  readonly refusal?: string | undefined;
  readonly module?: string;
  /** The code of helpers, by their names. */
  readonly helpers?: Readonly<Record<string, string>>;
  /** What can't be seen of the defaults, by index. */
  readonly unseenDefaults?: Readonly<Record<number, string>>;
}

/** Code that is what a test says. */
export class FakeSource implements CodeSource {
  /** How often a function was read. */
  reads = 0;
  /** Who made the last checkpoint that read. */
  callers: Callers | undefined;
  /** What a read throws. */
  error: Error | undefined;
  readonly #facts = new Map<AnyFunction, FakeFunction>();
  readonly #known = new Map<AnyFunction, FunctionCode>();

  /** Says what a function is; what it was before is forgotten. */
  set<F extends AnyFunction>(fn: F, facts: FakeFunction): F {
    this.#facts.set(fn, facts);
    this.#known.delete(fn);
    return fn;
  }

  read(fn: AnyFunction, callers: Callers): FunctionCode {
    this.reads++;
    this.callers = callers;
    if (this.error !== undefined) throw this.error;
    let code = this.#known.get(fn);
    if (code === undefined) this.#known.set(fn, code = this.#make(fn));
    return code;
  }

  #make(fn: AnyFunction): FunctionCode {
    const facts = () => this.#facts.get(fn) ?? {};
    const memo = new Map<string, CodeIdentity>();
    const identify = (what: string, unseen: readonly string[]): CodeIdentity => {
      const { text = fn.toString(), refusal, helpers = {}, readsFunctions = false } = facts();
      const id = JSON.stringify([what, text, unseen, refusal, helpers, readsFunctions]);
      let identity = memo.get(id);
      if (identity === undefined) {
        const parts = [[`${fn.name}${what}`, text] as const, ...Object.entries(helpers)]
          .map(([name, content]) => ({
            kind: "code" as const,
            name: `${name} (main.ts)`,
            digest: digestKey([what, content]),
          }));
        const digest = digestKey([what, text, Object.values(helpers)]);
        memo.set(id, identity = { digest, parts, unseen, readsFunctions, refusal });
      }
      return identity;
    };
    return {
      get parameters() {
        return facts().parameters;
      },
      get readsArguments() {
        return facts().readsArguments ?? false;
      },
      get module() {
        return facts().module;
      },
      qualifiedName: `Fake.${fn.name}`,
      identify: () => identify("", facts().unseen ?? []),
      identifyWhole: () => {
        const defaults = (facts().parameters ?? []).map((one) => JSON.stringify(one.default));
        return identify(` whole ${defaults}`, facts().unseen ?? []);
      },
      identifyDefault: (index) => {
        const given = facts().parameters?.[index]?.default;
        const unseen = facts().unseenDefaults?.[index];
        const text = JSON.stringify(given);
        return identify(` default ${text}`, unseen === undefined ? [] : [unseen]);
      },
    };
  }
}

/** A parameter with or without a literal default. */
export function parameter(name: string, literal?: string | number | boolean | null): Parameter {
  if (literal === undefined) return { name, rest: false, uses: [] };
  return { name, rest: false, uses: [], default: { literal: { type: "json", value: literal } } };
}

/** A parameter whose default is the code of an expression. */
export function computedParameter(name: string, text: string): Parameter {
  const unit = {
    normal: text,
    named: text,
    raw: text,
    free: [],
    parameters: [],
    isClass: false,
    readsArguments: false,
    readsSuper: false,
    unseen: [],
    dynamicImports: [],
    assigns: [],
  };
  return { name, rest: false, uses: [], default: { unit: unit as never } };
}

/** A parameter that takes the rest. */
export function restParameter(name: string): Parameter {
  return { name, rest: true, uses: [] };
}

/** Makes a decorator whose checkpoints see the code that a test says. */
export function checkpointIn(
  source: CodeSource,
  options: CheckpointOptions<never> = {},
  clock: () => number = () => performance.now(),
): CheckpointDecorator {
  const given = options.store === undefined ? { directory: Deno.makeTempDirSync() } : {};
  return makeDecorator(prepareCheckpoint({ ...given, ...options }, {
    source: () => source,
    callers: () => ({ modules: ["file:///main.ts"], inSession: false, functions: ["main"] }),
    clock,
  })) as CheckpointDecorator;
}
