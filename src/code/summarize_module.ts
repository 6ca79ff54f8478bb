// Copyright 2026 the pecapiku authors. MIT license.

import { bindingsOf, importsOf } from "./_bindings.ts";
import { callingsOf } from "./_calling.ts";
import { effectsOf } from "./_effects.ts";
import { exportsOf } from "./_exports.ts";
import { ModuleText } from "./_module_text.ts";
import type { ModuleSummary } from "./module_summary.ts";
import { type Node, parseModule, walk } from "./_parse.ts";
import { sitesOf } from "./_sites.ts";
import { takingsOf } from "./_takers.ts";

/**
 * Finds out all that can be known of a module from its text alone. It takes some milliseconds, and loads the parser.
 *
 * @param javascript The JavaScript text of the module.
 * @returns What is known; `undefined` if the text can't be parsed.
 */
export function summarizeModule(javascript: string): ModuleSummary | undefined {
  try {
    return summarize(javascript);
  } catch (error) {
    // Nested too deeply, it is not known any more than what is no code.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function summarize(javascript: string): ModuleSummary {
  const module = new ModuleText(javascript, parseModule(javascript));
  const expressions: Node[] = [];
  walk(module.program, (node) => {
    if (node.type === "ImportExpression") expressions.push(node);
  });
  const { list, indices } = importsOf(module, expressions);
  const bindings = bindingsOf(module, indices);
  const { names, stars } = exportsOf(module, indices);
  const done = effectsOf(module, bindings, indices);
  return {
    imports: list,
    // A name may be `__proto__`: these make it a property like any other.
    bindings: Object.fromEntries([...bindings, ...done.added]),
    exports: Object.fromEntries(names),
    stars,
    effects: done.effects,
    changed: Object.fromEntries(done.changed),
    changedGlobals: [...done.changedGlobals],
    aliases: done.aliases,
    inside: done.inside,
    changedWithin: [...done.changedWithin],
    methods: Object.fromEntries(done.methods),
    changedByName: Object.fromEntries(done.changedByName),
    returned: Object.fromEntries([...done.returned].map(([name, held]) => [name, [...held]])),
    changedResults: Object.fromEntries(done.changedResults),
    handed: done.handed,
    takings: takingsOf(module),
    calling: callingsOf(module),
    sites: sitesOf(module),
  };
}
