// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { callers, isSessionModule, mainModule } from "../../src/code/callers.ts";
import { fileUrl, pathOfFile } from "../../src/code/_read_source.ts";
import { Project, source } from "./_project.ts";

const IMPORT = `import { callers, mainModule } from ${source("callers.ts")};`;

function makes(): ReturnType<typeof callers> {
  return callers();
}

Deno.test("callers() names the modules and functions on the stack, the innermost first", () => {
  const { modules, functions, inSession } = makes();
  assertEquals(modules, [import.meta.url]);
  assertEquals(functions[0], "makes");
  assertEquals(inSession, false);
});

Deno.test("callers() gives the same whatever a program has set for stack traces", () => {
  const usual = makes();
  const { prepareStackTrace, stackTraceLimit } = Error as unknown as Record<string, unknown>;
  const set = (values: Record<string, unknown>): void => void Object.assign(Error, values);
  try {
    for (
      const values of [
        { prepareStackTrace: () => 42 },
        { prepareStackTrace: (_: unknown, sites: unknown) => sites },
        { prepareStackTrace: () => assert(false) },
        { stackTraceLimit: 0 },
        { stackTraceLimit: "none" },
        { stackTraceLimit: undefined },
      ]
    ) {
      set(values);
      assertEquals(makes(), usual);
      for (const [name, value] of Object.entries(values)) {
        assertEquals((Error as unknown as Record<string, unknown>)[name], value);
      }
      set({ prepareStackTrace, stackTraceLimit });
    }
  } finally {
    set({ prepareStackTrace, stackTraceLimit });
  }
});

Deno.test("callers() passes over the platform, code made of strings, and modules that are no files", async () => {
  const [inArray] = [1].map(() => callers());
  assertEquals(inArray?.modules, [import.meta.url]);
  const made = new Function("f", "return f()")(callers);
  assertEquals(made.modules, [import.meta.url]);
  const remote = await import("data:text/javascript,export const call = (f) => f();");
  assertEquals(remote.call(callers).modules, [import.meta.url]);
});

Deno.test("callers() and mainModule() need no permission, and give URLs of files with any name", async () => {
  using project = new Project();
  const odd = Deno.build.os === "windows" ? "a%20b #c.ts" : "a%20b #c?d.ts";
  const url = JSON.stringify(`${project.url}${encodeURIComponent(odd)}`);
  project.write({
    "deno.json": { imports: project.imports() },
    [odd]: `${IMPORT} export function inner() { return callers(); }`,
    "main.ts": `${IMPORT}
      const { inner } = await import(${url});
      class K { make() { return inner(); } static #p() { return new K().make(); } static q() { return K.#p(); } }
      console.log(JSON.stringify([K.q(), mainModule(), Deno.permissions.querySync({ name: "read" }).state]));
      Object.freeze(Error);
      console.log(JSON.stringify(new K().make()));`,
  });
  const output = await project.run("main.ts", {
    permissions: ["--no-prompt", `--allow-import`, `--allow-read=${project.path}/${odd}`],
  });
  const [first, second] = output.trim().split("\n").map((line) => JSON.parse(line));
  const [found, main, state] = first;
  assertEquals([main, state], [`${project.url}main.ts`, "prompt"]);
  assertEquals(found, {
    modules: [`${project.url}${encodeURIComponent(odd)}`, `${project.url}main.ts`],
    inSession: false,
    functions: ["inner", "make", "#p", "q"],
  });
  // Where Error is frozen, only the text of the stack is left, and that is not so sure of odd names.
  assertEquals([second.functions, second.modules.at(-1)], [
    ["inner", "make"],
    `${project.url}main.ts`,
  ]);
});

Deno.test("callers() knows the cells of the REPL", async () => {
  using project = new Project();
  project.write({
    "deno.json": { imports: project.imports() },
    "made.ts": `${IMPORT} export const make = (f) => f();`,
  });
  const output = await project.run("", {
    command: "repl",
    flags: ["--quiet"],
    input: `${IMPORT} import { make } from "./made.ts"; const show = (c) => JSON.stringify(c)
show(callers())
function g() { return callers() }
show(g())
show([1].map(() => g())[0])
const h = async () => { await 1; return g() }; show(await h())
show(make(g))
mainModule()
`,
  });
  const lines = output.split("\n").filter((line) => line.startsWith("'{")).map((line) =>
    JSON.parse(line.slice(1, -1))
  );
  assertEquals(lines.map(({ functions }) => functions), [
    [],
    ["g"],
    ["g", ""],
    ["g", "h"],
    ["g", "make"],
  ]);
  assert(lines.every(({ inSession }) => inSession));
  assertEquals(lines.map(({ modules }) => modules), [[], [], [], [], [`${project.url}made.ts`]]);
  assert(output.includes("$deno$repl.mts"));
});

Deno.test("isSessionModule() tells a session from a module of nearly that name", () => {
  assert(
    isSessionModule("file:///p/$deno$repl.mts") &&
      isSessionModule("file:///p/$deno$jupyter_repl.mts"),
  );
  for (
    const url of [
      undefined,
      "file:///p/$deno$eval.mts",
      "file:///p/a$deno$repl.mts",
      "file:///p/$deno$repl.mts/x.ts",
    ]
  ) {
    assert(!isSessionModule(url), url);
  }
  assertEquals(isSessionModule(mainModule()), false);
});

Deno.test("fileUrl() gives a URL that leads back to the path", {
  ignore: Deno.build.os === "windows",
}, () => {
  for (
    const path of ["/a/b.ts", "/a b/c%20d/é/e#f?g.ts", "/a\\b", "/a\nb\tc", "/%"]
  ) {
    assertEquals(pathOfFile(fileUrl(path)), path);
  }
  for (const url of ["https://x/a.ts", "file://host/a.ts", "file:///%ff", "node:fs"]) {
    assertEquals(pathOfFile(url), undefined, url);
  }
});
