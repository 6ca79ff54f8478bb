// Copyright 2026 the pecapiku authors. MIT license.

import type { ScopeManager } from "eslint-scope";
import { eslintScope } from "./_deferred.ts";
import { isFunction, type Node, UnknownSyntaxError, walk } from "./_parse.ts";

/** What a variable is declared as. */
export type VariableKind =
  | "import"
  | "var"
  | "let"
  | "const"
  | "using"
  | "function"
  | "class"
  | "parameter"
  | "catch"
  /** `arguments` of a function, which nothing declares. */
  | "arguments";

/** A name that the code declares. */
export interface Variable {
  readonly name: string;
  /** What it is declared as; the first, if it is declared several times. */
  readonly kind: VariableKind;
  /** Whether it is declared at the top level, in no function, class or block; `var` in blocks at the top level is. */
  readonly top: boolean;
  /** The identifiers that declare it. */
  readonly declarations: Node[];
  /** The nodes that declare it: declarators, functions, classes, catch clauses, import specifiers. */
  readonly definitions: Node[];
  /** All uses of it, in the order of the text. An initialiser is a use that writes. */
  readonly references: Reference[];
}

/** An identifier that stands for a variable. */
export interface Reference {
  readonly identifier: Node;
  /** Its variable; `undefined` if the code does not declare it: then it is free. */
  readonly variable: Variable | undefined;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Whether it is the declaration itself, with its first value. */
  readonly initialises: boolean;
}

/** Which identifier stands for what. */
export interface Scopes {
  /** All uses of variables and free names, in the order of the text: one for each identifier. */
  readonly references: readonly Reference[];
  /** All that the code declares. */
  readonly variables: readonly Variable[];

  /** Gives the variable that an identifier uses or declares; `undefined` if it is free or no variable, such as a label. */
  variableOf(identifier: Node): Variable | undefined;

  /** Gives the use that an identifier is; `undefined` if it only declares a variable, or is none. */
  referenceOf(identifier: Node): Reference | undefined;

  /** Gives the node above a node; `undefined` for the program. */
  parentOf(node: Node): Node | undefined;

  /** Gives the innermost function, arrow functions too, that a node is in, other than itself; `undefined` if there is none. */
  functionOf(node: Node): Node | undefined;
}

/**
 * Finds out what the names in a program stand for. It takes the tree as it is: ask before it is changed.
 *
 * @param program The program.
 * @returns What they stand for.
 * @throws {UnknownSyntaxError} If that can't be told.
 * @throws {RangeError} If it is nested too deeply.
 */
export function analyzeScopes(program: Node): Scopes {
  return new ProgramScopes(program);
}

interface MutableReference extends Reference {
  reads: boolean;
  writes: boolean;
  initialises: boolean;
}

class ProgramScopes implements Scopes {
  readonly references: Reference[] = [];
  readonly variables: Variable[];
  readonly #variables = new Map<Node, Variable>();
  readonly #references = new Map<Node, MutableReference>();
  readonly #parents = new Map<Node, Node>();

  constructor(program: Node) {
    walk(program, (node, parent) => {
      if (parent !== undefined) this.#parents.set(node, parent);
    });
    this.variables = this.#collect(scopeManagerOf(program));
    walk(program, (node) => {
      const reference = this.#references.get(node);
      if (reference === undefined) return;
      this.references.push(reference);
      reference.variable?.references.push(reference);
    });
  }

  variableOf(identifier: Node): Variable | undefined {
    return this.#variables.get(identifier);
  }

  referenceOf(identifier: Node): Reference | undefined {
    return this.#references.get(identifier);
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  functionOf(node: Node): Node | undefined {
    for (let at = this.parentOf(node); at !== undefined; at = this.parentOf(at)) {
      if (isFunction(at)) return at;
    }
    return undefined;
  }

  #collect(manager: ScopeManager): Variable[] {
    const found = new Map<EslintVariable, Variable>();
    for (const scope of manager.scopes as unknown as readonly EslintScope[]) {
      for (const variable of scope.variables) this.#declare(variable, found);
    }
    for (const scope of manager.scopes as unknown as readonly EslintScope[]) {
      for (const reference of scope.references) {
        const { identifier, resolved } = reference;
        const variable = identifier.name === "arguments"
          ? this.#argumentsFor(identifier, resolved, manager)
          : resolved;
        this.#refer(reference, variable === null ? undefined : found.get(variable), found);
      }
    }
    return [...new Set(found.values())];
  }

  // One identifier may belong to two variables: a class has its name inside and outside, and `var` in a `catch` clause
  // that declares the same name assigns the one and declares the other. They are one here: with one name, the text says
  // which one is meant.
  #declare(variable: EslintVariable, found: Map<EslintVariable, Variable>): void {
    let known: Variable | undefined;
    for (const identifier of variable.identifiers) known ??= this.#variables.get(identifier);
    known ??= {
      name: variable.name,
      kind: kindOf(variable),
      top: variable.scope.type === "module" || variable.scope.type === "global",
      declarations: [],
      definitions: [],
      references: [],
    };
    found.set(variable, known);
    for (const identifier of variable.identifiers) {
      if (!this.#variables.has(identifier)) known.declarations.push(identifier);
      this.#variables.set(identifier, known);
    }
    for (const definition of variable.defs) {
      if (!known.definitions.includes(definition.node)) known.definitions.push(definition.node);
    }
  }

