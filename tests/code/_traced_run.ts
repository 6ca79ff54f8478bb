// Copyright 2026 the pecapiku authors. MIT license.

const MOST_STEPS = 200;
const DEEPEST = 4;

/**
 * Runs the body of a function with the parameters a, b and s, and the free names f, g, n, x, y and z, and tells all that can be
 * seen of it from outside: each access to what it is given, in order, and its result. What it is given answers every access.
 *
 * @param body The statements.
 * @param mode Which values it is given: 0, 1 or 2.
 * @returns What was seen; `undefined` if the body can't be compiled.
 */
export function tracedRun(body: string, mode: number): string | undefined {
  const tracer = new Tracer(mode);
  const make = () => tracer.make(0);
  const names = ["f", "g", "n", "x", "y", "z"];
  let loops = 0;
  const next = () => tracer.step() && ++loops % 3 !== 0;
  let run: (...given: unknown[]) => unknown;
  try {
    run = new Function(...names, `"use strict"; return function (a, b, s) { ${body} }`)(
      make(),
      make(),
      next,
      make(),
      make(),
      7,
    );
  } catch {
    return undefined;
  }
  try {
    let result = run.call(make(), make(), mode === 2 ? 5 : make(), 3);
    for (let i = 0; i < 3 && typeof result === "function" && !tracer.has(result); i++) {
      tracer.seen.push("the result is called");
      result = result();
    }
    tracer.seen.push(`returns ${tracer.describe(result)}`);
  } catch (error) {
    tracer.seen.push(`throws ${tracer.describe(error)}`);
  }
  return tracer.seen.join("\n");
}

class Tracer {
  readonly seen: string[] = [];
  readonly #numbers = new WeakMap<object, number>();
  readonly #mode: number;
  #count = 0;
  #steps = 0;

  constructor(mode: number) {
    this.#mode = mode;
  }

  step(): boolean {
    if (++this.#steps > MOST_STEPS) throw new Error("too many steps");
    return true;
  }

  has(value: object): boolean {
    return this.#numbers.has(value);
  }

  describe(value: unknown, depth = 0): string {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) {
      return `${typeof value} ${String(value)}`;
    }
    const number = this.#numbers.get(value);
    if (number !== undefined) return `#${number}`;
    // Its message quotes the code.
    if (value instanceof Error) return value.constructor.name;
    if (typeof value === "function" || depth > DEEPEST) return typeof value;
    const parts = Object.entries(value).map(([key, part]) =>
      `${key}: ${this.describe(part, depth + 1)}`
    );
    return `{${parts.join(", ")}}`;
  }

  make(depth: number): unknown {
    const number = this.#count++;
    const below = () => depth > DEEPEST ? number : this.make(depth + 1);
    const note = (text: string, ...values: unknown[]) => {
      this.step();
      const shown = values.map((value) => this.describe(value)).join(", ");
      this.seen.push(`${text} of #${number}: ${shown}`);
      return true;
    };
    const proxy = new Proxy(function () {}, {
      get: (_, key) => {
        note(`get ${String(key)}`);
        if (key === Symbol.toPrimitive) {
          return (hint: string) => note(`to ${hint}`) && number + this.#mode;
        }
        if (key === Symbol.iterator) return () => [below(), number][Symbol.iterator]();
        if (this.#mode === 1 && number % 3 === 1 && key === "k") return undefined;
        return this.#mode === 2 && key === "k" ? number % 2 : below();
      },
      set: (_, key, value) => note(`set ${String(key)}`, value),
      deleteProperty: (_, key) => note(`delete ${String(key)}`),
      ownKeys: () => note("keys") ? ["prototype"] : [],
      construct: (_, given) => (note("new", ...given), this.make(depth + 1)) as object,
      apply: (_, self, given) => {
        note("call", self, ...given);
        for (const value of given) {
          if (typeof value === "function" && !this.has(value)) note("gets", this.#attempt(value));
        }
        if (this.#mode === 2 && number % 4 === 3) throw this.make(DEEPEST);
        return this.#mode === 1 && number % 2 === 1 ? 0 : below();
      },
    });
    this.#numbers.set(proxy, number);
    return proxy;
  }

  #attempt(given: () => unknown): unknown {
    try {
      return given();
    } catch (error) {
      return error;
    }
  }
}
