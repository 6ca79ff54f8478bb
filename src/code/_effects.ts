// Copyright 2026 the pecapiku authors. MIT license.

import { keysOf } from "./_callees.ts";
import { identifiersOf, type ModuleText, type Statement } from "./_module_text.ts";
import { momentOf } from "./_moments.ts";
import {
  changedClassesOf,
  changing,
  flowsOfImports,
  isOfChange,
  isShallow,
} from "./_module_flows.ts";
import type { Binding, Effect, Handed } from "./module_summary.ts";
import {
  constantInit,
  holdersOf,
  isBuiltIn,
  isIterator,
  isPlatformObject,
  isStateless,
  nameAround,
  nameOfFunction,
  sharedBy,
} from "./_own_names.ts";
import { isFunction, type Node } from "./_parse.ts";
import type { Reference } from "./_scopes.ts";
import { flowsWithResultsOf } from "./_uses.ts";
import type { Flow } from "./_values.ts";

/** What the code of a module does to names beside declaring them. */
export interface Effects {
  readonly effects: readonly Effect[];
  readonly changed: ReadonlyMap<string, string>;
  readonly changedGlobals: ReadonlySet<string>;
  readonly aliases: readonly (readonly [string, string])[];
  readonly inside: readonly (readonly [string, string])[];
  readonly changedWithin: ReadonlySet<string>;
  readonly methods: ReadonlyMap<string, string>;
  /** Names that are changed by methods whose names are all that is known of them. */
  readonly changedByName: ReadonlyMap<string, string>;
  readonly returned: ReadonlyMap<string, ReadonlySet<string>>;
  readonly changedResults: ReadonlyMap<string, string>;
  readonly handed: readonly Handed[];
  /** Names for what is changed in modules by way of `import()`. */
  readonly added: ReadonlyMap<string, Binding>;
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
 * @param imports The index of each import.
 * @returns What it does.
 */
export function effectsOf(
  module: ModuleText,
  bindings: ReadonlyMap<string, Binding>,
  imports: ReadonlyMap<Node, number>,
): Effects {
  const finder = new EffectFinder(module, bindings, imports);
  finder.find();
  return finder;
}

interface Affected {
  readonly affects: Set<string>;
  readonly globals: Set<string>;
}

class EffectFinder implements Effects {
  readonly changed = new Map<string, string>();
  readonly changedWithin = new Set<string>();
  readonly changedGlobals = new Set<string>();
  readonly methods = new Map<string, string>();
  readonly changedByName = new Map<string, string>();
  readonly returned = new Map<string, Set<string>>();
  readonly changedResults = new Map<string, string>();
  readonly #handed = new Map<string, Handed>();
  // What is done to what functions of the module return.
  readonly #resultFlows: { readonly name: string; readonly flow: Flow }[] = [];
  readonly #returns: { readonly by: string; readonly name: string; readonly wraps: number }[] = [];
  readonly #module: ModuleText;
  readonly #bindings: ReadonlyMap<string, Binding>;
  readonly #imports: ReadonlyMap<Node, number>;
  readonly added = new Map<string, Binding>();
  readonly #affected = new Map<Statement, Affected>();
  readonly #aliases = new Map<string, readonly [string, string]>();
  readonly #inside = new Map<string, boolean>();
  // Variables that hold something of the platform: `const proto = Array.prototype`.
  readonly #globalHolders = new Map<string, Set<string>>();

