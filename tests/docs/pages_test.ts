// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { dirname, fromFileUrl, join, normalize } from "@std/path";
import { blockOf, blocksOf, pages, proseOf, ROOT, textOf } from "./_pages.ts";
import { PageProject } from "./_project.ts";

const DIRECTORY = fromFileUrl(ROOT);

/** The blocks that `deno test --doc` does not run, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "README.md: ts ignore": "takes half a minute: first_script_test.ts runs and interrupts it",
  "docs/invalidation.md: ts ignore lib/rates.ts": "a file of a project: explain_test.ts runs it",
  "docs/invalidation.md: ts ignore interest.ts": "a file of a project: explain_test.ts runs it",
  "docs/stores.md: ts ignore own-store":
    "goes with the block above it: own_store_test.ts runs both",
  "docs/stores.md: ts ignore own-bytes":
    "goes with the block above it: own_store_test.ts runs both",
};

/** The name that a heading has in links: as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
}

function anchorsIn(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of proseOf(page).matchAll(/^#+ (.+)$/gm)) {
    const anchor = anchorOf(heading!);
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}

Deno.test("every relative link of a page leads to a file, and to a heading in it", () => {
  const broken: string[] = [];
  let count = 0;
  for (const page of pages()) {
    // Without code, which may look like a link.
    const prose = proseOf(page).replaceAll(/`[^`]+`/g, "");
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) {
        if (!target!.startsWith("https://")) broken.push(`${page}: ${target}`);
        continue;
      }
      count++;
      const [path, anchor] = target!.split("#") as [string, string?];
      const file = path === "" ? page : normalize(join(dirname(page), path));
      const isThere = !file.startsWith("..") && existsSync(join(DIRECTORY, file));
      if (!isThere || (anchor !== undefined && !anchorsIn(file).has(anchor))) {
        broken.push(`${page}: ${target}`);
      }
    }
  }
  assert(count > 50);
  assertEquals(broken, []);
});

Deno.test("every page in docs is listed in the README", () => {
  const links = new Set(
    [...proseOf("README.md").matchAll(/\]\(\.\/([^)#]+)/g)].map(([, to]) => to),
  );
  for (const page of pages()) {
    if (page !== "README.md") assert(links.has(page), page);
  }
});

Deno.test("every block of code is run, but for those that say why not", () => {
  const blocks = pages().flatMap(blocksOf);
  const ignored = blocks.filter(({ info }) => /\bignore\b/.test(info))
    .map(({ page, info }) => `${page}: ${info}`);
  assertEquals(ignored.sort(), Object.keys(NOT_RUN).sort());
  // By another word, a block would be run by nobody.
  for (const { page, line, info } of blocks) {
    assert(/^(ts|sh|text|json)( |$)/.test(info), `${page}:${line}: ${info}`);
    // What tools/run.ts has tested.
    const isTested = page === "README.md" || page.startsWith("docs/");
    assert(isTested || !info.startsWith("ts"), `${page}:${line}: ${info}`);
  }
  assert(blocks.filter(({ info }) => /^ts(?! ignore)/.test(info)).length > 25);
});

Deno.test("every block of code imports by the name of a package", () => {
  for (const { page, line, info, code } of pages().flatMap(blocksOf)) {
    if (!info.startsWith("ts")) continue;
    const specifiers = [...code.matchAll(/(?:\bfrom |\bimport\(|^import )"([^"]+)"/gm)]
      .map(([, specifier]) => specifier!);
    for (const specifier of specifiers) {
      const isName = /^(@pecapiku\/cache|@std\/[a-z]+|node:[a-z0-9]+)(\/|$)/.test(specifier) ||
        /^npm:[a-z0-9@/-]+@\d+\.\d+\.\d+$/.test(specifier);
      const isInProject = info.endsWith(".ts") && specifier.startsWith("./");
      assert(isName || isInProject, `${page}:${line}: ${specifier}`);
    }
  }
});

Deno.test("the blocks of code that are not run by themselves have no wrong types", async () => {
  const modules = {
    "primes.ts": blockOf("README.md", "ts ignore"),
    "lib/rates.ts": blockOf("docs/invalidation.md", "ts ignore lib/rates.ts"),
    "interest.ts": blockOf("docs/invalidation.md", "ts ignore interest.ts"),
    "own_store.ts": blockOf("docs/stores.md", "ts own-store") +
      blockOf("docs/stores.md", "ts ignore own-store"),
    "own_bytes.ts": blockOf("docs/stores.md", "ts own-bytes") +
      blockOf("docs/stores.md", "ts ignore own-bytes"),
  };
  using project = new PageProject();
  project.write(modules);
  const { success, stderr } = await project.command("check", ...Object.keys(modules)).output();
  assert(success, new TextDecoder().decode(stderr));
});

Deno.test("every file that the map and the architecture name is there", () => {
  const files = filesBelow("src/").concat(filesBelow("tests/"), filesBelow("tools/"));
  const all = new Set([...files, ...filesBelow("examples/"), "mod.ts"]);
  const named = ["CONTRIBUTING.md", "docs/architecture.md"].flatMap((page) =>
    [...textOf(page).matchAll(/`((?:[\w.-]+\/)*[\w*.-]+\.(?:ts|js|json|ipynb|md))`/g)]
      .map(([, name]) => name!)
  ).concat(
    [...textOf("CONTRIBUTING.md").matchAll(/\b((?:tests|tools|examples)\/[\w./-]+\.\w+)/g)]
      .map(([, name]) => name!),
  );
  assert(named.length > 100);
  const missing = named.filter((name) => {
    if (name.endsWith(".md")) return !existsSync(join(DIRECTORY, name));
    const pattern = new RegExp(`(^|/)${name.replaceAll(".", "\\.").replaceAll("*", ".+")}$`);
    return ![...all].some((path) => pattern.test(path));
  });
  assertEquals(missing, []);
});

Deno.test("every directory of src is on the map", () => {
  const rows = [...textOf("CONTRIBUTING.md").matchAll(/^\| (`[a-z_]+\/`(?:, `[a-z_]+\/`)*) +\|/gm)];
  const onMap = rows.flatMap(([, names]) => names!.replaceAll(/[`/ ]/g, "").split(","));
  const there = Array.from(Deno.readDirSync(new URL("src/", ROOT)))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assertEquals(onMap.sort(), there.sort());
});

Deno.test("the README begins with the two commands, and is short enough to be read", () => {
  const readme = textOf("README.md");
  const [first] = blocksOf("README.md");
  assertEquals(first!.code, "npx -y deno@2.9.6 task demo\nnpx -y deno@2.9.6 task test\n");
  assertMatch(readme, /^# .+\n\n(?:\S.*\n)+\n## Try it\n\n\S.*\n\n```sh\n/);
  assert(readme.split("\n").length <= 260);
  assert(textOf("CONTRIBUTING.md").split("\n").length <= 101);
});

Deno.test("the picture of the demo shows the text in the README", () => {
  const text = blocksOf("README.md").find(({ code }) => code.startsWith("Near duplicates"))!.code;
  const lines = text.split("\n").filter((line) => line !== "");
  const svg = textOf("docs/images/demo.svg");
  const drawn = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, content]) =>
    content!.replaceAll("\u00a0", " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&")
  );
  assertEquals(drawn, ["$ deno task demo", ...lines]);
});

function filesBelow(directory: string): string[] {
  return Array.from(Deno.readDirSync(new URL(directory, ROOT))).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${directory}${name}/`) : [`${directory}${name}`]
  );
}
