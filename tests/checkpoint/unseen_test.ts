// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheError, CheckpointFailedError, NoCache, UncacheableKeyError } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import {
  checkpointIn,
  computedParameter,
  type FakeFunction,
  FakeSource,
  parameter,
} from "./_fake_code.ts";

const K = "k, a variable of the function around it";
const K_TEXT = "it depends on k, a variable of the function around it, which can't be seen; " +
  "list it in uses: () => ({ k }), or accept the risk by uses: () => ({})";

/** A function of one argument that counts its evaluations, and a source that sees what a test says of it. */
function counted(name: string, facts: FakeFunction) {
  const source = new FakeSource();
  const counter = { evaluations: 0 };
  const fn = {
    [name](x: unknown) {
      counter.evaluations++;
      return typeof x === "number" ? x : 0;
    },
  }[name]!;
  source.set(fn as AnyFunction, { text: name, ...facts });
  return { source, counter, fn };
}

Deno.test("a call that depends on what can't be seen is evaluated, and nothing is read or written", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("unseenOne", { unseen: [K] });
  const store = new MemoryStore();
  const f = checkpointIn(source, { store, onError: "warn" })(fn);
  assertEquals([f(1), f(1), f.rerun(1), f(2), counter.evaluations, store.size], [1, 1, 1, 2, 4, 0]);
  assertEquals(warnings.lines, [`Cannot cache unseenOne: ${K_TEXT}`]);
});

Deno.test("what can't be seen is said whatever onError says", () => {
  for (const onError of ["raise", "ignore", "warn"] as const) {
    using warnings = collectWarnings();
    const { source, fn } = counted(`unseen${onError}`, { unseen: [K] });
    const f = checkpointIn(source, { onError })(fn);
    assertEquals([f(1), f(1)], [1, 1]);
    assertEquals(warnings.lines, [`Cannot cache unseen${onError}: ${K_TEXT}`]);
  }
});

Deno.test("what can't be seen is said once for a function that is made anew at each turn", () => {
  using warnings = collectWarnings();
  for (const k of [1, 2, 3]) {
    const { source, fn } = counted("unseenInLoop", { unseen: [K] });
    assertEquals(checkpointIn(source)(fn)(k), k);
  }
  assertEquals(warnings.lines.length, 1);
});

Deno.test("what can't be seen is said for each of two functions of one name in two modules", () => {
  using warnings = collectWarnings();
  for (const module of ["file:///a.ts", "file:///b.ts"]) {
    const { source, fn } = counted("unseenTwice", { unseen: [K], module });
    checkpointIn(source)(fn)(1);
  }
  assertEquals(warnings.lines.length, 2);
});

Deno.test("a warning names everything that can't be seen", () => {
  using warnings = collectWarnings();
  const { source, fn } = counted("unseenMany", { unseen: [K, "rate, changed by setRate", "eval"] });
  checkpointIn(source)(fn)(1);
  assertEquals(warnings.lines, [
    `Cannot cache unseenMany: it depends on ${K}; rate, changed by setRate; and eval, ` +
    "which can't be seen; list them in uses: () => ({ k, rate }), or accept the risk by " +
    "uses: () => ({})",
  ]);
});

Deno.test("get, has and delete find nothing where something can't be seen, and keyFor throws", async () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("unseenHandles", { unseen: [K] });
  const f = checkpointIn(source, { onError: "raise" })(fn);
  assert(f.get(1) instanceof NoCache);
  assertEquals([f.has(1), f.delete(1), counter.evaluations], [false, false, 0]);
  assertThrows(() => f.keyFor(1), CheckpointFailedError, K);
  assertEquals(assertThrows(() => f.keyFor(1), CacheError).name, "CheckpointFailedError");
  const late = checkpointIn(source, { onError: "raise" })(async (x: number) => await x);
  source.set(late.fn, { unseen: [K] });
  assert(await late.get(1) instanceof NoCache);
  assertEquals([await late(1), await late.has(1), await late.delete(1)], [1, false, false]);
  assertEquals(warnings.lines.length, 2);
});

Deno.test("uses lets a call be cached, and its values are a part of the key", () => {
  using warnings = collectWarnings();
  let [limit, asked] = [1, 0];
  const { source, counter, fn } = counted("limited", { unseen: [K] });
  const uses = () => {
    asked++;
    return { limit };
  };
  const f = checkpointIn(source, { uses, onError: "raise" })(fn);
  f(1);
  f(1);
  assertEquals([counter.evaluations, asked], [1, 2]);
  limit = 2;
  f(1);
  assertEquals(counter.evaluations, 2);
  limit = 1;
  f(1);
  assertEquals([counter.evaluations, warnings.lines], [2, []]);
});

Deno.test("uses that lists nothing accepts the risk", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("risky", { unseen: [K] });
  const f = checkpointIn(source, { uses: () => ({}), onError: "raise" })(fn);
  assertEquals([f(1), f(1), counter.evaluations, warnings.lines], [1, 1, 1, []]);
});

