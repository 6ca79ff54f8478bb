// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CacheDict, CallKey } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { readParts, storedParts } from "../../src/checkpoint/_call_parts.ts";
import { changesBetween } from "../../src/checkpoint/_explain.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import {
  checkpointIn,
  computedParameter,
  type FakeFunction,
  FakeSource,
  parameter,
} from "./_fake_code.ts";

/** A function whose code a test can edit: each edit is a later run with the same store. */
function editable(options: Parameters<typeof checkpointIn>[1] = {}) {
  const store = new MemoryStore();
  return (facts: FakeFunction) => {
    const source = new FakeSource();
    const fn = function foo(..._args: unknown[]): unknown {
      return 1;
    };
    source.set(fn as AnyFunction, {
      text: "foo",
      parameters: [parameter("a"), parameter("b", 1)],
      ...facts,
    });
    return checkpointIn(source, { store, ...options })(fn);
  };
}

Deno.test("explain() tells the parts of a call, and whether it would hit", () => {
  const foo = editable({ uses: () => ({ limit: 5, rate: 2 }) })({ helpers: { scale: "x" } });
  const explanation = foo.explain([1]);
  assertEquals([explanation.functionName, explanation.isHit, explanation.key], [
    "foo",
    false,
    foo.keyFor([1]),
  ]);
  assertEquals(explanation.parts.map(({ kind, name }) => `${kind} ${name}`), [
    "code foo (main.ts)",
    "code scale (main.ts)",
    "argument a",
    "argument b",
    "uses limit",
    "uses rate",
  ]);
  assertEquals(explanation.changed, []);
  foo([1]);
  assert(foo.explain([1]).isHit);
  assert(foo.explain([1], 1).isHit);
});

Deno.test("explain() evaluates and writes nothing, and is not async", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const late = checkpointIn(new FakeSource(), { store })(async (x: number) => {
    evaluations++;
    return await Promise.resolve(x);
  });
  assertEquals(late.explain(1).isHit, false);
  assertEquals([evaluations, store.size], [0, 0]);
});

Deno.test("explain() tells what changed since the nearest entry", () => {
  const run = editable();
  run({ helpers: { scale: "one", other: "same" } })(1);
  run({ helpers: { scale: "one", other: "same" } })(2);
  const changesOf = (facts: FakeFunction, ...args: unknown[]) =>
    run(facts).explain(...args).changed.map(({ kind, name, change }) =>
      `${change} ${kind} ${name}`
    );
  assertEquals(changesOf({ helpers: { scale: "two", other: "same" } }, 1), [
    "changed code scale (main.ts)",
  ]);
  assertEquals(changesOf({ helpers: { scale: "one", other: "same" } }, 3), ["changed argument a"]);
  assertEquals(changesOf({ text: "foo2", helpers: { scale: "one", other: "same" } }, 2), [
    "changed code foo (main.ts)",
  ]);
  assertEquals(changesOf({ helpers: { scale: "one" } }, 1), ["removed code other (main.ts)"]);
  assertEquals(
    changesOf({ helpers: { scale: "one", other: "same", third: "x" } }, 1, 7),
    ["changed argument b", "added code third (main.ts)"],
  );
  // Nothing changed.
  assertEquals(changesOf({ helpers: { scale: "one", other: "same" } }, 1), []);
});

Deno.test("explain() tells of a default whose code changed", () => {
  const run = editable();
  run({ parameters: [computedParameter("a", "now()")] })();
  const { parts, changed } = run({ parameters: [computedParameter("a", "later()")] }).explain();
  assertEquals(parts.map(({ kind }) => kind), ["code", "default"]);
  assertEquals(changed, [{ kind: "default", name: "a", change: "changed" }]);
});

Deno.test("explain() tells of a changed this and a changed value of uses", () => {
  const store = new MemoryStore();
  const source = new FakeSource();
  let limit = 1;
  const f = checkpointIn(source, { store, uses: () => ({ limit }) })(function f(this: unknown) {
    return 1;
  });
  f.call(new Date(0));
  assertEquals(f.explain.call(new Date(1)).changed, [
    { kind: "this", name: "this", change: "changed" },
  ]);
  limit = 2;
  assertEquals(f.explain.call(new Date(0)).changed, [
    { kind: "uses", name: "limit", change: "changed" },
  ]);
});

Deno.test("explain() says that something changed where all parts are as they were", () => {
  const run = editable();
  const [one, other] = [[1], [1]];
  run({})(one, one);
  const { isHit, changed } = run({}).explain(one, other);
  assertEquals(isHit, false);
  assertEquals(changed, [{ kind: "code", name: "foo (main.ts)", change: "changed" }]);
});

Deno.test("explain() looks at entries of the same function that count only", () => {
  let time = 0;
  const store = new MemoryStore();
  const make = (name: string) =>
    checkpointIn(new FakeSource(), { store, ttl: 10, now: () => time })(
      { [name]: (x: number) => x }[name]!,
    );
  make("one")(1);
  assertEquals(make("other").explain(2).changed, []);
  assertEquals(make("one").explain(2).changed.length, 1);
  time = 20;
  assertEquals(make("one").explain(2).changed, []);
});

