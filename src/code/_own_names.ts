// Copyright 2026 the pecapiku authors. MIT license.

import { identifiersOf, type ModuleText } from "./_module_text.ts";
import { calleeName, functionNamed, isCollection, memberName } from "./_moments.ts";
import { isClass, isFunction, type Node } from "./_parse.ts";
import { CHANGING_METHODS } from "./_platform_calls.ts";
import { type Flow, rootName } from "./_values.ts";

/**
 * Finds the first and only value of a name of a module.
 *
 * @param name The name.
 * @param module The module.
 * @returns The expression; `undefined` if there is none, or not only one.
 */
export function constantInit(name: string, module: ModuleText): Node | undefined {
  const variable = module.scopes.variables.find((each) => each.top && each.name === name);
  const [definition] = variable?.definitions ?? [];
  if (definition?.type !== "VariableDeclarator" || definition.id.type !== "Identifier") {
    return undefined;
  }
  const isConstant =
    variable!.references.every(({ writes, initialises }) => !writes || initialises) &&
    variable!.declarations.length === 1;
  return isConstant ? definition.init ?? undefined : undefined;
}

/**
 * Tells whether a name stands for an object of the platform, whose methods do what their names say.
 *
 * @param name The name.
 * @param module The module.
 * @returns Whether that is known.
 */
export function isBuiltIn(name: string, module: ModuleText): boolean {
  const init = constantInit(name, module);
  return init !== undefined &&
    (init.type === "Literal" || isCollection(init, module.scopes));
}

/**
 * Tells whether a name stands for an object that the platform's classes make, other than an array: all methods of which are those of
 * the platform.
 *
 * @param name The name.
 * @param module The module.
 * @returns Whether that is known.
 */
export function isPlatformObject(name: string, module: ModuleText): boolean {
  return constantInit(name, module)?.type === "NewExpression" && isBuiltIn(name, module);
}

/**
 * Tells whether a name stands for an iterator, which is used up as it is looked at.
 *
 * @param name The name.
 * @param module The module.
 * @returns Whether it seems so.
 */
export function isIterator(name: string, module: ModuleText): boolean {
  const { scopes } = module;
  const init = constantInit(name, module);
  if (init?.type !== "CallExpression" || calleeName(init, scopes) !== undefined) return false;
  const { callee } = init;
  if (isFunction(callee)) return callee.generator && !callee.async;
  if (functionNamed(callee, scopes)?.generator) return true;
  if (callee.type !== "MemberExpression") return false;
  if (callee.computed) return memberName(callee.property) === "iterator";
  return /^(?:keys|values|entries|matchAll)$/.test(memberName(callee) ?? "");
}

/**
 * Lists the other names of a module that stand for what a change reaches by way of one: the class of what that makes, and the classes
 * that it extends.
 *
 * @param name The name that is changed.
 * @param flow How.
 * @param module The module.
 * @returns The names.
 */
export function sharedBy(
  name: string,
  { use: { form, path }, exact }: Flow,
  module: ModuleText,
): string[] {
  const found = new Set<string>();
  const above = (name: string) => {
    const variable = module.scopes.variables.find((each) => each.top && each.name === name);
    const [definition] = variable?.definitions ?? [];
    const owner = definition?.type === "VariableDeclarator" ? definition.init : definition;
    const base = owner && isClass(owner) && owner.superClass && rootName(owner.superClass);
    if (!base || found.has(base)) return;
    found.add(base);
    above(base);
  };
  if (path.includes("constructor") || path.includes("__proto__")) {
    const init = constantInit(name, module);
    const made = init?.type === "NewExpression" ? rootName(init.callee) : undefined;
    if (made !== undefined) found.add(made);
  }
  // A static member that a class does not have itself is that of the class above.
  if (!exact || path.length > (form === "write" ? 1 : 0)) above(name);
  return [...found];
}

/**
 * Tells whether a method leaves what a name stands for as it is, since that is a regular expression without memory: one with the flag
 * `g` or `y` remembers where it was.
 *
 * @param name The name.
 * @param method The method.
 * @param module The module.
 * @returns Whether that is known.
 */
export function isStateless(name: string, method: string | undefined, module: ModuleText): boolean {
  if (method !== "exec" && method !== "test") return false;
  const regex = constantInit(name, module)?.regex;
  return regex !== undefined && !/[gy]/.test(regex.flags);
}

/**
 * Lists the names of a module that may hold a value, or a part of it, that goes somewhere.
 *
 * @param flow Where it goes.
 * @param module The module.
 * @param names The names of the module.
 * @returns Those that may hold it.
 */
export function holdersOf(
  { node, into }: Flow,
  module: ModuleText,
  names: ReadonlyMap<string, unknown>,
): Set<string> {
  const { scopes } = module;
  const holders = new Set<string>();
  const add = (name: string | undefined) => {
    if (name !== undefined && names.has(name)) holders.add(name);
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
  return holders;
}

/**
 * Finds the module's own name for a function.
 *
 * @param node The function.
 * @param module The module.
 * @returns The name; `undefined` if it has none.
 */
export function nameOfFunction(node: Node, { scopes }: ModuleText): string | undefined {
  const parent = scopes.parentOf(node);
  const id = node.type === "FunctionDeclaration"
    ? node.id
    : parent?.type === "VariableDeclarator"
    ? parent.id
    : undefined;
  if (id?.type === "Identifier") return scopes.variableOf(id)?.top ? id.name : undefined;
  return parent?.type === "ExportDefaultDeclaration" ? "default" : undefined;
}

/**
 * Says what the function that a node is in is called, for people.
 *
 * @param node The node.
 * @param module The module.
 * @returns A name.
 */
export function nameAround(node: Node, { scopes }: ModuleText): string {
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

function methodOf({ callee }: Node): string {
  return callee.type === "MemberExpression" && !callee.computed ? callee.property.name ?? "" : "";
}
