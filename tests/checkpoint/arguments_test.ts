// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UncacheableKeyError } from "@pecapiku/cache";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { effectiveArguments, literalValue } from "../../src/checkpoint/_effective_arguments.ts";
import type { Literal, Parameter } from "../../src/code/unit.ts";
import { digestKey } from "../../src/keys/digest_key.ts";
import {
  checkpointIn,
  computedParameter,
  type FakeFunction,
  FakeSource,
  parameter,
  restParameter,
} from "./_fake_code.ts";

type Loose = (...args: unknown[]) => unknown;

/** The key of a call of a function that a test describes. All of them have one text. */
function keyOf(facts: FakeFunction, ...args: unknown[]): string {
  const source = new FakeSource();
  const fn: Loose = () => 0;
  source.set(fn as AnyFunction, { text: "f", ...facts });
  return checkpointIn(source, { onError: "raise" })(fn).keyFor(...args);
}

function facts(...parameters: Parameter[]): FakeFunction {
  return { parameters };
}

Deno.test("a key has the values in effect, wherever they come from", () => {
  const one = keyOf(facts(parameter("a", 1)));
  assertEquals(keyOf(facts(parameter("a", 2)), 1), one);
  assertEquals(keyOf(facts(parameter("a")), 1), one);
  assertEquals(keyOf(facts(parameter("a", 1)), undefined), one);
  assertEquals(keyOf(facts(parameter("renamed", 1))), one);
  assertNotEquals(keyOf(facts(parameter("a", 2))), one);
  assertNotEquals(keyOf(facts(parameter("a"))), one);
  assertNotEquals(keyOf(facts(parameter("a", 1)), null), one);
  assertEquals(keyOf(facts(parameter("a"))), keyOf(facts(parameter("a")), undefined));
});

Deno.test("a key leaves out arguments that no parameter takes", () => {
  const one = keyOf(facts(parameter("a")), 1);
  assertEquals(keyOf(facts(parameter("a")), 1, 2, 3), one);
  assertEquals(keyOf(facts()), keyOf(facts(), 1, {}));
  // Not looked at, so not refused.
  assertEquals(keyOf(facts(parameter("a")), 1, new WeakMap()), one);
});

Deno.test("a key has all arguments where they are read, or the parameters are not known", () => {
  for (const shape of [{ ...facts(parameter("a", 1)), readsArguments: true }, {}]) {
    const keys = [[], [undefined], [1], [1, undefined], [1, 2]].map((args) =>
      keyOf(shape, ...args)
    );
    assertEquals(new Set(keys).size, keys.length);
  }
});

Deno.test("a key has the code of all defaults where arguments are read", () => {
  const reading = (value: number): FakeFunction => ({
    ...facts(parameter("a", value)),
    readsArguments: true,
  });
  assertNotEquals(keyOf(reading(1), 5), keyOf(reading(2), 5));
});

Deno.test("a key is another one where arguments count in another way", () => {
  assertNotEquals(keyOf({ ...facts(), readsArguments: true }), keyOf(facts()));
});

Deno.test("a key has all that a rest parameter takes, and how many there are", () => {
  const rest = facts(parameter("a", 1), restParameter("rest"));
  const keys = [[], [2], [1, undefined], [1, 2], [1, [2]], [1, 2, 3], [1, 2, undefined]]
    .map((args) => keyOf(rest, ...args));
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(keyOf(rest), keyOf(rest, undefined));
  assertEquals(keyOf(rest), keyOf(rest, 1));
  assertEquals(keyOf(rest, undefined, 2), keyOf(rest, 1, 2));
});

Deno.test("a key has the code of a default that is in effect, and only then", () => {
  const now = facts(parameter("a"), computedParameter("b", "Date.now()"));
  const later = facts(parameter("a"), computedParameter("b", "Date.now() + 1"));
  assertEquals(keyOf(now, 1), keyOf(now, 1, undefined));
  assertNotEquals(keyOf(now, 1), keyOf(later, 1));
  assertEquals(keyOf(now, 1, 2), keyOf(later, 1, 2));
  // What stands for the code is no value that somebody could give.
  const source = new FakeSource();
  const fn: Loose = () => 0;
  source.set(fn as AnyFunction, { text: "f", ...now });
  const { digest } = source.read(fn as AnyFunction, {} as never).identifyDefault(1);
  assertNotEquals(keyOf(now, 1, digest), keyOf(now, 1));
});

