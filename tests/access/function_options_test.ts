// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { CacheDict, SingleValueCache } from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { MemoryStore } from "@pecapiku/cache/stores";
import { checkNamespace, parseFunctionOptions } from "../../src/access/function_options.ts";

Deno.test("parseFunctionOptions() fills in the defaults", () => {
  const none = {
    ...{ when: undefined, cacheErrors: undefined, samples: 1 },
    ...{ singleFlight: undefined, leaseDuration: 10_000 },
  };
  assertEquals(parseFunctionOptions({}), none);
  assertEquals(parseFunctionOptions({ when: true, samples: undefined }), none);
  const cacheErrors = () => true;
  const { when, ...rest } = parseFunctionOptions({ when: false, cacheErrors, samples: 5 });
  assertEquals([when?.(), rest], [false, {
    cacheErrors,
    samples: 5,
    singleFlight: undefined,
    leaseDuration: 10_000,
  }]);
});

const WRONG: readonly (readonly [string, unknown, string])[] = [
  ["when", "yes", `Cannot set when: expected a boolean or a function: "yes"`],
  ["when", null, "Cannot set when: expected a boolean or a function: null"],
  ["when", async () => await true, "Cannot set when: it must answer at once: AsyncFunction"],
  ["cacheErrors", true, "Cannot set cacheErrors: expected a function: true"],
  [
    "cacheErrors",
    RangeError,
    "Cannot set cacheErrors: a class, give (error) => error instanceof RangeError: RangeError",
  ],
  [
    "cacheErrors",
    class MyError extends Error {},
    "Cannot set cacheErrors: a class, give (error) => error instanceof MyError: MyError",
  ],
  ["cacheErrors", [RangeError], "Cannot set cacheErrors: expected a function: an array"],
  [
    "cacheErrors",
    function* () {},
    "Cannot set cacheErrors: it must answer at once: GeneratorFunction",
  ],
  ["samples", 0, "Cannot set samples: expected a positive integer: 0"],
  ["samples", -1, "Cannot set samples: expected a positive integer: -1"],
  ["samples", 1.5, "Cannot set samples: expected a positive integer: 1.5"],
  ["samples", Infinity, "Cannot set samples: expected a positive integer: Infinity"],
  ["samples", "3", `Cannot set samples: expected a positive integer: "3"`],
  ["samples", 3n, "Cannot set samples: expected a positive integer: 3n"],
];

for (const [name, given, message] of WRONG) {
  Deno.test(`decorate() throws a TypeError when ${name} is ${message.split(": ").at(-1)}`, () => {
    const options = { [name]: given } as object;
    const store = new MemoryStore();
    const makers = [
      () => CacheDict.decorate({ store, ...options }),
      () => new CacheDict(undefined, { store }).decorate(() => 1, options),
      () => SingleValueCache.decorate({ store, ...options }),
      () => new SingleValueCache(undefined, { store, ...options }),
      () => checkpoint({ store, ...options }),
    ];
    for (const make of makers) assertThrows(make, TypeError, message);
  });
}

Deno.test("checkNamespace() throws a TypeError when it is no text that can be stored", () => {
  for (const namespace of [undefined, "a", "notebooks/a b.ipynb", "日本", "n".repeat(200)]) {
    checkNamespace(namespace);
  }
  const wrong = [["", '""'], [5, "5"], [null, "null"], ["\ud800", '"\\ud800"'], [[], "an array"]];
  for (const [namespace, shown] of wrong) {
    const message = `Cannot set namespace: expected 1 to 200 characters of text: ${shown}`;
    assertThrows(() => checkNamespace(namespace), TypeError, message);
    const options = { store: new MemoryStore(), namespace } as object;
    assertThrows(() => CacheDict.decorate(options), TypeError, message);
    assertThrows(() => new CacheDict(undefined, options), TypeError, message);
    assertThrows(() => checkpoint(options), TypeError, message);
  }
  assertThrows(() => checkNamespace("n".repeat(201)), TypeError);
});
