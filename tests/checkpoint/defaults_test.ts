// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Codec, UncacheableValueError } from "@pecapiku/cache";
import { checkpoint, defaults } from "@pecapiku/cache/checkpoint";

/** Puts back what held before. */
function restored(): Disposable {
  const before = { ...defaults };
  return { [Symbol.dispose]: () => void Object.assign(defaults, before) };
}

Deno.test("defaults has three values, and prints them", () => {
  assertEquals({ ...defaults }, {
    "cache.filesystem.directory": ".checkpointing",
    "checkpoint.on_error": "warn",
    "cache.codec": "structured",
  });
  assertEquals(Deno.inspect(defaults), Deno.inspect({ ...defaults }));
  assertEquals(JSON.stringify(defaults), JSON.stringify({ ...defaults }));
});

Deno.test("defaults is read when a checkpoint is made", () => {
  using _ = restored();
  const [one, other] = [Deno.makeTempDirSync(), Deno.makeTempDirSync()];
  defaults["cache.filesystem.directory"] = one;
  defaults["checkpoint.on_error"] = "raise";
  const square = checkpoint((x: number) => x * x);
  const broken = checkpoint((_x: number) => () => 1);
  defaults["cache.filesystem.directory"] = new URL(`file://${other}`);
  defaults["checkpoint.on_error"] = "ignore";
  square(3);
  assert(Deno.statSync(`${one}/results.cache`).isFile);
  assertThrows(() => Deno.statSync(`${other}/results.cache`), Deno.errors.NotFound);
  assertThrows(() => broken(1), UncacheableValueError);
  checkpoint((x: number) => x)(3);
  assert(Deno.statSync(`${other}/results.cache`).isFile);
  assertEquals(typeof checkpoint((_x: number) => () => 1)(1), "function");
});

Deno.test("defaults gives way to options", () => {
  using _ = restored();
  const directory = Deno.makeTempDirSync();
  const codec: Codec = {
    name: "never",
    encode() {
      throw new TypeError("not this one");
    },
    decode: () => undefined,
  };
  defaults["cache.codec"] = codec;
  defaults["checkpoint.on_error"] = "raise";
  assertThrows(() => checkpoint((x: number) => x, { directory })(3), UncacheableValueError);
  const square = checkpoint({ directory, codec: "msgpack" })((x: number) => x * x);
  assertEquals([square(3), square.get(3)], [9, 9]);
  const options = { directory, codec: undefined, onError: undefined, uses: undefined };
  assertThrows(() => checkpoint(options)((x: number) => x)(3), UncacheableValueError);
});

Deno.test("defaults does not see later changes of a URL", () => {
  using _ = restored();
  const url = new URL("file:///tmp/one");
  defaults["cache.filesystem.directory"] = url;
  url.pathname = "/tmp/two";
  assertEquals(`${defaults["cache.filesystem.directory"]}`, "file:///tmp/one");
});

Deno.test("defaults throws a TypeError at an unknown key or a wrong value, and stays as it was", () => {
  const before = { ...defaults };
  const wrong: [string | symbol, unknown][] = [
    ["checkpoint.onError", "warn"],
    ["toString", "x"],
    ["__proto__", {}],
    [Symbol("s"), 1],
    ["checkpoint.on_error", "explode"],
    ["checkpoint.on_error", undefined],
    ["cache.codec", "yaml"],
    ["cache.codec", undefined],
    ["cache.codec", { name: "x" }],
    ["cache.filesystem.directory", ""],
    ["cache.filesystem.directory", undefined],
    ["cache.filesystem.directory", 5],
    ["cache.filesystem.directory", "https://example.com"],
    ["cache.filesystem.directory", "a\0b"],
  ];
  for (const [key, value] of wrong) {
    const error = assertThrows(() => {
      (defaults as unknown as Record<PropertyKey, unknown>)[key] = value;
    }, TypeError);
    assert(error.message.startsWith("Cannot "), error.message);
  }
  assertEquals({ ...defaults }, before);
  assertEquals(Object.getPrototypeOf(defaults), Object.prototype);
});

Deno.test("defaults can't be deleted from, defined on, or frozen", () => {
  const loose = defaults as unknown as Record<string, unknown>;
  assertThrows(() => delete loose["cache.codec"], TypeError, "cache.codec");
  assertThrows(() => delete loose["other"], TypeError);
  assertThrows(() => Object.defineProperty(loose, "cache.codec", { value: 1 }), TypeError);
  assertThrows(() => Object.setPrototypeOf(loose, null), TypeError);
  assertThrows(() => Object.freeze(loose), TypeError);
});