Deno.test("what uses gives is not taken for an argument", () => {
  const source = new FakeSource();
  const fn = (..._args: unknown[]) => 0;
  source.set(fn, { text: "f", readsArguments: true, parameters: [] });
  const plain = checkpointIn(source)(fn);
  const using = (value: unknown) => checkpointIn(source, { uses: () => value })(fn);
  const keys = [
    plain.keyFor(1),
    plain.keyFor(1, 2),
    using(2).keyFor(1),
    using(undefined).keyFor(1),
    using([2]).keyFor(1),
    using(1).keyFor(2),
  ];
  assertEquals(new Set(keys).size, keys.length);
});

Deno.test("uses that throws is an error of the cache", () => {
  const { source, counter, fn } = counted("usesThrows", {});
  const error = new RangeError("gone");
  const uses = () => {
    throw error;
  };
  const raising = checkpointIn(source, { uses, onError: "raise" })(fn);
  const raised = assertThrows(() => raising(1), CheckpointFailedError, "RangeError: gone");
  assertEquals([raised.cause, counter.evaluations], [error, 0]);
  using warnings = collectWarnings();
  const warning = checkpointIn(source, { uses, onError: "warn" })(fn);
  assertEquals([warning(1), warning(1), counter.evaluations, warnings.lines.length], [1, 1, 2, 1]);
});

Deno.test("uses that gives a promise, or what has no key, is an error of the cache", () => {
  const { source, fn } = counted("usesWrong", {});
  const promising = checkpointIn(source, { uses: () => Promise.resolve(1), onError: "raise" })(fn);
  assertThrows(() => promising(1), CheckpointFailedError, "must not be async");
  const uses = () => ({ registry: new WeakMap() });
  const odd = checkpointIn(source, { uses, onError: "raise" })(fn);
  const error = assertThrows(() => odd(1), UncacheableKeyError, "what its uses gave");
  assert(error.message.includes(".registry"), error.message);
  // What is wrong with an argument is said of the argument.
  const fine = checkpointIn(source, { uses: () => 1, onError: "raise" })(fn);
  assertThrows(() => fine(new WeakMap()), UncacheableKeyError, "args[0]");
});

Deno.test("a default that can't be seen counts where it is in effect", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("unseenDefault", {
    parameters: [parameter("a"), computedParameter("b", "k + 1")],
    unseenDefaults: { 1: K },
  });
  const f = checkpointIn(source)(fn as (a: number, b?: number) => unknown);
  f(1, 2);
  f(1, 2);
  assertEquals([counter.evaluations, warnings.lines], [1, []]);
  f(1);
  f(1);
  assertEquals([counter.evaluations, warnings.lines.length], [3, 1]);
});

Deno.test("a function among the arguments counts by its code", () => {
  const { source, counter, fn } = counted("mapper", {});
  const f = checkpointIn(source, { onError: "raise" })(fn);
  const call = (text: string, wrap: (callback: AnyFunction) => unknown) =>
    void f(wrap(source.set(() => 0, { text })));
  for (const wrap of [(one: AnyFunction) => one, (one: AnyFunction) => [{ one }]]) {
    counter.evaluations = 0;
    for (const text of ["a", "a", "b", "a"]) call(text, wrap);
    assertEquals(counter.evaluations, 2);
  }
});

Deno.test("the class of an argument, or of this, counts by its code", () => {
  const { source, counter, fn } = counted("ofClass", {});
  const f = checkpointIn(source, { onError: "raise" })(fn);
  const make = (text: string) => {
    class Bar {
      value = 1;
    }
    source.set(Bar as unknown as AnyFunction, { text });
    return Bar;
  };
  const [a, a2, b] = [make("a"), make("a"), make("b")];
  for (const Bar of [a, a2, b]) f(new Bar());
  assertEquals(counter.evaluations, 2);
  for (const Bar of [a, a2, b]) f(Bar);
  assertEquals(counter.evaluations, 4);
  for (const Bar of [a, a2, b]) f.call(new Bar() as never, 1);
  assertEquals(counter.evaluations, 6);
});

Deno.test("what can't be seen of a function among the arguments makes the call unseen", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("unseenCallback", {});
  const callback = source.set(() => 0, { unseen: [K] });
  const f = checkpointIn(source, { onError: "raise" })(fn);
  f([callback]);
  f([callback]);
  assertEquals([counter.evaluations, warnings.lines], [2, [
    `Cannot cache unseenCallback: it depends on ${K}, of the function args[0][0], which can't ` +
    "be seen; list it in uses: () => ({ k }), or accept the risk by uses: () => ({})",
  ]]);
  f(1);
  f(1);
  assertEquals([counter.evaluations, f.has([callback])], [3, false]);
  const accepting = checkpointIn(source, { uses: () => ({}), onError: "raise" })(fn);
  accepting([callback]);
  assert(accepting.has([callback]));
});

