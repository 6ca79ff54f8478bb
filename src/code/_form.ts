// Copyright 2026 the pecapiku authors. MIT license.

import { isFunction, isLayout, isNode, type Node, UnknownSyntaxError } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";
import { textDigest } from "./text_digest.ts";

/** The version of the forms. It goes into each digest: a form that changes its meaning is another version. */
export const FORM_VERSION = 1;

/** What a form is to be like. */
export interface FormOptions {
  /** Whether names stand as they are written. */
  readonly verbatim: boolean;
  /** Variables that count as if the code did not declare them. */
  readonly outer: ReadonlySet<Variable>;
  /** Variables that have a number from the start: the parameters, in the code of a default. */
  readonly numbered: ReadonlyMap<Variable, number>;
  /** Defaults of parameters that are left out. */
  readonly omitted: ReadonlySet<Node>;
  /** The function or class whose own name is left out. */
  readonly unnamed: Node | undefined;
}

/** A form that was written. */
export interface Form {
  /** Its digest. */
  readonly digest: string;
  /** The free names in it, in the order of their first appearance. */
  readonly free: readonly string[];
}

/**
 * Writes trees in a canonical form: equal ones mean the same. Everything in a tree counts, also what is not known here, but for
 * what is listed as layout.
 *
 * @param nodes What to write.
 * @param scopes What its names stand for.
 * @param options What to count.
 * @returns The form.
 * @throws {UnknownSyntaxError} If a name is neither a variable nor free.
 */
export function formOf(
  nodes: readonly (Node | string)[],
  scopes: Scopes,
  options: FormOptions,
): Form {
  const writer = new FormWriter(scopes, options);
  for (const node of nodes) {
    if (typeof node === "string") writer.text(node);
    else writer.node(node);
  }
  return writer.finish();
}

// A node is its type and all of its fields by name, but for those that are written in a way of their own.
class FormWriter {
  readonly #scopes: Scopes;
  readonly #options: FormOptions;
  readonly #parts: string[] = [];
  readonly #locals = new Map<Variable, number>();
  readonly #free = new Map<string, number>();
  #labels: string[] = [];

  constructor(scopes: Scopes, options: FormOptions) {
    this.#scopes = scopes;
    this.#options = options;
  }

  finish(): Form {
    const form = options(this.#options) + this.#parts.join("");
    return { digest: textDigest(form), free: [...this.#free.keys()] };
  }

  // Each thing begins with a letter or bracket of its own and says where it ends, so that no two lists of things are written
  // alike.
  text(value: string): void {
    this.#parts.push(JSON.stringify(value));
  }

  node(node: Node): void {
    switch (node.type) {
      case "Identifier":
        return this.#identifier(node);
      case "PrivateIdentifier":
        return this.#name("#", node.name);
      case "Literal":
        return this.#literal(node);
      case "MemberExpression":
        return this.#member(node);
      case "TemplateLiteral":
        return this.#template(node, false);
      case "TaggedTemplateExpression":
        this.#parts.push("(TaggedTemplateExpression ");
        this.node(node.tag);
        this.#template(node.quasi, true);
        this.#parts.push(")");
        return;
      case "MetaProperty":
        return this.#name("m", `${node.meta.name}.${node.property.name}`);
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
        return this.#keyed(node);
      case "LabeledStatement":
        return this.#labeled(node);
      case "BreakStatement":
      case "ContinueStatement":
        return this.#jump(node);
      case "AssignmentPattern":
        if (this.#options.omitted.has(node.right)) return this.node(node.left);
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ClassExpression":
        return this.#closed(node);
    }
    this.#fields(node, NOTHING);
  }

  #fields(node: Node, without: ReadonlySet<string>): void {
    this.#parts.push("(", node.type, " ");
    for (const field of Object.keys(node).sort()) {
      if (field === "type" || isLayout(field) || without.has(field)) continue;
      const value: unknown = node[field];
      // That a field is not there means no more than that it is empty.
      if (value === undefined || value === null || value === false) continue;
      this.#parts.push(field, ":");
      if (field === "left" && this.#options.verbatim && isUnnaming(node)) this.#parts.push("u");
      this.#value(value);
    }
    this.#parts.push(")");
  }

  #value(value: unknown): void {
    if (Array.isArray(value)) {
      this.#parts.push("[");
      for (const item of value) this.#value(item);
      this.#parts.push("]");
    } else if (isNode(value)) {
      this.node(value);
    } else if (typeof value === "string") {
      this.text(value);
    } else if (value === null || typeof value === "number" || typeof value === "boolean") {
      this.#parts.push("=", String(value), ";");
    } else {
      throw new UnknownSyntaxError(`Cannot write a form: unknown value: ${typeof value}`);
    }
  }

  #name(mark: string, name: string): void {
    this.#parts.push(mark);
    this.text(name);
  }

  #identifier(node: Node): void {
    const variable = this.#scopes.variableOf(node);
    if (variable === undefined && this.#scopes.referenceOf(node) === undefined) {
      throw new UnknownSyntaxError(`Cannot write a form: a name in an unknown place: ${node.name}`);
    }
    if (variable === undefined || this.#options.outer.has(variable)) {
      this.#numberOf(this.#free, node.name);
      if (this.#options.verbatim) this.#name("i", node.name);
      else this.#parts.push("f", String(this.#numberOf(this.#free, node.name)), ";");
    } else if (this.#options.verbatim) {
      this.#name("i", node.name);
    } else if (variable.kind === "arguments") {
      this.#parts.push("a;");
    } else {
      const parameter = this.#options.numbered.get(variable);
      if (parameter !== undefined) this.#parts.push("p", String(parameter), ";");
      else this.#parts.push("v", String(this.#numberOf(this.#locals, variable)), ";");
    }
  }

  #numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, number = numbers.size);
    return number;
  }

  #literal(node: Node): void {
    const { value, regex, bigint } = node;
    if (regex !== undefined) {
      this.#name("r", regex.pattern);
      this.text(regex.flags);
    } else if (bigint !== undefined && bigint !== null) {
      this.#parts.push("b", String(bigint), ";");
    } else if (typeof value === "string") {
      this.#name("s", value);
    } else if (typeof value === "number") {
      this.#parts.push("n", String(value), ";");
    } else if (typeof value === "boolean" || value === null) {
      this.#parts.push("c", String(value), ";");
    } else {
      throw new UnknownSyntaxError(`Cannot write a form: unknown literal: ${node.raw}`);
    }
  }

