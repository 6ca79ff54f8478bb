// Copyright 2026 the pecapiku authors. MIT license.

import { placeOfFirst } from "./_first_evaluated.ts";
import { Hoister } from "./_hoist.ts";
import { isFunction, isLayout, isNode, type Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";

/** What is folded. */
export interface FoldOptions {
  /** Tells which variables others may see: they stay. */
  readonly isOuter: (variable: Variable) => boolean;
  /**
   * Whether only that is folded which changes neither a name nor a message of the engine's, which quotes code: braces, empty
   * statements, kinds of loops and declarations, and where functions stand.
   */
  readonly onlyLayout: boolean;
}

/**
 * Undoes differences between trees that mean the same. Each rewriting is exact: it keeps what is evaluated, in which order, and
 * what can be seen of it from outside, getters, `valueOf` and dead zones included. The tree is changed in place; identifiers
 * and expressions that others may know stay the objects that they are.
 *
 * @param root The tree. There must be no `eval` and no `with` in it.
 * @param scopes What its names stand for.
 * @param options What is folded.
 */
export function fold(root: Node, scopes: Scopes, options: FoldOptions): void {
  new Folder(scopes, options).fold(root);
}

const LISTS: Readonly<Record<string, string>> = {
  BlockStatement: "body",
  Program: "body",
  StaticBlock: "body",
  SwitchCase: "consequent",
};

// Where a statement stands alone.
const BODIES: Readonly<Record<string, readonly string[]>> = {
  IfStatement: ["consequent", "alternate"],
  ForStatement: ["body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
  LabeledStatement: ["body"],
};

const ARITHMETIC: ReadonlySet<string> = new Set(
  ["+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^"],
);

class Folder {
  readonly #scopes: Scopes;
  readonly #options: FoldOptions;
  readonly #hoister: Hoister;

  constructor(scopes: Scopes, options: FoldOptions) {
    this.#scopes = scopes;
    this.#options = options;
    this.#hoister = new Hoister(scopes);
  }

  fold(node: Node): void {
    for (const field of Object.keys(node)) {
      if (isLayout(field)) continue;
      const value: unknown = node[field];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) this.fold(item);
      } else if (isNode(value)) {
        this.fold(value);
      }
    }
    const list = LISTS[node.type];
    if (list !== undefined) node[list] = this.#list(node, node[list]);
    for (const field of BODIES[node.type] ?? []) {
      if (isNode(node[field])) node[field] = this.#settled(withoutBraces(node[field]));
    }
    this.#one(node);
    if (!this.#options.onlyLayout) this.#expression(node);
  }

  #one(node: Node): void {
    switch (node.type) {
      case "ArrowFunctionExpression":
        if (node.body.type !== "BlockStatement") {
          node.body = made("BlockStatement", {
            body: [made("ReturnStatement", { argument: node.body })],
          });
        }
        return;
      case "WhileStatement":
        node.type = "ForStatement";
        return;
      case "IfStatement":
        if (node.alternate?.type === "EmptyStatement") node.alternate = null;
        return;
      case "VariableDeclaration":
        if (this.#isConstant(node)) node.kind = "const";
    }
  }

  #expression(node: Node): void {
    if (node.type === "AssignmentExpression") this.#assignment(node);
    else if (node.type === "LogicalExpression") regroup(node);
  }

  // `s = s + v` and `s += v` both read s, then evaluate v, then add.
  #assignment(node: Node): void {
    const { left, right, operator } = node;
    if (operator !== "=" || left.type !== "Identifier" || right.type !== "BinaryExpression") return;
    if (right.left.type !== "Identifier" || !ARITHMETIC.has(right.operator)) return;
    const variable = this.#localOf(left);
    if (variable === undefined || variable !== this.#scopes.variableOf(right.left)) return;
    node.operator = `${right.operator}=`;
    node.right = right.right;
  }

  #localOf(identifier: Node): Variable | undefined {
    const variable = this.#scopes.variableOf(identifier);
    return variable === undefined || this.#options.isOuter(variable) ? undefined : variable;
  }

  // A variable without an initialiser can't be `const`, other than in the head of `for (const x of …)`.
  #isConstant(declaration: Node): boolean {
    if (declaration.kind !== "let") return false;
    const parent = this.#scopes.parentOf(declaration);
    const isHead = parent?.left === declaration;
    const declarations: readonly Node[] = declaration.declarations;
    return declarations.every(({ id, init }) =>
      (isHead || isNode(init)) &&
      identifiersOf(id).every((identifier) => {
        const variable = this.#localOf(identifier);
        return variable !== undefined &&
          variable.references.every(({ writes, initialises }) => !writes || initialises);
      })
    );
  }

  #list(holder: Node, statements: readonly Node[]): Node[] {
    const flattened = statements.flatMap(flat);
    const ordered = holder.type === "BlockStatement"
      ? this.#hoister.hoist(holder, this.#isBody(holder) ? withoutEnd(flattened) : flattened)
      : flattened;
    const list = ordered.map((statement) => this.#settled(statement));
    for (const statement of list) {
      if (statement.type === "VariableDeclaration") this.#one(statement);
    }
    if (this.#options.onlyLayout) return list;
    for (let i = list.length - 2; i >= 0; i--) {
      const next = list[i + 1]!;
      if (this.#inline(list[i]!, next)) {
        list.splice(i, 1);
        continue;
      }
      const joined = joinedReturn(list[i]!, next);
      if (joined !== undefined) list.splice(i, 2, joined);
    }
    return list;
  }

  #isBody(block: Node): boolean {
    const parent = this.#scopes.parentOf(block);
    return parent !== undefined && isFunction(parent);
  }

  #settled(statement: Node): Node {
    if (this.#options.onlyLayout) return statement;
    return joinedReturn(statement, undefined) ?? statement;
  }

  // `const y = E;` and a statement that uses y once, first of all, and where no other code can.
  #inline(statement: Node, next: Node): boolean {
    if (statement.type !== "VariableDeclaration") return false;
    if (statement.kind !== "const" && statement.kind !== "let") return false;
    const [{ id, init }] = statement.declarations;
    if (id.type !== "Identifier" || !isNode(init) || takesName(init)) return false;
    const variable = this.#localOf(id);
    if (variable === undefined || variable.declarations.length !== 1) return false;
    const uses = variable.references.filter(({ initialises }) => !initialises);
    if (uses.length !== 1 || uses[0]!.writes) return false;
    const place = placeOfFirst(next, (identifier) => this.#localOf(identifier) !== undefined);
    if (place === undefined || place.holder[place.field] !== uses[0]!.identifier) return false;
    place.holder[place.field] = init;
    return true;
  }
}

