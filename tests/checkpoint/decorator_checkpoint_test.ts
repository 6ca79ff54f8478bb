// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { CacheDict, cachedMethod, CacheError, UncacheableValueError } from "@pecapiku/cache";
import {
  AutoFunctionCallIdentifier,
  type Cache,
  CheckpointFailedError,
  CheckpointNotExist,
  type ContextId,
  DecoratorCheckpoint,
  FileCache,
  type FunctionCallContext,
  type FunctionCallIdentifier,
  InMemoryLruCache,
} from "@pecapiku/cache/checkpoint";
import { collectWarnings } from "../_collect_warnings.ts";

/** Tells calls apart by name and arguments, and remembers what it was shown. */
class Recorder implements FunctionCallIdentifier {
  readonly contexts: FunctionCallContext[] = [];
  identify(context: FunctionCallContext): ContextId {
    this.contexts.push(context);
    return `${context.name} ${JSON.stringify([context.args, context.isMethod && context.self])}`;
  }
}

function checkpoint(cache: Cache<ContextId> = new InMemoryLruCache()): DecoratorCheckpoint {
  return new DecoratorCheckpoint(new Recorder(), cache, { onError: "raise" });
}

Deno.test("DecoratorCheckpoint is called with a function, or decorates it by decorate()", () => {
  let evaluations = 0;
  const cached = checkpoint();
  const original = Object.assign(function original(x: number) {
    evaluations++;
    return [x];
  }, { unit: "m" });
  for (const square of [cached(original), cached.decorate(original)]) {
    assertEquals([square(3), square(3)], [[3], [3]]);
    assertEquals([square.name, square.length, square.unit], ["original", 1, "m"]);
    assertStrictEquals(square.fn, original);
  }
  assertEquals(evaluations, 1);
  assert(cached instanceof DecoratorCheckpoint);
});

Deno.test("DecoratorCheckpoint gives functions with rerun", async () => {
  let evaluations = 0;
  const cached = checkpoint();
  const f = cached((x: number) => x + ++evaluations);
  assertEquals([f(0), f.rerun(0), f(0)], [1, 2, 2]);
  const late = cached(async function late(x: number) {
    return await Promise.resolve(x + ++evaluations);
  });
  assertEquals([await late(0), await late.rerun(0), await late(0)], [3, 4, 4]);
  assertThrows(() => Reflect.construct(f, [1]), TypeError);
});

Deno.test("DecoratorCheckpoint decorates methods", () => {
  const recorder = new Recorder();
  const cached = new DecoratorCheckpoint(recorder, new InMemoryLruCache(), { onError: "raise" });
  let evaluations = 0;
  class Scale {
    constructor(readonly weight: number) {}
    @cached
    weigh(x: number): number {
      evaluations++;
      return this.weight * x;
    }
  }
  const [two, five] = [new Scale(2), new Scale(5)];
  assertEquals([two.weigh(3), five.weigh(3), two.weigh(3), evaluations], [6, 15, 6, 2]);
  const [{ self, isMethod, name }] = recorder.contexts as [FunctionCallContext];
  assertEquals([self === two, isMethod, name], [true, true, "weigh"]);
  assertThrows(() => cachedMethod(two.weigh), TypeError);
});

Deno.test("DecoratorCheckpoint caches the resolved value, and evaluates once for concurrent calls", async () => {
  let evaluations = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = checkpoint()(async (x: number) => {
    evaluations++;
    await promise;
    return [x];
  });
  const calls = [late(1), late(1), late(1)];
  resolve();
  const values = await Promise.all(calls);
  assertEquals([values, evaluations], [[[1], [1], [1]], 1]);
  assertEquals(new Set(values).size, 3);
  assertEquals([await late(1), evaluations], [[1], 1]);
});

