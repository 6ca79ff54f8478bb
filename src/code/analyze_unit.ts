// Copyright 2026 the pecapiku authors. MIT license.

import { fold } from "./_fold.ts";
import { type Form, formOf } from "./_form.ts";
import { keepsState } from "./_kept_state.ts";
import { literalOf } from "./_literals.ts";
import { readsNames } from "./_names_read.ts";
import { assignsOf, writesClass, writesThis } from "./_outer_writes.ts";
import { isClass, isFunction, type Node, type ParsedUnit, parseUnit } from "./_parse.ts";
import { isNode, UnknownSyntaxError, walk } from "./_parse.ts";
import { analyzeScopes, type Reference, type Scopes, type Variable } from "./_scopes.ts";
import { textRead } from "./_text_read.ts";
import { hasDynamicScope, type UnseenParts, unseenParts } from "./_unseen_parts.ts";
import { usesOf } from "./_uses.ts";
import { textDigest } from "./text_digest.ts";
import type { FreeName, Parameter, Unit, UnitKind, Use } from "./unit.ts";

/**
 * Finds out what can be known of a piece of code from its text alone. It takes some milliseconds, and the first time the parser
 * is loaded.
 *
 * @param text JavaScript: of a function, method or class, what its `toString` gives.
 * @param kind What it is.
 * @returns What is known of it; `undefined` if it can't be parsed, or is nested too deeply.
 */
