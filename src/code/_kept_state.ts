// Copyright 2026 the pecapiku authors. MIT license.

import { momentOf } from "./_moments.ts";
import { isFunction, type Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";
import { flowsOf } from "./_uses.ts";

/**
 * Tells whether what a piece of code makes may have a state of its own: a regular expression with a place to go on from, or
 * functions that change a variable of the function around them after that has returned.
 *
 * @param nodes All nodes of the code.
 * @param root The code.
 * @param scopes What its names stand for.
 * @returns Whether it may.
 */
export function keepsState(nodes: readonly Node[], root: Node, scopes: Scopes): boolean {
  return nodes.some((node) =>
    isResumed(node) && momentOf(node, root, scopes).now && node !== root
  ) ||
    isResumed(root) || scopes.variables.some((variable) => isChangedLater(variable, scopes));
}

// `test` and `exec` go on where the last match ended.
function isResumed({ type, regex }: Node): boolean {
  return type === "Literal" && regex !== undefined && /[gy]/.test(regex.flags);
}

function isChangedLater(variable: Variable, scopes: Scopes): boolean {
  const [declaration] = variable.declarations;
  const home = declaration === undefined ? undefined : functionAround(declaration, scopes);
  if (home === undefined) return false;
  return variable.references.some((reference) => {
    if (reference.initialises || !momentOf(reference.identifier, home, scopes).later) return false;
    return reference.writes ||
      flowsOf(reference, home, scopes).some(({ use: { form } }) =>
        form === "write" || form === "mutate"
      );
  });
}

function functionAround(node: Node, scopes: Scopes): Node | undefined {
  let at = scopes.parentOf(node);
  // The name of a declared function belongs to what is around it.
  if (at !== undefined && isFunction(at) && at.id === node) at = scopes.parentOf(at);
  while (at !== undefined && !isFunction(at)) at = scopes.parentOf(at);
  return at;
}
