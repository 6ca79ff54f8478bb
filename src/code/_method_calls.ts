// Copyright 2026 the pecapiku authors. MIT license.

import { nameOfTarget } from "./_callees.ts";
import { functionNamed, memberName } from "./_moments.ts";
import type { Node } from "./_parse.ts";
import { CALLING_METHODS, CHANGING_METHODS } from "./_platform_calls.ts";
import type { Scopes } from "./_scopes.ts";
import { rootName } from "./_values.ts";

/**
 * Tells whether a method of the platform changes an argument: one that writes into it, or one that is called on it by `call`, `apply`,
 * `bind`, `Reflect.apply`, or as in `xs.forEach(set.add, set)`.
 *
 * @param call The call.
 * @param index Which argument.
 * @param scopes What the names stand for.
 * @returns Whether it does.
 */
export function isChangedByMethod(call: Node, index: number, scopes: Scopes): boolean {
  const { callee, arguments: list } = call;
  const name = memberName(callee);
  const changes = (node: Node | undefined) =>
    node !== undefined && functionNamed(node, scopes) === undefined &&
    CHANGING_METHODS.has(nameOfTarget(node) ?? "");
  switch (name) {
    case undefined:
      return false;
    case "encodeInto":
      return index === 1;
    case "call":
    case "bind":
      return index === 0 && changes(callee.object);
    case "apply":
      return rootName(callee) === "Reflect"
        ? index === 1 && changes(list[0])
        : index === 0 && changes(callee.object);
    default:
      return CALLING_METHODS.has(name) && index === 1 && list[0].type === "MemberExpression" &&
        changes(list[0]);
  }
}
