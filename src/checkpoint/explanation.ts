// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a part of a call's identity is: `"code"` is the code of a function, class, constant or statement; `"package"`, `"file"` and
 * `"global"` are what it imports and finds; `"argument"` is the value of a parameter, `"default"` the code of a default that is in
 * effect; `"uses"` is a value that the option `uses` lists.
 *
 * @example Usage
 * ```ts
 * import type { ExplainedKind } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const kinds: ExplainedKind[] = ["code", "argument"];
 * assertEquals(kinds.length, 2);
 * ```
 */
export type ExplainedKind =
  | "code"
  | "package"
  | "file"
  | "global"
  | "argument"
  | "this"
  | "uses"
  | "default";

/**
 * A part of what a call's result depends on.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type ExplainedPart } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const square = checkpoint({ directory: Deno.makeTempDirSync() })((x: number) => x * x);
 * const parts: readonly ExplainedPart[] = square.explain(3).parts;
 * assertEquals(parts[0]?.kind, "code");
 * ```
 */
export interface ExplainedPart {
  /** What it is. */
  readonly kind: ExplainedKind;
  /** What it is called: `"scale (lib/math.ts)"`, `"npm:pkg@1.0.0"`, the name of a parameter. */
  readonly name: string;
  /** Stands for its content: equal if and only if that is. */
  readonly digest: string;
}

/**
 * A difference between a call and the nearest entry of the same function.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type ExplainedChange } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const square = checkpoint({ directory: Deno.makeTempDirSync() })(function square(x: number) {
 *   return x * x;
 * });
 * square(3);
 * const [change]: readonly ExplainedChange[] = square.explain(4).changed;
 * assertEquals([change?.kind, change?.change], ["argument", "changed"]);
 * ```
 */
export interface ExplainedChange {
  /** What the part is. */
  readonly kind: ExplainedKind;
  /** What it is called. */
  readonly name: string;
  /** What happened to it since the entry was stored. */
  readonly change: "changed" | "added" | "removed";
}

/**
 * What the identity of a call is made of, and whether its result is there. It prints as a few lines of text.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type Explanation } from "@pecapiku/cache/checkpoint";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const square = checkpoint({ directory: Deno.makeTempDirSync() })(function square(x: number) {
 *   return x * x;
 * });
 * square(3);
 * const explanation: Explanation = square.explain(4);
 * assertEquals(explanation.isHit, false);
 * assert(`${explanation}`.includes("changed"));
 * assert(square.explain(3).isHit);
 * ```
 */
export interface Explanation {
  /** The function's name. */
  readonly functionName: string;
  /** The digest under which the result is stored; `undefined` if the call can't be cached, and then `problem` says why. */
  readonly key: string | undefined;
  /** Whether the call would be answered from the cache, with a result or, where such are stored, with an error. */
  readonly isHit: boolean;
  /** What the identity is made of: the function's own code first. */
  readonly parts: readonly ExplainedPart[];
  /** What can't be seen, for people. Unless the option `uses` is given, nothing is cached then. */
  readonly unseen: readonly string[];
  /** Why results of the function can never be cached: it assigns outer state. */
  readonly refusal: string | undefined;
  /** Why the call can't be cached; `undefined` if it can. */
  readonly problem: string | undefined;
  /** What differs from the nearest entry of the same function; empty if the call would hit, or there is no such entry. */
  readonly changed: readonly ExplainedChange[];
  /** What all this says, in lines of text. */
  toString(): string;
}
