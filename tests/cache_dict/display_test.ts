// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { CacheDict, type CacheStats } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { collectWarnings } from "../_collect_warnings.ts";
import { Kernel, PYTHON } from "../checkpoint/cases/_kernel.ts";
import { Project } from "../checkpoint/cases/_project.ts";
import { assertHarmless } from "../display/_html.ts";

async function display(cache: CacheDict | CacheStats): Promise<Record<string, string>> {
  const show = Reflect.get(cache, Symbol.for("Jupyter.display")) as () => Promise<
    Record<string, string>
  >;
  return await show.call(cache);
}

function fill(count: number): CacheDict {
  const cache = new CacheDict(undefined, { store: new MemoryStore(), writeThrough: true });
  for (let number = 0; number < count; number++) cache.set(number, `value ${number}`);
  return cache;
}

Deno.test("CacheDict shows its first entries in a notebook, what is pending too", async () => {
  const store = new MemoryStore();
  const cache = new CacheDict(undefined, { store });
  const square = cache.decorate(function square(x: number) {
    return x * x;
  });
  square(3);
  cache.set("<b>", { a: 1 });
  const bundle = await display(cache);
  const [title, head, ...rows] = bundle["text/plain"]!.split("\n");
  assertEquals([title, head?.split(/ +/)], [
    "CacheDict(2) in memory",
    ["key", "value", "size", "age", "function"],
  ]);
  assertEquals(rows.map((row) => row.split(/ {2,}/).filter((_, index) => index !== 3)), [
    ["square(3)", "9", "1 B", "square"],
    [`"<b>"`, "{ a: 1 }", "7 B"],
  ]);
  assertStringIncludes(assertHarmless(bundle["text/html"]!), "&quot;&lt;b&gt;&quot;");
  const { session } = cache.stats();
  assertEquals([session.hits, session.misses], [0, 1], "to be shown is no use");
});

Deno.test("CacheDict shows fifty entries, and how many more there are", async () => {
  const { "text/plain": plain, "text/html": html } = await display(fill(1050));
  const lines = plain!.split("\n");
  assertEquals([lines.length, lines[0], lines.at(-1)], [
    53,
    "CacheDict(1,050) in memory",
    "… and 1,000 more",
  ]);
  assertEquals(assertHarmless(html!).includes("value 49"), true);
  assert(!html!.includes("value 50"));
  const few = (await display(fill(50)))["text/plain"]!;
  assert(!few.includes("more"));
});

Deno.test("CacheDict shows streams as such, and no chunks, samples and errors of functions", async () => {
  const cache = fill(1);
  const count = cache.decorate(function* count(to: number) {
    for (let n = 0; n < to; n++) yield n;
  });
  const load = cache.decorate(async function load(url: string) {
    return await Promise.resolve(new Response(url).body!);
  });
  const draw = cache.decorate(function draw(sides: number) {
    return sides + 1;
  }, { samples: 3 });
  const parse = cache.decorate(function parse(text: string) {
    if (text === "") throw new SyntaxError("empty");
    return Number(text);
  }, { cacheErrors: () => true });
  assertEquals([...count(3)], [0, 1, 2]);
  assertEquals(await new Response(await load("a:")).text(), "a:");
  assertEquals([draw(20), draw(20), draw(20)], [21, 21, 21]);
  assertThrows(() => parse(""), SyntaxError);
  assertEquals(parse("3"), 3);

  const { "text/plain": plain, "text/html": html } = await display(cache);
  const [title, , ...rows] = plain!.split("\n");
  assertEquals(title, "CacheDict(5) in memory");
  assertEquals(rows.map((row) => row.split(/ {2,}/).slice(0, 2)), [
    ["0", `"value 0"`],
    ["count(3)", "(a stream)"],
    [`load("a:")`, "(a stream)"],
    ["draw(20)", "21"],
    [`parse("3")`, "3"],
  ]);
  assertHarmless(html!);
});

