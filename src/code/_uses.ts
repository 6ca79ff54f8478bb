// Copyright 2026 the pecapiku authors. MIT license.

import { Follower } from "./_follower.ts";
import type { Node } from "./_parse.ts";
import type { Reference, Scopes } from "./_scopes.ts";
import type { Use } from "./unit.ts";
import type { Flow } from "./_values.ts";

/**
 * Tells how a piece of code uses a name by one of its references. A value is followed through local variables, so that
 * `const t = x.items; t.push(1)` is a change of `x`.
 *
 * - `"write"`: the path ends in the member that is assigned: `["rate"]` of `config.rate = 2`, `[]` of `config = …`.
 * - `"mutate"`: the path leads to what is changed: `["items"]` of `b.items.push(1)`; where a method such as `add` is called on
 *   the name itself, which may stand for a namespace, the path is that method's name.
 * - `"method"`, and `"read"` of a method that changes nothing: the path ends in the method's name.
 * - Where the path is longer than three members, or runs through a computed member, it is cut off, and what is done to what is
 *   below counts as done to it.
 *
 * @param reference A reference to the name.
 * @param root The piece of code: the function or class, the expression, the statement or program.
 * @param scopes What the names stand for.
 * @returns The uses. There may be several, and equal ones.
 */
export function usesOf(reference: Reference, root: Node, scopes: Scopes): Use[] {
  return flowsOf(reference, root, scopes).map(({ use }) => use);
}

/**
 * Tells what is done with a value that a reference gives, and where.
 *
 * @param reference A reference.
 * @param root The piece of code.
 * @param scopes What the names stand for.
 * @returns What is done. There may be several, and equal ones.
 */
export function flowsOf(reference: Reference, root: Node, scopes: Scopes): Flow[] {
  return follow(reference, root, scopes, false);
}

/**
 * Tells what is done with a value that a reference gives, and with what calls of it give.
 *
 * @param reference A reference.
 * @param root The piece of code.
 * @param scopes What the names stand for.
 * @returns What is done. Of the results of calls, only how they are changed.
 */
export function flowsWithResultsOf(reference: Reference, root: Node, scopes: Scopes): Flow[] {
  return follow(reference, root, scopes, true);
}

function follow(reference: Reference, root: Node, scopes: Scopes, withResults: boolean): Flow[] {
  const follower = new Follower(root, scopes, withResults);
  follower.start(reference);
  return follower.flows;
}

/**
 * Tells what is done with what a function gets by a parameter.
 *
 * @param param The parameter.
 * @param owner The function.
 * @param scopes What the names stand for.
 * @returns What is done.
 */
export function flowsOfParameter(param: Node, owner: Node, scopes: Scopes): Flow[] {
  const follower = new Follower(owner, scopes, false);
  follower.startParameter(param);
  return follower.flows;
}

/**
 * Tells what is done with the arguments of a function by way of `arguments`.
 *
 * @param identifier Where that is used.
 * @param owner The function.
 * @param scopes What the names stand for.
 * @returns What is done with any of the arguments.
 */
export function flowsOfArguments(identifier: Node, owner: Node, scopes: Scopes): Flow[] {
  const follower = new Follower(owner, scopes, false);
  follower.startNode(identifier, 1);
  return follower.flows;
}

/**
 * Tells what is done with the value of an expression.
 *
 * @param node The expression.
 * @param root The piece of code.
 * @param scopes What the names stand for.
 * @returns What is done.
 */
export function flowsOfNode(node: Node, root: Node, scopes: Scopes): Flow[] {
  const follower = new Follower(root, scopes, false);
  follower.startNode(node, 0);
  return follower.flows;
}
