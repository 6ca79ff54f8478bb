// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { EventEmitter } from "node:events";
import { UncacheableKeyError } from "../../src/errors/uncacheable_key_error.ts";
import { digestCall } from "../../src/keys/digest_call.ts";
import { digestKey } from "../../src/keys/digest_key.ts";

const SPEAKER = Symbol.for("pecapiku.key");

class Secret {
  #value = 1;
  get value(): number {
    return this.#value;
  }
}
class SecretChild extends Secret {}
class PromiseChild extends Promise<unknown> {}
class Bare {
  x = 1;
}

const named = (name: string, value: unknown): [string, () => unknown] => [name, () => value];

const REFUSED: readonly [string, () => unknown][] = [
  named("a unique symbol", Symbol("a")),
  named("a symbol without description", Symbol()),
  named("a unique symbol as a key", { [Symbol("a")]: 1 }),
  named("a boxed unique symbol", Object(Symbol("a"))),
  named("a function", () => 1),
  named("a class", class {}),
  named("an async function", async () => {}),
  named("a bound function", function () {}.bind(null)),
  named("a native function", Math.max),
  named("a promise", Promise.resolve(1)),
  named("an instance of a class that extends Promise", new PromiseChild(() => {})),
  named("a WeakMap", new WeakMap()),
  named("a WeakSet", new WeakSet()),
  named("a WeakRef", new WeakRef({})),
  named("a FinalizationRegistry", new FinalizationRegistry(() => {})),
  named("a generator object", (function* () {})()),
  named("an async generator object", (async function* () {})()),
  named("an array iterator", [1][Symbol.iterator]()),
  named("a map iterator", new Map().entries()),
  named("a set iterator", new Set().values()),
  named("a string iterator", "a"[Symbol.iterator]()),
  named("a mapped iterator", [1].values().map((x) => x)),
  named("a proxy", new Proxy({}, {})),
  named("a proxy of a function", new Proxy(() => {}, {})),
  named("a proxy of an array", new Proxy([], {})),
  named("an object with a proxy for a prototype", Object.create(new Proxy({}, {}))),
  named(
    "a proxy far up the chain",
    Object.setPrototypeOf(new Bare(), Object.create(new Proxy({}, {}))),
  ),
  named("Intl.NumberFormat", new Intl.NumberFormat("en")),
  named("Intl.DateTimeFormat", new Intl.DateTimeFormat("en")),
  named("Intl.Locale", new Intl.Locale("en")),
  named("TextDecoder", new TextDecoder()),
  named("TextEncoder", new TextEncoder()),
  named("Blob", new Blob(["a"])),
  named("File", new File(["a"], "a")),
  named("FormData", new FormData()),
  named("Request", new Request("https://a.example/")),
  named("Response", new Response("a")),
  named("AbortController", new AbortController()),
  named("AbortSignal", new AbortController().signal),
  named("Event", new Event("a")),
  named("EventTarget", new EventTarget()),
  named("ReadableStream", new ReadableStream()),
  named("URLPattern", new URLPattern("https://a.example/*")),
  named("EventEmitter", new EventEmitter()),
  named("WebAssembly.Memory", new WebAssembly.Memory({ initial: 0 })),
  named("WebAssembly.Global", new WebAssembly.Global({ value: "i32" }, 1)),
  named("SharedArrayBuffer", new SharedArrayBuffer(1)),
  named("a view of a SharedArrayBuffer", new Uint8Array(new SharedArrayBuffer(1))),
  named("a view of a resizable buffer", new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))),
  ["a detached buffer", () => {
    const buffer = new ArrayBuffer(1);
    buffer.transfer();
    return buffer;
  }],
  ["a view of a detached buffer", () => {
    const view = new Uint8Array(1);
    view.buffer.transfer();
    return view;
  }],
  ["a DataView of a detached buffer", () => {
    const view = new DataView(new ArrayBuffer(1));
    view.buffer.transfer();
    return view;
  }],
  ["arguments", () =>
    (function (..._: unknown[]) {
      // The very thing to be tested.
      return arguments;
    })(1, 2)],
  named("the global object", globalThis),
  named("Math", Math),
  named("JSON.rawJSON", (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON("1")),
  named("a native pointer", Deno.UnsafePointer.create(1n)),
  named("a getter", Object.defineProperty({}, "a", { get: () => 1, enumerable: true })),
  named("a hidden getter", Object.defineProperty({}, "a", { get: () => 1 })),
  named("a setter", Object.defineProperty({}, "a", { set: () => {}, enumerable: true })),
  named("an accessor of nothing", Object.defineProperty({}, "a", { get: undefined } as never)),
  named("a getter as an element", Object.defineProperty([1], 0, { get: () => 1 })),
  named(
    "a getter in a long array",
    Object.defineProperty(new Array(300).fill(1), 7, { get: () => 1, enumerable: true }),
  ),
  named(
    "a setter in a long array",
    Object.defineProperty(new Array(300).fill(1), 7, { set() {}, enumerable: true }),
  ),
  named("a getter of an array", Object.defineProperty([1], "a", { get: () => 1 })),
  named("an instance of a class with private names", new Secret()),
  named("an instance of a class below one with private names", new SecretChild()),
  named("an instance of a class without a name", new (class {})()),
  named("an object made from another object", Object.create({ a: 1 })),
  named("a class prototype", Bare.prototype),
  named("an object that ends in null", Object.create(Object.create(null))),
  ["an instance of a class with a computed name", () => {
    class Odd {
      static get ["name"](): string {
        throw new Error("no code of the user's may run");
      }
    }
    return new Odd();
  }],
  named("an object with the prototype of Date", Object.create(Date.prototype)),
  named("an object with the prototype of Map", Object.create(Map.prototype)),
  named("an object with the prototype of Set", Object.create(Set.prototype)),
  named("an object with the prototype of RegExp", Object.create(RegExp.prototype)),
  named("an object with the prototype of Array", Object.create(Array.prototype)),
  named("an object with the prototype of Error", Object.create(Error.prototype)),
  named("an object with the prototype of Number", Object.create(Number.prototype)),
  named("an object with the prototype of Uint8Array", Object.create(Uint8Array.prototype)),
  named("an object with the prototype of DataView", Object.create(DataView.prototype)),
  named("an object with the prototype of ArrayBuffer", Object.create(ArrayBuffer.prototype)),
  named("an object with the prototype of URL", Object.create(URL.prototype)),
  named("an object with the prototype of Headers", Object.create(Headers.prototype)),
  named("an object with the prototype of DOMException", Object.create(DOMException.prototype)),
  named(
    "an object with the prototype of Temporal.Instant",
    Object.create(Temporal.Instant.prototype),
  ),
  named("Date.prototype", Date.prototype),
  named("RegExp.prototype", RegExp.prototype),
  named("a Date that poses as an object", Object.setPrototypeOf(new Date(), Object.prototype)),
  named("a Map that poses as an object", Object.setPrototypeOf(new Map(), Object.prototype)),
  named("a Map that poses as an instance", Object.setPrototypeOf(new Map(), Bare.prototype)),
  named("a Map without prototype", Object.setPrototypeOf(new Map(), null)),
  named("an array that poses as an object", Object.setPrototypeOf([], Object.prototype)),
  named("bytes that pose as an object", Object.setPrototypeOf(new Uint8Array(1), Object.prototype)),
  named("a Map that poses as a Set", Object.setPrototypeOf(new Map(), Set.prototype)),
  named("bytes that pose as others", Object.setPrototypeOf(new Uint8Array(1), Int8Array.prototype)),
  named(
    "an error that poses as a tagged object",
    Object.assign(Object.setPrototypeOf(new Error("a"), Object.prototype), {
      [Symbol.toStringTag]: "Object",
    }),
  ),
  named("a speaker that throws", {
    [SPEAKER]() {
      throw new Error("no");
    },
  }),
  named("a speaker that is no method", { [SPEAKER]: 1 }),
  named("a speaker that is a getter", Object.defineProperty({}, SPEAKER, { get: () => () => 1 })),
  named("a speaker that returns itself", {
    [SPEAKER]() {
      return this;
    },
  }),
  ["speakers without end", () => {
    const make = (): unknown => ({ [SPEAKER]: make });
    return make();
  }],
  ["speakers without end within fields", () => {
    const make = (): unknown => ({ [SPEAKER]: () => ({ next: make() }) });
    return make();
  }],
  named("a speaker whose result is refused", { [SPEAKER]: () => Promise.resolve(1) }),
  ["a speaker that asks for its own digest", () => {
    const value: object = { [SPEAKER]: () => digestKey(value) };
    return value;
  }],
  ["an object that its own part changes", () => {
    const value: Record<string, unknown> = {
      a: {
        [SPEAKER]() {
          delete value.b;
          return 1;
        },
      },
      b: 1,
    };
    return value;
  }],
];

