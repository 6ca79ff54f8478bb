// Copyright 2026 the pecapiku authors. MIT license.

const PRIVATE_NAME = /#[\p{ID_Start}$_\\]/u;

/**
 * Tells whether a class may have `#private` names, whose values can't be seen. It never misses one. Comments, strings and
 * templates are left out as far as they can be told for sure; at the first `/` that may begin a regular expression, and at
 * what may be an HTML-like comment, certainty ends, and whatever looks like a name from there on counts.
 *
 * @param source The source text of a class.
 * @returns Whether a private name may be in it.
 */
export function mayHavePrivateNames(source: string): boolean {
  if (!PRIVATE_NAME.test(source)) return false;
  // For each `${` that is open, how many braces are open within it.
  const templates: number[] = [];
  let at = 0;
  const skipString = (quote: string): void => {
    for (at++; at < source.length && source[at] !== quote; at++) if (source[at] === "\\") at++;
    at++;
  };
  const skipTemplate = (): void => {
    for (; at < source.length; at++) {
      const char = source[at];
      if (char === "\\") at++;
      else if (char === "`") return void at++;
      else if (char === "$" && source[at + 1] === "{") {
        templates.push(0);
        at += 2;
        return;
      }
    }
  };
  while (at < source.length) {
    const char = source[at]!;
    if (char === "#" && PRIVATE_NAME.test(source.slice(at, at + 3))) return true;
    if (char === '"' || char === "'") {
      skipString(char);
    } else if (char === "`") {
      at++;
      skipTemplate();
    } else if (char === "/" && source[at + 1] === "/") {
      while (at < source.length && !/[\n\r\u2028\u2029]/.test(source[at]!)) at++;
    } else if (char === "/" && source[at + 1] === "*") {
      const end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (char === "/" || source.startsWith("<!--", at) || source.startsWith("-->", at)) {
      return PRIVATE_NAME.test(source.slice(at));
    } else {
      const open = templates.length - 1;
      if (char === "{" && open >= 0) templates[open]!++;
      if (char === "}" && open >= 0 && templates[open]!-- === 0) {
        templates.pop();
        at++;
        skipTemplate();
        continue;
      }
      at++;
    }
  }
  return false;
}
