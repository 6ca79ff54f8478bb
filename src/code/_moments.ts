// Copyright 2026 the pecapiku authors. MIT license.

import { isClass, isFunction, type Node } from "./_parse.ts";
import {
  ARRAY_GIVERS,
  CALLING_FUNCTIONS,
  CALLING_METHODS,
  keepsNothing,
  KNOWN_PLATFORM,
} from "./_platform_calls.ts";
import type { Scopes } from "./_scopes.ts";

/** When a part of a piece of code may run: with the piece, or later. It may be both. */
export interface Moment {
  /** It may run at once with the piece of code. */
  readonly now: boolean;
  /** It may run at any time after that. */
  readonly later: boolean;
}

const NOW: Moment = { now: true, later: false };
const LATER: Moment = { now: false, later: true };
const BOTH: Moment = { now: true, later: true };

/**
 * Tells when a node runs.
 *
 * @param node The node.
 * @param root The piece of code. If it is a function, it runs at once as it is called.
 * @param scopes What the names stand for.
 * @returns When it runs.
 */
export function momentOf(node: Node, root: Node, scopes: Scopes): Moment {
  let moment = NOW;
  let child = node;
  while (child !== root) {
    const parent = scopes.parentOf(child);
    if (parent === undefined || parent === root && isFunction(parent)) break;
    const step = momentIn(child, parent, scopes);
    if (!step.now) return LATER;
    if (step.later) moment = BOTH;
    child = parent;
  }
  return moment;
}

/**
 * Tells when something is done with a value.
 *
 * @param begin Where the value comes from.
 * @param end Where it is done.
 * @param root The piece of code.
 * @param scopes What the names stand for.
 * @returns Whether it is done at once: one or both of the answers.
 */
export function momentsOf(begin: Node, end: Node, root: Node, scopes: Scopes): boolean[] {
  const from = momentOf(begin, root, scopes);
  const at = momentOf(end, root, scopes);
  return [...(from.now && at.now ? [true] : []), ...(from.later || at.later ? [false] : [])];
}

function momentIn(child: Node, parent: Node, scopes: Scopes): Moment {
  if (isFunction(parent)) return momentOfCall(parent, scopes);
  const isField = parent.type === "PropertyDefinition" || parent.type === "AccessorProperty";
  if (!isField || parent.static || parent.value !== child) return NOW;
  return isMadeOnTheSpot(classAround(parent, scopes), scopes) ? NOW : LATER;
}

// When the body of a function runs.
function momentOfCall(node: Node, scopes: Scopes): Moment {
  if (node.generator) return LATER;
  const parent = scopes.parentOf(node);
  let moment = LATER;
  switch (parent?.type) {
    case "CallExpression":
      moment = parent.callee === node ? NOW : momentOfArgument(node, parent, scopes);
      break;
    case "NewExpression":
      if (parent.callee === node || calleeName(parent, scopes) === "new:Promise") moment = NOW;
      break;
    case "MemberExpression":
      if (isCallOf(parent, ["call", "apply"], scopes)) moment = NOW;
      break;
    case "MethodDefinition":
      if (parent.kind === "constructor" && isMadeOnTheSpot(classAround(parent, scopes), scopes)) {
        moment = NOW;
      }
  }
  // What comes after an `await` in it runs later.
  return node.async && moment.now ? BOTH : moment;
}

function momentOfArgument(node: Node, call: Node, scopes: Scopes): Moment {
  const { callee } = call;
  const platform = calleeName(call, scopes);
  if (platform !== undefined) return CALLING_FUNCTIONS.has(platform) ? NOW : LATER;
  const method = memberName(callee);
  if (method === undefined || !CALLING_METHODS.has(method) || !call.arguments.includes(node)) {
    return LATER;
  }
  // A method of that name of something else may keep the function.
  return isCollection(callee.object, scopes) ? NOW : BOTH;
}

