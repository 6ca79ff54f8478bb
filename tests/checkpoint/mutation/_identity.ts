// Copyright 2026 the pecapiku authors. MIT license.

import { analyzeUnit } from "../../../src/code/analyze_unit.ts";
import type { Parameter, Unit } from "../../../src/code/unit.ts";

/** Gives what stands for a function's code; `undefined` if it can't be told. */
export type Identify = (text: string) => string | undefined;

/**
 * Identifies a function by its text alone, as a checkpoint does that nothing is reached by: two of equal identity have to be
 * the same function.
 *
 * @param text The text of the function.
 * @returns Its identity; `undefined` if it is none that can be read.
 */
export function identityOf(text: string): string | undefined {
  const unit = analyzeUnit(text, "function");
  return unit && JSON.stringify(describeUnit(unit));
}

/**
 * Says of a function whether names, or its text, are a part of what it does: then a function with other names is another one.
 *
 * @param text The text of the function.
 * @returns Whether they are.
 */
export function isNamed(text: string): boolean {
  const unit = analyzeUnit(text, "function");
  return unit !== undefined && formOfUnit(unit) !== "normal";
}

function formOfUnit(unit: Unit): "normal" | "named" | "raw" {
  return unit.readsText ? "raw" : unit.readsNames ? "named" : "normal";
}

function describeUnit(unit: Unit): unknown {
  const form = formOfUnit(unit);
  return {
    form,
    code: unit[form],
    // A digest of a normal form has numbers for them. Its own name is the function itself, whatever it is.
    free: unit.free.map(({ name }) => name === unit.selfName && form === "normal" ? 0 : name),
    parameters: unit.parameters.map(describeParameter),
    readsArguments: unit.readsArguments,
    isClass: unit.isClass,
  };
}

function describeParameter({ default: value, rest }: Parameter): unknown {
  if (value === undefined) return { rest };
  if ("literal" in value) return { rest, literal: value.literal };
  return { rest, unit: describeUnit(value.unit) };
}
