// Copyright 2026 the pecapiku authors. MIT license.

import type { Kind } from "./_kinds.ts";
import type { StoredType } from "./_stored_types.ts";

/** An object that was met in a value. */
export interface SurveyNode {
  /** The object. */
  readonly value: object;
  /** What V8 does with it; `"instance"` if something else is stored instead of it. */
  readonly kind: Kind | "instance";
  /** Its prototype. */
  readonly prototype: object | null;
  /** Its place in the order in which the objects were met. */
  readonly order: number;
  /** For an instance: what is known of its class. */
  type: StoredType | undefined;
  /** The names of its properties; `undefined` where its children are not properties, or the elements of a dense array. */
  names: readonly string[] | undefined;
  /** What it holds, in the order of `names`; of a map, each key before its value; of an instance, what is stored instead. */
  children: readonly unknown[];
  /** Whether an instance is reached from it, so that V8 must be given a copy. */
  copied: boolean;
  /** The lowest order of those that it leads to and that lead back to it, as far as it is known. */
  low: number;
  /** Whether all that it leads to was looked at, and all that leads back to it. */
  settled: boolean;
}

/** What is more to be asked of a value, by a codec that can hold less. */
export interface SurveyLimits {
  /** How many levels the value may have. */
  readonly depth: number;
  /** Tells what is wrong with something that is no object. */
  leaf(value: unknown): string | undefined;
  /** Tells what is wrong with an object, before its children are looked at. */
  node(node: SurveyNode): string | undefined;
  /** What is wrong with an object that is met again. */
  readonly again: string;
}
