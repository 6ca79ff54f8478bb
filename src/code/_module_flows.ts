// Copyright 2026 the pecapiku authors. MIT license.

import { classAround, className } from "./_callees.ts";
import type { ModuleText } from "./_module_text.ts";
import { memberName } from "./_moments.ts";
import type { Binding } from "./module_summary.ts";
import { type Node, walk } from "./_parse.ts";
import { flowsOfNode } from "./_uses.ts";
import type { Flow } from "./_values.ts";

/**
 * Tells whether something is changed.
 *
 * @param flow What is done with it.
 * @returns Whether it is written or changed.
 */
export function isOfChange({ use: { form } }: Flow): boolean {
  return form === "write" || form === "mutate";
}

/**
 * Tells whether a change is one of an object alone, and of nothing in it: `x.a = 1`, `x.push(1)`.
 *
 * @param flow The change.
 * @returns Whether it is.
 */
export function isShallow({ use: { form, path }, exact, direct }: Flow): boolean {
  if (!exact) return false;
  return form === "write" ? path.length <= 1 : direct === true || path.length === 0;
}

/**
 * Makes a use of something into a change of it.
 *
 * @param flow The use.
 * @returns The change.
 */
export function changing(flow: Flow): Flow {
  return { ...flow, use: { ...flow.use, form: "mutate" } };
}

/**
 * Finds the classes that their constructors and methods change by `new.target.n++` and `this.constructor.n++`.
 *
 * @param module The module.
 * @returns Their names, and where they are changed.
 */
export function changedClassesOf({ program, scopes }: ModuleText): [string, Node][] {
  const found: [string, Node][] = [];
  walk(program, (node) => {
    const isTarget = node.type === "MetaProperty" && node.meta.name === "new";
    const isOwn = node.type === "MemberExpression" && node.object.type === "ThisExpression" &&
      memberName(node) === "constructor";
    if (!isTarget && !isOwn) return;
    const owner = classAround(node, scopes) ?? scopes.functionOf(node);
    const name = owner && className(owner, scopes);
    if (name !== undefined && flowsOfNode(node, program, scopes).some(isOfChange)) {
      found.push([name, node]);
    }
  });
  return found;
}

/** What is done with something of a module that is loaded by `import()`. */
export interface FlowOfImport {
  /** A name for that which no module can declare. */
  readonly name: string;
  /** What it stands for. */
  readonly binding: Binding;
  /** What is done with it. */
  readonly flow: Flow;
}

/**
 * Lists how modules that are loaded by `import()` are changed, and where parts of them go.
 *
 * @param module The module.
 * @param imports The index of each import.
 * @returns What is done.
 */
export function flowsOfImports(
  { program, scopes }: ModuleText,
  imports: ReadonlyMap<Node, number>,
): FlowOfImport[] {
  const found: FlowOfImport[] = [];
  for (const [node, index] of imports) {
    if (node.type !== "ImportExpression") continue;
    for (const flow of flowsOfNode(node, program, scopes)) {
      if (!isOfChange(flow) && flow.use.form !== "escape") continue;
      const member = flow.direct ? "*" : flow.use.path[0] ?? "*";
      const binding: Binding = { kind: "import", import: index, name: member };
      found.push({ name: `import(${index}).${member}`, binding, flow });
    }
  }
  return found;
}
