// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { DefaultExpression } from "@pecapiku/cache/checkpoint";
import { CallContext, ContextFunction } from "../../src/checkpoint/_call_context.ts";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { digestKey } from "../../src/keys/digest_key.ts";
import {
  checkpointIn,
  computedParameter,
  type FakeFunction,
  FakeSource,
  parameter,
  restParameter,
} from "./_fake_code.ts";

function contextOf(facts: FakeFunction, ...args: unknown[]): CallContext {
  const source = new FakeSource();
  const fn = function load(): number {
    return 1;
  };
  source.set(fn as AnyFunction, facts);
  return new CallContext(new ContextFunction(fn, false, source), undefined, args);
}

Deno.test("FunctionCallContext has the arguments in effect by the names of the parameters", () => {
  const facts = {
    parameters: [
      parameter("a"),
      parameter("b", 2),
      computedParameter("c", "now()"),
      restParameter("rest"),
    ],
  };
  const { arguments: given } = contextOf(facts, 1);
  assertEquals(Object.keys(given), ["a", "b", "c", "rest"]);
  assertEquals([given.a, given.b, given.rest], [1, 2, []]);
  assert(given.c instanceof DefaultExpression);
  assertEquals([given.c.parameter, `${given.c}`, Deno.inspect(given.c)], [
    "c",
    "<default of c>",
    "<default of c>",
  ]);
  assertEquals(contextOf(facts, 1, undefined, 3, 4, 5).arguments, {
    a: 1,
    b: 2,
    c: 3,
    rest: [4, 5],
  });
  assertEquals(contextOf(facts).arguments.a, undefined);
});

Deno.test("FunctionCallContext has the arguments by their places where parameters are not known", () => {
  assertEquals(contextOf({}, "x", "y").arguments, { 0: "x", 1: "y" });
});

Deno.test("FunctionCallContext takes any name for that of a parameter", () => {
  const { arguments: given } = contextOf({ parameters: [parameter("__proto__")] }, { x: 1 });
  assertEquals(Object.keys(given), ["__proto__"]);
  assertEquals(Object.getPrototypeOf(given), Object.prototype);
});

Deno.test("FunctionCallContext tells the function, its names, its module and its text", () => {
  const context = contextOf({ module: "file:///a/b.ts" }, 1);
  assertEquals([context.name, context.qualifiedName, context.module?.href, context.args], [
    "load",
    "Fake.load",
    "file:///a/b.ts",
    [1],
  ]);
  assertEquals(context.code, context.fn.toString());
  assertEquals(contextOf({}).module, undefined);
});

Deno.test("FunctionCallContext shows the text of the function behind caches", () => {
  const source = new FakeSource();
  const load = (): number => 1;
  const cached = checkpointIn(source)(load);
  const context = new CallContext(new ContextFunction(cached, false, source), undefined, []);
  assertEquals(context.code, load.toString());
});

Deno.test("DefaultExpression counts in a key by its code", () => {
  const one = new DefaultExpression("a", "1");
  assertEquals(digestKey(one), digestKey(new DefaultExpression("b", "1")));
  assert(digestKey(one) !== digestKey(new DefaultExpression("a", "2")));
  assert(digestKey(one) !== digestKey("1"));
});