for (const [name, make] of REFUSED) {
  Deno.test(`digestKey() refuses ${name}`, () => {
    const error = assertThrows(() => digestKey(make()), UncacheableKeyError);
    assertMatch(error.message, /^Cannot make key: .+ at key/);
    assertThrows(
      () => digestKey({ a: [new Map([[1, make()]])] }),
      UncacheableKeyError,
      ".a[0].values()[0]",
    );
  });
}

Deno.test("digestKey() refuses the namespace of a module", async () => {
  const namespace = await import("../../src/keys/digest_key.ts");
  assertThrows(() => digestKey(namespace), UncacheableKeyError, "a module namespace at key");
});

Deno.test("digestCall() names the path to what it refuses", () => {
  const message = (args: unknown[]): string =>
    assertThrows(() => digestCall({ name: "f", args }), UncacheableKeyError).message;
  assertEquals(
    message([1, { options: { signal: new AbortController().signal } }]),
    "Cannot make key: an instance of AbortSignal at args[1].options.signal",
  );
  assertEquals(
    message([{ "a b": [0, , { [Symbol.for("x")]: Promise.resolve() }] }]),
    'Cannot make key: an instance of Promise at args[0]["a b"][2][Symbol.for("x")]',
  );
  assertEquals(
    message([new Map<unknown, unknown>([[{}, 1], [() => 1, 2]])]),
    "Cannot make key: a function at args[0].keys()[1]",
  );
  assertEquals(
    message([new Set([1, () => 1])]),
    "Cannot make key: a function at args[0].values()[1]",
  );
  assertEquals(
    message([{ [Symbol("a")]: 1 }]),
    "Cannot make key: the unique symbol Symbol(a) at args[0][Symbol(a)]",
  );
  assertEquals(
    message([Object.assign([1], { f: () => 1 })]),
    "Cannot make key: a function at args[0].f",
  );
  assertEquals(
    message([{ [SPEAKER]: () => ({ x: () => 1 }) }]),
    'Cannot make key: a function at args[0][Symbol.for("pecapiku.key")]().x',
  );
  assertEquals(
    assertThrows(
      () => digestCall({ name: "f", self: { value: { a: () => 1 } }, args: [] }),
      UncacheableKeyError,
    ).message,
    "Cannot make key: a function at this.a",
  );
});

Deno.test("digestKey() shortens the path to what is very deep", () => {
  let value: unknown = () => 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  const { message } = assertThrows(() => digestKey(value), UncacheableKeyError);
  assertMatch(message, /^Cannot make key: a function at key(\[0\])+…(\[0\])+$/);
});

Deno.test("digestKey() gives what a speaking method threw as the cause", () => {
  const cause = new Error("no");
  const error = assertThrows(() =>
    digestKey({
      [SPEAKER]() {
        throw cause;
      },
    }), UncacheableKeyError);
  assertEquals(error.cause, cause);
});

Deno.test("digestKey() still works after a refusal", () => {
  const before = digestKey([{ a: 1 }, { a: 1 }]);
  assertThrows(() => digestKey([{ a: { b: () => 1 } }]), UncacheableKeyError);
  assertEquals(digestKey([{ a: 1 }, { a: 1 }]), before);
});
