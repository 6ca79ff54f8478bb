// Copyright 2026 the pecapiku authors. MIT license.

import { memberName } from "./_moments.ts";
import type { Node } from "./_parse.ts";
import type { Scopes } from "./_scopes.ts";

/** What a piece of code does that leads out of what can be read. */
export interface UnseenParts {
  /** What can't be told from the text, for people; each thing once. */
  readonly unseen: readonly string[];
  /** The modules that it imports by `import("…")` of a constant name; each one once. */
  readonly dynamicImports: readonly string[];
}

/**
 * Finds what a piece of code does that leads out of what can be read.
 *
 * @param nodes All nodes of the code.
 * @param scopes What its names stand for.
 * @returns What it does.
 */
export function unseenParts(nodes: readonly Node[], scopes: Scopes): UnseenParts {
  const unseen = new Set<string>();
  const dynamicImports = new Set<string>();
  for (const node of nodes) {
    if (node.type === "ImportExpression") {
      const specifier = constantOf(node.source);
      if (specifier === undefined) unseen.add("import() of a computed name");
      else dynamicImports.add(specifier);
    }
    const text = unseenIn(node, scopes);
    if (text !== undefined) unseen.add(text);
  }
  return { unseen: [...unseen], dynamicImports: [...dynamicImports] };
}

/**
 * Tells whether a piece of code has parts whose names can't be told from the text: `eval` in their scope, or `with`.
 *
 * @param nodes All nodes of the code.
 * @returns Whether it has.
 */
export function hasDynamicScope(nodes: readonly Node[]): boolean {
  return nodes.some(({ type, callee }) =>
    type === "WithStatement" ||
    type === "CallExpression" && callee.type === "Identifier" && callee.name === "eval"
  );
}

function unseenIn(node: Node, scopes: Scopes): string | undefined {
  switch (node.type) {
    case "WithStatement":
      return "eval";
    case "Identifier":
      return isFree(node, scopes) && makesCode(node, scopes) ? makerText(node, scopes) : undefined;
    case "MetaProperty":
      return node.meta.name === "import" ? metaText(node, scopes) : undefined;
    case "MemberExpression": {
      const { object, computed } = node;
      const isComputed = computed && memberName(node) === undefined;
      return isComputed && object.type === "Identifier" && isGlobalObject(object, scopes)
        ? `${object.name}[computed]`
        : globalCode(node, scopes);
    }
    default:
      return undefined;
  }
}

function isFree(identifier: Node, scopes: Scopes): boolean {
  const reference = scopes.referenceOf(identifier);
  return reference !== undefined && reference.variable === undefined;
}

function isGlobalObject(node: Node, scopes: Scopes): boolean {
  return node.type === "Identifier" && /^(?:globalThis|self|window|global)$/.test(node.name) &&
    isFree(node, scopes);
}

// `eval` in any way, and `Function` in any that may call it.
function makesCode(identifier: Node, scopes: Scopes): boolean {
  if (identifier.name === "eval") return true;
  if (identifier.name !== "Function") return false;
  const parent = scopes.parentOf(identifier);
  if (parent?.type === "MemberExpression" && parent.object === identifier) {
    return memberName(parent) !== "prototype";
  }
  return !(parent?.type === "BinaryExpression" ||
    parent?.type === "UnaryExpression" && parent.operator === "typeof");
}

// `globalThis.eval(…)`.
function globalCode(member: Node, scopes: Scopes): string | undefined {
  const name = memberName(member);
  return (name === "eval" || name === "Function") && isGlobalObject(member.object, scopes)
    ? makerText(member, scopes)
    : undefined;
}

// What is written, for people: `eval`, `Function()`, `new Function()`, or `Function` that is handed on.
function makerText(maker: Node, scopes: Scopes): string {
  const name: string = maker.type === "Identifier" ? maker.name : memberName(maker)!;
  if (name === "eval") return name;
  const parent = scopes.parentOf(maker);
  if (parent?.callee !== maker) return name;
  return parent.type === "NewExpression" ? `new ${name}()` : `${name}()`;
}

function metaText(node: Node, scopes: Scopes): string {
  const parent = scopes.parentOf(node);
  const name = parent?.object === node ? memberName(parent) : undefined;
  return name === undefined ? "import.meta" : `import.meta.${name}`;
}

function constantOf(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  return node.type === "TemplateLiteral" && node.expressions.length === 0
    ? node.quasis[0].value.cooked
    : undefined;
}
