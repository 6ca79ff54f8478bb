// Copyright 2026 the pecapiku authors. MIT license.

import { type ConfigFiles, DENO_NAMES, foldersFrom, parentOf } from "./_config_files.ts";
import { isObject } from "./_import_map.ts";
import type { Emission, Language, MediaType } from "./_to_javascript.ts";

/** The compiler options by which Deno makes other JavaScript of TypeScript. All others are types only, or it ignores them. */
const OF_TYPES = ["experimentalDecorators", "emitDecoratorMetadata", "verbatimModuleSyntax"];

/** Those by which it makes other JavaScript of JSX. */
const OF_JSX = [
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "jsxPrecompileSkipElements",
];

/** Where the names of what is needed at run time are, by what `jsx` is. */
const RUNTIMES: ReadonlyMap<unknown, string> = new Map([
  ["react-jsx", "jsx-runtime"],
  ["precompile", "jsx-runtime"],
  ["react-jsxdev", "jsx-dev-runtime"],
]);

/** What compiler options make of a module. */
export interface Emit {
  /** The options that are set, as JSON; `""` if there are none that make a difference. */
  readonly text: string;
  /** The module's language, with what has to be known of them to read it. */
  readonly language: Language;
}

type Options = Readonly<Record<string, unknown>>;

/**
 * The compiler options that Deno goes by for modules. Which of the files around a module count depends on much: the workspace, a
 * `package.json`, lists of files. So all of them are taken as if they did: one too many only has code run again.
 */
export class CompilerOptions {
  readonly #files: ConfigFiles;
  readonly #around = new Map<string, readonly Options[]>();
  readonly #emits = new Map<string, Emit>();

  /**
   * Makes a reader of options. Nothing is read yet.
   *
   * @param files The configurations.
   */
  constructor(files: ConfigFiles) {
    this.#files = files;
  }

  /**
   * Finds what compiler options make of a module.
   *
   * @param url The URL of the module: a `file:` URL.
   * @param mediaType Its language.
   * @returns What they make of it.
   */
  of(url: string, mediaType: MediaType): Emit {
    // It is run as it is.
    if (mediaType === "js") return { text: "", language: mediaType };
    const folder = parentOf(url);
    const key = `${mediaType} ${folder}`;
    let emit = this.#emits.get(key);
    if (emit === undefined) {
      emit = emitOf(this.#in(folder), mediaType);
      this.#emits.set(key, emit);
    }
    return emit;
  }

  /** The options of all files in a folder and above it, the innermost first. */
  #in(folder: string): readonly Options[] {
    let found = this.#around.get(folder);
    if (found === undefined) {
      found = foldersFrom(folder).flatMap((each) => [
        ...optionsOf(this.#files.in(each, DENO_NAMES)?.value),
        ...this.#ofTypeScript(`${each}tsconfig.json`, new Set()),
      ]);
      this.#around.set(folder, found);
    }
    return found;
  }

  #ofTypeScript(url: string, seen: Set<string>): Options[] {
    if (seen.has(url)) return [];
    seen.add(url);
    const { value, folder } = this.#files.in(parentOf(url), [url.slice(parentOf(url).length)]) ??
      {};
    if (value === undefined) return [];
    const references = Array.isArray(value["references"]) ? value["references"] : [];
    return [
      ...optionsOf(value),
      ...[value["extends"]].flat().flatMap((name) => this.#extended(name, folder!, seen)),
      ...references.flatMap((reference) => {
        const path: unknown = isObject(reference) ? reference["path"] : undefined;
        if (typeof path !== "string") return [];
        return this.#firstOf([path, `${path}/tsconfig.json`], folder!, seen) ?? [];
      }),
    ];
  }

  #extended(name: unknown, folder: string, seen: Set<string>): Options[] {
    if (typeof name !== "string") return [];
    const isPath = /^(?:\.{0,2}\/|[a-z]+:)/i.test(name);
    const bases = isPath
      ? [name]
      : foldersFrom(folder).map((each) => `${each}node_modules/${name}`);
    const paths = bases.flatMap((base) => [base, `${base}.json`, `${base}/tsconfig.json`]);
    // What can't be found, its name stands for.
    return this.#firstOf(paths, folder, seen) ?? [{ extends: name }];
  }

  #firstOf(paths: readonly string[], folder: string, seen: Set<string>): Options[] | undefined {
    for (const path of paths) {
      const url = URL.parse(path, folder)?.href;
      if (url === undefined || !url.endsWith(".json")) continue;
      const name = url.slice(parentOf(url).length);
      if (this.#files.in(parentOf(url), [name]) !== undefined) return this.#ofTypeScript(url, seen);
    }
    return undefined;
  }
}

function optionsOf(config: Options | undefined): Options[] {
  const options: unknown = config?.["compilerOptions"];
  return isObject(options) ? [options] : [];
}

function emitOf(around: readonly Options[], mediaType: MediaType): Emit {
  const isJsx = mediaType === "jsx" || mediaType === "tsx";
  const names = [...OF_TYPES, ...(isJsx ? OF_JSX : []), "extends"];
  const layers = around.map((options) =>
    Object.fromEntries(
      names.flatMap((name) => Object.hasOwn(options, name) ? [[name, options[name]]] : []),
    )
  ).filter((layer) => Object.keys(layer).length > 0);
  const values = (name: string) => layers.map((layer) => layer[name]);
  // A `false` of an inner file only counts if an outer one says something else.
  if (layers.every((layer) => Object.values(layer).every((value) => value === false))) {
    return { text: "", language: mediaType };
  }
  const isOn = (name: string) => values(name).includes(true);
  const emission: Emission = {
    ...(isOn("verbatimModuleSyntax") ? { keepsImports: true } : {}),
    ...(isOn("experimentalDecorators") && isOn("emitDecoratorMetadata")
      ? { showsTypes: true }
      : {}),
    ...(isJsx ? jsxOf(values) : {}),
  };
  return {
    text: JSON.stringify(layers),
    language: Object.keys(emission).length === 0
      ? mediaType
      : `${mediaType} {${JSON.stringify(emission).slice(1, -1)}}`,
  };
}

function jsxOf(values: (name: string) => unknown[]): Emission {
  const texts = (name: string) => values(name).filter((value) => typeof value === "string");
  const factories = [...texts("jsxFactory"), ...texts("jsxFragmentFactory")];
  const folders = new Set(texts("jsx").flatMap((kind) => RUNTIMES.get(kind) ?? []));
  const sources = texts("jsxImportSource");
  const runtimes = [...folders].flatMap((folder) =>
    (sources.length > 0 ? sources : ["react"]).map((source) => `${source}/${folder}`)
  );
  return {
    ...(factories.length > 0 ? { factories } : {}),
    ...(runtimes.length > 0 ? { runtimes: [...new Set(runtimes)] } : {}),
  };
}