Deno.test("explain() tells what can't be seen, why it is refused, and what has no key", () => {
  using warnings = collectWarnings();
  const run = editable();
  const unseen = run({ unseen: ["k, captured"] }).explain(1);
  assertEquals([unseen.key, unseen.isHit, unseen.unseen], [undefined, false, ["k, captured"]]);
  assertStringIncludes(unseen.problem!, "k, captured");
  assertEquals(unseen.parts.map(({ name }) => name), ["foo (main.ts)"]);
  const refused = run({ refusal: "it assigns the outer variable total" }).explain(1);
  assertEquals([refused.key, refused.refusal], [undefined, "it assigns the outer variable total"]);
  const keyless = run({}).explain(new WeakMap());
  assertStringIncludes(keyless.problem!, "args[0]");
  const source = new FakeSource();
  const unread = checkpointIn(source)(() => 1);
  source.error = new Error("gone");
  assertStringIncludes(unread.explain().problem!, "gone");
  assertEquals(unread.explain().parts, []);
  const accepted = editable({ uses: () => ({}) })({ unseen: ["k, captured"] }).explain(1);
  assertEquals([accepted.key?.length, accepted.unseen, accepted.problem], [
    64,
    ["k, captured"],
    undefined,
  ]);
  // Asked is not said on the console.
  assertEquals(warnings.lines, []);
});

Deno.test("explain() prints as text", () => {
  const run = editable();
  const foo = run({ helpers: { scale: "one" } });
  foo(1);
  const hit = Deno.inspect(foo.explain(1));
  assertStringIncludes(hit, "foo: from the cache [");
  const missed = `${run({ helpers: { scale: "two" } }).explain(1)}`;
  assertStringIncludes(missed, "evaluated, since something changed");
  assertStringIncludes(missed, "changed: code scale (main.ts)");
  const unseen = `${run({ unseen: ["k, captured"] }).explain(1)}`;
  assertStringIncludes(unseen, "not seen: k, captured");
});

Deno.test("explain() does not take the function itself for this", () => {
  const foo = editable()({});
  foo(1);
  assert(foo.explain(1).isHit);
  assert(CacheDict.decorate(foo, { store: new MemoryStore() }).explain(1).isHit);
});

Deno.test("the stored key shows in a dictionary as that of any call", () => {
  const directory = Deno.makeTempDirSync();
  const source = new FakeSource();
  checkpointIn(source, { directory })(function foo(x: number) {
    return x;
  })(1);
  using cache = new CacheDict(`${directory}/results.cache`);
  const [key] = [...cache.keys()];
  assert(key instanceof CallKey);
  assertEquals([key.name, key.preview, cache.get(key)], ["foo", "1", 1]);
});

Deno.test("the stored key stays small, and parts beyond it count together", () => {
  const parts = Array.from({ length: 100 }, (_, i) => ({
    kind: "code" as const,
    name: `f${i}${"x".repeat(500)}`,
    digest: `${i}`.padStart(64, "0"),
  }));
  const stored = storedParts(parts);
  assertEquals([stored.length, stored.at(-1)![1]], [40, "61 more"]);
  assert(JSON.stringify(stored).length < 8000);
  const changed = storedParts(parts.with(99, { ...parts[99]!, digest: "f".repeat(64) }));
  assertEquals(changesBetween(stored, changed), [
    { kind: "code", name: "61 more", change: "changed" },
  ]);
});

Deno.test("readParts() gives nothing for what is no list of parts", () => {
  const keyOf = (text: string, kind: "call" | "value" = "call") => ({
    kind,
    parts: [new TextEncoder().encode(text)] as const,
  });
  assertEquals(readParts(keyOf('{"name":"f","preview":"","parts":[["code","f","0"]]}')), [
    ["code", "f", "0"],
  ]);
  const bad = [
    '{"name":"f","preview":""}',
    '{"parts":{}}',
    '{"parts":[1]}',
    '{"parts":[["code","f"]]}',
    '{"parts":[["code","f",1]]}',
    "null",
    "[",
    "",
  ];
  for (const text of bad) assertEquals(readParts(keyOf(text)), undefined);
  assertEquals(readParts(keyOf('{"parts":[]}', "value")), undefined);
});

Deno.test("changesBetween() takes a new name for no change, and a swap for two", () => {
  assertEquals(changesBetween([["code", "bar", "1"]], [["code", "qux", "1"]]), []);
  assertEquals(
    changesBetween([["argument", "a", "1"], ["argument", "b", "2"]], [
      ["argument", "a", "2"],
      ["argument", "b", "1"],
    ]).map(({ name, change }) => `${change} ${name}`),
    ["changed a", "changed b"],
  );
  assertEquals(changesBetween([], [["code", "f", "1"]]).map(({ change }) => change), ["added"]);
  assertEquals(changesBetween([["code", "f", "1"]], []).map(({ change }) => change), ["removed"]);
});