Deno.test("a key tells which of several defaults are in effect", () => {
  const two = facts(computedParameter("a", "x()"), computedParameter("b", "x()"));
  const keys = [[], [1], [undefined, 1], [1, 1]].map((args) => keyOf(two, ...args));
  assertEquals(new Set(keys).size, 4);
});

Deno.test("a key counts one object given twice as not two equal ones", () => {
  const two = facts(parameter("a"), parameter("b"));
  const list = [1];
  assertNotEquals(keyOf(two, list, list), keyOf(two, [1], [1]));
});

Deno.test("a key names an argument that has no canonical form by its place", () => {
  const two = facts(parameter("a", 1), parameter("b"));
  assertThrows(() => keyOf(two, undefined, { x: new WeakSet() }), UncacheableKeyError, "args[1].x");
});

Deno.test("calls have one key if and only if their values in effect are equal", () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, 0, 1, "", "1", true),
    fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
  );
  const literal = fc.constantFrom<number | string | undefined>(undefined, 0, 1, "1");
  const shape = fc.record({
    defaults: fc.array(literal, { maxLength: 3 }),
    hasRest: fc.boolean(),
  });
  const effective = (
    { defaults, hasRest }: { defaults: (number | string | undefined)[]; hasRest: boolean },
    args: readonly unknown[],
  ): unknown[] => [
    ...defaults.map((fallback, i) => args[i] === undefined ? fallback : args[i]),
    ...(hasRest ? args.slice(defaults.length) : []),
  ];
  const parametersOf = (
    { defaults, hasRest }: { defaults: (number | string | undefined)[]; hasRest: boolean },
  ) => [
    ...defaults.map((fallback, i) => parameter(`p${i}`, fallback)),
    ...(hasRest ? [restParameter("rest")] : []),
  ];
  fc.assert(
    fc.property(
      shape,
      fc.array(value, { maxLength: 5 }),
      fc.array(value, { maxLength: 5 }),
      (given, one, other) => {
        const described = facts(...parametersOf(given));
        const same = digestKey(effective(given, one)) === digestKey(effective(given, other));
        assertEquals(keyOf(described, ...one) === keyOf(described, ...other), same);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("effectiveArguments() gives nothing where the given arguments are in effect", () => {
  const signature = {
    counted: "in effect",
    positional: 2,
    hasRest: false,
    defaults: [undefined, { value: 1 }],
    names: ["a", "b"],
  } as const;
  assertEquals(effectiveArguments(signature, [undefined, 2]), undefined);
  assertEquals(effectiveArguments(signature, [undefined, undefined]), {
    values: [undefined, 1],
    computed: [],
  });
});

Deno.test("literalValue() makes every literal, afresh", () => {
  const cases: [Literal, unknown][] = [
    [{ type: "json", value: "x" }, "x"],
    [{ type: "json", value: null }, null],
    [{ type: "undefined" }, undefined],
    [{ type: "nan" }, NaN],
    [{ type: "infinity" }, Infinity],
    [{ type: "-infinity" }, -Infinity],
    [{ type: "-0" }, -0],
    [{ type: "bigint", value: "-5" }, -5n],
    [{ type: "array", value: [{ type: "json", value: 1 }] }, [1]],
  ];
  for (const [literal, value] of cases) {
    assert(Object.is(digestKey(literalValue(literal)), digestKey(value)));
  }
  const literal: Literal = {
    type: "object",
    value: [["__proto__", { type: "json", value: 1 }], ["b", { type: "array", value: [] }]],
  };
  const made = literalValue(literal) as object;
  assertEquals(Object.keys(made), ["__proto__", "b"]);
  assertEquals(Object.getPrototypeOf(made), Object.prototype);
  assert(made !== literalValue(literal));
});