Deno.test("DecoratorCheckpoint passes errors untouched, and never caches them", async () => {
  let evaluations = 0;
  const error = new RangeError("no");
  const f = checkpoint()((x: number) => {
    if (++evaluations < 2) throw error;
    return x;
  });
  assertStrictEquals(assertThrows(() => f(1)), error);
  assertEquals([f(1), f(1), evaluations], [1, 1, 2]);
  const late = checkpoint()(async (x: number) => {
    await Promise.resolve();
    if (++evaluations < 5) throw error;
    return x;
  });
  const failing = await Promise.allSettled([late(1), late(1)]);
  assertEquals(failing.map((one) => one.status === "rejected" && one.reason === error), [
    true,
    true,
  ]);
  assertStrictEquals(await assertRejects(() => late(1)), error);
  assertEquals([await late(1), await late(1), evaluations], [1, 1, 5]);
});

Deno.test("DecoratorCheckpoint sees through to the original, and others see through it", () => {
  const f = (x: number) => x;
  const cached = checkpoint()(f);
  const dict = CacheDict.decorate(cached, { filePath: `${Deno.makeTempDirSync()}/a.cache` });
  assertEquals(dict(1), 1);
  assertEquals(checkpoint()(dict).name, "f");
});

Deno.test("DecoratorCheckpoint does with an error of the identifier what onError says", () => {
  const cause = new RangeError("odd");
  const identifier = {
    identify(): never {
      throw cause;
    },
  };
  const make = (onError: "raise" | "warn" | "ignore") =>
    new DecoratorCheckpoint(identifier, new InMemoryLruCache(), { onError })(function identified(
      x: number,
    ) {
      return x;
    });
  const error = assertThrows(() => make("raise")(1), CheckpointFailedError, "identified");
  assertStrictEquals(error.cause, cause);
  using warnings = collectWarnings();
  assertEquals([make("ignore")(1), warnings.lines.length], [1, 0]);
  assertEquals([make("warn")(1), warnings.lines.length], [1, 1]);
});

Deno.test("DecoratorCheckpoint refuses an id that is no string", () => {
  for (const id of [undefined, null, 5, {}, Promise.resolve("x")]) {
    const identifier = { identify: () => id as string };
    const f = new DecoratorCheckpoint(identifier, new InMemoryLruCache(), { onError: "raise" })(
      (x: number) => x,
    );
    assertThrows(() => f(1), CheckpointFailedError, "no string");
  }
});

Deno.test("DecoratorCheckpoint does with an error of the cache what onError says", async () => {
  const brittle = (fails: "retrieve" | "save", cause: unknown): Cache<ContextId> => ({
    retrieve(id) {
      if (fails === "retrieve") throw cause;
      throw new CheckpointNotExist(`Cannot retrieve: ${id}`);
    },
    save() {
      if (fails === "save") throw cause;
    },
  });
  const make = (cache: Cache<ContextId>, onError: "raise" | "warn" | "ignore") =>
    new DecoratorCheckpoint(new Recorder(), cache, { onError });
  for (const cause of [new RangeError("odd"), new CacheError("Cannot: x"), "no error"]) {
    for (const fails of ["retrieve", "save"] as const) {
      const cache = brittle(fails, cause);
      const error = assertThrows(() => make(cache, "raise")((x: number) => x)(1), CacheError);
      assertEquals(
        [error.value, "value" in error],
        fails === "save" ? [1, true] : [undefined, false],
      );
      assertEquals(typeof error.key, "string");
      using warnings = collectWarnings();
      assertEquals(make(cache, "ignore")((x: number) => x)(1), 1);
      assertEquals(warnings.lines, []);
      assertEquals(await make(cache, "ignore")(async (x: number) => await x)(1), 1);
    }
  }
  using warnings = collectWarnings();
  const f = make(brittle("save", new RangeError("full")), "warn")(function full(x: number) {
    return x;
  });
  assertEquals([f(1), f(1), warnings.lines.length], [1, 1, 1]);
});

Deno.test("DecoratorCheckpoint raises what the cache can't keep with the value", async () => {
  for (const cache of [new InMemoryLruCache(), new FileCache(Deno.makeTempDirSync())]) {
    const f = checkpoint(cache)((x: number) => () => x);
    const error = assertThrows(() => f(1), UncacheableValueError);
    assertEquals((error.value as () => number)(), 1);
    const late = checkpoint(cache)(async (x: number) => await Promise.resolve(() => x));
    await assertRejects(() => late(1), UncacheableValueError);
  }
});

