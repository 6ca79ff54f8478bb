// Copyright 2026 the pecapiku authors. MIT license.

import traverse, { type Binding } from "@babel/traverse";
import * as t from "@babel/types";
import { type FunctionNode, parseFunction } from "./_function_text.ts";

/**
 * Says whether two texts are one code but for layout, comments, parentheses, quotes, the spelling of numbers, semicolons too
 * many, and the names of locals and parameters, as Babel sees scopes. Nothing else is taken for the same.
 *
 * @param first A text.
 * @param second Another one.
 * @returns Whether they are.
 */
export function isSameCode(first: string, second: string): boolean {
  const [one, other] = [numbered(first), numbered(second)];
  return one !== undefined && other !== undefined && t.isNodesEquivalent(one, other);
}

/** A function whose locals and parameters have numbers for names, in the order in which they are declared. */
function numbered(text: string): FunctionNode | undefined {
  const parsed = parseFunction(text);
  if (parsed === undefined) return undefined;
  const bindings: Binding[] = [];
  traverse(parsed.file, {
    Scope: {
      enter({ scope }) {
        bindings.push(...Object.values(scope.bindings));
      },
    },
  });
  bindings.sort((a, b) => a.identifier.start! - b.identifier.start!);
  for (const [index, { scope, identifier }] of bindings.entries()) {
    scope.rename(identifier.name, `$local${index}`);
  }
  t.traverseFast(parsed.node, (node) => {
    if (t.isBlockStatement(node)) node.body = node.body.filter((one) => !t.isEmptyStatement(one));
    if (t.isSwitchCase(node)) {
      node.consequent = node.consequent.filter((one) => !t.isEmptyStatement(one));
    }
  });
  return parsed.node;
}
