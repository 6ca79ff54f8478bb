// Copyright 2026 the pecapiku authors. MIT license.

import { functionName, functionSource, originalOf } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import type { FunctionCode } from "../code/function_code.ts";
import type { Parameter } from "../code/unit.ts";
import { type Callers, type CodeSource, codeSourceOf, currentCallers } from "./_code_source.ts";
import { literalValue } from "./_effective_arguments.ts";
import { DefaultExpression } from "./default_expression.ts";
import type { FunctionCallContext } from "./function_call_context.ts";

/** A function whose calls are identified. Its code is read when an identifier asks for it. */
export class ContextFunction {
  readonly fn: AnyFunction;
  readonly isMethod: boolean;
  readonly name: string;
  readonly #callers: Callers;
  readonly #source: CodeSource | undefined;
  #code: FunctionCode | undefined;

  /**
   * Makes what is known of a function. It is called when the function is decorated.
   *
   * @param fn The function.
   * @param isMethod Whether it was decorated as a method.
   * @param source What tells its code.
   */
  constructor(fn: AnyFunction, isMethod: boolean, source?: CodeSource) {
    this.fn = fn;
    this.isMethod = isMethod;
    this.name = functionName(fn);
    this.#callers = currentCallers();
    this.#source = source;
  }

  /** Who decorated it. */
  get callers(): Callers {
    return this.#callers;
  }

  /** Its code. */
  get code(): FunctionCode {
    return this.#code ??= (this.#source ?? codeSourceOf(undefined))
      .read(originalOf(this.fn), this.#callers);
  }
}

/** A call. Whatever takes time is made when it is asked for. */
export class CallContext implements FunctionCallContext {
  readonly args: readonly unknown[];
  readonly self: unknown;
  readonly #fn: ContextFunction;
  #arguments: Readonly<Record<string, unknown>> | undefined;

  constructor(fn: ContextFunction, self: unknown, args: readonly unknown[]) {
    this.#fn = fn;
    this.self = self;
    this.args = args;
  }

  get fn(): AnyFunction {
    return this.#fn.fn;
  }

  get isMethod(): boolean {
    return this.#fn.isMethod;
  }

  get name(): string {
    return this.#fn.name;
  }

  get qualifiedName(): string {
    return this.#fn.code.qualifiedName;
  }

  get module(): URL | undefined {
    const { module } = this.#fn.code;
    return module === undefined ? undefined : new URL(module);
  }

  get code(): string {
    return functionSource(originalOf(this.#fn.fn)) ?? "";
  }

  get arguments(): Readonly<Record<string, unknown>> {
    return this.#arguments ??= this.#nameArguments();
  }

  /** The function, for who needs more than the public context. */
  static functionOf(context: FunctionCallContext): ContextFunction | undefined {
    return context instanceof CallContext ? context.#fn : undefined;
  }

  #nameArguments(): Readonly<Record<string, unknown>> {
    const { parameters } = this.#fn.code;
    // Own properties whatever they are called: a parameter may be named `__proto__`.
    return Object.fromEntries(
      parameters === undefined
        ? this.args.map((value, index) => [String(index), value])
        : parameters.map((parameter, index) => [parameter.name, this.#valueOf(parameter, index)]),
    );
  }

  #valueOf({ name, rest, default: fallback }: Parameter, index: number): unknown {
    if (rest) return this.args.slice(index);
    const given = this.args[index];
    if (given !== undefined || fallback === undefined) return given;
    if ("literal" in fallback) return literalValue(fallback.literal);
    return new DefaultExpression(name, this.#fn.code.identifyDefault(index).digest);
  }
}
