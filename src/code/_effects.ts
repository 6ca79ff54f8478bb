// Copyright 2026 the pecapiku authors. MIT license.

import { identifiersOf, type ModuleText, type Statement } from "./_module_text.ts";
import { isCollection } from "./_moments.ts";
import type { Binding, Effect } from "./module_summary.ts";
import { isClass, isFunction, type Node } from "./_parse.ts";
import { CHANGING_METHODS } from "./_platform_calls.ts";
import type { Reference } from "./_scopes.ts";
import { type Flow, flowsOf } from "./_uses.ts";
import { rootName } from "./_values.ts";

/** What the code of a module does to names beside declaring them. */
export interface Effects {
  readonly effects: readonly Effect[];
  readonly changed: ReadonlyMap<string, string>;
  readonly changedGlobals: ReadonlySet<string>;
  readonly aliases: readonly (readonly [string, string])[];
  readonly methods: ReadonlyMap<string, string>;
}

/** Names of the global object itself. */
const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(["globalThis", "self", "window", "global"]);

/** Objects of the platform that code may set members of without any effect on results: they are the outside world. */
const OUTSIDE: ReadonlySet<string> = new Set(["console", "Deno"]);

/**
 * Finds what the code of a module does to names.
 *
 * @param module The module.
 * @param bindings The names that it declares.
 * @returns What it does.
 */
export function effectsOf(module: ModuleText, bindings: ReadonlyMap<string, Binding>): Effects {
  const finder = new EffectFinder(module, bindings);
  finder.find();
  return finder;
}

interface Affected {
  readonly affects: Set<string>;
  readonly globals: Set<string>;
}

class EffectFinder implements Effects {
  readonly changed = new Map<string, string>();
  readonly changedGlobals = new Set<string>();
  readonly methods = new Map<string, string>();
  readonly #module: ModuleText;
  readonly #bindings: ReadonlyMap<string, Binding>;
  readonly #affected = new Map<Statement, Affected>();
  readonly #aliases = new Map<string, readonly [string, string]>();
  // Variables that hold something of the platform: `const proto = Array.prototype`.
  readonly #globalHolders = new Map<string, Set<string>>();

  constructor(module: ModuleText, bindings: ReadonlyMap<string, Binding>) {
    this.#module = module;
    this.#bindings = bindings;
  }

