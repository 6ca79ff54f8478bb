// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { cachedMethod, type NoCache } from "@pecapiku/cache";
import {
  AutoFunctionCallIdentifier,
  type Cache,
  checkpoint,
  type CheckpointedFunction,
  type CheckpointOptions,
  DecoratorCheckpoint,
  defaults,
  type Explanation,
  FileCache,
  InMemoryLruCache,
  type RerunnableFunction,
} from "@pecapiku/cache/checkpoint";

// What is tested here is that this file passes the type check.

const directory = Deno.makeTempDirSync();

function typed<T>(value: T): T {
  return value;
}

function twice(x: number): number;
function twice(x: string): string;
function twice(x: number | string): number | string {
  return typeof x === "number" ? x * 2 : x + x;
}

Deno.test("a checkpoint takes options of the function's type, and a value of its result's", async () => {
  const f = checkpoint((x: number) => x, {
    directory,
    when: (x) => typed<number>(x) > 0,
    cacheErrors: (error) => error instanceof RangeError,
    samples: 2,
    namespace: "types",
  });
  f.prime([1], 2);
  assertEquals(typed<number>(f(1)), 2);
  const late = checkpoint({ directory, when: (x: string) => x !== "" })(
    async (x: string) => await Promise.resolve(x.length),
  );
  await typed<Promise<void>>(late.prime(["a"], 5));
  assertEquals(await late("a"), 5);
  const options: CheckpointOptions = { directory, when: () => true };
  assertEquals(typed<number>(checkpoint((x: number) => x, options)(3)), 3);
  // @ts-expect-error no number
  typed<() => void>(() => f.prime([1], "2"));
});

Deno.test("CheckpointedFunction keeps overloads, generics, optional parameters and properties", () => {
  const cached = checkpoint({ directory });
  const overloaded = cached(twice);
  assertEquals([typed<number>(overloaded(1)), typed<string>(overloaded("a"))], [2, "aa"]);
  const generic = cached(function same<T>(x: T): T {
    return x;
  });
  assertEquals(typed<{ a: number }>(generic({ a: 1 })).a, 1);
  assertEquals(typed<{ a: number }>(generic.rerun({ a: 1 })).a, 1);
  const optional = checkpoint((x: number, y = 2) => x + y, { directory });
  assertEquals(typed<number>(optional(1)), 3);
  typed<number | NoCache>(optional.get(1));
  assertEquals(typed<Explanation>(optional.explain(1, 2)).functionName, "");
  const withUnit = cached(Object.assign((x: number) => x, { unit: "m" }));
  assertEquals(typed<string>(withUnit.unit), "m");
  // @ts-expect-error not the function's parameter
  optional("1");
  // @ts-expect-error not the function's parameter
  optional.explain("1");
});

Deno.test("CheckpointedFunction gives promises where the function is async, but for explain", async () => {
  const late = checkpoint({ directory })(async function late(x: number) {
    return await Promise.resolve(x);
  });
  assertEquals(await typed<Promise<number>>(late(1)), 1);
  typed<number | NoCache>(await typed<Promise<number | NoCache>>(late.get(1)));
  await typed<Promise<boolean>>(late.has(1));
  typed<boolean>(late.explain(1).isHit);
});

Deno.test("CheckpointDecorator passes the type check on methods of every kind", async () => {
  const cached = checkpoint({ directory });
  class Scale {
    weight = 2;
    @cached
    weigh(x: number): number {
      return this.weight * x;
    }
    @checkpoint({ directory })
    async late(x: number): Promise<number> {
      return await Promise.resolve(this.weight * x);
    }
    @cached
    same<T>(x: T): T {
      return x;
    }
    @cached
    bound(this: Scale, x: number): number {
      return this.weight + x;
    }
    @cached
    static double(x: number): number {
      return 2 * x;
    }
  }
  const scale = new Scale();
  assertEquals([scale.weigh(3), scale.bound(1), Scale.double(2)], [6, 3, 4]);
  assertEquals([await scale.late(1), typed<number>(scale.same(5))], [2, 5]);
  assertEquals(typed<number>(cachedMethod(scale.weigh).rerun.call(scale, 3)), 6);
  // Not to be run: it would write where the defaults say.
  typed<() => unknown>(() => {
    class Model {
      @checkpoint
      predict(x: number): number {
        return x;
      }
    }
    return Model;
  });
});

Deno.test("the options and extensions of checkpoints have types", () => {
  typed<CheckpointOptions>({ directory: new URL("file:///x"), uses: () => ({ a: 1 }) });
  const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
  const square: RerunnableFunction<(x: number) => number> = cached((x: number) => x * x);
  assertEquals([typed<number>(square(3)), typed<number>(square.rerun(3))], [9, 9]);
  typed<Cache<string>>(new FileCache(directory));
  typed<() => CheckpointedFunction<() => number>>(() => checkpoint(() => 1));
  typed<() => void>(() => {
    // @ts-expect-error not a way to treat errors
    defaults["checkpoint.on_error"] = "explode";
    // @ts-expect-error not a default
    defaults["checkpoint.onError"] = "warn";
    // @ts-expect-error not an option
    checkpoint({ filePath: "x" });
    // @ts-expect-error no function
    checkpoint({ uses: { a: 1 } });
    // @ts-expect-error no function
    checkpoint(5);
  });
});
