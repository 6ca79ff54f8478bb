// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { filesOf, script, testSteps } from "./_cases.ts";
import { type Files, Project, type Run } from "./_project.ts";
import { putPackage, Registry } from "./_registry.ts";

const main = (specifier: string, code = "return h(a);") =>
  filesOf(script(`import { h } from "${specifier}";
    function foo(a) { console.log("run"); ${code} }`));

/** How the version of a package is chosen: files, and what has to be done to them before they are run. */
interface Choice {
  readonly name: string;
  readonly files: (version: string, registry: Registry) => Files;
  readonly prepare?: (project: Project, version: string) => Promise<void>;
}

const CHOICES: readonly Choice[] = [
  { name: "r11 in the file", files: (version) => main(`npm:@cases/pkg@${version}`) },
  {
    name: "r11 in the file, with a slash",
    files: (version) => main(`npm:/@cases/pkg@${version}`),
  },
  {
    name: "r11 in the file of a helper",
    files: (version) => ({
      ...main("./h.ts"),
      "h.ts":
        `import { h as inner } from "npm:@cases/pkg@${version}"; export const h = (x) => inner(x);`,
    }),
  },
  {
    name: "r11 through a barrel of the user's own",
    files: (version) => ({
      ...main("./h.ts"),
      "h.ts": `export * from "npm:@cases/pkg@${version}";`,
    }),
  },
  {
    name: "r11 by the import map",
    files: (version) => ({
      ...main("pkg"),
      "deno.json": `{ "imports": { "pkg": "npm:@cases/pkg@${version}" } }`,
    }),
  },
  {
    name: "r11 by an import map that has a file of its own",
    files: (version) => ({
      ...main("pkg"),
      "import_map.json": `{ "imports": { "pkg": "npm:@cases/pkg@${version}" } }`,
      "deno.json": `{ "importMap": "import_map.json" }`,
    }),
  },
  {
    name: "r11 a range in the file, by deno.lock",
    files: (version, registry) => ({
      ...main("npm:@cases/pkg@^1"),
      "deno.json": `{ "lock": true }`,
      "deno.lock": registry.lock("npm:@cases/pkg@1", version),
    }),
  },
  {
    name: "r11 a range in the import map, by deno.lock",
    files: (version, registry) => ({
      ...main("pkg"),
      "deno.json": `{ "lock": true, "imports": { "pkg": "npm:@cases/pkg@^1.0.0" } }`,
      "deno.lock": registry.lock("npm:@cases/pkg@1.0.0", version),
    }),
  },
  {
    name: "r11 no version, by a deno.lock of another name",
    files: (version, registry) => ({
      ...main("npm:@cases/pkg"),
      "deno.json": `{ "lock": "./other.lock" }`,
      "other.lock": registry.lock("npm:@cases/pkg@*", version),
    }),
  },
  {
    name: "r11 by package.json and node_modules",
    files: (version) => ({
      ...main("@cases/pkg"),
      "deno.json": `{ "nodeModulesDir": "auto" }`,
      "package.json": `{ "dependencies": { "@cases/pkg": "${version}" } }`,
    }),
  },
  {
    name: "r11 a range, by node_modules",
    files: () => ({ ...main("npm:@cases/pkg@^1"), "deno.json": `{ "nodeModulesDir": "manual" }` }),
    prepare: installed,
  },
  {
    name: "r11 a range in package.json, by node_modules",
    files: () => ({
      ...main("@cases/pkg"),
      "deno.json": `{ "nodeModulesDir": "manual" }`,
      "package.json": `{ "dependencies": { "@cases/pkg": "^1.0.0" } }`,
    }),
    prepare: installed,
  },
];

/** Has all packages in `node_modules`, and this one in one version. */
async function installed(project: Project, version: string): Promise<void> {
  const config = `${project.folder}/deno.json`;
  const manual = Deno.readTextFileSync(config);
  Deno.writeTextFileSync(config, manual.replace(`"manual"`, `"auto"`));
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--entrypoint", "main.ts"],
    cwd: project.folder,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  Deno.writeTextFileSync(config, manual);
  putPackage(project, version);
}

