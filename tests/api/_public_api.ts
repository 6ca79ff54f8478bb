// Copyright 2026 the pecapiku authors. MIT license.

const ROOT = new URL("../../", import.meta.url);

/** A doc comment. Everything in `src/` is formatted, so it has lines of its own. */
const DOC_COMMENT = /^[ \t]*\/\*\*[^]*?\*\/\n/gm;

/** What a class or an interface is called in what `deno doc` prints, and whatever else has a name. */
const NAME =
  /^(?:declare )?(?:abstract )?(?:async )?(class|interface|type|function|const|enum|namespace) ([\w$]+)/;

/** An entry point of the package. */
export interface EntryPoint {
  /** Its name, as in `exports` of `deno.json`: `"./stores"`. */
  readonly name: string;
  /** Its module. */
  readonly url: URL;
  /** The file that its exports are pinned in. */
  readonly pinned: URL;
}

/** Every entry point that `deno.json` names, in its order. */
export function entryPoints(): EntryPoint[] {
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  return Object.entries<string>(exports).map(([name, path]) => ({
    name,
    url: new URL(path, ROOT),
    pinned: new URL(`${name.slice(2).replaceAll("/", "_") || "mod"}.txt`, import.meta.url),
  }));
}

/**
 * Tells what each entry point exports: names, kinds, and signatures as `deno doc` prints them, without what is said about them.
 *
 * @returns The text of each entry point, by its name. What an earlier one has exported is named only.
 */
export async function publicApi(): Promise<Map<string, string>> {
  const copy = copyWithoutComments();
  try {
    const owners = new Map<string, string>();
    const texts = new Map<string, string>();
    for (const { name, url } of entryPoints()) {
      const path = url.href.slice(ROOT.href.length);
      const types = typesIn(Deno.readTextFileSync(url));
      const blocks = (await signatures(copy, path)).map((block) => {
        const owner = owners.get(block);
        if (owner === undefined) owners.set(block, name);
        const [kind, exported] = nameOf(block);
        // `deno doc` does not tell that a class is exported as a type, as one is that nobody but this package makes.
        const prefix = kind === "class" && types.has(exported) ? "type of " : "";
        return prefix + (owner === undefined ? block : `${kind} ${exported}: as in "${owner}"`);
      });
      texts.set(name, blocks.join("\n\n") + "\n");
    }
    return texts;
  } finally {
    Deno.removeSync(copy, { recursive: true });
  }
}

/**
 * Reads the names of values in a text of {@linkcode publicApi}.
 *
 * @param text The text.
 * @returns The names of what is there at run time, sorted.
 */
export function valueNames(text: string): string[] {
  const found = text.split("\n").map((line) => NAME.exec(line) ?? []);
  const values = found.filter(([, kind]) => kind !== "interface" && kind !== "type");
  return [...new Set(values.flatMap(([, , name]) => name ?? []))].sort();
}

function typesIn(source: string): Set<string> {
  const lists = [...source.matchAll(/^export type \{([^}]*)\}/gm)].map(([, list]) => list!);
  const single = [...source.matchAll(/\btype ([\w$]+)/g)].map(([, name]) => name!);
  return new Set([...lists.flatMap((list) => list.match(/[\w$]+/g) ?? []), ...single]);
}

function nameOf(block: string): [kind: string, name: string] {
  const [, kind, name] = NAME.exec(block) ?? [];
  if (kind === undefined || name === undefined) throw new Error(`Cannot read a name: ${block}`);
  return [kind, name];
}

/** Prose changes often, and is no part of a signature; `deno doc` has no option to leave it out. */
function copyWithoutComments(): string {
  const copy = Deno.makeTempDirSync({ prefix: "api" });
  const visit = (path: string): void => {
    Deno.mkdirSync(`${copy}/${path}`);
    for (const { name, isDirectory } of Deno.readDirSync(new URL(path, ROOT))) {
      if (isDirectory) visit(`${path}${name}/`);
      else copyFile(`${path}${name}`);
    }
  };
  const copyFile = (path: string): void => {
    const text = Deno.readTextFileSync(new URL(path, ROOT));
    Deno.writeTextFileSync(`${copy}/${path}`, text.replaceAll(DOC_COMMENT, ""));
  };
  visit("src/");
  copyFile("mod.ts");
  return copy;
}

async function signatures(directory: string, path: string): Promise<string[]> {
  // Without configuration nothing is downloaded: signatures need no module from elsewhere.
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--quiet", "--no-config", "--no-remote", "--no-npm", path],
    cwd: directory,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`Cannot read signatures: ${path}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).split(/^Defined in .*\n/m)
    .map((block) => block.trim().replaceAll(/\n{2,}/g, "\n"))
    .filter((block) => block !== "");
}