  constructor(
    module: ModuleText,
    bindings: ReadonlyMap<string, Binding>,
    imports: ReadonlyMap<Node, number>,
  ) {
    this.#imports = imports;
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

  get handed(): readonly Handed[] {
    return [...this.#handed.values()];
  }

  get inside(): readonly (readonly [string, string])[] {
    return [...this.#aliases].filter(([key]) => this.#inside.get(key)).map(([, pair]) => pair);
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
    this.#results();
    for (const [name, node] of changedClassesOf(this.#module)) {
      if (this.#bindings.has(name)) this.#note(this.changed, name, node);
    }
    this.#dynamicImports();
    for (const reference of references) {
      if (reference.variable?.top === false && !reference.initialises) this.#hidden(reference);
    }
    if (
      references.some(({ identifier, variable }) =>
        variable === undefined && identifier.name === "eval"
      )
    ) this.#eval();
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
      if (flow.ofResult !== undefined) continue;
      const { form, path, now } = flow.use;
      if (form === "escape") {
        if (!/^(?:undefined|NaN|Infinity)$/.test(name)) this.#handOver(name, flow);
        if (!GLOBAL_OBJECTS.has(name) && !path.includes("prototype")) continue;
        // A function that runs later is not thought to change a prototype that is an argument, as in `assertEquals(a, Object.prototype)`.
        if (!now && flow.use.argument !== undefined) continue;
        for (const holder of this.#holders(flow)) addTo(this.#globalHolders, holder, name);
      } else if (form !== "write" && form !== "mutate") continue;
      if (now) this.#affectedBy(flow.node).globals.add(name);
      else if (!OUTSIDE.has(name)) this.changedGlobals.add(name);
    }
  }

  #own(reference: Reference): void {
    const { name } = reference.variable!;
    const binding = this.#bindings.get(name);
    if (binding === undefined) return;
    const isUsedUp = isIterator(name, this.#module);
    for (const flow of this.#flowsOf(reference)) {
      if (flow.ofResult !== undefined) this.#result(name, flow.ofResult, flow);
      else this.#flow(name, binding, isUsedUp ? changing(flow) : flow);
    }
  }

  // What a function returned, or a method, is changed or returned.
  #result(name: string, method: string, flow: Flow): void {
    const key = method === "" ? name : `${name}.${method}`;
    if (flow.use.form !== "escape") this.#resultFlows.push({ name: key, flow });
    else if (flow.returnedBy !== undefined) {
      for (const by of this.#keysOf(flow.returnedBy)) addTo(this.returned, by, `${key}()`);
    }
  }

  #flow(name: string, binding: Binding, flow: Flow): void {
    const { form, path, now } = flow.use;
    const isPrimitive = binding.kind === "value" && binding.primitive;
    if (isPrimitive && !(form === "write" && path.length === 0)) return;
    // A namespace can't be changed itself, and a call of a member of it is no method call.
    if (isNamespaceImport(binding) && flow.direct) return;
    switch (form) {
      case "write":
      case "mutate":
        if (flow.use.byName && !now && !isBuiltIn(name, this.#module)) {
          this.#note(this.changedByName, name, flow.node);
          return this.#globalsHeldBy(name, flow);
        }
        for (const each of [name, ...sharedBy(name, flow, this.#module)]) {
          if (!this.#bindings.has(each)) continue;
          if (now) this.#affect(flow.node, each);
          else if (each === name && isShallow(flow)) {
            if (!this.changed.has(name)) {
              this.changed.set(name, nameAround(flow.node, this.#module));
            }
          } else this.#note(this.changed, each, flow.node);
        }
        this.#globalsHeldBy(name, flow);
        return;
      case "method":
        if (flow.method === undefined && isPlatformObject(name, this.#module)) {
          return this.#flow(name, binding, changing(flow));
        }
        if (isStateless(name, flow.method, this.#module)) return;
        if (now) this.#affect(flow.node, name);
        else this.#note(this.methods, name, flow.node);
        return;
      case "read":
        // Of a class of the program's, `get` may be a method that changes something.
        if (now || flow.method === undefined || isBuiltIn(name, this.#module)) return;
        return this.#note(this.methods, name, flow.node);
      case "escape":
        return this.#escape(name, binding, flow);
    }
  }

  #escape(name: string, binding: Binding, flow: Flow): void {
    if (this.#isPlainFunction(name, binding)) return;
    const holders = this.#holders(flow);
    for (const holder of holders) {
      if (holder !== name) this.#alias(holder, name, flow);
    }
    if (flow.returnedBy !== undefined) this.#returnedBy(flow.returnedBy, name, flow.wraps);
    this.#handOver(name, flow);
    const maker = /^#(\w+)\./.exec(flow.taker?.of ?? "")?.[1];
    if (maker !== undefined) this.#returns.push({ by: maker, name, wraps: 1 });
    if (!flow.use.now) return;
    // What a variable takes up as it is has gone nowhere else.
    const { into } = flow;
    const isTaken = into !== undefined && holders.has(into) && !this.#isArgument(flow.node, into);
    if (!isTaken) this.#affect(flow.node, name);
  }

  #alias(holder: string, held: string, { into, wraps, inside }: Flow): void {
    const key = JSON.stringify([holder, held]);
    this.#aliases.set(key, [holder, held]);
    const isInside = holder === into && (wraps > 0 || inside === true);
    this.#inside.set(key, isInside && this.#inside.get(key) !== false);
  }

  #handOver(name: string, { use: { now }, taker, node }: Flow): void {
    if (taker === undefined) return;
    const { of, index, wraps, kept } = taker;
    const key = JSON.stringify([name, of, index, wraps, now && !kept]);
    if (this.#handed.has(key)) return;
    const by = nameAround(node, this.#module);
    this.#handed.set(key, { name, of, index, wraps, now: now && !kept, by });
  }

  #returnedBy(node: Node, name: string, wraps: number): void {
    for (const by of this.#keysOf(node)) {
      this.#returns.push({ by, name, wraps });
      addTo(this.returned, by, name);
    }
  }

  /** What a function that returns something is called. */
  #keysOf(node: Node): string[] {
    const by = nameOfFunction(node, this.#module);
    if (by !== undefined) return [by];
    return this.#module.scopes.parentOf(node)?.type === "VariableDeclarator"
      ? []
      : keysOf(node, this.#module.scopes).filter((key) => !/^new:|#\d+$/.test(key))
        .map((key) => `.${key}`);
  }

  /** What is done to what a function of the module returns is done to what it belongs to. */
  #results(): void {
    for (const { name, flow } of this.#resultFlows) {
      const method = name.includes(".") ? `.${name.split(".").at(-1)}` : undefined;
      const isKnown = this.#bindings.get(name)?.kind === "import" || this.returned.has(name);
      if (isKnown || method !== undefined) this.#note(this.changedResults, name, flow.node);
      const { form, path, now } = flow.use;
      // Of a copy, only what is in it is not its own.
      const isDeep = !flow.exact || path.length > (form === "write" || flow.direct ? 1 : 0);
      for (const found of this.#returns) {
        if (found.by !== (method ?? name) || (found.wraps > 0 && !isDeep)) continue;
        if (now) this.#affect(flow.node, found.name);
        else this.#note(this.changed, found.name, flow.node);
      }
    }
  }

  /** Looks for what is changed in modules by way of `import()`. */
  #dynamicImports(): void {
    for (const { name, binding, flow } of flowsOfImports(this.#module, this.#imports)) {
      const isChange = isOfChange(flow);
      const holders = isChange ? [] : [...this.#holders(flow)];
      if (!isChange && flow.taker === undefined && holders.length === 0) continue;
      this.added.set(name, binding);
      for (const holder of holders) this.#alias(holder, name, flow);
      this.#handOver(name, flow);
      if (isChange && flow.use.now) this.#affectedBy(flow.node).affects.add(name);
      else if (isChange) this.#note(this.changed, name, flow.node);
    }
  }

  /** Looks for a variable of a function that is called on the spot, which what it gives goes on changing. */
  #hidden(reference: Reference): void {
    const { scopes, program } = this.#module;
    const [declaration] = reference.variable!.declarations;
    if (declaration === undefined || !momentOf(declaration, program, scopes).now) return;
    for (const flow of this.#flowsOf(reference)) {
      const { form, now } = flow.use;
      if (now || flow.ofResult !== undefined || (form !== "write" && form !== "mutate")) continue;
      const statement = this.#module.statementOf(declaration);
      const names = new Set(this.#affected.get(statement)?.affects);
      for (const name of this.#holders({ ...flow, node: declaration })) names.add(name);
      for (const name of names) this.#note(this.changed, name, flow.node);
    }
  }

  /** Code in a text may change all that is assigned, or can be changed. */
  #eval(): void {
    for (const [name, binding] of this.#bindings) {
      const isConstant = binding.kind === "value" && binding.primitive && !binding.assignable;
      if (isConstant) continue;
      this.changedWithin.add(name);
      if (!this.changed.has(name)) this.changed.set(name, "eval");
    }
  }

  /** Whether it is put into something by a method of it that may be any. */
  #isArgument(node: Node, into: string): boolean {
    const parent = this.#module.scopes.parentOf(node);
    return parent?.type === "CallExpression" && parent.callee !== node &&
      !isBuiltIn(into, this.#module);
  }

  #isPlainFunction(name: string, binding: Binding): boolean {
    if (binding.kind === "function") return true;
    const init = constantInit(name, this.#module);
    return init !== undefined && isFunction(init);
  }

  #globalsHeldBy(name: string, { node, use }: Flow): void {
    for (const global of this.#globalHolders.get(name) ?? []) {
      if (use.now) this.#affectedBy(node).globals.add(global);
      else this.changedGlobals.add(global);
    }
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

  #holders(flow: Flow): Set<string> {
    return holdersOf(flow, this.#module, this.#bindings);
  }

  #note(map: Map<string, string>, name: string, node: Node): void {
    if (map === this.changed) this.changedWithin.add(name);
    if (!map.has(name)) map.set(name, nameAround(node, this.#module));
  }

  #flowsOf(reference: Reference): Flow[] {
    return flowsWithResultsOf(reference, this.#module.program, this.#module.scopes);
  }
}

function isNamespaceImport(binding: Binding): boolean {
  return binding.kind === "import" && binding.name === "*";
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
