// Copyright 2026 the pecapiku authors. MIT license.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CacheDict,
  cachedMethod,
  CallKey,
  config,
  NoCache,
  UncacheableKeyError,
} from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { collectWarnings } from "../_collect_warnings.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

class Model {
  constructor(public weight: number) {}
}

Deno.test("CacheDict.decorate() keeps functions of different names apart in one file", () => {
  const filePath = tempFile();
  const one = CacheDict.decorate(function one(_: number) {
    return "one";
  }, { filePath });
  const two = CacheDict.decorate(function two(_: number) {
    return "two";
  }, { filePath });
  assertEquals([one(1), two(1), one(1), two(1)], ["one", "two", "one", "two"]);
});

Deno.test("CacheDict.decorate() warns when it can't tell functions without a name apart", () => {
  for (const open of [() => Deno.makeTempDirSync() + "/a.cache", () => new MemoryStore()]) {
    using warnings = collectWarnings();
    const place = open();
    const where = typeof place === "string" ? { filePath: place } : { store: place };
    const again = () => CacheDict.decorate((x: number) => x + 1, where);
    again();
    again();
    CacheDict.decorate((x: number) => x + 2, { ...where, namespace: "other" });
    CacheDict.decorate((x: number) => x + 3, { ...where, innerKey: "[3, x]" });
    CacheDict.decorate(function named(x: number) {
      return x + 4;
    }, where);
    CacheDict.decorate((x: number) => x + 5, { ...where, onError: "ignore" });
    assertEquals(warnings.lines, []);
    CacheDict.decorate((x: number) => x + 6, where);
    assertEquals(warnings.lines.length, 1);
    assertStringIncludes(warnings.lines[0]!, "Cannot tell functions without a name apart");
    const shown = typeof place === "string" ? place : place.location;
    assert(warnings.lines[0]!.endsWith(`: ${shown}`));
  }
});

Deno.test("CacheDict.decorate() counts this when it is an instance, and no other this", () => {
  function weigh(this: unknown, x: number): number {
    return this instanceof Model ? this.weight * x : x;
  }
  const f = CacheDict.decorate(weigh, { filePath: tempFile() });
  assertEquals([f.call(new Model(2), 3), f.call(new Model(4), 3), f(3)], [6, 12, 3]);
  assertEquals(f.keyFor.call(new Model(2), 3), f.keyFor.call(new Model(2), 3));
  const plain = f.keyFor(3);
  const others = [undefined, null, {}, { weight: 2 }, Object.create(null), globalThis];
  for (const self of others) assertEquals(f.keyFor.call(self, 3), plain);
  for (const self of [new Model(2), [1], new Map(), 5, "x"]) {
    assertEquals(f.keyFor.call(self, 3) === plain, false);
  }
});

Deno.test("CacheDict.decorate() does not count a module namespace as this", async () => {
  const source = `
    import { CacheDict } from ${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)};
    export const f = CacheDict.decorate((x) => x, { filePath: ${JSON.stringify(tempFile())} });`;
  const path = Deno.makeTempFileSync({ suffix: ".js" });
  Deno.writeTextFileSync(path, source);
  const space = await import(`file://${path}`);
  const { f } = space;
  assertEquals(space.f(1), 1);
  assertEquals(f.has(1), true);
});

Deno.test("CacheDict.decorate() as a method decorator counts this at every call", () => {
  const filePath = tempFile();
  let evaluations = 0;
  class Scale {
    constructor(readonly weight: number) {}
    @CacheDict.decorate({ filePath })
    weigh(x: number): number {
      evaluations++;
      return this.weight * x;
    }
  }
  const scale = new Scale(2);
  assertEquals([scale.weigh(3), new Scale(2).weigh(3), new Scale(4).weigh(3)], [6, 6, 12]);
  assertEquals(evaluations, 2);
  const weigh = cachedMethod(scale.weigh);
  assertEquals([weigh.rerun.call(scale, 3), evaluations], [6, 3]);
  assertEquals(weigh.get.call(new Scale(4), 3), 12);
  assert(weigh.get.call(new Scale(5), 3) instanceof NoCache);
  const plain = { weight: 7 } as Scale;
  assertEquals(scale.weigh.call(plain, 3), 21);
  assertEquals(scale.weigh.call({ weight: 8 } as Scale, 3), 24);
});

