// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { graphDifference } from "./_graph_difference.ts";
import { graph } from "./_values.ts";

const shared = {};
const PAIRS: [string, unknown, unknown][] = [
  ["numbers", 0, -0],
  ["types", "1", 1],
  ["prototypes", {}, Object.create(null)],
  ["order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["sharing", [shared, shared], [{}, {}]],
  ["less sharing", [{}, {}], [shared, shared]],
  ["holes", [, 1], [undefined, 1]],
  ["lengths", new Array(2), new Array(3)],
  ["map order", new Map([[1, 1], [2, 2]]), new Map([[2, 2], [1, 1]])],
  ["sets", new Set([1]), new Set([2])],
  ["dates", new Date(1), new Date(2)],
  ["lastIndex", Object.assign(/a/g, { lastIndex: 1 }), /a/g],
  ["bytes", Uint8Array.of(1), Uint8Array.of(2)],
  ["kinds of views", Uint8Array.of(1), Int8Array.of(1)],
  ["buffers", new Uint8Array(2).subarray(1), new Uint8Array(1)],
  ["messages", new Error(""), new Error()],
  ["boxes", Object(1), Object(2)],
  ["URLs", new URL("a:b"), new URL("a:c")],
  ["Temporal", new Temporal.Duration(1), new Temporal.Duration(2)],
];

Deno.test("graphDifference() finds a difference when there is one", () => {
  for (const [name, a, b] of PAIRS) assert(graphDifference([a], [b]) !== undefined, name);
});

Deno.test("graphDifference() says that one object is no copy of itself", () => {
  assertEquals(graphDifference(shared, shared), "$: the very same object");
});

Deno.test("graphDifference() finds none between a graph and its twin", () => {
  // The same choices make the same graph, but of other objects. Only the stacks of errors may tell where they were made.
  fc.assert(
    fc.property(fc.infiniteStream(fc.constant(0)), fc.integer(), (_, seed) => {
      const [a, b] = [0, 1].map(() => fc.sample(graph, { seed, numRuns: 1 })[0]);
      const difference = graphDifference(a, b);
      assert(difference === undefined, difference);
    }),
    { numRuns: 100 },
  );
});
