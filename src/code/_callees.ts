// Copyright 2026 the pecapiku authors. MIT license.

import { isCollection, memberName } from "./_moments.ts";
import { isClass, isFunction, type Node } from "./_parse.ts";
import type { Scopes } from "./_scopes.ts";

/** Stands for `this` where the index of an argument is expected. */
export const THIS = -1;

/** Stands for any argument. */
export const ANY = -2;

/** What a value is handed to. */
export interface Taker {
  /**
   * What takes it: `"f"` for a name of the module; `"x.f"` for a member of one; `".f"` for a member of anything; with `"new:"` before it
   * for a constructor; `"f#0"` for the function that is the first argument of a function `f`; `"#C.a"` for the field `a` of what a
   * class `C` makes.
   */
  readonly of: string;
  /** Which argument: {@linkcode THIS}, {@linkcode ANY}, or an index. */
  readonly index: number;
  /** In how many objects it was put before. */
  readonly wraps: number;
  /** Whether it is used at a time that can't be known, even if it is handed over at once. */
  readonly kept: boolean;
}

/**
 * Tells what takes an argument of a call, as far as names tell.
 *
 * @param call The call, or `new`.
 * @param index Which argument; `ANY` if that is not known.
 * @param wraps In how many objects it was put before.
 * @param scopes What the names stand for.
 * @returns What takes it; `undefined` if it has no name.
 */
export function takerOf(
  call: Node,
  index: number,
  wraps: number,
  scopes: Scopes,
): Taker | undefined {
  const { callee } = call;
  const before = (call.arguments as Node[]).slice(0, Math.max(index, 0));
  const isShifted = before.some(({ type }) => type === "SpreadElement");
  const at = isShifted ? ANY : index;
  const method = memberName(callee);
  if (call.type === "CallExpression" && at !== ANY) {
    if (method === "call" || method === "bind") {
      const of = keyOfCallee(callee.object, "", scopes);
      if (of === undefined) return undefined;
      return { of, index: at === 0 ? THIS : at - 1, wraps, kept: method === "bind" };
    }
    if (method === "apply") {
      const isReflect = callee.object.type === "Identifier" && callee.object.name === "Reflect";
      const target = isReflect ? call.arguments[0] : callee.object;
      const of = keyOfCallee(target, "", scopes);
      const isThis = at === (isReflect ? 1 : 0);
      const place = isThis ? { index: THIS, wraps } : { index: ANY, wraps: Math.max(wraps - 1, 0) };
      return of === undefined ? undefined : { of, ...place, kept: false };
    }
  }
  const of = keyOfCallee(callee, call.type === "NewExpression" ? "new:" : "", scopes);
  return of === undefined ? undefined : { of, index: at, wraps, kept: false };
}

function keyOfCallee(callee: Node, before: string, scopes: Scopes): string | undefined {
  switch (callee.type) {
    case "Identifier": {
      const variable = scopes.variableOf(callee);
      if (variable === undefined) return undefined;
      if (variable.top) return before + callee.name;
      if (variable.kind === "parameter") {
        return keyOfParameter(variable.definitions[0], callee, scopes);
      }
      return `.${before}${callee.name}`;
    }
    case "MemberExpression": {
      const name = memberName(callee) ?? privateName(callee);
      if (name === undefined) return undefined;
      const root = callee.object;
      // What a collection of the platform does is known.
      if (isCollection(root, scopes)) return undefined;
      if (root.type !== "Identifier") return `.${before}${name}`;
      const variable = scopes.variableOf(root);
      if (variable === undefined) return undefined;
      return variable.top ? `${before}${root.name}.${name}` : `.${before}${name}`;
    }
    case "ChainExpression":
      return keyOfCallee(callee.expression, before, scopes);
    case "Super": {
      const base = classAround(callee, scopes)?.superClass;
      return base && keyOfCallee(base, "new:", scopes);
    }
    default:
      return undefined;
  }
}

// A function that is called by way of a parameter: it is an argument of the function that has it.
function keyOfParameter(
  owner: Node | undefined,
  identifier: Node,
  scopes: Scopes,
): string | undefined {
  if (owner === undefined || !isFunction(owner)) return undefined;
  const index = (owner.params as Node[]).findIndex((param) => {
    const target = param.type === "AssignmentPattern" ? param.left : param;
    return target.type === "Identifier" && target.name === identifier.name;
  });
  const [key] = keysOf(owner, scopes);
  return index < 0 || key === undefined ? undefined : `${key}#${index}`;
}