Deno.test("CacheDict.decorate() as a method decorator works for static and async methods", async () => {
  const filePath = tempFile();
  class Tool {
    weight = 2;
    @CacheDict.decorate({ filePath, innerKey: "x" })
    static double(x: number): number {
      return 2 * x;
    }
    @CacheDict.decorate({ filePath })
    async weigh(x: number): Promise<number> {
      await Promise.resolve();
      return this.weight * x;
    }
    @CacheDict.decorate({ filePath, innerKey: "[self.weight, x]" })
    heavy(x: number): number {
      return this.weight * x;
    }
    @CacheDict.decorate({
      filePath,
      innerKey: function (this: Tool, x: number) {
        return ["callable", this.weight, x];
      },
    })
    light(x: number): number {
      return this.weight * x;
    }
  }
  const tool = new Tool();
  assertEquals([Tool.double(4), Tool.double(4)], [8, 8]);
  assertEquals([await tool.weigh(3), await tool.weigh(3)], [6, 6]);
  assertEquals([tool.heavy(3), tool.light(3)], [6, 6]);
  using cache = new CacheDict(filePath);
  assertEquals([cache.get(4), cache.get([2, 3]), cache.get(["callable", 2, 3])], [8, 6, 6]);
});

Deno.test("CacheDict.decorate() refuses the class as this of a static method", () => {
  class Tool {
    @CacheDict.decorate({ filePath: tempFile() })
    static double(x: number): number {
      return 2 * x;
    }
  }
  assertThrows(() => Tool.double(1), UncacheableKeyError, "this");
});

Deno.test("CacheDict.decorate() as a decorator throws a TypeError when it is put on anything but a method", () => {
  const decorate = CacheDict.decorate({ filePath: tempFile() }) as (
    value: unknown,
    context: unknown,
  ) => unknown;
  for (const kind of ["getter", "setter", "field", "accessor", "class"]) {
    const context = { kind, name: "x", static: false, private: false };
    assertThrows(() => decorate(() => 1, context), TypeError, kind);
    assertThrows(() => decorate(undefined, context), TypeError, kind);
  }
  // What TypeScript's older decorators call with.
  const legacy = decorate as (...args: unknown[]) => unknown;
  assertThrows(() => legacy({}, "method", { value: () => 1 }), TypeError, "experimentalDecorators");
});

Deno.test("CacheDict.decorate() takes a decorator of a plain call with arguments of its own", () => {
  const decorate: (fn: (x: number) => number) => (x: number) => number = CacheDict.decorate({
    filePath: tempFile(),
  });
  const [f] = [(x: number) => x].map(decorate);
  assertEquals(f!(1), 1);
});

Deno.test("CacheDict.decorate() shows calls as a CallKey", () => {
  const filePath = tempFile();
  const add = CacheDict.decorate(function add(a: number, b: number) {
    return a + b;
  }, { filePath });
  add(1, 2);
  using cache = new CacheDict(filePath);
  const [key] = [...cache.keys()];
  assert(key instanceof CallKey);
  assertEquals([key.name, key.digest, key.preview], ["add", add.keyFor(1, 2), "1, 2"]);
  assertEquals([cache.get(key), cache.has(key)], [3, true]);
  cache.set(key, 4);
  cache.flush();
  assertEquals(add(1, 2), 4);
  assert([...cache.keys()][0] instanceof CallKey);
  assertEquals([cache.delete(key), cache.size], [true, 0]);
});

Deno.test("CacheDict.decorate() keeps the preview of a call within 1 KiB", () => {
  const filePath = tempFile();
  CacheDict.decorate((text: string) => text.length, { filePath })("ä".repeat(100_000));
  using cache = new CacheDict(filePath);
  const [key] = [...cache.keys()];
  assert(key instanceof CallKey);
  assert(new TextEncoder().encode(key.preview).length <= 1024);
});

Deno.test("innerKey gives the dictionary's own key", () => {
  const filePath = tempFile();
  const options = [
    { filePath, innerKey: (x: { id: number }) => x.id },
    { filePath, innerKey: "x.id" },
    { filePath, innerKey: "args[0].id" },
  ];
  for (const option of options) {
    let evaluations = 0;
    const f = CacheDict.decorate((x: { id: number }) => {
      evaluations++;
      return x.id;
    }, option);
    assertEquals([f({ id: 7 }), f({ id: 7 }), evaluations], [7, 7, option === options[0] ? 1 : 0]);
  }
  using cache = new CacheDict(filePath);
  assertEquals([[...cache], cache.get(7)], [[[7, 7]], 7]);
});

