// Copyright 2026 the pecapiku authors. MIT license.

import { process } from "../_deferred.ts";
import { replaceJsx } from "./_jsx.ts";

/** The languages that a module of the user's own can be written in. */
export type MediaType = "js" | "ts" | "jsx" | "tsx";

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
 * and classes with decorators, are other ones there.
 *
 * @param source The text of the module.
 * @param mediaType Its language.
 * @returns The JavaScript text.
 * @throws {SyntaxError} If it can't be parsed. JavaScript itself is given back without a look at it.
 */
export function toJavaScript(source: string, mediaType: MediaType): string {
  // Deno drops a byte order mark before anything sees the text.
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  switch (mediaType) {
    case "js":
      return text;
    case "jsx":
      // Its text is not laid out anew: as TypeScript, `f(a < b, c > (d))` would be something else.
      return replaceJsx(text, false);
    case "ts":
      return stripTypes(text);
    case "tsx":
      return stripTypes(replaceJsx(text, true));
  }
}

function stripTypes(source: string): string {
  // By way of node:process, which is loaded already: an import of node:module is evaluated at once, `defer` or not.
  const strip = process.getBuiltinModule("node:module").stripTypeScriptTypes;
  return strip(source, { mode: "transform" });
}
