// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { entryPoints } from "./_public_api.ts";

const ROOT = new URL("../../", import.meta.url);
const CONFIG = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));

/** What all that touches a store imports. */
const STORES = [
  "@std/crypto",
  "@std/msgpack",
  "node:crypto",
  "node:path",
  "node:process",
  "node:util/types",
  "node:v8",
];

/** What each entry point imports that is no file of this package. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  ".": [...STORES, "node:timers"].sort(),
  "./async": [...STORES, "node:timers"].sort(),
  "./checkpoint": [...STORES, "@babel/parser", "eslint-scope", "node:timers", "node:util"].sort(),
  "./cli": [...STORES, "d3-hierarchy", "leven", "node:util", "string-width"].sort(),
  "./stores": [...STORES, "node:buffer"].sort(),
  "./stores/testing": ["@std/assert"],
};

/** A part of what `deno info --json` gives. */
interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly { readonly specifier: string }[];
  }[];
}

/** What a module reaches: files of this package, as paths from its root, and whatever else is named in them. */
async function reachedFrom(url: URL): Promise<{ files: string[]; foreign: string[] }> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", "--no-remote", "--no-npm", url.href],
  }).output();
  const { modules }: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const own = modules.filter(({ specifier }) => specifier.startsWith("file:"));
  assertEquals(own.filter(({ error }) => error !== undefined), []);
  const named = own.flatMap(({ dependencies = [] }) => dependencies.map((each) => each.specifier));
  return {
    files: own.map(({ specifier }) => specifier.slice(ROOT.href.length)).sort(),
    foreign: [...new Set(named.filter((name) => !name.startsWith(".")))].sort(),
  };
}

const graphs = new Map(
  await Promise.all(
    entryPoints().map(async ({ name, url }) => [name, await reachedFrom(url)] as const),
  ),
);

for (const { name } of entryPoints()) {
  const { files, foreign } = graphs.get(name)!;

  Deno.test(`entry point ${name} reaches nothing but what is pinned here and its own files`, () => {
    assertEquals(foreign, FOREIGN[name]);
  });

  Deno.test(`entry point ${name} reaches no file that is not published`, () => {
    const included: readonly string[] = CONFIG.publish.include;
    assertEquals(files.filter((path) => !included.includes(path.split("/")[0]!)), []);
  });

  Deno.test(`entry point ${name} imports nothing by a name that deno.json does not have`, () => {
    const unnamed = foreign.filter((each) =>
      !each.startsWith("node:") && !Object.hasOwn(CONFIG.imports, each)
    );
    assertEquals(unnamed, []);
  });
}

Deno.test("every published module is reached from some entry point", () => {
  const reached = new Set([...graphs.values()].flatMap(({ files }) => files));
  assert(reached.size > 300);
  assertEquals(publishedModules("src/").filter((path) => !reached.has(path)), []);
});

function publishedModules(directory: string): string[] {
  return [...Deno.readDirSync(new URL(directory, ROOT))].flatMap(({ name, isDirectory }) =>
    isDirectory ? publishedModules(`${directory}${name}/`) : [directory + name]
  );
}
