// Copyright 2026 the pecapiku authors. MIT license.

import type { ParserOptions } from "@babel/parser";
import { babel } from "./_deferred.ts";
import type { UnitKind } from "./unit.ts";

/** A node of the syntax tree, as ESTree has it. */
export interface Node {
  /** What it is: `"Identifier"`, … */
  type: string;
  /** Where it begins in the text that was parsed, in UTF-16 units. */
  start: number;
  /** Where it ends. */
  end: number;
  /** Its parts and properties, which the ESTree specification lists for each type. */
  // deno-lint-ignore no-explicit-any
  [field: string]: any;
}

/** A piece of code, parsed. */
export interface ParsedUnit {
  /** A whole program around it, for the analysis of scopes. */
  readonly program: Node;
  /** The function or class, the expression, or, of statements, the program. */
  readonly root: Node;
  /** The member of an object or class that a method or accessor was given as; its `value` is `root`. */
  readonly member: Node | undefined;
  /** The text that was parsed; what the positions of nodes are in. */
  readonly text: string;
  /** Whether it may be code in strict mode, as all of modules is. Other code has dynamic scopes. */
  readonly strict: boolean;
}

/** Is thrown for code that was parsed, but is not known well enough to be told from other code. */
export class UnknownSyntaxError extends Error {
  override readonly name = "UnknownSyntaxError";
}

// What makes no difference to what the code does, or what is derived from the rest.
const LAYOUT: ReadonlySet<string> = new Set([
  "start",
  "end",
  "loc",
  "range",
  "extra",
  "comments",
  "errors",
  "tokens",
  "leadingComments",
  "innerComments",
  "trailingComments",
]);

/**
 * Says whether a field of a node is about its place in the text, and not about what it means.
 *
 * @param field The name of the field.
 * @returns Whether it is.
 */
export function isLayout(field: string): boolean {
  return LAYOUT.has(field);
}

/**
 * Parses a module.
 *
 * @param text JavaScript.
 * @returns Its program.
 * @throws {SyntaxError} If it can't be parsed.
 * @throws {RangeError} If it is nested too deeply.
 */
export function parseModule(text: string): Node {
  const file = babel.parse(text, { ...options("module"), errorRecovery: false });
  return (file as unknown as Node).program;
}

/**
 * Parses a piece of code.
 *
 * @param text JavaScript: of a function, what its `toString` gives.
 * @param kind What it is.
 * @returns The tree; `undefined` if it can't be parsed.
 */
export function parseUnit(text: string, kind: UnitKind): ParsedUnit | undefined {
  return parseAs(text, kind, "module") ?? parseAs(text, kind, "script");
}

/**
 * Lists the nodes right below a node, in the order of its fields.
 *
 * @param node The node.
 * @returns Its children.
 */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const field of Object.keys(node)) {
    if (isLayout(field)) continue;
    const value = node[field];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

/**
 * Visits a node and all nodes below it, each one before its children.
 *
 * @param node Where to begin.
 * @param visit Is given each node, and the one above it. If it returns `false`, what is below that node is passed over.
 */
export function walk(
  node: Node,
  visit: (node: Node, parent: Node | undefined) => boolean | void,
): void {
  // A stack of our own: the tree may be deeper than that of the engine.
  const stack: [Node, Node | undefined][] = [[node, undefined]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [current, parent] = next;
    if (visit(current, parent) === false) continue;
    const children = childrenOf(current);
    for (let i = children.length - 1; i >= 0; i--) stack.push([children[i]!, current]);
  }
}

/**
 * Says whether a value is a node.
 *
 * @param value Anything.
 * @returns Whether it is.
 */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string";
}

/**
 * Says whether a node is a function of any kind: a declaration, an expression, an arrow function.
 *
 * @param node The node.
 * @returns Whether it is.
 */
export function isFunction(node: Node): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression";
}

/**
 * Says whether a node is a class.
 *
 * @param node The node.
 * @returns Whether it is.
 */
export function isClass(node: Node): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

type SourceType = "module" | "script";

function options(sourceType: SourceType): ParserOptions {
  return {
    sourceType,
    plugins: [
      "estree",
      "decorators",
      "decoratorAutoAccessors",
      "deferredImportEvaluation",
      "sourcePhaseImports",
    ],
    ranges: true,
    attachComment: false,
    allowAwaitOutsideFunction: sourceType === "module",
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowUndeclaredExports: true,
    // A method may use private names of the class that it was taken out of.
    errorRecovery: true,
  };
}

interface ParseError {
  readonly reasonCode?: string;
}

function parseAs(text: string, kind: UnitKind, sourceType: SourceType): ParsedUnit | undefined {
  const strict = sourceType === "module";
  if (kind === "statement") {
    const file = attempt(() => babel.parse(text, options(sourceType)));
    if (file === undefined) return undefined;
    return { program: file.program, root: file.program, member: undefined, text, strict };
  }
  const root = attempt(() => babel.parseExpression(text, options(sourceType)));
  if (root !== undefined) {
    if (kind === "function" && !isFunction(root) && !isClass(root)) return undefined;
    return { program: programOf(root), root, member: undefined, text, strict };
  }
  return kind === "function" ? parseMethod(text, sourceType) : undefined;
}

// `toString` gives a method as it stands in its object or class.
function parseMethod(text: string, sourceType: SourceType): ParsedUnit | undefined {
  for (const before of ["({", "(class extends null{"]) {
    const wrapped = `${before}${text}\n})`;
    const whole = attempt(() => babel.parseExpression(wrapped, options(sourceType)));
    if (whole === undefined) continue;
    // Anything else has ended what is around it.
    if (whole.type !== "ObjectExpression" && whole.type !== "ClassExpression") continue;
    const members: readonly Node[] = whole.properties ?? whole.body.body;
    const [member] = members;
    if (members.length !== 1 || member?.value?.type !== "FunctionExpression") continue;
    // Not `a: function () {}`, which is no method, nor a field.
    if (member.type === "Property" && !member.method && member.kind === "init") continue;
    if (member.type !== "Property" && member.type !== "MethodDefinition") continue;
    const strict = sourceType === "module";
    return { program: programOf(whole), root: member.value, member, text: wrapped, strict };
  }
  return undefined;
}

function attempt(parse: () => unknown): Node | undefined {
  let node;
  try {
    node = parse() as Node & { readonly errors?: readonly ParseError[] };
  } catch (error) {
    // Nested too deeply, it is not known any more than what is no code.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
  const errors = node.errors ?? [];
  return errors.every((error) => error.reasonCode === "InvalidPrivateFieldResolution")
    ? node
    : undefined;
}

function programOf(expression: Node): Node {
  const { start, end, range } = expression;
  const statement = { type: "ExpressionStatement", start, end, range, expression };
  return { type: "Program", start, end, range, sourceType: "module", body: [statement] };
}