testSteps(
  "checkpoint() runs again when a package has another version",
  CHOICES.map(({ name, files, prepare }) => ({
    name,
    async check(project: Project, registry: Registry) {
      const expected: [string, number, string][] = [
        ["1.0.0", 1, "2"],
        ["1.0.1", 1, "3"],
        ["1.0.0", 0, "2"],
        ["1.0.1", 0, "3"],
      ];
      for (const [version, ran, printed] of expected) {
        project.write({ ".npmrc": registry.npmrc, ...files(version, registry) });
        await prepare?.(project, version);
        assertRan(await project.run(), ran, printed);
      }
    },
  })),
  withRegistry,
);

testSteps("checkpoint() skips when the version of a package is the same, or is not used", [
  {
    name: "r11 a range and a version, which are the same",
    async check(project: Project, registry: Registry) {
      const npmrc = { ".npmrc": registry.npmrc };
      project.write({
        ...main("npm:@cases/pkg@^1"),
        ...npmrc,
        "deno.json": `{ "lock": true }`,
        "deno.lock": registry.lock("npm:@cases/pkg@1", "1.0.0"),
      });
      assertRan(await project.run(), 1, "2");
      project.write({ ...main("npm:@cases/pkg@1.0.0"), ...npmrc });
      assertRan(await project.run(), 0, "2");
    },
  },
  {
    name: "r11 a range, of which nothing is written anywhere, and the version that is loaded",
    async check(project: Project, registry: Registry) {
      const npmrc = { ".npmrc": registry.npmrc };
      project.write({ ...main("npm:@cases/pkg@^1"), ...npmrc });
      assertRan(await project.run(), 1, "3");
      project.write({ ...main("npm:@cases/pkg@1.0.1"), ...npmrc });
      assertRan(await project.run(), 0, "3");
    },
  },
  {
    name: "r11 another name in the import map",
    async check(project: Project, registry: Registry) {
      for (const [name, ran] of [["one", 1], ["two", 0]] as const) {
        project.write({
          ...main(name),
          ".npmrc": registry.npmrc,
          "deno.json": `{ "imports": { "${name}": "npm:@cases/pkg@1.0.0" } }`,
        });
        assertRan(await project.run(), ran, "2");
      }
    },
  },
  {
    name: "r11 a package that the function does not use",
    async check(project: Project, registry: Registry) {
      for (const [version, ran] of [["1.0.0", 1], ["1.0.1", 0]] as const) {
        project.write({
          ...main(`npm:@cases/pkg@${version}`, "return a + 1;"),
          ".npmrc": registry.npmrc,
        });
        assertRan(await project.run(), ran, "2");
      }
    },
  },
], withRegistry);

testSteps("checkpoint() evaluates and warns when the version of a package can't be resolved", [{
  name: "r11 a module of the network whose URL says no version",
  async check(project: Project, registry: Registry) {
    const options = { permissions: ["-R", "-W", `--allow-import=${registry.host}`] };
    const write = (decorator: string) =>
      project.write(filesOf(`import { h } from "${registry.module}";
        const foo = ${decorator}(function foo(a) { console.log("run"); return h(a); });
        console.log(foo(1)); console.log(foo(1));`));
    write("checkpoint");
    for (const _ of [1, 2]) {
      const { warned, ...run } = await project.run(options);
      assertEquals(run, { code: 0, ran: 2, printed: "2\n2" });
      assertStringIncludes(warned, registry.module);
      assertStringIncludes(warned, "uses");
    }
    write("checkpoint({ uses: () => ({}) })");
    assertRan(await project.run(options), 1, "2\n2");
    assertRan(await project.run(options), 0, "2\n2");
  },
}], withRegistry);

async function withRegistry(
  { check }: { readonly check: (project: Project, registry: Registry) => Promise<void> },
): Promise<void> {
  await using registry = new Registry();
  using project = new Project();
  await check(project, registry);
}

function assertRan(run: Run, ran: number, printed: string): void {
  assertEquals(run, { code: 0, ran, printed, warned: "" });
}