  // In the default of a parameter, too, `arguments` is that of the function itself.
  #argumentsFor(
    identifier: Node,
    resolved: EslintVariable | null,
    manager: ScopeManager,
  ): EslintVariable | null {
    if (resolved !== null && resolved.defs.length > 0) return resolved;
    let home = this.functionOf(identifier);
    while (home?.type === "ArrowFunctionExpression") home = this.functionOf(home);
    if (home === undefined) return null;
    const scope = manager.acquire(home as never, true) as unknown as EslintScope;
    return scope.variables.find(({ name }) => name === "arguments") ?? null;
  }

  #refer(
    reference: EslintReference,
    resolved: Variable | undefined,
    found: Map<EslintVariable, Variable>,
  ): void {
    const { identifier } = reference;
    // See above: the identifier of a `var` in a `catch` clause.
    const declared = this.#variables.get(identifier);
    if (resolved !== undefined && declared !== undefined && resolved !== declared) {
      this.#merge(resolved, declared, found);
    }
    const variable = declared ?? resolved;
    if (variable !== undefined) this.#variables.set(identifier, variable);
    const known = this.#references.get(identifier);
    if (known === undefined) {
      this.#references.set(identifier, {
        identifier,
        variable,
        reads: reference.isRead(),
        writes: reference.isWrite(),
        initialises: reference.init === true,
      });
    } else {
      // A pattern with a default is written in two ways.
      known.reads ||= reference.isRead();
      known.writes ||= reference.isWrite();
      known.initialises &&= reference.init === true;
    }
  }

  #merge(from: Variable, into: Variable, found: Map<EslintVariable, Variable>): void {
    into.declarations.push(...from.declarations);
    into.definitions.push(...from.definitions);
    for (const [key, variable] of found) if (variable === from) found.set(key, into);
    for (const [identifier, variable] of this.#variables) {
      if (variable === from) this.#variables.set(identifier, into);
    }
    for (const [identifier, reference] of this.#references) {
      if (reference.variable !== from) continue;
      this.#references.set(identifier, { ...reference, variable: into });
    }
  }
}

// What is used of eslint-scope, on our own nodes.
interface EslintVariable {
  readonly name: string;
  readonly scope: EslintScope;
  readonly identifiers: readonly Node[];
  readonly defs: readonly { readonly type: string; readonly node: Node; readonly kind?: string }[];
}

interface EslintScope {
  readonly type: string;
  readonly variables: readonly EslintVariable[];
  readonly references: readonly EslintReference[];
}

interface EslintReference {
  readonly identifier: Node;
  readonly resolved: EslintVariable | null;
  readonly init?: boolean;
  isRead(): boolean;
  isWrite(): boolean;
}

function kindOf(variable: EslintVariable): VariableKind {
  const [definition] = variable.defs;
  switch (definition?.type) {
    case "ImportBinding":
      return "import";
    case "FunctionName":
      return "function";
    case "ClassName":
      return "class";
    case "Parameter":
      return "parameter";
    case "CatchClause":
      return "catch";
    case "Variable":
      return definition.kind === "var" || definition.kind === "let" || definition.kind === "const"
        ? definition.kind
        : "using";
    default:
      return "arguments";
  }
}

function scopeManagerOf(program: Node): ScopeManager {
  referencerClass ??= makeReferencerClass();
  const settings = {
    optimistic: false,
    // Code with `eval` counts as unseen as a whole.
    ignoreEval: true,
    nodejsScope: false,
    impliedStrict: true,
    sourceType: "module",
    ecmaVersion: 2026,
    childVisitorKeys: { ImportExpression: ["source", "options"] },
    fallback: "iteration",
  };
  const manager = new eslintScope.ScopeManager(settings as never);
  try {
    new referencerClass(settings, manager).visit(program);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new UnknownSyntaxError("Cannot analyze scopes", { cause });
  }
  return manager;
}

interface Visiting {
  visit(node: Node): void;
}

type ReferencerClass = new (settings: unknown, manager: ScopeManager) => Visiting;

// Made at first use, since the class that it extends is loaded then.
let referencerClass: ReferencerClass | undefined;

function makeReferencerClass(): ReferencerClass {
  const Base = eslintScope.Referencer as unknown as new (
    settings: unknown,
    manager: ScopeManager,
  ) => Visiting & {
    visitClass(node: Node): void;
    visitProperty(node: Node): void;
    PropertyDefinition(node: Node): void;
  };
  return class extends Base {
    // The decorators of a class are evaluated outside of it, those of its members inside.
    override visitClass(node: Node): void {
      this.#visitDecorators(node);
      super.visitClass(node);
    }

    override visitProperty(node: Node): void {
      this.#visitDecorators(node);
      super.visitProperty(node);
    }

    override PropertyDefinition(node: Node): void {
      this.#visitDecorators(node);
      super.PropertyDefinition(node);
    }

    AccessorProperty(node: Node): void {
      this.PropertyDefinition(node);
    }

    #visitDecorators(node: Node): void {
      for (const decorator of (node.decorators ?? []) as Node[]) this.visit(decorator);
    }
  };
}
