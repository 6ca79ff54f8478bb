// Copyright 2026 the pecapiku authors. MIT license.

import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { digestKey } from "../keys/digest_key.ts";
import { identityOf } from "./_code_identity.ts";
import type { CodeIdentity, FunctionCode } from "./function_code.ts";
import { ABSENT, globalValue } from "./_global_values.ts";
import type { Node } from "./_linked.ts";
import { isPlatformsOwn } from "./_platform_names.ts";
import type { Parameter, Unit } from "./unit.ts";

/** What is known of a function that is met among values. */
export type Met =
  /** Its code is read where it is defined: a module, or the platform. */
  | { readonly kind: "known"; readonly identity: CodeIdentity }
  /** It was made in the session. */
  | {
    readonly kind: "live";
    /** What stands for it, also where it is wrapped by a cache. */
    readonly fn: object;
    readonly unit: Unit;
    readonly name: string;
    /** The names that it captures; `undefined` if it can't be told, and any name may be captured. */
    readonly captured: ReadonlySet<string> | undefined;
  }
  /** It can't be seen. */
  | { readonly kind: "unseen"; readonly reason: string };

/** Tells what is known of a function or class. */
export type Meet = (fn: object) => Met;

/**
 * A function that was made in a notebook or REPL, where there is no module to read: what its names stand for is looked up, at
 * each call anew. Values count by value, and functions by their code.
 */
export class LiveCode implements FunctionCode {
  readonly parameters: readonly Parameter[] | undefined;
  readonly readsArguments: boolean;
  readonly module: string | undefined = undefined;
  readonly qualifiedName: string;
  readonly #met: Extract<Met, { kind: "live" }>;
  readonly #meet: Meet;

  /**
   * Makes the code of a function.
   *
   * @param met The function.
   * @param meet Tells what is known of others.
   */
  constructor(met: Extract<Met, { kind: "live" }>, meet: Meet) {
    const { unit } = met;
    this.parameters = unit.isClass ? undefined : unit.parameters;
    this.readsArguments = unit.readsArguments;
    this.qualifiedName = met.name;
    this.#met = met;
    this.#meet = meet;
  }

