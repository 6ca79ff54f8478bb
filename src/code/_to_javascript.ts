// Copyright 2026 the pecapiku authors. MIT license.

import { process } from "../_deferred.ts";
import { enumsAlike } from "./_enums.ts";
import { type JsxSettings, replaceJsx } from "./_jsx.ts";
import { keepImports, refuseDecorators } from "./_kept_imports.ts";

/** The languages that a module of the user's own can be written in. */
export type MediaType = "js" | "ts" | "jsx" | "tsx";

/** What compiler options change in the JavaScript of a module, as far as that has to be known to read it. */
export interface Emission extends JsxSettings {
  /** Whether imports that only types use are there when it runs. */
  readonly keepsImports?: boolean;
  /** Whether decorators are told of the types of what they decorate. */
  readonly showsTypes?: boolean;
}

/** A language, and the {@linkcode Emission} as JSON, if there is any: `tsx {"factories":["h"]}`. */
export type Language = MediaType | `${MediaType} {${string}}`;

// CommonJS (.cts, .cjs) is none of them: its top level is the body of a function.
const MEDIA_TYPES: ReadonlyMap<string, MediaType> = new Map([
  ["js", "js"],
  ["mjs", "js"],
  ["ts", "ts"],
  ["mts", "ts"],
  ["jsx", "jsx"],
  ["tsx", "tsx"],
]);

/**
 * Tells the language of a module by its name, as Deno does for files.
 *
 * @param path A path or URL, without search or hash.
 * @returns The language; `undefined` if it is none that can be read.
 */
export function mediaTypeOf(path: string): MediaType | undefined {
  // A declaration file holds no code; what is loaded in its place is not known.
  if (/\.d\.(?:[^./\\]+\.)?m?ts$/i.test(path)) return undefined;
  const extension = /[^/\\]\.([^./\\]+)$/.exec(path)?.[1];
  return extension === undefined ? undefined : MEDIA_TYPES.get(extension.toLowerCase());
}

/**
 * Gives the JavaScript that Deno runs for a module: `toString` of each of its functions is a part of it, letter by letter. Only JSX,
 * classes with decorators, and what uses classes that are decorated themselves, are other ones there.
 *
 * @param source The text of the module.
 * @param language Its language.
 * @returns The JavaScript text.
 * @throws {SyntaxError} If it can't be parsed, or not be told. JavaScript itself is given back without a look at it.
 */
export function toJavaScript(source: string, language: Language): string {
  // Deno drops a byte order mark before anything sees the text.
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const [mediaType] = language.split(" ", 1) as [MediaType];
  const emission: Emission = language === mediaType
    ? {}
    : JSON.parse(language.slice(mediaType.length));
  switch (mediaType) {
    case "js":
      return text;
    case "jsx":
      // Its text is not laid out anew: as TypeScript, `f(a < b, c > (d))` would be something else.
      return replaceJsx(text, false, emission);
    case "ts":
      return stripTypes(text, emission);
    case "tsx":
      return stripTypes(replaceJsx(text, true, emission), emission);
  }
}

function stripTypes(source: string, { keepsImports, showsTypes }: Emission): string {
  // By way of node:process, which is loaded already: an import of node:module is evaluated at once, `defer` or not.
  const strip = process.getBuiltinModule("node:module").stripTypeScriptTypes;
  const text = strip(keepsImports ? keepImports(source) : source, { mode: "transform" });
  if (showsTypes) refuseDecorators(text);
  return enumsAlike(text);
}