Deno.test("DecoratorCheckpoint throws a TypeError when the cache gives promises", async () => {
  const cache: Cache<ContextId> = {
    retrieve: () => Promise.resolve(5),
    save: () => Promise.resolve() as never,
  };
  const cached = new DecoratorCheckpoint(new Recorder(), cache, { onError: "ignore" });
  assertThrows(() => cached((x: number) => x)(1), TypeError, "must be sync");
  await assertRejects(() => cached(async (x: number) => await x)(1), TypeError, "must be sync");
  const saving = checkpoint({ ...cache, retrieve: () => new InMemoryLruCache().retrieve("x") });
  const error = assertThrows(() => saving((x: number) => x)(1), CheckpointFailedError);
  assertEquals(error.value, 1);
});

Deno.test("DecoratorCheckpoint caches no promise of a function that is not declared async", async () => {
  const f = checkpoint()((x: number) => Promise.resolve(x));
  const error = assertThrows(() => f(1), CheckpointFailedError, "not declared async");
  assertEquals(await error.value, 1);
  const quiet = new DecoratorCheckpoint(new Recorder(), new InMemoryLruCache(), {
    onError: "ignore",
  })((x: number) => Promise.resolve(x));
  assertEquals([await quiet(1), await quiet(1)], [1, 1]);
});

Deno.test("DecoratorCheckpoint throws a TypeError when it is made or put on what it can't be", () => {
  const identifier = new Recorder();
  const cache = new InMemoryLruCache();
  const identifiers: unknown[] = [undefined, null, 1, {}, { identify: 1 }, {
    identify: async () => await "x",
  }];
  for (const bad of identifiers) {
    assertThrows(() => new DecoratorCheckpoint(bad as never, cache), TypeError, "identify");
  }
  const { retrieve, save } = { retrieve: () => 1, save: () => {} };
  const caches: unknown[] = [undefined, {}, { retrieve }, { save }, {
    retrieve: async () => await 1,
    save,
  }, { retrieve, save: async () => await 1 }];
  for (const bad of caches) {
    assertThrows(() => new DecoratorCheckpoint(identifier, bad as never), TypeError);
  }
  for (const options of [null, 1, { onError: "explode" }]) {
    assertThrows(() => new DecoratorCheckpoint(identifier, cache, options as never), TypeError);
  }
  const cached = checkpoint();
  for (const given of [undefined, {}, class {}, function* () {}]) {
    assertThrows(() => cached(given as never), TypeError);
    assertThrows(() => cached.decorate(given as never), TypeError);
  }
  assertThrows(() => cached((() => 1) as never, { kind: "field", name: "x" } as never), TypeError);
});

Deno.test("AutoFunctionCallIdentifier tells calls apart by code, arguments and uses", () => {
  const cache = new InMemoryLruCache();
  const make = (fn: (x: number) => number, uses?: () => unknown) =>
    new DecoratorCheckpoint(new AutoFunctionCallIdentifier({ uses }), cache, { onError: "raise" })(
      fn,
    );
  const one = (x: number) => x + 1;
  const other = (x: number) => x + 2;
  assertEquals([make(one)(1), make(one)(1), make(other)(1), cache.size], [2, 2, 3, 2]);
  make(one, () => 1)(1);
  make(one, () => 2)(1);
  make(one, () => 2)(1);
  assertEquals(cache.size, 4);
});

Deno.test("AutoFunctionCallIdentifier throws a TypeError when an option is wrong", () => {
  const bad: unknown[] = [null, 5, { uses: 5 }, { uses: async () => await 1 }, { directory: "" }, {
    keyOrder: "random",
  }];
  for (const options of bad) {
    assertThrows(() => new AutoFunctionCallIdentifier(options as never), TypeError);
  }
});

Deno.test("AutoFunctionCallIdentifier says what can't be seen whatever onError says", () => {
  using warnings = collectWarnings();
  const cached = new DecoratorCheckpoint(
    new AutoFunctionCallIdentifier(),
    new InMemoryLruCache(),
    { onError: "raise" },
  );
  // The code of a bound function is not to be seen.
  const bound = cached(function scaled(this: number, x: number): number {
    return this * x;
  }.bind(2));
  assertEquals([bound(3), bound(3), warnings.lines.length], [6, 6, 1]);
});
