// Copyright 2026 the pecapiku authors. MIT license.

import { className, keysOf, nameOfTarget, type Taker, takerOf, THIS } from "./_callees.ts";
import type { ModuleText } from "./_module_text.ts";
import { calleeName, functionNamed } from "./_moments.ts";
import type { Taking } from "./module_summary.ts";
import { isClass, isFunction, type Node, walk } from "./_parse.ts";
import { flowsOfArguments, flowsOfNode, flowsOfParameter } from "./_uses.ts";
import { type Flow, LONGEST_PATH } from "./_values.ts";

/** How deep a change is that may be anywhere in something. */
export const ANYWHERE = 9;

/** How many arguments are passed on by a class without a constructor. */
const MOST_ARGUMENTS = 6;

/** How many arguments are looked at of a function that is handed over by its name. */
const MOST_PASSED = 2;

/**
 * Lists what the functions, methods and constructors of a module do to their arguments.
 *
 * @param module The module.
 * @returns What they change, and what they hand over to others.
 */
export function takingsOf(module: ModuleText): Taking[] {
  const finder = new TakingFinder(module);
  finder.find();
  return [...finder.found.values()];
}

class TakingFinder {
  readonly found = new Map<string, Taking>();
  readonly #module: ModuleText;

  constructor(module: ModuleText) {
    this.#module = module;
  }

  find(): void {
    const { scopes, program } = this.#module;
    walk(program, (node) => {
      if (isFunction(node)) this.#function(node);
      else if (isClass(node)) this.#class(node);
      else if (node.type === "ThisExpression") this.#this(node);
      else if (node.type === "CallExpression" || node.type === "NewExpression") this.#call(node);
    });
    for (const { variable, identifier } of scopes.references) {
      if (variable?.kind !== "arguments") continue;
      const home = homeOf(identifier, this.#module);
      if (home === undefined || !isFunction(home)) continue;
      this.#takings(keysOf(home, scopes), 0, true, flowsOfArguments(identifier, home, scopes));
    }
  }

  #function(node: Node): void {
    const { scopes } = this.#module;
    const keys = keysOf(node, scopes);
    if (keys.length === 0) return;
    for (const [index, param] of (node.params as Node[]).entries()) {
      const isRest = param.type === "RestElement";
      this.#takings(keys, index, isRest, flowsOfParameter(param, node, scopes));
    }
  }

