// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import { importMapArguments } from "../_deno.ts";
import { runScript } from "./_run_script.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

/** Hits, misses and stores that the file tells of. */
function totalsIn(filePath: string): number[] {
  const store = new LogStore(filePath);
  const { hits, misses, stores } = store.stats().totals.all;
  store.close();
  return [hits, misses, stores];
}

/** Calls a cached function for the numbers from 0 on, each twice. */
const CALLS = `
  const [filePath, count, totals] = Deno.args;
  const square = cache.CacheDict.decorate(function square(x) { return x * x; }, {
    filePath,
    ...totals === undefined ? {} : { totals },
  });
  for (let time = 0; time < 2; time++) {
    for (let x = 0; x < Number(count); x++) square(x);
  }`;

const PERMISSIONS = ["--allow-read", "--allow-write"];

async function run(
  source: string,
  args: readonly string[],
  permissions: readonly string[] = PERMISSIONS,
): Promise<void> {
  const result = await runScript(source, { permissions, args });
  assertEquals(result, { code: 0, stdout: "", stderr: "" });
}

Deno.test("a process that stores something adds its counts when it ends", async () => {
  const filePath = tempFile();
  await run(CALLS, [filePath, "3"]);
  assertEquals(totalsIn(filePath), [3, 3, 3]);
  await run(CALLS, [filePath, "4"]);
  assertEquals(totalsIn(filePath), [3 + 7, 4, 4]);
  const [counts] = new LogStore(filePath).stats().totals.byFunction;
  assertEquals([counts?.functionName, counts?.hits], ["square", 10]);
});

Deno.test("a process that finds everything adds its hits when it ends, unless totals says otherwise", async () => {
  const filePath = tempFile();
  await run(CALLS, [filePath, "3"]);
  const before = Deno.readFileSync(filePath);
  for (const totals of ["writers", "none"]) {
    await run(CALLS, [filePath, "3", totals]);
    assertEquals(Deno.readFileSync(filePath), before, totals);
  }
  await run(CALLS, [filePath, "3"]);
  assertEquals(totalsIn(filePath), [3 + 6, 3, 3]);
  const grown = Deno.readFileSync(filePath);
  assert(grown.length - before.length < 250, `${grown.length - before.length}`);
  assertEquals(grown.slice(0, before.length), before);
});

Deno.test("a process that looks into a dictionary leaves the file as it is, unless totals is all", async () => {
  const filePath = tempFile();
  await run(CALLS, [filePath, "3"]);
  const before = Deno.readFileSync(filePath);
  const look = `
    const [filePath, totals] = Deno.args;
    using dict = new cache.CacheDict(filePath, { totals });
    dict.get(dict.keys().next().value);`;
  await run(look, [filePath]);
  assertEquals(Deno.readFileSync(filePath), before);
  await run(look, [filePath, "all"]);
  assertEquals(totalsIn(filePath), [3 + 1, 3, 3]);
});

Deno.test("a process writes no totals without w, the permission or the file, nor with totals none", async () => {
  const filePath = tempFile();
  await run(CALLS, [filePath, "3", "none"]);
  assertEquals(totalsIn(filePath), [0, 0, 0]);
  const before = Deno.readFileSync(filePath);
  const all = CALLS.replace("filePath,\n", `filePath, access: "re",\n`);
  await run(all, [filePath, "3", "all"]);
  await run(CALLS, [filePath, "3", "all"], ["--allow-read"]);
  await run(
    `${CALLS}
    Deno.permissions.revokeSync({ name: "write" });`,
    [filePath, "3", "all"],
  );
  assertEquals(Deno.readFileSync(filePath), before);
  await run(`${CALLS} Deno.removeSync(filePath);`, [filePath, "4"]);
  assertEquals([...Deno.readDirSync(filePath.replace(/a\.cache$/, ""))], []);
});

Deno.test("totals are written also when a process calls Deno.exit(), or nobody catches its error", async () => {
  for (const [end, code] of [["Deno.exit(0);", 0], [`throw new Error("mine");`, 1]] as const) {
    const filePath = tempFile();
    const result = await runScript(`${CALLS} ${end}`, {
      permissions: PERMISSIONS,
      args: [filePath, "3"],
    });
    assertEquals([result.code, totalsIn(filePath)], [code, [3, 3, 3]]);
  }
});

Deno.test("what the end of the process commits is counted, too", async () => {
  const filePath = tempFile();
  await run(`const dict = new cache.CacheDict(Deno.args[0]); dict.get("x"); dict.set("x", 1);`, [
    filePath,
  ]);
  assertEquals(totalsIn(filePath), [0, 1, 1]);
});