  get effects(): readonly Effect[] {
    return [...this.#affected].sort(([a], [b]) => a.order - b.order).map(([statement, found]) => ({
      code: this.#module.sliceOf(statement),
      order: statement.order,
      affects: [...found.affects],
      globals: [...found.globals],
    }));
  }

  get aliases(): readonly (readonly [string, string])[] {
    return [...this.#aliases.values()];
  }

  find(): void {
    const { references, variables } = this.#module.scopes;
    for (const reference of references) {
      if (reference.variable === undefined) this.#global(reference);
    }
    for (const reference of references) {
      if (reference.variable?.top && !this.#isDeclaration(reference)) this.#own(reference);
    }
    for (const { kind, top, name, declarations } of variables) {
      // It is disposed of when the module has run.
      if (kind === "using" && top) this.#affect(declarations[0]!, name);
    }
  }

  /** Whether a reference is the declaration of a name of the module, with its first value. */
  #isDeclaration({ identifier, initialises, variable }: Reference): boolean {
    if (!initialises) return false;
    const { inner } = this.#module.statementOf(identifier);
    if (inner.type !== "VariableDeclaration" || variable!.declarations[0] !== identifier) {
      return false;
    }
    return (inner.declarations as Node[]).some(({ id }) => identifiersOf(id).includes(identifier));
  }

  #global(reference: Reference): void {
    const { name } = reference.identifier;
    for (const flow of this.#flowsOf(reference)) {
      const { form, path, now } = flow.use;
      if (form === "escape") {
        if (!GLOBAL_OBJECTS.has(name) && !path.includes("prototype")) continue;
        for (const holder of this.#holdersOf(flow)) addTo(this.#globalHolders, holder, name);
      } else if (form !== "write" && form !== "mutate") continue;
      if (now) this.#affectedBy(flow.node).globals.add(name);
      else if (!OUTSIDE.has(name)) this.changedGlobals.add(name);
    }
  }

  #own(reference: Reference): void {
    const { name } = reference.variable!;
    const binding = this.#bindings.get(name);
    if (binding === undefined) return;
    const flows = this.#flowsOf(reference);
    for (const flow of flows) this.#flow(name, binding, flow);
  }

  #flow(name: string, binding: Binding, flow: Flow): void {
    const { form, path, now } = flow.use;
    const isPrimitive = binding.kind === "value" && binding.primitive;
    if (isPrimitive && !(form === "write" && path.length === 0)) return;
    // A namespace can't be changed itself, and a call of a member of it is no method call.
    const isNamespace = binding.kind === "import" && binding.name === "*";
    if (
      isNamespace &&
      (path.length === 0 || (path.length === 1 && (flow.method !== undefined || form === "write")))
    ) {
      if (form !== "escape") return;
    }
    switch (form) {
      case "write":
      case "mutate":
        if (now) this.#affect(flow.node, name);
        else this.#note(this.changed, name, flow.node);
        this.#globalsHeldBy(name, flow);
        return;
      case "method":
        if (this.#isStateless(name, flow.method)) return;
        if (now) this.#affect(flow.node, name);
        else this.#note(this.methods, name, flow.node);
        return;
      case "read":
        // Of a class of the program's, `get` may be a method that changes something.
        if (now || flow.method === undefined || this.#isBuiltIn(name)) return;
        return this.#note(this.methods, name, flow.node);
      case "escape":
        return this.#escape(name, binding, flow);
    }
  }

  #escape(name: string, binding: Binding, flow: Flow): void {
    if (this.#isPlainFunction(name, binding)) return;
    const holders = this.#holdersOf(flow);
    for (const holder of holders) {
      if (holder !== name) this.#aliases.set(JSON.stringify([holder, name]), [holder, name]);
    }
    if (!flow.use.now) return;
    // What a variable takes up as it is has gone nowhere else.
    const { into } = flow;
    const isTaken = into !== undefined && holders.has(into) && !this.#isArgument(flow.node, into);
    if (!isTaken) this.#affect(flow.node, name);
  }

  /** Whether it is put into something by a method of it that may be any. */
  #isArgument(node: Node, into: string): boolean {
    const parent = this.#module.scopes.parentOf(node);
    return parent?.type === "CallExpression" && parent.callee !== node && !this.#isBuiltIn(into);
  }

  #isPlainFunction(name: string, binding: Binding): boolean {
    if (binding.kind === "function") return true;
    const init = this.#constantInit(name);
    return init !== undefined && isFunction(init);
  }

  /** The first and only value of a name. */
  #constantInit(name: string): Node | undefined {
    const variable = this.#module.scopes.variables.find((each) => each.top && each.name === name);
    const [definition] = variable?.definitions ?? [];
    if (definition?.type !== "VariableDeclarator" || definition.id.type !== "Identifier") {
      return undefined;
    }
    const isConstant =
      variable!.references.every(({ writes, initialises }) => !writes || initialises) &&
      variable!.declarations.length === 1;
    return isConstant ? definition.init ?? undefined : undefined;
  }

  /** Whether a name stands for an object of the platform, whose methods do what their names say. */
  #isBuiltIn(name: string): boolean {
    const init = this.#constantInit(name);
    return init !== undefined &&
      (init.type === "Literal" || isCollection(init, this.#module.scopes));
  }

  /** Whether a name stands for a regular expression that does not remember where it was. */
  #isStateless(name: string, method: string | undefined): boolean {
    if (method !== "exec" && method !== "test") return false;
    const regex = this.#constantInit(name)?.regex;
    return regex !== undefined && !/[gy]/.test(regex.flags);
  }

  #globalsHeldBy(name: string, { node, use }: Flow): void {
    for (const global of this.#globalHolders.get(name) ?? []) {
      if (use.now) this.#affectedBy(node).globals.add(global);
      else this.changedGlobals.add(global);
    }
  }

  /** The module's names that may hold a value, or a part of it, that goes somewhere. */
  #holdersOf({ node, into }: Flow): Set<string> {
    const { scopes } = this.#module;
    const names = new Set<string>();
    const add = (name: string | undefined) => {
      if (name !== undefined && this.#bindings.has(name)) names.add(name);
    };
    const addPattern = (pattern: Node) => {
      for (const identifier of identifiersOf(pattern)) {
        if (scopes.variableOf(identifier)?.top) add(identifier.name);
      }
    };
    add(into);
    let child = node;
    for (
      let parent = scopes.parentOf(child);
      parent !== undefined;
      parent = scopes.parentOf(child)
    ) {
      switch (parent.type) {
        case "VariableDeclarator":
          // A function does not hold what it names, and is not changed by what is done to its results.
          if (!isFunction(child)) addPattern(parent.id);
          break;
        case "AssignmentExpression":
          if (parent.right === child) {
            addPattern(parent.left);
            add(rootName(parent.left));
          }
          break;
        case "CallExpression":
          if (parent.callee !== child && CHANGING_METHODS.has(methodOf(parent))) {
            add(
              rootName(parent.callee.object),
            );
          }
          break;
        case "ForOfStatement":
          if (parent.right === child) {
            addPattern(
              parent.left.type === "VariableDeclaration"
                ? parent.left.declarations[0].id
                : parent.left,
            );
          }
          break;
        case "PropertyDefinition":
        case "AccessorProperty": {
          const around = scopes.parentOf(scopes.parentOf(parent)!)!;
          if (parent.value === child) add(around.id?.name);
          break;
        }
        case "ExportDefaultDeclaration":
          if (!isFunction(child) && !isClass(child)) add("default");
      }
      child = parent;
    }
    return names;
  }

  #affect(node: Node, name: string): void {
    const statement = this.#module.statementOf(node);
    // What a declaration does to itself is a part of it.
    if (!this.#declaresAround(statement, node, name)) this.#affectedBy(node).affects.add(name);
  }

  #declaresAround({ inner, order }: Statement, node: Node, name: string): boolean {
    const binding = this.#bindings.get(name)!;
    if (binding.kind === "import" || binding.order !== order) return false;
    if (inner.type === "ClassDeclaration") return inner.id?.name === name;
    if (inner.type !== "VariableDeclaration" || /using$/.test(inner.kind)) return false;
    return (inner.declarations as Node[]).some(({ id, start, end }) =>
      start <= node.start && node.end <= end && identifiersOf(id)[0]?.name === name &&
      id.type === "Identifier"
    );
  }

  #affectedBy(node: Node): Affected {
    const statement = this.#module.statementOf(node);
    let found = this.#affected.get(statement);
    if (found === undefined) {
      this.#affected.set(statement, found = { affects: new Set(), globals: new Set() });
    }
    return found;
  }

  #note(map: Map<string, string>, name: string, node: Node): void {
    if (!map.has(name)) map.set(name, nameAround(node, this.#module));
  }

  #flowsOf(reference: Reference): Flow[] {
    return flowsOf(reference, this.#module.program, this.#module.scopes);
  }
}

function methodOf({ callee }: Node): string {
  return callee.type === "MemberExpression" && !callee.computed ? callee.property.name ?? "" : "";
}

/** What the function that a node is in is called, for people. */
function nameAround(node: Node, { scopes }: ModuleText): string {
  for (let at = scopes.functionOf(node); at !== undefined; at = scopes.functionOf(at)) {
    const parent = scopes.parentOf(at);
    const name = at.id?.name ?? parent?.key?.name ??
      (parent?.type === "VariableDeclarator" ? parent.id.name : undefined);
    if (name === undefined) continue;
    const around = parent?.type === "MethodDefinition"
      ? scopes.parentOf(scopes.parentOf(parent)!)
      : undefined;
    return around?.id ? `${around.id.name}.${name}` : name;
  }
  return "a function";
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
