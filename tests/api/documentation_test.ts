// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { entryPoints } from "./_public_api.ts";

/** What is said about something. */
interface JsDoc {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

/** A member of a class or an interface. */
interface Member {
  readonly name?: string;
  readonly accessibility?: string;
  readonly jsDoc?: JsDoc;
  readonly hasBody?: boolean;
  readonly functionDef?: { readonly hasBody?: boolean };
}

/** A part of what `deno doc --json` gives. */
interface Documentation {
  readonly nodes: Record<string, {
    readonly module_doc: JsDoc;
    readonly symbols: readonly {
      readonly name: string;
      readonly declarations: readonly {
        readonly kind: string;
        readonly jsDoc?: JsDoc;
        readonly def?: Record<string, unknown> & { readonly hasBody?: boolean };
      }[];
    }[];
  }>;
}

/** Something that is exported, or a part of it, and what is said about it. */
interface Documented {
  readonly name: string;
  readonly kind: string;
  readonly jsDoc: JsDoc;
}

/** The parts of a class or an interface that have documentation of their own. */
const MEMBERS = ["properties", "methods", "constructors", "callSignatures", "indexSignatures"];

/** What has no example that could run: it needs a server, or is only ever read. The interface belongs to a class, which has one. */
const WITHOUT_EXAMPLE = [
  "function objectStore",
  "function redisStore",
  "interface DecoratorCheckpoint",
  "interface FailedCallOptions",
  "typeAlias DirectoryDiskFile",
  "typeAlias DiskFile",
  "typeAlias DiskFileInfo",
];

/** Hooks that the platform calls. */
const HOOK = /^\[Symbol\.for\("(?:Deno\.|Jupyter\.|nodejs\.|pecapiku\.)/;

async function documentationOf(url: URL): Promise<{ module: JsDoc; exports: Documented[] }> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "--no-config", "--no-remote", "--no-npm", url.href],
  }).output();
  const { nodes }: Documentation = JSON.parse(new TextDecoder().decode(stdout));
  const { module_doc: module, symbols } = nodes[url.href]!;
  const exports = symbols.flatMap(({ name, declarations }) =>
    declarations
      // Nobody sees the signature that a function with overloads is written with.
      .filter(({ def }) => declarations.length === 1 || def?.hasBody !== true)
      .flatMap(({ kind, jsDoc = {}, def = {} }) => [
        { name, kind, jsDoc },
        ...MEMBERS.flatMap((group) => membersOf(name, `${kind} ${group}`, def[group])),
      ])
  );
  return { module, exports };
}

function membersOf(owner: string, kind: string, members: unknown): Documented[] {
  const seen = (members ?? []) as readonly Member[];
  return seen
    .filter((member) => member.accessibility !== "private")
    .filter((member) =>
      !(member.functionDef?.hasBody ?? member.hasBody ?? false) ||
      seen.filter(({ name }) => name === member.name).length === 1
    )
    .map(({ name = kind, jsDoc = {} }) => ({ name: `${owner}.${name}`, kind, jsDoc }));
}

function examplesIn({ tags = [] }: JsDoc): string[] {
  return tags.filter(({ kind }) => kind === "example").map(({ doc = "" }) => doc);
}

function showsAnAssertion(example: string): boolean {
  return /^```ts$/m.test(example) && example.includes('from "@pecapiku/cache') &&
    /\bassert\w*\(/.test(example);
}

const documented = new Map(
  await Promise.all(
    entryPoints().map(async ({ name, url }) => [name, await documentationOf(url)] as const),
  ),
);
const all = [...documented.values()].flatMap(({ exports }) => exports);

Deno.test("each entry point has a module doc with an example that asserts something", () => {
  for (const [name, { module }] of documented) {
    assert(module.doc, name);
    assert(examplesIn(module).some(showsAnAssertion), name);
  }
});

Deno.test("each export and each member of one is documented", () => {
  assert(all.length > 500);
  const silent = all.filter(({ jsDoc }) => !jsDoc.doc).map(({ name }) => name);
  assertEquals([...new Set(silent)], []);
});

Deno.test("each export, and each constructor and method of a class, has an example that asserts something", () => {
  const lacking = all.filter(({ name, kind, jsDoc }) =>
    (!kind.includes(" ") || kind === "class methods" || kind === "class constructors") &&
    !HOOK.test(name.slice(name.indexOf(".") + 1)) &&
    !examplesIn(jsDoc).some(showsAnAssertion)
  ).map(({ name, kind }) => `${kind} ${name}`);
  assertEquals([...new Set(lacking)].sort(), WITHOUT_EXAMPLE);
});

Deno.test("each @throws names what is thrown, and when", () => {
  const tags = all.flatMap(({ name, jsDoc: { tags = [] } }) =>
    tags.filter(({ kind }) => kind === "throws").map((tag) => ({ name, ...tag }))
  );
  assert(tags.length > 100);
  assertEquals(tags.filter(({ doc = "" }) => !doc.startsWith("If ")), []);
});
