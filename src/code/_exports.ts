// Copyright 2026 the pecapiku authors. MIT license.

import { nameOf } from "./_bindings.ts";
import { identifiersOf, type ModuleText } from "./_module_text.ts";
import type { Export } from "./module_summary.ts";
import type { Node } from "./_parse.ts";

/** What a module exports. */
export interface Exports {
  /** The names. */
  readonly names: ReadonlyMap<string, Export>;
  /** The imports of `export * from`. */
  readonly stars: readonly number[];
}

/**
 * Lists what a module exports.
 *
 * @param module The module.
 * @param imports The index of each import.
 * @returns The names, and from where all is passed on.
 */
export function exportsOf(module: ModuleText, imports: ReadonlyMap<Node, number>): Exports {
  const names = new Map<string, Export>();
  const stars: number[] = [];
  for (const { node, inner } of module.statements) {
    const from = imports.get(node);
    switch (node.type) {
      case "ExportAllDeclaration":
        if (node.exported) {
          names.set(nameOf(node.exported), { kind: "from", import: from!, name: "*" });
        } else stars.push(from!);
        break;
      case "ExportDefaultDeclaration":
        names.set("default", {
          kind: "local",
          name: inner.id?.name && isDeclaration(inner) ? inner.id.name : "default",
        });
        break;
      case "ExportNamedDeclaration":
        if (inner !== node) {
          for (const name of declaredNames(inner)) names.set(name, { kind: "local", name });
        }
        for (const { local, exported } of node.specifiers as Node[]) {
          const name = nameOf(local);
          names.set(
            nameOf(exported),
            from === undefined ? { kind: "local", name } : { kind: "from", import: from, name },
          );
        }
    }
  }
  return { names, stars };
}

function isDeclaration({ type }: Node): boolean {
  // `export default (class A {})` declares no A.
  return type === "FunctionDeclaration" || type === "ClassDeclaration";
}

function declaredNames(declaration: Node): string[] {
  if (declaration.type !== "VariableDeclaration") return [declaration.id.name];
  return (declaration.declarations as Node[]).flatMap(({ id }) => identifiersOf(id)).map((
    { name },
  ) => name);
}