Deno.test("innerKey works for native functions through args", () => {
  const filePath = tempFile();
  const max = CacheDict.decorate(Math.max, { filePath, innerKey: "args.toSorted()" });
  assertEquals([max(3, 1), max.has(1, 3), max.name], [3, true, "max"]);
});

Deno.test("innerKey raises UncacheableKeyError with the cause when it throws or its result has no form", () => {
  const filePath = tempFile();
  const missing = CacheDict.decorate((x: number) => x, { filePath, innerKey: "nothing" });
  assertEquals(
    (assertThrows(() => missing(1), UncacheableKeyError).cause as Error).name,
    "ReferenceError",
  );
  const throws = CacheDict.decorate((x: number) => x, {
    filePath,
    innerKey: () => {
      throw new RangeError("mine");
    },
  });
  assertThrows(() => throws(1), UncacheableKeyError, "mine");
  const late = CacheDict.decorate((x: number) => x, {
    filePath,
    innerKey: (x) => Promise.resolve(x),
  });
  assertThrows(() => late(1), UncacheableKeyError, "key");
});

Deno.test("outerKey is a constant key, whatever the arguments", () => {
  const filePath = tempFile();
  for (const outerKey of ["k", null, 0, false, { a: [1] }]) {
    let evaluations = 0;
    const f = CacheDict.decorate((_: number) => ++evaluations, { filePath, outerKey });
    assertEquals([f(1), f(2)], [1, 1]);
    using cache = new CacheDict(filePath);
    assertEquals(cache.get(outerKey), 1);
  }
});

Deno.test("outerKey stays consistent when the key object changes", () => {
  const filePath = tempFile();
  const outerKey = { n: 1 };
  const f = CacheDict.decorate(() => 1, { filePath, outerKey });
  f();
  outerKey.n = 2;
  f();
  using cache = new CacheDict(filePath);
  assertEquals([...cache.keys()], [{ n: 1 }, { n: 2 }]);
  assertEquals([cache.get({ n: 1 }), cache.get({ n: 2 })], [1, 1]);
});

Deno.test("CacheDict.decorate() throws a TypeError when options are not what they may be", () => {
  const fn = (x: number): number => x;
  const bad: unknown[] = [
    { access: "x" },
    { access: "" },
    { innerKey: "x", outerKey: 1 },
    { innerKey: () => 1, outerKey: null },
    { innerKey: 7 },
    { innerKey: null },
    { innerKey: "(" },
    { codec: "nonsense" },
    { onError: "explode" },
    { now: 7 },
    { keyOrder: "shuffle" },
    { filePath: "../a.cache" },
    { filePath: "" },
    { filePath: null },
    null,
    7,
    "a.cache",
    [],
  ];
  for (const options of bad) {
    const given = typeof options === "object" && options !== null && !Array.isArray(options)
      ? { filePath: "a.cache", ...options }
      : options;
    assertThrows(
      () => CacheDict.decorate(fn, given as object),
      TypeError,
      undefined,
      Deno.inspect(given),
    );
  }
  const untyped = CacheDict.decorate as (...args: unknown[]) => unknown;
  assertThrows(() => untyped(undefined, {}), TypeError);
  assertThrows(() => untyped(7), TypeError);
});

Deno.test("CacheDict.decorate() throws a TypeError when the default file could not tell functions apart", () => {
  const untyped = CacheDict.decorate as (fn: unknown, options?: object) => unknown;
  assertThrows(() => untyped((() => () => 1)()), TypeError, "without a name");
  assertThrows(() => untyped(Math.max), TypeError, "native or bound");
  assertThrows(() => untyped((function f() {}).bind(null)), TypeError, "native or bound");
  for (const filePath of ["_comp_cache.cache", "./_comp_cache.cache", "a/..//_comp_cache.cache"]) {
    assertThrows(() => untyped((() => () => 1)(), { filePath }), TypeError, "without a name");
  }
  untyped((() => () => 1)(), { outerKey: 1 });
  untyped(Math.max, { innerKey: "args" });
});