Deno.test("a function among the arguments that changes outer state makes the call unseen", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("changingCallback", {});
  const refusal = "it assigns the outer variable total";
  const callback = source.set(() => 0, { refusal });
  const f = checkpointIn(source)(fn);
  f(callback);
  f(callback);
  assertEquals([counter.evaluations, warnings.lines.length], [2, 1]);
  assert(warnings.lines[0]!.includes(refusal), warnings.lines[0]);
});

Deno.test("the text of a function among the arguments counts where texts are read", () => {
  const { source, fn } = counted("reader", {});
  const [one, other] = [(a: number) => a, (b: number) => b];
  for (const callback of [one, other]) source.set(callback as AnyFunction, { text: "same" });
  const f = checkpointIn(source)(fn);
  assertEquals(f.keyFor(one), f.keyFor(other));
  source.set(fn as AnyFunction, { text: "reader", readsFunctions: true });
  const reading = checkpointIn(source)(fn);
  assertNotEquals(reading.keyFor(one), reading.keyFor(other));
  assertEquals(reading.keyFor(one), reading.keyFor(one));
});

Deno.test("the name of a function among the arguments counts where names are read", () => {
  const { source, fn } = counted("namer", {});
  const [one, other] = [{ f: (a: number) => a }.f, { g: (a: number) => a }.g];
  const f = checkpointIn(source)(fn);
  assertEquals(f.keyFor(one), f.keyFor(other));
  source.set(fn as AnyFunction, { text: "namer", readsFunctions: true });
  const reading = checkpointIn(source)(fn);
  assertNotEquals(reading.keyFor(one), reading.keyFor(other));
});

Deno.test("a cached function among the arguments counts as the function behind it", () => {
  const { source, fn } = counted("unwraps", {});
  const f = checkpointIn(source)(fn);
  const square = (x: number) => x * x;
  assertEquals(f.keyFor(checkpointIn(source)(square)), f.keyFor(square));
});

Deno.test("a function that assigns outer state is refused, as onError says", async () => {
  const refusal = "it assigns the outer variable total";
  for (const onError of ["warn", "raise", "ignore"] as const) {
    using warnings = collectWarnings();
    const { source, counter, fn } = counted(`assigns${onError}`, { refusal });
    const store = new MemoryStore();
    const f = checkpointIn(source, { onError, store, uses: () => ({}) })(fn);
    if (onError === "raise") {
      assertThrows(() => f(1), CheckpointFailedError, `Cannot checkpoint assignsraise: ${refusal}`);
      assertThrows(() => f.rerun(1), CheckpointFailedError);
      assertEquals(counter.evaluations, 0);
    } else {
      assertEquals([f(1), f(1), f.rerun(1), counter.evaluations], [1, 1, 1, 3]);
      assertEquals([f.has(1), f.delete(1)], [false, false]);
    }
    assertEquals([warnings.lines.length, store.size], [onError === "warn" ? 1 : 0, 0]);
    assertThrows(() => f.keyFor(1), CheckpointFailedError, refusal);
    const late = checkpointIn(source, { onError: "raise" })(async () => await 1);
    source.set(late.fn, { refusal });
    await assertRejects(() => late(), CheckpointFailedError, refusal);
  }
});

Deno.test("identity is looked at anew at each call", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("changes", { text: "one" });
  const facts: FakeFunction[] = [{ text: "one" }, { text: "two" }, { text: "one", unseen: [K] }];
  let at = 0;
  const changing = {
    read(read: AnyFunction) {
      const codes = facts.map((one) => {
        source.set(read, { ...one });
        const code = source.read(read, {} as never);
        return [code.identify(), code.identifyWhole()] as const;
      });
      const code = source.read(read, {} as never);
      return Object.create(code, {
        parameters: { value: [parameter("x")] },
        identify: { value: () => codes[at]![0] },
        identifyWhole: { value: () => codes[at]![1] },
      });
    },
  };
  const f = checkpointIn(changing, { onError: "raise" })(fn);
  const evaluationsAt = (index: number): number => {
    at = index;
    f(1);
    return counter.evaluations;
  };
  assertEquals([0, 0, 1, 1, 0, 2, 2, 0].map(evaluationsAt), [1, 1, 2, 2, 2, 3, 4, 4]);
  assertEquals(warnings.lines.length, 1);
});

Deno.test("an object that speaks for itself may call the function whose key is made", () => {
  using warnings = collectWarnings();
  const { source, counter, fn } = counted("reentrant", {});
  const f = checkpointIn(source, { onError: "raise" })(fn);
  const callback = source.set(() => 0, { unseen: [K] });
  const speaker = {
    [Symbol.for("pecapiku.key")]() {
      f([callback]);
      return 5;
    },
  };
  // The inner call is unseen, and the outer one is not.
  f(speaker);
  assert(f.has(speaker));
  assertEquals(warnings.lines.length, 1);
  assert(counter.evaluations > 1);
});