Deno.test("the totals of processes that run at once add up", async () => {
  const filePath = tempFile();
  const script = Deno.makeTempFileSync({ suffix: ".ts" });
  const entry = JSON.stringify(new URL("../../mod.ts", import.meta.url).href);
  // Each has keys of its own, and stores when the others do. The end of one may fall into a commit of another: so it tries again.
  Deno.writeTextFileSync(
    script,
    `import { CacheDict } from ${entry};
    const [filePath, name] = Deno.args;
    const f = CacheDict.decorate(function f(key, x) { return key + x; }, { filePath });
    for (let x = 0; x < 300; x++) { f(name, x); f(name, x); }`,
  );
  const children = ["a", "b", "c", "d"].map((name) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        ...importMapArguments(),
        "--allow-read",
        "--allow-write",
        script,
        filePath,
        name,
      ],
    }).output()
  );
  for (const { success } of await Promise.all(children)) assert(success);
  const [hits, misses, stores] = totalsIn(filePath);
  // Those who ended while another one held the lock have written with their 256th commit, and then no more.
  assert(hits! <= 1200 && hits! >= 4 * 255 && misses! <= 1200 && stores! <= 1200, `${hits}`);
  assertEquals(new CacheDict(filePath).size, 1200);
});

Deno.test("a process that is killed takes some counts with it, and nothing else", async () => {
  const filePath = tempFile();
  const source = `${CALLS} Deno.kill(Deno.pid, "SIGKILL");`;
  const permissions = [...PERMISSIONS, "--allow-run"];
  const { code } = await runScript(source, { permissions, args: [filePath, "300"] });
  assertEquals(code, 137);
  const [hits, misses, stores] = totalsIn(filePath);
  assertEquals([hits, misses, stores], [0, 256, 255]);
  await run(CALLS, [filePath, "301"]);
  assertEquals(totalsIn(filePath), [601 - 300 + 300, 257, 256]);
});

Deno.test("stats() has in total what the file tells, and what this process has counted", () => {
  const filePath = tempFile();
  const store = new LogStore(filePath);
  const f = CacheDict.decorate(function f(x: number) {
    return x;
  }, { filePath });
  f(1);
  store.count([
    { functionName: "f", hits: 100, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 5 },
    { functionName: "g", hits: 1000, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 5 },
  ]);
  store.saveCounts();
  f(1);
  const { session, total } = f.stats();
  assertEquals([session.hits, total?.hits, total?.misses], [1, 101, 1]);
  assertEquals(new CacheDict(filePath).stats().total?.hits, 1101);
  // Whatever is told to the store on the way is not counted twice.
  for (let x = 0; x < 600; x++) f(x);
  assertEquals([f.stats().session.stores, f.stats().total?.stores], [600, 600]);
  assertEquals([f.stats().total?.hits, totalsIn(filePath)[0]! >= 1101], [102, true]);
});

Deno.test("counts go along with a commit after ten seconds by the clock of the options", () => {
  let now = 1_000_000;
  const filePath = tempFile();
  const f = CacheDict.decorate(function f(x: number) {
    return x;
  }, { filePath, now: () => now });
  f(1);
  f(1);
  now += 9_999;
  f(2);
  assertEquals(totalsIn(filePath), [0, 0, 0]);
  now += 1;
  f(3);
  assertEquals(totalsIn(filePath), [1, 3, 2]);
});

Deno.test("nothing is kept until the end of the process for stores that have no totals, or are gone", async () => {
  const stores = new URL("../../src/stores/mod.ts", import.meta.url).href;
  const { code, stdout, stderr } = await runScript(
    `
    const { LogStore, MemoryStore } = await import(${JSON.stringify(stores)});
    const listening = new Set();
    const { addEventListener, removeEventListener } = globalThis;
    globalThis.addEventListener = (type, ...rest) => {
      listening.add(type);
      addEventListener(type, ...rest);
    };
    globalThis.removeEventListener = (type, ...rest) => {
      listening.delete(type);
      removeEventListener(type, ...rest);
    };
    const use = (store) => {
      const same = cache.CacheDict.decorate((x) => x, { store });
      for (let i = 0; i < 3; i++) same(1);
    };
    use(new MemoryStore());
    console.log(listening.size);
    (() => use(new LogStore(Deno.makeTempDirSync() + "/a.cache")))();
    console.log(listening.size);
    for (let i = 0; i < 100 && listening.size > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      gc();
    }
    console.log(listening.size);
    `,
    { permissions: ["-A", "--v8-flags=--expose-gc"] },
  );
  assertEquals([stdout.split("\n").slice(0, 3), code, stderr], [["0", "3", "0"], 0, ""]);
});
