// Copyright 2026 the pecapiku authors. MIT license.

import type { Slice } from "./module_summary.ts";
import { isNode, type Node, walk } from "./_parse.ts";
import { analyzeScopes, type Scopes } from "./_scopes.ts";
import { textDigest } from "./text_digest.ts";
import type { UnitKind } from "./unit.ts";

/** A statement at the top level of a module. */
export interface Statement {
  /** The statement. */
  readonly node: Node;
  /** The same, or, of `export`, the declaration or expression in it. */
  readonly inner: Node;
  /** Its index. */
  readonly order: number;
}

/** A module, parsed. */
export class ModuleText {
  /** Its program. */
  readonly program: Node;
  /** What the names in it stand for. */
  readonly scopes: Scopes;
  /** The statements at its top level. */
  readonly statements: readonly Statement[];
  readonly #text: string;
  readonly #slices = new Map<string, Slice>();

  /**
   * Takes up a module.
   *
   * @param text Its JavaScript text.
   * @param program The text, parsed.
   */
  constructor(text: string, program: Node) {
    this.#text = text;
    this.program = program;
    this.scopes = analyzeScopes(program);
    this.statements = (program.body as Node[]).map((node, order) => ({
      node,
      inner: isNode(node.declaration) ? node.declaration : node,
      order,
    }));
  }

  /**
   * Finds the statement that a node is in.
   *
   * @param node The node.
   * @returns The statement.
   */
  statementOf(node: Node): Statement {
    let low = 0;
    for (let high = this.statements.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (this.statements[middle]!.node.start <= node.start) low = middle;
      else high = middle - 1;
    }
    return this.statements[low]!;
  }

  /**
   * Cuts out a part of the text.
   *
   * @param kind What it is.
   * @param start Where it begins.
   * @param end Where it ends.
   * @returns The part.
   */
  slice(kind: UnitKind, start: number, end: number): Slice {
    const key = `${kind}\n${start}\n${end}`;
    let slice = this.#slices.get(key);
    if (slice === undefined) {
      slice = { kind, start, end, digest: textDigest(this.#text.slice(start, end)) };
      this.#slices.set(key, slice);
    }
    return slice;
  }

  /**
   * Cuts out what a statement does: of `export`, the declaration in it.
   *
   * @param statement The statement.
   * @returns The part.
   */
  sliceOf({ node, inner }: Statement): Slice {
    if (inner.type === "ClassDeclaration" || inner.type === "FunctionDeclaration") {
      return this.codeOf(inner);
    }
    const isDefault = node.type === "ExportDefaultDeclaration";
    return this.slice(isDefault ? "expression" : "statement", inner.start, inner.end);
  }

  /**
   * Cuts out a function or class as `toString` gives it, if it has no decorators; otherwise with them, as it is written.
   *
   * @param node The function or class.
   * @returns The part.
   */
  codeOf(node: Node): Slice {
    const { start, end } = node;
    const decorators = node.decorators as Node[] | undefined;
    if (decorators === undefined || decorators.length === 0) {
      return this.slice("function", start, end);
    }
    // Where `export` stands between its decorators and the class, it is no expression.
    const isSplit = this.#skip(decorators.at(-1)!.end, /export\b/y) !== undefined;
    return this.slice(isSplit ? "statement" : "function", decorators[0]!.start, end);
  }

  /**
   * Finds where the text begins that `toString` gives for a class or a member of one: after decorators and `static`.
   *
   * @param node The class or member.
   * @returns Where it begins.
   */
  startOf(node: Node): number {
    const decorators = node.decorators as Node[] | undefined;
    let at = decorators?.at(-1)?.end ?? node.start;
    at = this.#skip(at, /(?:)/y) ?? at;
    const words = node.static === true
      ? [/static\b/y]
      : node.type === "ClassDeclaration"
      ? [/export\b/y, /default\b/y]
      : [];
    for (const word of words) {
      const next = this.#skip(at, word);
      if (next !== undefined) at = this.#skip(next, /(?:)/y) ?? next;
    }
    return at;
  }

  /** Passes over blanks, comments and a word; `undefined` if the word is not there. */
  #skip(at: number, word: RegExp): number | undefined {
    const trivia = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y;
    trivia.lastIndex = at;
    trivia.exec(this.#text);
    word.lastIndex = trivia.lastIndex;
    return word.exec(this.#text) === null ? undefined : word.lastIndex;
  }
}

/**
 * Lists the names that a pattern declares or assigns, in order of appearance.
 *
 * @param pattern The pattern.
 * @returns The identifiers.
 */
export function identifiersOf(pattern: Node): Node[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "AssignmentPattern":
      return identifiersOf(pattern.left);
    case "RestElement":
      return identifiersOf(pattern.argument);
    case "ArrayPattern":
      return (pattern.elements as (Node | null)[]).flatMap((item) =>
        item === null ? [] : identifiersOf(item)
      );
    case "ObjectPattern":
      return (pattern.properties as Node[]).flatMap((item) =>
        identifiersOf(item.type === "RestElement" ? item : item.value)
      );
    default:
      return [];
  }
}

/**
 * Tells whether there is a decorator anywhere in a node.
 *
 * @param node The node.
 * @returns Whether there is.
 */
export function hasDecorators(node: Node): boolean {
  let found = false;
  walk(node, (each) => {
    found ||= each.type === "Decorator";
    return !found;
  });
  return found;
}