// A function or class without a name gets that of the variable that it is assigned to at once.
function takesName(node: Node): boolean {
  return node.type === "ArrowFunctionExpression" ||
    (node.type === "FunctionExpression" || node.type === "ClassExpression") && !isNode(node.id);
}

function flat(statement: Node): Node[] {
  if (statement.type === "EmptyStatement") return [];
  if (statement.type === "BlockStatement" && !statement.body.some(isDeclaration)) {
    return statement.body;
  }
  if (statement.type !== "VariableDeclaration" || isUsing(statement)) return [statement];
  const declarations: readonly Node[] = statement.declarations;
  return declarations.map((declaration) => ({ ...statement, declarations: [declaration] }));
}

function withoutBraces(statement: Node): Node {
  if (statement.type !== "BlockStatement") return statement;
  const [only, ...others]: readonly Node[] = statement.body;
  if (only === undefined) return made("EmptyStatement", {});
  return others.length > 0 || isDeclaration(only) ? statement : only;
}

// Declares something that is not seen outside of the block.
function isDeclaration(statement: Node): boolean {
  return statement.type === "VariableDeclaration" && statement.kind !== "var" ||
    statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration";
}

function isUsing(declaration: Node): boolean {
  return declaration.kind !== "const" && declaration.kind !== "let" && declaration.kind !== "var";
}

// `if (c) return X; else return Y`, and `if (c) return X; return Y`. A `return` without a value is another thing: in an async
// generator, one with a value awaits it.
function joinedReturn(statement: Node, next: Node | undefined): Node | undefined {
  if (statement.type !== "IfStatement") return undefined;
  const { test, consequent, alternate } = statement;
  const otherwise = isNode(alternate) ? alternate : next;
  if (isNode(alternate) && next !== undefined) return undefined;
  if (!isValueReturn(consequent) || !isValueReturn(otherwise)) return undefined;
  return made("ReturnStatement", {
    argument: made("ConditionalExpression", {
      test,
      consequent: consequent.argument,
      alternate: otherwise.argument,
    }),
  });
}

// `return;` as the last statement of a function. What it comes to without one is the same, in each kind of function.
function withoutEnd(statements: readonly Node[]): readonly Node[] {
  const last = statements.findLastIndex(({ type }) => type !== "FunctionDeclaration");
  const statement = statements[last];
  if (statement?.type !== "ReturnStatement" || isNode(statement.argument)) return statements;
  return withoutEnd(statements.toSpliced(last, 1));
}

// `a || (b || c)` evaluates what `a || b || c` does, and comes to the same. The node stays, the ones below it are new.
function regroup(node: Node): void {
  const { operator } = node;
  const isSame = ({ type, operator: other }: Node) =>
    type === "LogicalExpression" && other === operator;
  if (!isSame(node.right)) return;
  const operands: Node[] = [];
  for (let at: Node = node.right;; at = at.left) {
    if (!isSame(at)) {
      operands.unshift(at);
      break;
    }
    // What is below is grouped already: no right side of it is of the same kind.
    operands.unshift(at.right);
  }
  const last = operands.pop()!;
  for (const right of operands) {
    node.left = made("LogicalExpression", { operator, left: node.left, right });
  }
  node.right = last;
}

function isValueReturn(statement: Node | undefined): statement is Node {
  return statement?.type === "ReturnStatement" && isNode(statement.argument);
}

function identifiersOf(pattern: Node): Node[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "AssignmentPattern":
      return identifiersOf(pattern.left);
    case "RestElement":
      return identifiersOf(pattern.argument);
    case "ArrayPattern":
      return pattern.elements.filter(isNode).flatMap(identifiersOf);
    case "ObjectPattern":
      return pattern.properties.flatMap((property: Node) =>
        identifiersOf(property.type === "Property" ? property.value : property)
      );
    default:
      return [];
  }
}

function made(type: string, fields: Record<string, unknown>): Node {
  return { type, start: 0, end: 0, ...fields };
}