  identify(): CodeIdentity {
    return new Walk(this.#meet).identify(this.#met, this.#met.unit, false);
  }

  identifyWhole(): CodeIdentity {
    return new Walk(this.#meet).identify(this.#met, this.#met.unit, true);
  }

  identifyDefault(index: number): CodeIdentity {
    const value = this.#met.unit.parameters[index]?.default;
    const unit = value !== undefined && "unit" in value ? value.unit : this.#met.unit;
    return new Walk(this.#meet).identify(this.#met, unit, true);
  }
}

/** One look at all that a function reaches. */
class Walk {
  readonly #meet: Meet;
  readonly #nodes: Node[] = [];
  readonly #numbers = new Map<object, number>();
  readonly #unseen = new Set<string>();
  #isNamed = false;
  #isRaw = false;

  constructor(meet: Meet) {
    this.#meet = meet;
  }

  identify(
    met: Extract<Met, { kind: "live" }>,
    unit: Unit,
    isWhole: boolean,
  ): CodeIdentity {
    this.#live({ ...met, unit }, isWhole);
    const form = this.#isRaw ? "raw" : this.#isNamed ? "named" : "normal";
    const assigned = assignsOf(unit);
    const refusal = assigned === undefined
      ? undefined
      : `it assigns the outer variable ${assigned}`;
    return identityOf({
      form,
      nodes: this.#nodes,
      unseen: [...this.#unseen],
      globals: [],
      modules: new Set(),
    }, refusal);
  }

  #live(met: Extract<Met, { kind: "live" }>, isWhole: boolean): number {
    const { fn, unit, name } = met;
    const label = name === "" ? "the function" : name;
    const content: (string | number)[] = [];
    const index = this.#nodes.push({ label, name, unit, kind: "code", content }) - 1;
    // The function itself without its defaults is not what others see of it.
    if (isWhole) this.#numbers.set(fn, index);
    this.#unit(unit, met, label, content);
    if (!isWhole && !content.includes("itself")) return index;
    for (const [place, { default: value }] of unit.parameters.entries()) {
      if (value === undefined) continue;
      content.push("default", place);
      if ("literal" in value) {
        content.push(JSON.stringify(value.literal));
        continue;
      }
      const inner: (string | number)[] = [];
      content.push(
        this.#nodes.push({ label, name: "", unit: value.unit, kind: "code", content: inner }) - 1,
      );
      this.#unit(value.unit, met, label, inner);
    }
    return index;
  }

  #unit(
    unit: Unit,
    { captured }: Extract<Met, { kind: "live" }>,
    label: string,
    content: (string | number)[],
  ): void {
    this.#isNamed ||= unit.readsNames;
    this.#isRaw ||= unit.readsText;
    for (const text of unit.unseen) this.#unseen.add(`${text}, in ${label}`);
    for (const specifier of unit.dynamicImports) {
      this.#unseen.add(`import("${specifier}"), in ${label}`);
    }
    if (unit.readsSuper) this.#unseen.add(`super, in ${label}`);
    for (const { name, uses } of unit.free) {
      if (uses.some(({ form, path }) => form === "computed" && path.length === 0)) {
        this.#isNamed = true;
      }
      if (name === unit.selfName && globalValue(name) === ABSENT) {
        // The name of a function expression is its own.
        content.push("itself");
      } else if (isTransformed(unit) && TRANSFORMED.test(name)) {
        content.push("transformed", name);
      } else if (captured?.has(name)) {
        this.#unseen.add(`${name}, a variable of the function around ${label}`);
      } else if (isPlatformsOwn(name)) {
        content.push("global", name);
      } else if (captured === undefined) {
        this.#unseen.add(`${name}, which may be a variable of the function around ${label}`);
      } else {
        this.#value(name, unit, content);
      }
    }
  }

  #value(name: string, unit: Unit, content: (string | number)[]): void {
    const value = globalValue(name);
    if (value === ABSENT) {
      this.#unseen.add(`${name}, which is not at the top level of the session`);
      return;
    }
    if (typeof value === "function") {
      // Where values become text, a function's text may be in it.
      this.#isRaw ||= unit.readsTextOfValues;
      content.push("code", this.#function(value, name));
      return;
    }
    try {
      const digest = digestKey(value, {
        encodeFunction: (fn) => new TextEncoder().encode(String(this.#function(fn, name))),
      });
      const index = this.#nodes.push({ label: name, name: "", kind: "global", content: [digest] }) -
        1;
      content.push("value", index);
    } catch (error) {
      if (!(error instanceof UncacheableKeyError)) throw error;
      this.#unseen.add(`${name}, whose value can't be compared (${error.message})`);
    }
  }

  #function(fn: object, name: string): number {
    const met = this.#meet(fn);
    if (met.kind === "unseen") {
      this.#unseen.add(`${name}, ${met.reason}`);
      return -1;
    }
    const key = met.kind === "live" ? met.fn : fn;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (met.kind === "live") return this.#live(met, true);
    const { digest, unseen } = met.identity;
    for (const text of unseen) this.#unseen.add(text);
    const index = this.#nodes.push({ label: name, name: "", kind: "code", content: [digest] }) - 1;
    this.#numbers.set(fn, index);
    return index;
  }
}

// What Deno 2.9 makes of a class with decorators calls a function of its own, and assigns variables of its own.
const TRANSFORMED = /^_(?:apply_decs_\d+_r|init[A-Z_]\w*)$/;

function isTransformed(unit: Unit): boolean {
  return unit.isClass && unit.free.some(({ name }) => /^_apply_decs_\d+_r$/.test(name));
}

function assignsOf(unit: Unit): string | undefined {
  const isOwn = isTransformed(unit);
  return unit.assigns.find((name) => !(isOwn && TRANSFORMED.test(name)));
}