export function analyzeUnit(text: string, kind: UnitKind): Unit | undefined {
  try {
    const parsed = parseUnit(text, kind);
    return parsed === undefined ? undefined : new UnitReader(parsed, text, kind).read();
  } catch (error) {
    // The stack of the engine ends somewhere.
    if (error instanceof UnknownSyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A part of the text that is a unit of its own. */
interface Piece {
  readonly root: Node;
  readonly text: string;
  /** Stands before the tree in the forms. */
  readonly header: readonly string[];
  readonly namedHeader: readonly string[];
  readonly outer: ReadonlySet<Variable>;
  readonly numbered: ReadonlyMap<Variable, number>;
  readonly omitted: ReadonlySet<Node>;
}

/** Something that is made in steps, since all trees are folded in between: what has the names, then the rest. */
type Steps<T> = () => () => T;

const NONE: ReadonlySet<never> = new Set();

class UnitReader {
  readonly #parsed: ParsedUnit;
  readonly #text: string;
  readonly #kind: UnitKind;
  readonly #scopes: Scopes;
  readonly #isDynamic: boolean;

  constructor(parsed: ParsedUnit, text: string, kind: UnitKind) {
    this.#parsed = parsed;
    this.#text = text;
    this.#kind = kind;
    this.#scopes = analyzeScopes(parsed.program);
    this.#isDynamic = !parsed.strict || hasDynamicScope(nodesOf(parsed.root, NONE));
  }

  read(): Unit {
    const { root } = this.#parsed;
    const isFunctionUnit = this.#isFunctionUnit();
    const readsArguments = isFunctionUnit && (this.#isDynamic || this.#usesArguments());
    const keepsDefaults = readsArguments || !this.#areDefaultsApart();
    const defaults = keepsDefaults ? [] : this.#defaults();
    const piece: Piece = {
      root,
      text: this.#text,
      ...this.#headers(),
      outer: this.#outerVariables(),
      numbered: new Map(),
      omitted: new Set(defaults),
    };
    // What is read of a tree is read before it is changed.
    const write = this.#begin(piece);
    const writeParameters = this.#parameters(piece);
    this.#fold(piece, true);
    const finish = write();
    const parameters = writeParameters.map((writeOne) => writeOne());
    this.#fold(piece, false);
    return {
      ...finish(),
      ...(this.#kind === "function" && isNode(root.id) ? { selfName: root.id.name } : {}),
      parameters: parameters.map((parameter) => parameter()),
      isClass: this.#kind === "function" && isClass(root),
      readsArguments,
    };
  }

  #fold({ outer }: Piece, onlyLayout: boolean): void {
    if (this.#isDynamic) return;
    const isOuter = (variable: Variable) => variable.top || outer.has(variable);
    fold(this.#parsed.program, this.#scopes, { isOuter, onlyLayout });
  }

  // What an arrow function has of the function around it is nowhere in its text.
  #unseen(own: readonly Node[]): UnseenParts {
    const parts = unseenParts(own, this.#scopes);
    const whole = this.#parsed.root;
    if (whole.type !== "ArrowFunctionExpression" || this.#kind !== "function") return parts;
    const lexical = new Set<string>();
    for (const node of own) {
      const isTarget = node.type === "MetaProperty" && node.meta.name === "new";
      if (node.type !== "ThisExpression" && !isTarget) continue;
      if (this.#homeOf(node) !== undefined || !this.#isSuperOf(node, whole)) continue;
      const text = isTarget ? "new.target" : "this";
      lexical.add(`${text} of the function around it`);
    }
    return { ...parts, unseen: [...parts.unseen, ...lexical] };
  }

  #isFunctionUnit(): boolean {
    return this.#kind === "function" && isFunction(this.#parsed.root);
  }

  #begin(piece: Piece): Steps<Unit> {
    const scopes = this.#scopes;
    const { root, text, outer, omitted } = piece;
    const own = nodesOf(root, omitted);
    const all = nodesOf(root, NONE);
    const isOuter = (identifier: Node) => {
      const variable = scopes.variableOf(identifier);
      return variable === undefined || outer.has(variable);
    };
    const texts = textRead(all, scopes);
    const known = {
      raw: textDigest(text),
      parameters: [],
      isClass: false,
      readsArguments: false,
      readsNames: readsNames(all, scopes),
      readsText: texts.ofFunctions,
      readsTextOfValues: texts.ofValues,
      writesThis: writesThis(all, root, scopes),
      keepsState: keepsState(all, root, scopes),
      writesClass: writesClass(all, root, scopes),
      readsSuper: all.some((node) => node.type === "Super" && this.#isSuperOf(node, root)),
      ...this.#unseen(own),
      assigns: assignsOf(all, scopes, isOuter),
    };
    const uses = new Map<string, Use[]>();
    for (const node of own) {
      const reference = scopes.referenceOf(node);
      if (reference === undefined || !isOuter(node)) continue;
      const list = uses.get(node.name) ?? [];
      uses.set(node.name, list);
      list.push(...usesOf(reference, root, scopes));
    }
    const finish = (named: Form) => {
      const normal = this.#isDynamic ? named : formOf([...piece.header, root], scopes, {
        ...piece,
        verbatim: false,
        unnamed: this.#kind === "function" ? root : undefined,
      });
      const free = normal.free.map((name): FreeName => ({
        name,
        uses: distinct(uses.get(name) ?? []),
      }));
      return { normal: normal.digest, named: named.digest, free, ...known };
    };
    return () => {
      const named = formOf([...piece.namedHeader, root], scopes, {
        ...piece,
        verbatim: true,
        unnamed: undefined,
      });
      return () => finish(named);
    };
  }

  #headers(): { header: string[]; namedHeader: string[] } {
    const { member, text } = this.#parsed;
    if (member === undefined) return { header: [this.#kind], namedHeader: [this.#kind] };
    const isMethod = member.method === true || member.kind === "method";
    const header = [this.#kind, isMethod ? "method" : member.kind];
    const { key, computed } = member;
    const name = text.slice(key.start, key.end);
    return { header, namedHeader: [...header, computed ? "computed" : "plain", name] };
  }

  // A function's own name is that of a declaration, or as good as one. Variables at the top level of statements are those of the
  // module, but for those of a declaration that nothing else uses, which only their order tells apart.
  #outerVariables(): ReadonlySet<Variable> {
    const { root } = this.#parsed;
    if (this.#kind === "function") {
      const self = root.id ? this.#scopes.variableOf(root.id) : undefined;
      return new Set(self === undefined ? [] : [self]);
    }
    const isDeclaration = this.#kind === "statement" && root.body.length === 1 &&
      root.body[0].type === "VariableDeclaration";
    return new Set(
      this.#scopes.variables.filter(({ top, references }) =>
        top && !(isDeclaration && references.every(({ initialises }) => initialises))
      ),
    );
  }

  #usesArguments(): boolean {
    const { root } = this.#parsed;
    return this.#scopes.references.some(({ identifier, variable }) =>
      variable?.kind === "arguments" && this.#homeOf(identifier) === root
    );
  }

  // The function or class member that `arguments` and `this` belong to.
  #homeOf(node: Node): Node | undefined {
    for (
      let at = this.#scopes.functionOf(node);
      at !== undefined;
      at = this.#scopes.functionOf(at)
    ) {
      if (at.type !== "ArrowFunctionExpression") return at;
    }
    return undefined;
  }

  #isSuperOf(node: Node, root: Node): boolean {
    let child = node;
    for (let at = this.#scopes.parentOf(node); child !== root; at = this.#scopes.parentOf(at)) {
      if (at === undefined) return true;
      if (at.type === "StaticBlock") return false;
      const isMember = at.type === "MethodDefinition" || at.type === "PropertyDefinition" ||
        at.type === "AccessorProperty" ||
        at.type === "Property" && (at.method === true || at.kind !== "init");
      if (isMember && at.value === child) return false;
      child = at;
    }
    return true;
  }

  // Whether the defaults of parameters can be told apart from the rest of the function.
  #areDefaultsApart(): boolean {
    if (!this.#isFunctionUnit()) return false;
    const { root } = this.#parsed;
    const own = new Set(this.#parameterVariables());
    // A variable of the body with a parameter's name is another one where there are defaults.
    for (const { declarations } of own) {
      if (declarations.some(({ start }) => start >= root.body.start)) return false;
    }
    return !this.#defaults().some((value) =>
      nodesOf(value, NONE).some(({ type }) => type === "Super" || type === "MetaProperty")
    );
  }

  #parameterVariables(): Variable[] {
    const { root } = this.#parsed;
    const inParameters = (node: Node) =>
      root.params.some(({ start, end }: Node) => start <= node.start && node.end <= end);
    return this.#scopes.variables.filter(({ kind, definitions, declarations }) =>
      kind === "parameter" && definitions.includes(root) && declarations.some(inParameters)
    );
  }

  #defaults(): Node[] {
    const params: readonly Node[] = this.#parsed.root.params;
    return params.flatMap((param) => param.type === "AssignmentPattern" ? [param.right] : []);
  }

  #parameters(whole: Piece): Steps<Parameter>[] {
    if (!this.#isFunctionUnit()) return [];
    const { root } = this.#parsed;
    const numbered = new Map(
      this.#parameterVariables().map((variable, index) => [variable, index]),
    );
    const params: readonly Node[] = root.params;
    return params.map((param) => {
      const rest = param.type === "RestElement";
      const hasDefault = param.type === "AssignmentPattern";
      const target: Node = rest ? param.argument : hasDefault ? param.left : param;
      const isName = target.type === "Identifier";
      const name = isName ? target.name : this.#parsed.text.slice(target.start, target.end);
      const references = isName ? this.#scopes.variableOf(target)?.references ?? [] : [];
      const uses = this.#usesOf(references.filter(({ initialises }) => !initialises));
      if (!hasDefault || !whole.omitted.has(param.right)) return () => () => ({ name, rest, uses });
      const write = this.#default(param.right, whole, numbered);
      return () => {
        const value = write();
        return () => ({ name, rest, uses, default: value() });
      };
    });
  }

  #default(
    root: Node,
    { outer }: Piece,
    numbered: ReadonlyMap<Variable, number>,
  ): Steps<NonNullable<Parameter["default"]>> {
    const literal = literalOf(root, this.#scopes);
    if (literal !== undefined) return () => () => ({ literal });
    const text = this.#parsed.text.slice(root.start, root.end);
    const header = ["expression"];
    const write = this.#begin({
      root,
      text,
      header,
      namedHeader: header,
      outer,
      numbered,
      omitted: NONE,
    });
    return () => {
      const finish = write();
      return () => ({ unit: finish() });
    };
  }

  #usesOf(references: readonly Reference[]): Use[] {
    const { root } = this.#parsed;
    return distinct(references.flatMap((reference) => usesOf(reference, root, this.#scopes)));
  }
}

function nodesOf(root: Node, without: ReadonlySet<Node>): Node[] {
  const nodes: Node[] = [];
  walk(root, (node) => {
    if (without.has(node)) return false;
    nodes.push(node);
  });
  return nodes;
}

function distinct(uses: readonly Use[]): Use[] {
  return [...new Map(uses.map((use) => [JSON.stringify(use), use])).values()];
}
