// Copyright 2026 the pecapiku authors. MIT license.

import * as t from "@babel/types";
import { parseFunction, parseModule } from "./_function_text.ts";

const STYLE = ["--single-quote=true", "--no-semicolons=true", "--use-tabs=true", "--line-width=60"];

/**
 * Formats functions by `deno fmt`, in another style than its own.
 *
 * @param texts The texts of the functions.
 * @returns The formatted texts; `undefined` for one that it does not format.
 */
export async function formatAll(texts: readonly string[]): Promise<(string | undefined)[]> {
  const directory = await Deno.makeTempDir();
  try {
    const wrapped = texts.map(wrap);
    for (const [index, code] of wrapped.entries()) {
      if (code !== undefined) await Deno.writeTextFile(`${directory}/${index}.js`, code);
    }
    // Its exit code tells of one that it can't format: then that is as it was.
    await new Deno.Command(Deno.execPath(), {
      args: ["fmt", "--quiet", ...STYLE, "."],
      cwd: directory,
      stdout: "null",
      stderr: "null",
    }).output();
    return await Promise.all(wrapped.map(async (code, index) => {
      if (code === undefined) return undefined;
      const formatted = await Deno.readTextFile(`${directory}/${index}.js`);
      return formatted === code ? undefined : unwrap(formatted);
    }));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** A module with the function in it; of methods one with an object or a class round it. */
function wrap(text: string): string | undefined {
  const parsed = parseFunction(text);
  return parsed && `export const it = ${parsed.before}${text}${parsed.after};\n`;
}

function unwrap(code: string): string | undefined {
  let found: t.Node | undefined;
  t.traverseFast(parseModule(code), (node) => {
    if (t.isVariableDeclarator(node)) found ??= node.init ?? undefined;
  });
  if (t.isObjectExpression(found)) found = found.properties[0];
  // Only a class that is round a method has private names and no own name, and is made of `Object`.
  const isOurs = t.isClassExpression(found) && t.isIdentifier(found.superClass, { name: "Object" });
  if (isOurs) found = (found as t.ClassExpression).body.body.at(-1);
  return found && code.slice(found.start!, found.end!);
}