/**
 * Tells whether an expression is known to give an array, a set, a map or a string, whose methods are what their names say.
 *
 * @param node The expression.
 * @param scopes What the names stand for.
 * @param depth How many expressions this was asked of on the way.
 * @returns Whether that is known.
 */
export function isCollection(node: Node, scopes: Scopes, depth = 0): boolean {
  if (depth > 8) return false;
  switch (node.type) {
    case "ArrayExpression":
    case "TemplateLiteral":
      return true;
    case "Literal":
      return typeof node.value === "string";
    case "ChainExpression":
      return isCollection(node.expression, scopes, depth + 1);
    case "NewExpression":
      return /^new:(?:Array|Map|Set|\w+Array)$/.test(calleeName(node, scopes) ?? "");
    case "CallExpression": {
      const platform = calleeName(node, scopes);
      if (platform !== undefined) {
        return /^(?:Array\.(?:from|of)|Object\.(?:keys|values|entries|getOwnPropertyNames)|String)$/
          .test(platform);
      }
      const method = memberName(node.callee);
      if (method === "split" || method === "matchAll") return true;
      return method !== undefined && ARRAY_GIVERS.has(method) &&
        isCollection(node.callee.object, scopes, depth + 1);
    }
    case "Identifier": {
      const variable = scopes.variableOf(node);
      const [definition] = variable?.definitions ?? [];
      return variable?.kind === "const" && definition?.type === "VariableDeclarator" &&
        definition.id.type === "Identifier" && definition.init !== null &&
        definition.init !== undefined &&
        isCollection(definition.init, scopes, depth + 1);
    }
    default:
      return false;
  }
}

function isMadeOnTheSpot(node: Node | undefined, scopes: Scopes): boolean {
  if (node === undefined) return false;
  const parent = scopes.parentOf(node);
  return parent?.type === "NewExpression" && parent.callee === node;
}

function classAround(member: Node, scopes: Scopes): Node | undefined {
  const body = scopes.parentOf(member);
  const found = body === undefined ? undefined : scopes.parentOf(body);
  return found !== undefined && isClass(found) ? found : undefined;
}

function isCallOf(member: Node, names: readonly string[], scopes: Scopes): boolean {
  const call = scopes.parentOf(member);
  const name = memberName(member);
  return call?.type === "CallExpression" && call.callee === member && name !== undefined &&
    names.includes(name);
}

/**
 * Gives the name of a member that is accessed by a constant name.
 *
 * @param node Anything.
 * @returns The name; `undefined` if it is no access of a member, or the name is computed or private.
 */
export function memberName(node: Node): string | undefined {
  if (node.type !== "MemberExpression") return undefined;
  return keyName(node.property, node.computed);
}

/**
 * Gives the name that a key stands for.
 *
 * @param key The key of a member or property.
 * @param computed Whether it stands in brackets.
 * @returns The name; `undefined` if it is computed or private.
 */
