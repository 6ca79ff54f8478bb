// Copyright 2026 the pecapiku authors. MIT license.

import type { FunctionCode } from "../code/function_code.ts";
import type { Literal, Parameter } from "../code/unit.ts";

/** The default of a parameter: a value, or code that gives one. */
export type Default = { readonly value: unknown } | "code";

/** How the arguments of a function count. */
export interface Signature {
  /** Whether they count as they are, all of them and how many there are. */
  readonly counted: "as given" | "in effect";
  /** How many parameters take one argument each. */
  readonly positional: number;
  /** Whether a parameter takes all arguments after those. */
  readonly hasRest: boolean;
  /** The default of each positional parameter, where it has one. */
  readonly defaults: readonly (Default | undefined)[];
  /** The names of the parameters, the one for the rest included. */
  readonly names: readonly string[];
}

/** The arguments of a call in effect. */
export interface EffectiveArguments {
  /** The values; `undefined` where the code of a default gives them. */
  readonly values: readonly unknown[];
  /** The indices of parameters whose value the code of a default gives. */
  readonly computed: readonly number[];
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Finds out how the arguments of a function count.
 *
 * @param code The function.
 * @returns How they count.
 */
export function signatureOf({ parameters, readsArguments }: FunctionCode): Signature {
  const all = parameters ?? NONE;
  const positional = all.filter(({ rest }) => !rest);
  return {
    counted: parameters === undefined || readsArguments ? "as given" : "in effect",
    positional: positional.length,
    hasRest: positional.length < all.length,
    defaults: positional.map(defaultOf),
    names: all.map(({ name }) => name),
  };
}

/**
 * Finds the arguments of a call that are in effect: `f()` is `f(1)` where the default is `1`. What no parameter takes is left out.
 *
 * @param signature How they count.
 * @param args The arguments.
 * @returns Those in effect; `undefined` if they are the given ones.
 */
export function effectiveArguments(
  signature: Signature,
  args: readonly unknown[],
): EffectiveArguments | undefined {
  const { counted, positional, hasRest, defaults } = signature;
  if (counted === "as given") return undefined;
  if (args.length === positional || (hasRest && args.length > positional)) {
    let usesDefault = false;
    for (let i = 0; i < positional; i++) {
      if (args[i] === undefined && defaults[i] !== undefined) usesDefault = true;
    }
    if (!usesDefault) return undefined;
  }
  const values: unknown[] = [];
  let computed: number[] | undefined;
  for (let i = 0; i < positional; i++) {
    const given = args[i];
    const fallback = given === undefined ? defaults[i] : undefined;
    if (fallback === "code") (computed ??= []).push(i);
    values.push(fallback === undefined || fallback === "code" ? given : fallback.value);
  }
  if (hasRest) { for (let i = positional; i < args.length; i++) values.push(args[i]); }
  return { values, computed: computed ?? NONE };
}

/**
 * Tells what each argument is called.
 *
 * @param signature How the arguments count.
 * @param index Which one.
 * @returns Such as `a`, `rest[0]`; `args[2]` where they count as they are given.
 */
export function argumentName(
  { counted, positional, names }: Signature,
  index: number,
): string {
  if (counted === "as given") return `args[${index}]`;
  return index < positional
    ? names[index]!
    : `${names[positional] ?? "args"}[${index - positional}]`;
}

function defaultOf({ default: given }: Parameter): Default | undefined {
  if (given === undefined) return undefined;
  return "literal" in given ? { value: literalValue(given.literal) } : "code";
}

/**
 * Makes the value of a literal.
 *
 * @param literal The literal.
 * @returns A fresh value.
 */
export function literalValue(literal: Literal): unknown {
  switch (literal.type) {
    case "json":
      return literal.value;
    case "undefined":
      return undefined;
    case "nan":
      return NaN;
    case "infinity":
      return Infinity;
    case "-infinity":
      return -Infinity;
    case "-0":
      return -0;
    case "bigint":
      return BigInt(literal.value);
    case "array":
      return literal.value.map(literalValue);
    case "object":
      return Object.fromEntries(literal.value.map(([key, value]) => [key, literalValue(value)]));
  }
}
