// Copyright 2026 the pecapiku authors. MIT license.

import type { ModuleText } from "./_module_text.ts";
import { calleeName, isCollection, memberName, momentOf } from "./_moments.ts";
import type { Calling } from "./module_summary.ts";
import { isFunction, type Node, walk } from "./_parse.ts";
import { CALLING_FUNCTIONS, CALLING_METHODS, methodRole, runsNothing } from "./_platform_calls.ts";
import type { Scopes } from "./_scopes.ts";

/**
 * Lists the statements at the top level of a module that may run code of the program's. Getters, and conversions such as
 * `toString`, do not count.
 *
 * @param module The module.
 * @returns The statements, in order.
 */
export function callingsOf(module: ModuleText): Calling[] {
  return module.statements.filter(({ inner }) => runsCode(inner, module))
    .map((statement) => ({ code: module.sliceOf(statement), order: statement.order }));
}

function runsCode(inner: Node, { scopes, program }: ModuleText): boolean {
  let found = false;
  walk(inner, (node) => {
    found ||= isRun(node, scopes) && momentOf(node, program, scopes).now;
    return !found;
  });
  return found;
}

function isRun(node: Node, scopes: Scopes): boolean {
  switch (node.type) {
    case "CallExpression":
    case "NewExpression":
      return isUnknownCall(node, scopes);
    case "TaggedTemplateExpression":
      return calleeName({ ...node, type: "CallExpression", callee: node.tag }, scopes) !==
        "String.raw";
    case "AwaitExpression":
    case "ImportExpression":
    case "Decorator":
    case "YieldExpression":
      return true;
    case "ForOfStatement":
      return node.await || !isCollection(node.right, scopes);
    case "SpreadElement":
      return scopes.parentOf(node)?.type !== "ObjectExpression" &&
        !isCollection(node.argument, scopes);
    case "ArrayPattern":
      return !isOfCollection(node, scopes);
    case "VariableDeclaration":
      return /using$/.test(node.kind);
    default:
      return false;
  }
}

function isUnknownCall(call: Node, scopes: Scopes): boolean {
  const { callee } = call;
  // What is in a function or class that is called on the spot is looked at by itself.
  if (isFunction(callee)) return callee.generator;
  if (callee.type === "ClassExpression") {
    return callee.superClass !== null && callee.superClass !== undefined;
  }
  const platform = calleeName(call, scopes);
  if (platform !== undefined) {
    return !runsNothing(platform) ||
      (CALLING_FUNCTIONS.has(platform) && takesFunction(call.arguments.slice(1)));
  }
  const method = memberName(callee);
  if (method === undefined || call.type !== "CallExpression") return true;
  if (!isKnownMethod(method) || !isCollection(callee.object, scopes)) return true;
  return CALLING_METHODS.has(method) && takesFunction(call.arguments);
}

function isKnownMethod(name: string): boolean {
  return methodRole(name) !== "unknown" && name !== "getOrInsertComputed";
}

/** Whether a function that is not written there is handed over: it may be called. */
function takesFunction(list: readonly Node[]): boolean {
  return list.some(({ type }) =>
    type === "Identifier" || type === "MemberExpression" || type === "CallExpression"
  );
}

function isOfCollection(pattern: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(pattern);
  if (parent?.type === "VariableDeclarator") {
    return parent.init && isCollection(parent.init, scopes);
  }
  return parent?.type === "AssignmentExpression" && isCollection(parent.right, scopes);
}
