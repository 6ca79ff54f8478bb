// Copyright 2026 the pecapiku authors. MIT license.

import { babel } from "./_deferred.ts";
import { hasDecorators } from "./_module_text.ts";
import { type Node, parseModule } from "./_parse.ts";

/**
 * Puts an import without names before each import that is not one of types, so that it is there when the types are gone. Then
 * the module imports what it does under `verbatimModuleSyntax`.
 *
 * @param source The text of a module, in TypeScript.
 * @returns The text with more imports.
 * @throws {SyntaxError} If it can't be parsed.
 */
export function keepImports(source: string): string {
  const { program } = babel.parse(source, {
    sourceType: "module",
    plugins: [
      "typescript",
      "decorators",
      "decoratorAutoAccessors",
      "deferredImportEvaluation",
      "sourcePhaseImports",
    ],
  });
  let text = "";
  let at = 0;
  for (const node of program.body) {
    // What is deferred is not evaluated before it is used.
    if (node.type !== "ImportDeclaration" || node.importKind === "type" || node.phase) continue;
    if (node.specifiers.length === 0) continue;
    const start = node.start!;
    text += `${source.slice(at, start)}import ${source.slice(node.source.start!, node.end!)};`;
    at = start;
  }
  return text + source.slice(at);
}

/**
 * Makes sure that a module has no decorators.
 *
 * @param javascript The JavaScript text of the module.
 * @throws {SyntaxError} If it has.
 */
export function refuseDecorators(javascript: string): void {
  const program: Node = parseModule(javascript);
  if (javascript.includes("@") && hasDecorators(program)) {
    throw new SyntaxError("its decorators depend on types, by emitDecoratorMetadata");
  }
}
