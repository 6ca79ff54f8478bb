// Copyright 2026 the pecapiku authors. MIT license.

import type { NodePath } from "@babel/traverse";
import type * as t from "@babel/types";
import { placeOf } from "./_corpus.ts";
import type { ParsedFunction } from "./_function_text.ts";

/** A change of a text that may change its meaning. */
export interface Mutant {
  /** What made it. */
  readonly operator: string;
  /** Where the text changes, in UTF-16 units. */
  readonly start: number;
  /** Where the change ends. */
  readonly end: number;
  /** What stands there instead. */
  readonly replacement: string;
}

/** Makes mutants of a node. */
export type Operator = (path: NodePath, make: MutantMaker) => Iterable<Mutant>;

/**
 * Changes a text.
 *
 * @param text The text.
 * @param mutant The change.
 * @returns The changed text.
 */
export function mutate(text: string, mutant: Mutant): string {
  return text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end);
}

/**
 * Leaves out changes of a method's own name: it is no part of what the method does, also where it is computed.
 *
 * @param parsed The function.
 * @param mutants Changes of it.
 * @returns The others.
 */
export function withoutOwnName(parsed: ParsedFunction, mutants: readonly Mutant[]): Mutant[] {
  const { node, before } = parsed;
  if (!("key" in node)) return [...mutants];
  const from = node.key.start! - before.length;
  const to = node.key.end! - before.length;
  return mutants.filter(({ start, end }) => start < from || end > to);
}

/**
 * Says what a change is, for people and for the list of equivalent mutants.
 *
 * @param text The text that is changed.
 * @param mutant The change.
 * @returns Such as `"EqualityOperator 3:7 a < b → a <= b"`.
 */
export function describeMutant(text: string, mutant: Mutant): string {
  const before = oneLine(text.slice(mutant.start, mutant.end));
  const place = placeOf(text, mutant.start);
  return `${mutant.operator} ${place} ${before} → ${oneLine(mutant.replacement)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim() || "nothing";
}

/** Makes mutants of the nodes of one function. */
export class MutantMaker {
  readonly parsed: ParsedFunction;

  constructor(parsed: ParsedFunction) {
    this.parsed = parsed;
  }

  /** The text of a node, as it is written. */
  text(node: t.Node): string {
    return this.between(node.start!, node.end!);
  }

  /** The text between two offsets of nodes. */
  between(start: number, end: number): string {
    const shift = this.parsed.before.length;
    return this.parsed.text.slice(start - shift, end - shift);
  }

  /** Puts a text in the place of a node. */
  replace(operator: string, node: t.Node, replacement: string): Mutant {
    return this.splice(operator, node.start!, node.end!, replacement);
  }

  /** Puts an expression in the place of an expression. */
  express(operator: string, node: t.Node, replacement: string): Mutant {
    return this.replace(
      operator,
      node,
      /^[\w$]+$/.test(replacement) ? replacement : `(${replacement})`,
    );
  }

  /** Removes the text of a node. */
  remove(operator: string, node: t.Node): Mutant {
    return this.replace(operator, node, "");
  }

  /** Puts two nodes in each other's places. */
  swap(operator: string, first: t.Node, second: t.Node): Mutant {
    const between = this.between(first.end!, second.start!);
    const replacement = this.text(second) + between + this.text(first);
    return this.splice(operator, first.start!, second.end!, replacement);
  }

  /** Puts a text between two offsets of nodes. */
  splice(operator: string, start: number, end: number, replacement: string): Mutant {
    const shift = this.parsed.before.length;
    return { operator, start: start - shift, end: end - shift, replacement };
  }
}