  #template(node: Node, isTagged: boolean): void {
    const { quasis, expressions } = node as { quasis: Node[]; expressions: Node[] } & Node;
    if (!isTagged && expressions.length === 0) {
      return this.#name("s", quasis[0]!.value.cooked);
    }
    this.#parts.push("t[");
    for (const [index, { value }] of quasis.entries()) {
      this.text(isTagged ? value.raw : value.cooked);
      const expression = expressions[index];
      if (expression !== undefined) this.node(expression);
    }
    this.#parts.push("]");
  }

  #member(node: Node): void {
    const { object, property, computed, optional } = node;
    const name = stringOf(property);
    this.#parts.push("(MemberExpression ", optional === true ? "?" : ".");
    this.node(object);
    if (!computed) {
      if (property.type === "PrivateIdentifier") this.node(property);
      else this.#name("k", property.name);
    } else if (name !== undefined) {
      this.#name("k", name);
    } else {
      this.#parts.push("[");
      this.node(property);
      this.#parts.push("]");
    }
    this.#parts.push(")");
  }

  #keyed(node: Node): void {
    const { key, computed } = node;
    this.#parts.push("{");
    if (computed) {
      this.node(key);
    } else if (key.type === "Identifier") {
      this.#name("k", key.name);
    } else if (key.type === "Literal") {
      this.#name("k", keyOf(key));
    } else {
      this.node(key);
    }
    // `{ __proto__ }` makes a property, `{ __proto__: __proto__ }` sets the prototype.
    const isShort = node.shorthand === true && key.name !== "__proto__";
    this.#fields(node, isShort ? KEY_AND_SHORTHAND : KEY);
    this.#parts.push("}");
  }

  // Labels are seen neither inside of functions nor behind their statement, so where they stand in the stack says which is meant.
  #labeled(node: Node): void {
    this.#parts.push("(LabeledStatement ");
    if (this.#options.verbatim) this.text(node.label.name);
    this.#labels.push(node.label.name);
    this.node(node.body);
    this.#labels.pop();
    this.#parts.push(")");
  }

  #jump(node: Node): void {
    this.#parts.push("(", node.type);
    if (isNode(node.label)) {
      const place = this.#labels.lastIndexOf(node.label.name);
      if (place < 0) throw new UnknownSyntaxError("Cannot write a form: a label in no statement");
      this.#parts.push(" ");
      if (this.#options.verbatim) this.text(node.label.name);
      else this.#parts.push("l", String(place), ";");
    }
    this.#parts.push(")");
  }

  #closed(node: Node): void {
    const labels = this.#labels;
    this.#labels = [];
    const isUnnamed = node === this.#options.unnamed;
    if (!isFunction(node)) this.#fields(node, isUnnamed ? ID : NOTHING);
    // Whether the body of an arrow function is an expression shows in the body.
    else this.#fields(node, isUnnamed ? ID_AND_EXPRESSION : EXPRESSION);
    this.#labels = labels;
  }
}

const NOTHING: ReadonlySet<string> = new Set();
const KEY: ReadonlySet<string> = new Set(["key"]);
const KEY_AND_SHORTHAND: ReadonlySet<string> = new Set(["key", "shorthand"]);
const EXPRESSION: ReadonlySet<string> = new Set(["expression"]);
const ID: ReadonlySet<string> = new Set(["id"]);
const ID_AND_EXPRESSION: ReadonlySet<string> = new Set(["id", "expression"]);

// `(f) = () => {}` gives the function no name.
function isUnnaming({ type, left }: Node): boolean {
  return type.startsWith("Assignment") && left.type === "Identifier" &&
    left.extra?.parenthesized === true;
}

function options({ verbatim }: FormOptions): string {
  return `${FORM_VERSION}${verbatim ? "named" : "normal"}\n`;
}

function stringOf(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string" && node.bigint === undefined) {
    return node.value;
  }
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) {
    return node.quasis[0].value.cooked;
  }
  return undefined;
}

// `{ 1: x }`, `{ "1": x }` and `{ 1n: x }` are one.
function keyOf({ value, bigint }: Node): string {
  return bigint === undefined ? String(value) : String(bigint);
}
