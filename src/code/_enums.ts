// Copyright 2026 the pecapiku authors. MIT license.

import { type Node, parseModule, UnknownSyntaxError } from "./_parse.ts";
import { analyzeScopes, type Scopes } from "./_scopes.ts";

/**
 * Makes one text of enums that are exported where they are declared, and of those that are not. That of the one kind is
 * `var Mode = function(Mode) {…}({})`, that of the other `var Mode = function(Mode) {…}(Mode || {})`, which comes to the same where
 * nothing can have given the variable a value before.
 *
 * @param javascript The JavaScript text of a module.
 * @returns The text, with `{}` in the place of `Mode || {}`.
 */
export function enumsAlike(javascript: string): string {
  // Code in strings may assign any variable.
  if (!/\}\([^ ()]+ \|\| \{\}\);/.test(javascript) || javascript.includes("eval")) {
    return javascript;
  }
  try {
    const program = parseModule(javascript);
    const scopes = analyzeScopes(program);
    let text = "";
    let at = 0;
    for (const statement of program.body as Node[]) {
      const or = firstArgument(statement, scopes);
      if (or === undefined) continue;
      text += javascript.slice(at, or.start);
      at = or.right.start;
    }
    return text + javascript.slice(at);
  } catch (error) {
    // Whoever analyses it will meet with the same.
    if (
      error instanceof SyntaxError || error instanceof RangeError ||
      error instanceof UnknownSyntaxError
    ) return javascript;
    throw error;
  }
}

/** The `Mode || {}` of an enum at the top level; `undefined` if the statement is none. */
function firstArgument(statement: Node, scopes: Scopes): Node | undefined {
  if (statement.type !== "VariableDeclaration" || statement.kind !== "var") return undefined;
  const [declarator, other] = statement.declarations as Node[];
  const { id, init } = declarator!;
  if (other !== undefined || id.type !== "Identifier" || init?.type !== "CallExpression") {
    return undefined;
  }
  const [argument] = init.arguments as Node[];
  if (init.callee.type !== "FunctionExpression" || argument?.type !== "LogicalExpression") {
    return undefined;
  }
  const { operator, left, right } = argument;
  if (operator !== "||" || left.type !== "Identifier" || left.name !== id.name) return undefined;
  if (right.type !== "ObjectExpression" || right.properties.length > 0) return undefined;
  const variable = scopes.variableOf(left);
  const isOnlyHere = variable?.top === true && variable.declarations.length === 1 &&
    variable.references.every(({ writes, identifier }) => !writes || identifier === id);
  return isOnlyHere ? argument : undefined;
}