Deno.test("CacheDict shows what is in the current directory by its path from there on", async () => {
  const filePath = join(Deno.cwd(), "nowhere", "<b>.cache");
  const cache = new CacheDict(filePath);
  const { "text/plain": plain, "text/html": html } = await display(cache);
  const shown = join("nowhere", "<b>.cache");
  assertEquals([plain, assertHarmless(html!).trim()], [
    `CacheDict(0) in ${shown}`,
    `CacheDict(0) in ${shown.replace("<b>", "&lt;b&gt;")}`,
  ]);
  const bundle = await display(cache.stats());
  const [first, room] = bundle["text/plain"]!.split("\n");
  assertEquals([first, room], [
    `CacheStats of ${shown}`,
    "0 entries, 0 B (0 B live, 0 B dead)",
  ]);
  assertStringIncludes(assertHarmless(bundle["text/html"]!), "0 hits, 0 misses");
  assertStringIncludes(String(cache.stats()), filePath);
});

Deno.test("CacheDict does not decode large values to show them", async () => {
  const cache = fill(0);
  cache.set("large", "x".repeat(70_000)).set("small", "y".repeat(60_000));
  const { "text/plain": plain } = await display(cache);
  assertStringIncludes(plain!, "(too long to be shown)");
  assertStringIncludes(plain!, `"yyyy`);
});

Deno.test("CacheDict shows why it can't be shown, and never throws", async () => {
  const filePath = `${Deno.makeTempDirSync()}/<b>.cache`;
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const foreign = await display(new CacheDict(filePath));
  assertStringIncludes(foreign["text/plain"]!, "Cannot show CacheDict: Cannot open cache: not a");
  assertHarmless(foreign["text/html"]!);
  const left = fill(1);
  left[Symbol.dispose]();
  assertStringIncludes((await display(left))["text/plain"]!, "its block has been left");

  const path = `${Deno.makeTempDirSync()}/a.cache`;
  const cache = new CacheDict(path, { writeThrough: true });
  cache.set("x", "long ".repeat(100)).set("y", 1);
  const bytes = Deno.readFileSync(path);
  bytes[bytes.indexOf(0x6c, 300) + 20]! ^= 1;
  Deno.writeFileSync(path, bytes);
  using warnings = collectWarnings();
  const damaged = await display(new CacheDict(path));
  assertStringIncludes(damaged["text/plain"]!, `"y"`);
  assertStringIncludes(damaged["text/plain"]!, "(unreadable)");
  assertEquals(warnings.lines.length, 1);
});

Deno.test({
  name: "a notebook is given HTML and text of a CacheDict and of stats",
  ignore: isWithoutJupyter(),
  async fn() {
    using kernel = new Kernel();
    using project = new Project();
    project.write({});
    const { folder } = project;
    const { imports } = JSON.parse(Deno.readTextFileSync(join(folder, "deno.json")));
    // Beside what the project imports by the name of the package.
    const entry = new URL("../cache_dict/cache_dict.ts", imports["@pecapiku/cache/checkpoint"]);
    const cells = [
      `import { CacheDict } from ${JSON.stringify(entry.href)};
      const cache = new CacheDict(${JSON.stringify(join(folder, "a.cache"))});
      const square = cache.decorate(function square(x) { return x * x; });
      [square(3), square(3)];
      cache.set("<b>", 1);
      undefined;`,
      `cache`,
      `square.stats()`,
    ];
    const [[output] = []] = await kernel.run(folder, [[cells]], true);
    assertEquals(output?.err, "");
    const shown = output!.shown!.filter((data) => "text/html" in data);
    assertEquals(shown.map((data) => Object.keys(data).sort()), [
      ["text/html", "text/plain"],
      ["text/html", "text/plain"],
    ]);
    const [table, stats] = shown as [Record<string, string>, Record<string, string>];
    assertStringIncludes(table["text/plain"]!, "square(3)");
    assertStringIncludes(assertHarmless(table["text/html"]!), "&quot;&lt;b&gt;&quot;");
    assertStringIncludes(stats["text/plain"]!, "CacheStats of square in ");
    assertStringIncludes(stats["text/html"]!, "<svg ");
  },
});

function isWithoutJupyter(): boolean {
  if (PYTHON !== undefined) return false;
  console.log(
    "The display in notebooks is not tested: no Jupyter here (apt-get install python3-nbclient jupyter-client)",
  );
  return true;
}