/**
 * Lists what a function may be called by.
 *
 * @param node The function.
 * @param scopes What the names stand for.
 * @returns Its names; of a constructor `"new:C"`; of an argument of a call `"f#0"`.
 */
export function keysOf(node: Node, scopes: Scopes): string[] {
  const keys = new Set<string>();
  const add = (name: string | undefined) => {
    if (name !== undefined) keys.add(name);
  };
  if (node.type !== "ArrowFunctionExpression") add(node.id?.name);
  const parent = scopes.parentOf(node);
  switch (parent?.type) {
    case "MethodDefinition":
      if (parent.kind === "constructor") {
        const made = classAround(parent, scopes);
        add(`new:${made === undefined ? "" : className(made, scopes) ?? ""}`);
      } else add(nameOfKey(parent));
      break;
    case "Property":
    case "PropertyDefinition":
    case "AccessorProperty":
      add(nameOfKey(parent));
      break;
    case "ExportDefaultDeclaration":
      if (keys.size === 0) add("default");
      break;
    case "CallExpression":
    case "NewExpression": {
      const index = (parent.arguments as Node[]).indexOf(node);
      const name = nameOfTarget(parent.callee);
      const before = parent.type === "NewExpression" ? "new:" : "";
      if (index >= 0 && name !== undefined) add(`${before}${name}#${index}`);
    }
  }
  // `const f = wrapped((x) => …)` calls it, too.
  let at = parent;
  while (at?.type === "CallExpression" || at?.type === "ConditionalExpression") {
    at = scopes.parentOf(at);
  }
  if (at?.type === "VariableDeclarator" && at.id.type === "Identifier") add(at.id.name);
  if (at?.type === "AssignmentExpression" || at?.type === "AssignmentPattern") {
    add(nameOfTarget(at.left));
  }
  return [...keys];
}

/** The name of a class: its own, or that of the variable that holds it. */
export function className(node: Node, scopes: Scopes): string | undefined {
  if (node.id) return node.id.name;
  const parent = scopes.parentOf(node);
  if (parent?.type === "VariableDeclarator") return parent.id.name;
  return parent?.type === "ExportDefaultDeclaration" ? "default" : undefined;
}

/** The innermost class that a node is in. */
export function classAround(node: Node, scopes: Scopes): Node | undefined {
  for (let at = scopes.parentOf(node); at !== undefined; at = scopes.parentOf(at)) {
    if (isClass(at)) return at;
  }
  return undefined;
}

/** The name at the end of a name or an access to a member. */
export function nameOfTarget(node: Node): string | undefined {
  return node.type === "Identifier" ? node.name : memberName(node) ?? privateName(node);
}

/** The name of a private member, with its `#`. */
export function privateName(node: Node): string | undefined {
  const { property } = node;
  const isPrivate = node.type === "MemberExpression" && /^Private/.test(property.type);
  return isPrivate ? `#${property.name ?? property.id?.name}` : undefined;
}

function nameOfKey({ key, computed }: Node): string | undefined {
  if (/^Private/.test(key.type)) return `#${key.name ?? key.id?.name}`;
  if (computed && key.type !== "Literal") return undefined;
  return key.type === "Identifier" ? key.name : String(key.value);
}

/**
 * Tells what takes a value that is put into a field of what a class makes.
 *
 * @param node The access to the field by `this`, or its definition.
 * @param wraps In how many objects it was put before.
 * @param scopes What the names stand for.
 * @returns The field; `undefined` if it is nothing like that.
 */
export function takerOfField(node: Node, wraps: number, scopes: Scopes): Taker | undefined {
  const of = keyOfField(node, scopes);
  return of === undefined ? undefined : { of, index: 0, wraps, kept: true };
}

function keyOfField(node: Node, scopes: Scopes): string | undefined {
  const isDefinition = node.type === "PropertyDefinition" || node.type === "AccessorProperty";
  if (isDefinition ? node.static : node.object?.type !== "ThisExpression") return undefined;
  const name = isDefinition ? nameOfKey(node) : nameOfTarget(node);
  const owner = classAround(node, scopes);
  if (name === undefined || owner === undefined) return undefined;
  return `#${className(owner, scopes) ?? ""}.${name}`;
}
