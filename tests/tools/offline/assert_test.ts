// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals as checkEquals, assertThrows as checkThrows } from "@std/assert";
import * as offline from "../../../tools/offline/assert.ts";

class Point {
  constructor(readonly x: number) {}
}

const cycle: unknown[] = [];
cycle.push(cycle);

/** Pairs and whether `@std/assert` 1.0.19 takes them for equal. */
const GOLDEN: readonly (readonly [unknown, unknown, boolean])[] = [
  [0, -0, true],
  [NaN, NaN, true],
  [1, 1n, false],
  [1, Object(1), false],
  [null, undefined, false],
  [{ a: undefined }, {}, false],
  [{ a: undefined }, { b: undefined }, false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [Object.create(null), {}, true],
  [[undefined], Array(1), false],
  [[1, , 2].slice(0, 2), [1], true],
  [Object.assign([1], { x: 1 }), [1], false],
  [new Point(1), new Point(1), true],
  [new Point(1), new Point(2), false],
  [new Point(1), { x: 1 }, false],
  [new Date(0), new Date(0), true],
  [new Date(0), new Date(1), false],
  [/a/g, /a/g, true],
  [/a/g, /a/i, false],
  [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]]), true],
  [new Map([[1, undefined]]), new Map([[2, undefined]]), false],
  [new Set([1, 2]), new Set([2, 1]), true],
  [new Set([{ a: 1 }]), new Set([{ a: 2 }]), false],
  [new Float64Array([0, NaN]), new Float64Array([-0, NaN]), true],
  [new Uint8Array(1), new Int8Array(1), false],
  [new ArrayBuffer(1), new ArrayBuffer(2), false],
  [new URL("http://a/"), new URL("http://b/"), false],
  [{ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }, false],
  [cycle, [cycle], true],
  [() => 1, () => 1, false],
];

Deno.test("equal() decides as @std/assert does", () => {
  for (const [a, b, expected] of GOLDEN) {
    checkEquals(offline.equal(a, b), expected, Deno.inspect([a, b]));
    checkEquals(offline.equal(b, a), expected, Deno.inspect([b, a]));
  }
});

Deno.test("equal() throws a TypeError when there are weak collections to compare", () => {
  checkThrows(() => offline.equal(new WeakMap(), new WeakMap()), TypeError, "WeakMap");
  checkThrows(() => offline.equal(new WeakSet(), new WeakSet()), TypeError, "WeakSet");
});

Deno.test("assertions fail with an AssertionError that says why", () => {
  const fails: [string, () => void][] = [
    ["", () => offline.assert(0)],
    ["m", () => offline.assertFalse(1, "m")],
    ["Values are not equal: m", () => offline.assertEquals<unknown>({ a: 1 }, { a: 2 }, "m")],
    ["not to be", () => offline.assertNotEquals(1, 1)],
    ["Values are not strictly equal.", () => offline.assertStrictEquals(0, -0)],
    ["not reference-equal", () => offline.assertStrictEquals({}, {})],
    ["to not be strictly equal", () => offline.assertNotStrictEquals(1, 1)],
    ["to be close to", () => offline.assertAlmostEquals(1, 1.1)],
    ["Expect 1 > 1", () => offline.assertGreater(1, 1)],
    ["Expect 0 >= 1", () => offline.assertGreaterOrEqual(0, 1)],
    ["Expect 1 < 1", () => offline.assertLess(1, 1)],
    ["Expect 2 <= 1", () => offline.assertLessOrEqual(2, 1)],
    ["to not be null or undefined", () => offline.assertExists(null)],
    ['instance of "Point" but was "Map"', () => offline.assertInstanceOf(new Map(), Point)],
    ["to not be an instance", () => offline.assertNotInstanceOf(new Point(1), Point)],
    ['to contain: "z"', () => offline.assertStringIncludes("abc", "z")],
    ["to match", () => offline.assertMatch("abc", /z/)],
    ["to not match", () => offline.assertNotMatch("abc", /b/)],
    ["missing: [", () => offline.assertArrayIncludes<unknown>([1, { a: 1 }], [{ a: 2 }])],
    ["Expected function to throw", () => offline.assertThrows(() => {})],
    ['"RangeError"', () => offline.assertThrows(throwing, RangeError)],
    ['to include "z"', () => offline.assertThrows(throwing, TypeError, "z")],
    ["Failed assertion: m", () => offline.fail("m")],
    ["Unreachable.", () => offline.unreachable()],
    ["Unimplemented.", () => offline.unimplemented()],
  ];
  for (const [message, fn] of fails) checkThrows(fn, offline.AssertionError, message);
});

function throwing(): never {
  throw new TypeError("abc");
}

Deno.test("assertions pass when they hold", async () => {
  offline.assert(1);
  offline.assertFalse("");
  offline.assertEquals({ a: [1] }, { a: [1] });
  offline.assertStrictEquals(NaN, NaN);
  offline.assertInstanceOf(new Point(1), Point);
  offline.assertArrayIncludes<unknown>([1, { a: 1 }], [{ a: 1 }]);
  checkEquals(offline.assertThrows(throwing, TypeError, "b").message, "abc");
  const rejecting = () => Promise.reject(new TypeError("abc"));
  checkEquals((await offline.assertRejects(rejecting, Error, "c")).message, "abc");
});

Deno.test("assertRejects() fails when the function throws, resolves or gives another error", async () => {
  const fails: [string, () => Promise<unknown>][] = [
    ["Function throws when expected to reject", () => offline.assertRejects(throwing)],
    ["Expected function to reject", () => offline.assertRejects(() => Promise.resolve())],
    [
      "A non-Error object was rejected",
      () => offline.assertRejects(() => Promise.reject(1), Error),
    ],
    [
      '"RangeError"',
      () => offline.assertRejects(() => Promise.reject(new TypeError("abc")), RangeError),
    ],
  ];
  for (const [message, fn] of fails) {
    const error = await fn().then(() => undefined, (reason: unknown) => reason);
    offline.assertIsError(error, offline.AssertionError, message);
  }
});

/** Messages, what is looked for in them, and whether `@std/assert` 1.0.19 finds it: escape sequences of terminals do not count. */
const MESSAGES: readonly (readonly [string, string | RegExp, boolean])[] = [
  ["\x1b[31mabc\x1b[0m", "abc", true],
  ["a\x1b[2Kbc", "abc", true],
  ["\x9b31mabc", /^abc$/, true],
  ["\x1b]8;;http://x\x07abc\x1b]8;;\x07", "abc", true],
  ["a\x1b(Bbc", "abc", true],
  ["abc", "a\x1b[2Kb", true],
  ["abc", "\x9b31", true],
  ["a\x1b[2Kbc", /\[2K/, false],
  ["\x1b[31mabc\x1b[0m", /\[/, false],
  ["a\x1b[2Kbc", "2K", false],
];

Deno.test("assertIsError() looks for texts as @std/assert does", () => {
  for (const [message, wanted, isFound] of MESSAGES) {
    const check = () => offline.assertIsError(new Error(message), Error, wanted);
    if (isFound) check();
    else checkThrows(check, offline.AssertionError, "to include");
  }
});
