// Copyright 2026 the pecapiku authors. MIT license.

/** What a piece of code is: how it is parsed, and which of its parts run at once. */
export type UnitKind =
  /** A function, method or class, as `toString` gives it. */
  | "function"
  /** An expression, such as that of an initialiser. It runs at once. */
  | "expression"
  /** One or more statements. They run at once. */
  | "statement";

/** One way in which a piece of code uses a name that it does not declare. Equal ones are kept once. */
export interface Use {
  /** The static members that follow the name: `["a", "b"]` of `x.a.b`; up to three. */
  readonly path: readonly string[];
  /**
   * What is done with that: `"read"`: its value is looked at, and goes nowhere (an operand, a test, a template, an argument of a
   * platform function that keeps nothing, such as `JSON.stringify`); `"call"`, `"new"`; `"call0"`, `"new0"`: without arguments;
   * `"write"`: it is assigned, updated or deleted; `"mutate"`: a member of it is assigned, updated or deleted, or a method is
   * called on it that is known to change what has it (`push`, `set`, `add`, `delete`, `sort`, …); `"method"`: a method is called on it
   * of which it is not known by its name (the methods that are known to change nothing are `"read"`): the path ends in its name; `"computed"`: a member is read
   * whose name is computed; `"escape"`: any other use: it may go anywhere.
   */
  readonly form:
    | "read"
    | "call"
    | "call0"
    | "new"
    | "new0"
    | "write"
    | "mutate"
    | "method"
    | "computed"
    | "escape";
  /**
   * Whether it runs at once with the piece of code, not when a function in it is called. What is in a function that is called
   * on the spot, or is given to a method such as `forEach` that calls it on the spot, runs at once.
   */
  readonly now: boolean;
  /** Of `"mutate"`: whether a method is called on the name itself that is taken for a changing one by its name alone, such as `add`. */
  readonly byName?: boolean | undefined;
  /** Where the value is an argument of a call of a free name or parameter: that name, and which argument. */
  readonly argument?: { readonly of: string; readonly index: number } | undefined;
}

/** A name that a piece of code uses and does not declare. */
export interface FreeName {
  /** The name. */
  readonly name: string;
  /** How it is used. */
  readonly uses: readonly Use[];
}

/** A literal, or arrays and plain objects of literals, that can be kept as JSON. */
export type Literal =
  | { readonly type: "json"; readonly value: string | number | boolean | null }
  | { readonly type: "undefined" | "nan" | "infinity" | "-infinity" | "-0" }
  | { readonly type: "bigint"; readonly value: string }
  | { readonly type: "array"; readonly value: readonly Literal[] }
  | { readonly type: "object"; readonly value: readonly (readonly [string, Literal])[] };

/** A parameter of a function. */
export interface Parameter {
  /** Its name; the text of the pattern if it is destructured. */
  readonly name: string;
  /** Its default: a literal, or the code of another expression; `undefined` if there is none. */
  readonly default?: { readonly literal: Literal } | { readonly unit: Unit } | undefined;
  /** Whether it takes all arguments that are left. */
  readonly rest: boolean;
  /** What the function does with it; empty if it is destructured. */
  readonly uses: readonly Use[];
}

/** What is known of a piece of code from its text alone. It is plain data, and is kept as JSON. */
export interface Unit {
  /**
   * The digest of its normal form: without comments and layout, with locals, parameters and free names numbered, and a few
   * rewritings of equal meaning undone. The defaults of a `"function"`'s own parameters are left out, if they are simple parameters.
   */
  readonly normal: string;
  /** The same with all names as they are written, and without a rewriting that names or messages of errors might show. */
  readonly named: string;
  /** The digest of the text itself. */
  readonly raw: string;
  /** The names it uses, in the order of their first appearance in the normal form. */
  readonly free: readonly FreeName[];
  /** The parameters of a `"function"` that is none of a class; otherwise empty. */
  readonly parameters: readonly Parameter[];
  /** Whether it is a class. */
  readonly isClass: boolean;
  /** The name that a function or class gives itself: where it is free in it, it stands for the function or class. */
  readonly selfName?: string | undefined;
  /** Whether it uses `arguments` of its own, so that the number of arguments and those without a parameter count. */
  readonly readsArguments: boolean;
  /** Whether a name may be a part of its result: it reads `.name`, `.constructor`, `.stack`, `.message` or such. */
  readonly readsNames: boolean;
  /** Whether the text of a function may be a part of its result. */
  readonly readsText: boolean;
  /** Whether it turns values into text, which may be functions: a template, `String(x)`, `.toString()`, `+` with a string. */
  readonly readsTextOfValues: boolean;
  /**
   * Whether a method in it changes `this`: it assigns, updates or deletes a member of `this`, or calls a method such as `push` on
   * one, elsewhere than in a constructor or the initialiser of a field.
   */
  readonly writesThis: boolean;
  /** Whether a static method in it changes `this`, which is the class. */
  readonly writesClass: boolean;
  /**
   * Whether what it makes may have a state that nothing outside shows: functions that change a variable of the function around
   * them when they are called later, or a regular expression that goes on where its last match ended.
   */
  readonly keepsState: boolean;
  /** Whether it uses `super` of the class around it. */
  readonly readsSuper: boolean;
  /** What can't be told from the text, for people: `"eval"`, `"new Function()"`, `"import.meta.url"`, `"import() of a computed name"`, …. */
  readonly unseen: readonly string[];
  /** The modules that it imports by `import("…")` of a constant name, anywhere in it. */
  readonly dynamicImports: readonly string[];
  /**
   * Outer variables that it assigns, for people: `"total"`, `"state.count"`: by `=`, `++`, `delete` and such, in all of it. Not
   * what it calls methods of, not `this`, not its own locals.
   */
  readonly assigns: readonly string[];
}
