// Copyright 2026 the pecapiku authors. MIT license.

import type { UnitKind } from "./unit.ts";

/** A part of a module's JavaScript text. */
export interface Slice {
  /** What it is. */
  readonly kind: UnitKind;
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** The digest of the text. */
  readonly digest: string;
}

/** What a module takes from another one. */
export interface ModuleImport {
  /** The specifier, as it is written. */
  readonly specifier: string;
  /** The import attribute `type`; `""` for code. */
  readonly type: string;
  /** Whether it is `import("…")`, which may load it later or never. */
  readonly dynamic: boolean;
}

/** A name that a module declares at its top level. */
export type Binding =
  /** Imported: `name` is `"*"` for the whole namespace. `import` is an index in the module's `imports`. */
  | { readonly kind: "import"; readonly import: number; readonly name: string }
  /** A function or class declaration. */
  | { readonly kind: "function" | "class"; readonly code: Slice; readonly order: number }
  /** A variable. */
  | {
    readonly kind: "value";
    /** The initialiser as an expression; the whole declaration as a statement, if it is destructured; `undefined` if there is none. */
    readonly code?: Slice | undefined;
    /** Which of the names of a pattern it is, in order of appearance; −1 if there is no pattern. */
    readonly index: number;
    /** Whether the initialiser is a literal that can't be changed (a number, a string, …), so that no mutation matters. */
    readonly primitive: boolean;
    /** Whether the initialiser is a function or class expression itself. */
    readonly callable: boolean;
    /** Whether it can be assigned: `let` and `var`. */
    readonly assignable: boolean;
    /** Whether it is `var`, and so there before it is initialised. */
    readonly hoisted: boolean;
    /** The index of its statement. */
    readonly order: number;
  };

/** What a module gives to others under a name. */
export type Export =
  /** One of its own names, imported ones too. */
  | { readonly kind: "local"; readonly name: string }
  /** Something of another module: `name` is `"*"` for the whole namespace. */
  | { readonly kind: "from"; readonly import: number; readonly name: string };

/** A statement at the top level that may change what names stand for, or what is in them, beside their declarations. */
export interface Effect {
  /** The statement; of `export`, the declaration in it. */
  readonly code: Slice;
  /** The index of its statement. */
  readonly order: number;
  /** The module's names that it may assign, or change the content of. */
  readonly affects: readonly string[];
  /** Names of the platform or global object that it changes something of: `"Array"` of `Array.prototype.x = …`. */
  readonly globals: readonly string[];
}

/** A statement at the top level that may run code of the user's. */
export interface Calling {
  /** The statement, whatever it is; of `export`, the declaration in it. */
  readonly code: Slice;
  /** The index of its statement. */
  readonly order: number;
}

/** What is done to an argument: it is changed, or is handed on. */
export interface Taking {
  /** The name of the function; `"new:C"` for a constructor; `"f#0"` for a function that `f` is given; `"#C.a"` for a field. */
  readonly name: string;
  /** Which argument; −1 for `this`. */
  readonly index: number;
  /** Whether it is any of the arguments from that one on. */
  readonly rest: boolean;
  /** How many members deep in it that is which is changed, or handed on. */
  readonly depth: number;
  /** Whether that is done at a time that can't be known, and not before the function is done. */
  readonly later: boolean;
  /** What it is handed on to; absent if it is changed. */
  readonly to?: { readonly of: string; readonly index: number; readonly wraps: number };
}

/** Something of a module that is handed to a function, method, constructor or field. */
export interface Handed {
  /** The module's own name for it. */
  readonly name: string;
  /** What takes it: as in {@linkcode Taking}, also `"x.f"` for a member of a name, `".f"` for one of anything. */
  readonly of: string;
  /** Which argument; −1 for `this`, −2 for any. */
  readonly index: number;
  /** In how many objects it was put before. */
  readonly wraps: number;
  /** Whether that is done when the module is loaded. */
  readonly now: boolean;
  /** What does it, for people. */
  readonly by: string;
}

