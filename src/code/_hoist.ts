// Copyright 2026 the pecapiku authors. MIT license.

import { formOf } from "./_form.ts";
import { isFunction, type Node, walk } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";

/**
 * Puts the function declarations of blocks behind the other statements, in the order in which they are first mentioned: they are
 * all there before the first statement runs, wherever they stand.
 */
export class Hoister {
  readonly #scopes: Scopes;
  #byName: Map<string, Set<Variable | undefined>> | undefined;

  /** @param scopes What the names stand for. */
  constructor(scopes: Scopes) {
    this.#scopes = scopes;
  }

  /**
   * Orders the statements of a block.
   *
   * @param block The block, as it was parsed. There must be no `eval` and no `with` in the code around it.
   * @param list Its statements.
   * @returns The statements in their new order.
   */
  hoist(block: Node, list: readonly Node[]): readonly Node[] {
    if (!list.some(({ type }) => type === "FunctionDeclaration")) return list;
    const parent = this.#scopes.parentOf(block);
    const isBody = parent !== undefined && isFunction(parent);
    if (!isBody && this.#scopes.functionOf(block) === undefined) return list;
    const movable = new Map<Variable, Node>();
    for (const statement of list) {
      if (statement.type !== "FunctionDeclaration") continue;
      const variable = this.#scopes.variableOf(statement.id);
      if (variable === undefined || !isOnlyThat(variable)) continue;
      if (isBody || this.#isAlone(variable)) movable.set(variable, statement);
    }
    const moved = new Set(movable.values());
    const others = list.filter((statement) => !moved.has(statement));
    return [...others, ...this.#ordered(others, movable)];
  }

  // The order makes no difference to what the code does, only to whether two texts have one form.
  #ordered(others: readonly Node[], movable: ReadonlyMap<Variable, Node>): Set<Node> {
    const ordered = new Set<Node>();
    const follow = (root: Node) => {
      const found: Node[] = [];
      walk(root, (node) => {
        const variable = node.type === "Identifier" ? this.#scopes.variableOf(node) : undefined;
        const statement = variable && movable.get(variable);
        if (statement === undefined || statement === root || ordered.has(statement)) return;
        ordered.add(statement);
        found.push(statement);
      });
      for (const statement of found) follow(statement);
    };
    for (const statement of others) follow(statement);
    const unmentioned = [...movable.values()].filter((statement) => !ordered.has(statement))
      .map((statement) => ({ statement, digest: this.#digestOf(statement) }))
      .sort((one, other) => one.digest < other.digest ? -1 : one.digest > other.digest ? 1 : 0);
    for (const { statement } of unmentioned) {
      ordered.add(statement);
      follow(statement);
    }
    return ordered;
  }

  // What it is by itself, with no names.
  #digestOf(statement: Node): string {
    const inside = (node: Node) => statement.body.start <= node.start && node.end <= statement.end;
    const isOwn = ({ kind, definitions, declarations }: Variable) =>
      definitions.includes(statement) && kind !== "function" || declarations.some(inside);
    return formOf([statement], this.#scopes, {
      verbatim: false,
      outer: new Set(this.#scopes.variables.filter((variable) => !isOwn(variable))),
      numbered: new Map(),
      omitted: new Set(),
      unnamed: statement,
    }).digest;
  }

  // Out of strict mode, a function of a block is seen outside of it from where it stands on. Code may run out of it that would be
  // code in it, too.
  #isAlone(variable: Variable): boolean {
    this.#byName ??= variablesByName(this.#scopes);
    return this.#byName.get(variable.name)!.size === 1;
  }
}

// Nothing else declares the name or assigns to it.
function isOnlyThat({ declarations, references }: Variable): boolean {
  return declarations.length === 1 && references.every(({ writes }) => !writes);
}

function variablesByName(scopes: Scopes): Map<string, Set<Variable | undefined>> {
  const byName = new Map<string, Set<Variable | undefined>>();
  const add = (name: string, variable: Variable | undefined) => {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, new Set([variable]));
    else known.add(variable);
  };
  for (const variable of scopes.variables) add(variable.name, variable);
  for (const { identifier, variable } of scopes.references) add(identifier.name, variable);
  return byName;
}
