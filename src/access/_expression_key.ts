// Copyright 2026 the pecapiku authors. MIT license.

import type { AnyFunction } from "./cached_function.ts";
import type { InnerKey } from "./call_keys.ts";
import { functionName, functionSource } from "./function_kind.ts";

// White space and comments, which may stand between any two tokens.
const GAP = String.raw`(?:\s|/\*[^]*?\*/|//[^\n\r\u2028\u2029]*)*`;
const BARE_ARROW = new RegExp(
  String
    .raw`^${GAP}(?:async${GAP}(?<=[\s/]))?([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)${GAP}=>`,
  "u",
);
const ARROW_HEAD = new RegExp(`^${GAP}(?:async${GAP})?$`);
const ARROW_TAIL = new RegExp(`^${GAP}=>`);

/**
 * Makes a callable of an expression over a function's parameters. The expression is evaluated as code.
 *
 * @param expression The expression. It sees the parameters of the function by name, `args`, `self` and all globals.
 * @param fn The function.
 * @returns A callable over the same arguments and the same `this`.
 * @throws {TypeError} If it is not an expression, or the function's parameters can't be made out.
 */
export function compileExpression(expression: string, fn: AnyFunction): InnerKey {
  // Both: "1) + (2" would pass in parentheses, "...args" in brackets.
  for (const code of [`return (${expression}\n)`, `return [${expression}\n]`]) {
    const error = parse(code);
    if (error !== undefined) {
      throw new TypeError(
        `Cannot set innerKey: not an expression: ${JSON.stringify(expression)}`,
        { cause: error },
      );
    }
  }
  const parameters = parametersOf(fn);
  const compiled = new Function(
    "args",
    "self",
    `"use strict"; return (function (${parameters}) { return (${expression}\n) }).apply(self, args)`,
  );
  return function (this: unknown, ...args: unknown[]): unknown {
    return compiled(args, this);
  };
}

/**
 * Finds the parameter list of a function in its source, by asking the engine what parses: the list ends at the first
 * closing parenthesis with which it is one.
 *
 * @param fn The function.
 * @returns The text between the parentheses; empty for a native function.
 */
function parametersOf(fn: AnyFunction): string {
  const source = functionSource(fn);
  if (source === undefined) return "";
  const bare = BARE_ARROW.exec(source)?.[1];
  if (bare !== undefined) return bare;
  for (let start = source.indexOf("("); start >= 0; start = source.indexOf("(", start + 1)) {
    const head = source.slice(0, start);
    if (!ARROW_HEAD.test(head) && !isHead(head)) continue;
    for (let end = source.indexOf(")", start); end >= 0; end = source.indexOf(")", end + 1)) {
      const parameters = source.slice(start + 1, end);
      if (parse(`(function (${parameters}) {})`) !== undefined) continue;
      if (ARROW_HEAD.test(head) && !isHead(head) && !ARROW_TAIL.test(source.slice(end + 1))) break;
      return parameters;
    }
  }
  throw new TypeError(
    `Cannot set innerKey: the parameters can't be made out, use a callable: ${functionName(fn)}`,
  );
}

// Of a function expression, or of a method, which may be private.
function isHead(head: string): boolean {
  return parse(`(${head}() {})`) === undefined || parse(`(class { ${head}() {} })`) === undefined ||
    parse(`({ ${head}() {} })`) === undefined;
}

// Nothing is run: a function is made, and not called.
function parse(code: string): unknown {
  try {
    new Function(`"use strict"; ${code}`);
    return undefined;
  } catch (error) {
    return error;
  }
}