/** A place in a module where a function, method or class is defined. */
export interface Site {
  /** The digest of its text, as `toString` gives it. */
  readonly digest: string;
  /** The names of the functions around it and in them that are declared there: a free name of it that is one of them is captured. */
  readonly captured: readonly string[];
  /** The module's own name for it, where it is a declaration, or the whole initialiser of a variable; otherwise `undefined`. */
  readonly binding?: string | undefined;
  /** The name of the class that it is, or is a member of; `undefined` if it is neither. */
  readonly className?: string | undefined;
  /** Whether it is a class with decorators, whose text is another one when it runs. */
  readonly decorated: boolean;
  /** The expression that its class extends, where it is a member of a class, for `super`. */
  readonly superClass?: Slice | undefined;
  /**
   * The classes that it uses, and that are decorated themselves: when it runs, there are other names in its text, `_P` or `_P1`
   * for `P`.
   */
  readonly renamed?: readonly string[] | undefined;
  /** Of a class with decorators, and of what has `renamed`: its code as it is written. */
  readonly code?: Slice | undefined;
  /** The index of the statement that it is in. */
  readonly order: number;
}

/** What is known of a module from its text alone. It is plain data, and is kept as JSON. */
export interface ModuleSummary {
  /** What it imports, in order; a module may be there several times. */
  readonly imports: readonly ModuleImport[];
  /** The names that it declares. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** The names that it exports. */
  readonly exports: Readonly<Record<string, Export>>;
  /** The imports of `export * from`. */
  readonly stars: readonly number[];
  /** What its top level does to names, in order. */
  readonly effects: readonly Effect[];
  /**
   * Names (its own and imported ones) that functions of it, or code that runs at an unknown time, assign or change the content
   * of, with what does it for people: `{ rate: "setRate" }`.
   */
  readonly changed: Readonly<Record<string, string>>;
  /** Names of the global object that are changed so. */
  readonly changedGlobals: readonly string[];
  /**
   * Pairs of the module's names of which the first may hold the second, or a part of it, since its initialiser takes it up:
   * what is done to the first may be done to the second.
   */
  readonly aliases: readonly (readonly [string, string])[];
  /** Of those pairs, the ones of which the first has the second in it, and is another object. */
  readonly inside?: readonly (readonly [string, string])[];
  /** Of the changed names, those of which also what is in them is changed, and not only what it has of members. */
  readonly changedWithin?: readonly string[];
  /**
   * Names (its own and imported ones) on which functions of it, or code that runs at an unknown time, call methods that are taken for
   * changing ones by their names alone, such as `add`, with what does it for people.
   */
  readonly changedByName?: Readonly<Record<string, string>>;
  /**
   * Names (its own and imported ones) on which functions of it, or code that runs at an unknown time, call methods of which it is
   * not known by their names whether they change anything (the form `"method"` of a use), with what does it for people.
   */
  readonly methods: Readonly<Record<string, string>>;
  /**
   * Of functions of its own, by name, and of methods, by their names with `"."` before: the names of the module that what they return may
   * be, or be a part of; `"f()"` for what the function `f` returns, `"x.f()"` for a method.
   */
  readonly returned?: Readonly<Record<string, readonly string[]>>;
  /**
   * Functions (its own and imported ones, `x.f` for members of something, `x..f` for what is deeper in it) of which functions, or statements at the top level, change
   * what they returned, with what does it for people. What they return may belong to their module.
   */
  readonly changedResults?: Readonly<Record<string, string>>;
  /** What is handed to functions, methods, constructors and fields. */
  readonly handed?: readonly Handed[];
  /** What the functions, methods and constructors do to their arguments. */
  readonly takings?: readonly Taking[];
  /** The statements that may run code of the user's: they have a call, `new`, `await` or such that runs at once. */
  readonly calling: readonly Calling[];
  /** Where functions, methods and classes are defined. */
  readonly sites: readonly Site[];
}