  // Without a constructor of its own, a class hands all on to that of the class above.
  #class(node: Node): void {
    const { scopes } = this.#module;
    const name = className(node, scopes);
    if (name === undefined || !node.superClass) return;
    const members = node.body.body as Node[];
    if (members.some(({ type, kind }) => type === "MethodDefinition" && kind === "constructor")) {
      return;
    }
    const { start, end } = node;
    const call = { type: "NewExpression", start, end, callee: node.superClass, arguments: [] };
    for (let index = 0; index < MOST_ARGUMENTS; index++) {
      const taker = takerOf(call, index, 0, scopes);
      if (taker !== undefined) this.#add(`new:${name}`, index, false, 0, false, taker);
    }
  }

  // A function that is handed over by its name may be called with whatever its taker has.
  #call(node: Node): void {
    const { scopes } = this.#module;
    const taker = nameOfTarget(node.callee);
    if (taker === undefined || calleeName(node, scopes) !== undefined) return;
    const key = `${node.type === "NewExpression" ? "new:" : ""}${taker}`;
    for (const [index, argument] of (node.arguments as Node[]).entries()) {
      if (argument.type !== "Identifier") continue;
      const variable = scopes.variableOf(argument);
      const isFunction = variable?.top === true &&
        (variable.kind === "import" || functionNamed(argument, scopes) !== undefined);
      for (let place = 0; isFunction && place < MOST_PASSED; place++) {
        const to = { of: argument.name, index: place, wraps: 0, kept: false };
        this.#add(`${key}#${index}`, place, false, 0, false, to);
      }
    }
  }

  #this(node: Node): void {
    const { scopes } = this.#module;
    const home = homeOf(node, this.#module);
    if (home === undefined) return;
    const flows = flowsOfNode(node, home, scopes);
    const around = scopes.parentOf(home);
    const isMethod = around?.type === "MethodDefinition";
    if (isFunction(home)) {
      if (!isMethod || around.kind !== "constructor") {
        this.#takings(keysOf(home, scopes), THIS, false, flows);
      }
      if (!isMethod || around.static) return;
    }
    const owner = scopes.parentOf(scopes.parentOf(isMethod ? around : home)!);
    if (owner === undefined || !isClass(owner)) return;
    const isMaking = isMethod && around.kind === "constructor";
    // What a class above keeps, methods of this one may change.
    const names = [className(owner, scopes), owner.superClass && nameOfTarget(owner.superClass)];
    for (const flow of flows) {
      const { use } = flow;
      const [field, ...path] = use.path;
      if (field === undefined) continue;
      const moved = { ...flow, use: { ...use, path, now: use.now && isMaking } };
      for (const name of names) {
        if (name) this.#taking(`#${name}.${field}`, 0, false, moved, path.length);
      }
    }
  }

  #takings(keys: readonly string[], index: number, rest: boolean, flows: readonly Flow[]): void {
    for (const flow of flows) {
      for (const key of keys) this.#taking(key, index, rest, flow, flow.use.path.length);
    }
  }

  #taking(key: string, index: number, rest: boolean, flow: Flow, length: number): void {
    const { use: { form, now }, exact, direct, taker } = flow;
    const at = exact ? length : ANYWHERE;
    if (form === "mutate") {
      // Where the path is cut off, it may be longer.
      const isCut = length >= LONGEST_PATH - 1;
      this.#add(key, index, rest, direct ? 0 : isCut ? ANYWHERE : at, !now);
    } else if (form === "write") {
      if (length > 0) this.#add(key, index, rest, exact ? length - 1 : ANYWHERE, !now);
    } else if (form === "escape" && taker !== undefined) {
      this.#add(key, index, rest, at, !now || taker.kept, taker);
    }
  }

  #add(
    name: string,
    index: number,
    rest: boolean,
    depth: number,
    later: boolean,
    taker?: Taker,
  ): void {
    const to = taker && { of: taker.of, index: taker.index, wraps: taker.wraps };
    const taking: Taking = { name, index, rest, depth, later, ...(to === undefined ? {} : { to }) };
    const key = JSON.stringify([name, index, rest, depth, later, to]);
    if (this.found.has(key)) return;
    this.found.set(key, taking);
    if (taker?.of.startsWith("#")) this.#above(taker.of);
  }

  // A method of a class above may change what a field has.
  #above(field: string): void {
    const dot = field.indexOf(".");
    for (const base of this.#bases().get(field.slice(1, dot)) ?? []) {
      const of = `#${base}${field.slice(dot)}`;
      this.#add(field, 0, false, 0, false, { of, index: 0, wraps: 0, kept: false });
    }
  }

  #known: Map<string, Set<string>> | undefined;

  #bases(): Map<string, Set<string>> {
    if (this.#known !== undefined) return this.#known;
    const known = this.#known = new Map<string, Set<string>>();
    walk(this.#module.program, (node) => {
      if (!isClass(node) || !node.superClass) return;
      const name = className(node, this.#module.scopes);
      const base = nameOfTarget(node.superClass);
      if (name === undefined || base === undefined || name === base) return;
      known.set(name, (known.get(name) ?? new Set()).add(base));
    });
    return known;
  }
}

// What `this` or `arguments` belongs to: a function, or a field of a class.
function homeOf(node: Node, { scopes }: ModuleText): Node | undefined {
  let child = node;
  for (let at = scopes.parentOf(node); at !== undefined; at = scopes.parentOf(at)) {
    if (isFunction(at) && at.type !== "ArrowFunctionExpression") return at;
    if (at.type === "StaticBlock") return undefined;
    if (at.type === "PropertyDefinition" || at.type === "AccessorProperty") {
      return at.static || at.value !== child ? undefined : at;
    }
    child = at;
  }
  return undefined;
}