export function keyName(key: Node, computed: boolean): string | undefined {
  if (key.type === "Identifier" && !computed) return key.name;
  if (key.type !== "Literal") return undefined;
  const { value } = key;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/**
 * Gives the name of a function of the platform that is called.
 *
 * @param call A call, or `new`.
 * @param scopes What the names stand for.
 * @returns Such as `Object.keys`, `new:Map`, `parseInt`; `undefined` if it is none.
 */
export function calleeName(call: Node, scopes: Scopes): string | undefined {
  const { callee: written } = call;
  const callee = platformAlias(written, scopes) ?? written;
  const [object, member] = callee.type === "MemberExpression"
    ? [callee.object, memberName(callee)]
    : [callee, ""];
  if (object.type !== "Identifier" || member === undefined) return undefined;
  if (!KNOWN_PLATFORM.has(object.name) || scopes.variableOf(object) !== undefined) return undefined;
  const name = member === "" ? object.name : `${object.name}.${member}`;
  return call.type === "NewExpression" ? `new:${name}` : name;
}

// What a constant stands for that is taken from an object of the platform: `const { assign } = Object`.
function platformAlias(node: Node, scopes: Scopes): Node | undefined {
  const variable = node.type === "Identifier" ? scopes.variableOf(node) : undefined;
  const [definition] = variable?.definitions ?? [];
  if (variable?.kind !== "const" || definition?.type !== "VariableDeclarator") return undefined;
  const { id, init } = definition;
  if (id.type === "Identifier") return init?.type === "MemberExpression" ? init : undefined;
  if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return undefined;
  const property = (id.properties as Node[]).find(({ value }) => value?.name === variable.name);
  if (property === undefined) return undefined;
  const { start, end } = node;
  return {
    ...{ type: "MemberExpression", start, end },
    ...{ object: init, property: property.key, computed: property.computed },
  };
}

/**
 * Tells whether a class of the platform gives another view of a buffer that it is given, and no copy.
 *
 * @param node What it is given.
 * @param name The class, with `new:` before it.
 * @param scopes What the names stand for.
 * @returns Whether it does.
 */
export function isBuffer(node: Node, name: string, scopes: Scopes): boolean {
  if (!/^new:(?:DataView|\w+Array)$/.test(name)) return false;
  if (memberName(node) === "buffer") return true;
  const [definition] = scopes.variableOf(node)?.definitions ?? [];
  const init = definition?.type === "VariableDeclarator" ? definition.init : undefined;
  return init?.type === "NewExpression" &&
    /^new:(?:Shared)?ArrayBuffer$/.test(calleeName(init, scopes) ?? "");
}

/**
 * Tells whether an expression is a function of the platform that keeps and changes nothing.
 *
 * @param node The expression.
 * @param scopes What the names stand for.
 * @returns Whether that is known.
 */
export function isPlainFunction(node: Node, scopes: Scopes): boolean {
  const { start, end } = node;
  const name = calleeName({ type: "CallExpression", start, end, callee: node }, scopes);
  return name !== undefined && keepsNothing(name);
}

/**
 * Finds the one function that a name stands for, where its text is there.
 *
 * @param callee An expression.
 * @param scopes What the names stand for.
 * @returns The function; `undefined` if it is no name, or may stand for another one.
 */
export function functionNamed(callee: Node, scopes: Scopes): Node | undefined {
  const variable = callee.type === "Identifier" ? scopes.variableOf(callee) : undefined;
  const [definition] = variable?.definitions ?? [];
  if (definition?.id?.type !== "Identifier" || definition.id.name !== variable!.name) {
    return undefined;
  }
  const { references, kind, definitions } = variable!;
  const isConstant = kind !== "parameter" && definitions.length === 1 &&
    references.every(({ writes, initialises }) => !writes || initialises);
  const named = definition.type === "VariableDeclarator" ? definition.init : definition;
  return isConstant && named && isFunction(named) ? named : undefined;
}

/**
 * Tells whether an argument is all of what a function gets by a parameter, and gets it in no other way.
 *
 * @param param The parameter.
 * @param callee The function.
 * @param scopes What the names stand for.
 * @returns Whether it is.
 */
export function isSimple(param: Node | undefined, callee: Node, scopes: Scopes): param is Node {
  if (param === undefined || param.type === "RestElement") return false;
  const { start, end } = callee;
  return !argumentsIn(scopes).some((identifier) =>
    start <= identifier.start && identifier.end <= end
  );
}

const uses = new WeakMap<Scopes, readonly Node[]>();

/** All places where `arguments` is used. */
function argumentsIn(scopes: Scopes): readonly Node[] {
  let found = uses.get(scopes);
  if (found === undefined) {
    found = scopes.references.filter(({ variable }) => variable?.kind === "arguments")
      .map(({ identifier }) => identifier);
    uses.set(scopes, found);
  }
  return found;
}
