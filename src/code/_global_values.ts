// Copyright 2026 the pecapiku authors. MIT license.

/** What is found where there is no such name, or nothing in it yet. */
export const ABSENT: unique symbol = Symbol("absent");

type Getter = (absent: symbol) => unknown;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const getters = new Map<string, Getter>();

/**
 * Looks up a name at the top level of a notebook or REPL, or of the global object. What cells declare by `const`, `let` and
 * `class` is no property of anything: only code finds it.
 *
 * @param name The name.
 * @returns Its value; `ABSENT` if there is none.
 */
export function globalValue(name: string): unknown {
  let getter = getters.get(name);
  if (getter === undefined) {
    if (!IDENTIFIER.test(name)) return ABSENT;
    try {
      // Sloppy code, which `new Function` makes, sees the same names as that of a cell.
      getter = new Function(
        "absent",
        `return typeof ${name} === "undefined" ? absent : ${name};`,
      ) as Getter;
    } catch {
      // A reserved word is no name of a value.
      return ABSENT;
    }
    getters.set(name, getter);
  }
  try {
    return getter(ABSENT);
  } catch (error) {
    if (error instanceof ReferenceError) return ABSENT;
    throw error;
  }
}