Deno.test("CacheDict.decorate() counts the source in the default file, also of a cached function", () => {
  config.setCacheDir(Deno.makeTempDirSync());
  const make = (body: string): (x: number) => number => {
    return new Function(`return function same(x) { return ${body} }`)();
  };
  const one = CacheDict.decorate(make("x + 1"));
  const two = CacheDict.decorate(make("x + 2"));
  assertEquals([one(1), two(1), one(1), two(1)], [2, 3, 2, 3]);
  assertEquals(CacheDict.decorate(make("x + 1")).has(1), true);
  const filePath = tempFile();
  const three = CacheDict.decorate(CacheDict.decorate(make("x + 3"), { filePath }));
  const four = CacheDict.decorate(CacheDict.decorate(make("x + 4"), { filePath: `${filePath}4` }));
  assertEquals([three(1), four(1)], [4, 5]);
  assertEquals(
    [...Deno.readDirSync(config.getCacheDir())].map(({ name }) => name),
    ["_comp_cache.cache"],
  );
});

Deno.test("CacheDict.decorate() resolves the path at the first use", () => {
  config.setCacheDir(Deno.makeTempDirSync());
  const f = CacheDict.decorate((x: number) => x, { filePath: "sub/a.cache" });
  const dir = Deno.makeTempDirSync();
  config.setCacheDir(dir);
  f(1);
  config.setCacheDir(Deno.makeTempDirSync());
  f(2);
  assertEquals(Deno.statSync(`${dir}/sub/a.cache`).isFile, true);
  assertEquals([...Deno.readDirSync(config.getCacheDir())], []);
});

Deno.test("CacheDict.decorate() creates marked directories for the owner only when it first writes", () => {
  const dir = Deno.makeTempDirSync();
  const f = CacheDict.decorate((x: number) => x, { filePath: `${dir}/a/b/c.cache` });
  assert(f.get(1) instanceof NoCache);
  assertEquals([...Deno.readDirSync(dir)], []);
  f(1);
  for (const made of [`${dir}/a`, `${dir}/a/b`]) {
    assertEquals(Deno.readTextFileSync(`${made}/.gitignore`), "*\n");
    assert(
      Deno.readTextFileSync(`${made}/CACHEDIR.TAG`).startsWith(
        "Signature: 8a477f597d28d172789f06886806bc55",
      ),
    );
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(made).mode! & 0o777, 0o700);
  }
  assertEquals([...Deno.readDirSync(dir)].length, 1);
});

Deno.test("new CacheDict().decorate() uses the dictionary's file and options", async () => {
  const filePath = tempFile();
  const cache = new CacheDict(filePath, { access: "re", onError: "ignore" });
  const f = cache.decorate((x: number) => x, { innerKey: "x" });
  assertEquals([f(1), f.has(1)], [1, false]);
  const g = cache.decorate((x: number) => x, { access: "rew", innerKey: "x" });
  g(1);
  assertEquals([f.has(1), cache.get(1)], [true, 1]);
  const symbol = Symbol();
  assertEquals(cache.decorate((x: unknown) => x)(symbol), symbol);
  const other = tempFile();
  cache.decorate((x: number) => x, { access: undefined, filePath: other, innerKey: "x" })(1);
  assertThrows(() => Deno.statSync(other), Deno.errors.NotFound);
  const cached = new CacheDict(filePath).decorate();
  class Tool {
    weight = 2;
    @cached
    weigh(x: number): number {
      return this.weight * x;
    }
  }
  assertEquals(new Tool().weigh(2), 4);
  cache[Symbol.dispose]();
  assertEquals(f(1), 1);
  await assertRejects(
    () => cache.decorate(async () => await Promise.reject(new RangeError("x")))(),
    RangeError,
  );
});

Deno.test("new CacheDict().decorate() shares its file with dictionaries of the same process", () => {
  const filePath = tempFile();
  const f = new CacheDict(filePath).decorate((x: number) => x, { innerKey: "x" });
  using cache = new CacheDict<number>(filePath);
  f(1);
  assertEquals(cache.get(1), 1);
  cache.set(2, 20);
  assert(f.get(2) instanceof NoCache);
  cache.flush();
  assertEquals(f(2), 20);
});

Deno.test("keyOrder tells the order of properties apart when it is keep", () => {
  const filePath = tempFile();
  const make = (keyOrder: "sort" | "keep") => {
    return CacheDict.decorate((x: object) => Object.keys(x), { filePath, keyOrder });
  };
  const sort = make("sort");
  assertEquals([sort({ a: 1, b: 2 }), sort({ b: 2, a: 1 })], [["a", "b"], ["a", "b"]]);
  const keep = make("keep");
  assertEquals([keep({ a: 1, b: 2 }), keep({ b: 2, a: 1 })], [["a", "b"], ["b", "a"]]);
});
