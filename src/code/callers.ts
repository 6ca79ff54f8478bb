// Copyright 2026 the pecapiku authors. MIT license.

import { nodeUtil } from "./_node_util.ts";
import { isOwnModule } from "./_own_package.ts";
import { fileUrl } from "./_read_source.ts";

/** Who called this package. */
export interface Callers {
  /** The `file:` URLs of the modules on the stack, outside this package, the innermost first. Each is there once. */
  readonly modules: readonly string[];
  /** Whether the program is a REPL or a notebook, whose cells are no modules. */
  readonly inSession: boolean;
  /**
   * The names of the functions on the stack, outside this package, the innermost first; `""` of one that has none. The top level of
   * a cell is none of them.
   */
  readonly functions: readonly string[];
}

/** The most that Deno gives. */
const MAX_FRAMES = 200;

/**
 * Looks at the stack. What a program has set as `Error.prepareStackTrace` and `Error.stackTraceLimit` makes no difference.
 *
 * @returns Who called, as far as the stack tells.
 */
export function callers(): Callers {
  const modules = new Set<string>();
  const functions: string[] = [];
  const inSession = isSessionModule(mainModule());
  for (const { name, url } of frames(inSession)) {
    // Functions of the platform, and code that was made of strings, are in no module.
    if (url === undefined || /^(?:ext|node):/.test(url) || isOwnModule(url)) continue;
    if (url.startsWith("file:")) modules.add(url);
    functions.push(name);
  }
  if (functions.at(-1) === "") functions.pop();
  // What Deno makes of decorators calls them in functions of its own, which capture nothing.
  const transformed = functions.findLastIndex((name) => TRANSFORMED.test(name));
  if (transformed >= 0) functions.splice(0, transformed + 1);
  if (functions[0] === "<static_initializer>") functions.shift();
  return { modules: [...modules], inSession, functions };
}

/**
 * Tells what the program was started with. It needs no permission.
 *
 * @returns The URL of the main module; `undefined` if there is none.
 */
export function mainModule(): string | undefined {
  const url: unknown = Deno.mainModule;
  return typeof url === "string" && url !== "" ? url : undefined;
}

/**
 * Tells whether a URL stands for a REPL or a notebook, and so for no file.
 *
 * @param url The URL of the main module.
 * @returns Whether it does.
 */
export function isSessionModule(url: string | undefined): boolean {
  return url !== undefined && /\/\$deno\$(?:repl|jupyter_repl|jupyter_kernel)\.m[jt]s$/.test(url);
}

// The name that Deno 2.9 gives to what applies decorators.
const TRANSFORMED = /^_apply_decs_\d+_r$/;

/** A function on the stack. */
interface Frame {
  /** The name of the function; `""` if it has none, or is the top level. */
  readonly name: string;
  /** The URL of its module; `""` of a cell, `undefined` of what is in neither. */
  readonly url: string | undefined;
}

function frames(isSession: boolean): Frame[] {
  const plain = isSession ? undefined : framesOfPlainText();
  if (plain !== undefined) return plain;
  try {
    return nodeUtil().getCallSites(MAX_FRAMES, { sourceMap: false }).map((
      { functionName, scriptName },
    ) => ({
      name: functionName ?? "",
      url: urlOfScript(scriptName),
    }));
  } catch (error) {
    // Where `Error` is frozen, its properties can't be set for a moment, which is how Deno does it.
    if (!(error instanceof TypeError)) throw error;
    return framesOfText(new Error().stack);
  }
}

// Of most stacks the text tells the same, and sooner: where no URL has a character that is written in two ways, and nobody has
// changed how stacks are written.
function framesOfPlainText(): Frame[] | undefined {
  if (Object.hasOwn(Error, "prepareStackTrace") || Error.stackTraceLimit !== 10) return undefined;
  const { stack } = new Error();
  if (typeof stack !== "string") return undefined;
  const isPlain = stack.split("\n").every((line) =>
    !line.includes("file:") || /^ {4}at .*\(?file:\/\/[\w./~+@-]*:\d+:\d+\)?$/.test(line)
  );
  return isPlain ? framesOfText(stack) : undefined;
}

function urlOfScript(script: unknown): string | undefined {
  if (typeof script !== "string" || script === "") return script === "" ? "" : undefined;
  // Of a file, Deno gives the path; of all else, the URL.
  return URL.canParse(script) && !/^[A-Za-z]:[\\/]/.test(script) ? script : fileUrl(script);
}

function framesOfText(stack: unknown): Frame[] {
  if (typeof stack !== "string") return [];
  const found: Frame[] = [];
  for (const line of stack.split("\n")) {
    const match = /^ {4}at (?:(?:async |new )?(.*?) \()?((?:file:\/\/|<anonymous>).*?):\d+:\d+\)?/
      .exec(line);
    if (match === null) continue;
    const [, name = "", script = ""] = match;
    const url = script.startsWith("file:") ? URL.parse(script)?.href : "";
    found.push({ name: name.split(".").at(-1) ?? "", url });
  }
  return found;
}
