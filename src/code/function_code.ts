// Copyright 2026 the pecapiku authors. MIT license.

import type { Parameter } from "./unit.ts";

/** A part of what a function's result depends on. */
export interface CodePart {
  /** What it is: `"code"` is the code of a function, class, constant or statement. */
  readonly kind: "code" | "package" | "file" | "global";
  /** What it is called, for people: `"scale (lib/math.ts)"`, `"npm:pkg@1.0.0"`, `"data.json"`. */
  readonly name: string;
  /** Stands for its content: equal if and only if that is. */
  readonly digest: string;
}

/** The code of a function, and everything of the user's own that it reaches, at one moment. */
export interface CodeIdentity {
  /** The digest of all of it: 64 lowercase hexadecimal digits. */
  readonly digest: string;
  /** What it is made of; the function's own code comes first. */
  readonly parts: readonly CodePart[];
  /** What can't be seen, for people: `"k, a variable of the function around it"`. Empty if all is seen. */
  readonly unseen: readonly string[];
  /** Whether the name or the text of a function that is a value, such as an argument, may be a part of the result. */
  readonly readsFunctions: boolean;
  /** Why its results can never be kept, for people: `"it assigns the outer variable total"`; `undefined` if they can. */
  readonly refusal: string | undefined;
}

/** What is known of a function. */
export interface FunctionCode {
  /** Its parameters; `undefined` where they can't be told, and then all arguments count as they are. */
  readonly parameters: readonly Parameter[] | undefined;
  /** Whether arguments count that have no parameter, and how many there are. */
  readonly readsArguments: boolean;
  /** The URL of the module that it is defined in; `undefined` if there is none or it is not known. */
  readonly module: string | undefined;
  /** The name with that of the class around it, as far as it is known: `"Model.predict"`. */
  readonly qualifiedName: string;

  /**
   * Looks at what may change while the program runs. The same object is given as long as nothing has changed.
   *
   * @returns The code as it is now.
   */
  identify(): CodeIdentity;

  /**
   * Identifies the function as a value: with the defaults of its parameters.
   *
   * @returns The code as it is now.
   */
  identifyWhole(): CodeIdentity;

  /**
   * Identifies the expression of a parameter's default, which counts only where it is used.
   *
   * @param index Which parameter.
   * @returns The code of the expression, and what it reaches.
   */
  identifyDefault(index: number): CodeIdentity;
}
