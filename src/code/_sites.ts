// Copyright 2026 the pecapiku authors. MIT license.

import { hasDecorators, type ModuleText } from "./_module_text.ts";
import type { Site } from "./module_summary.ts";
import { isClass, isFunction, type Node, walk } from "./_parse.ts";
import type { Reference, Scopes } from "./_scopes.ts";

/**
 * Lists where a module defines functions, methods and classes.
 *
 * @param module The module.
 * @returns The places, in the order of the text.
 */
export function sitesOf(module: ModuleText): Site[] {
  const { program, scopes } = module;
  const places: Node[] = [];
  walk(program, (node) => {
    if (isPlace(node, scopes)) places.push(node);
  });
  const captured = capturedNames(places, scopes);
  const renamed = renamedClasses(places, scopes);
  return places.map((node) => siteAt(node, captured.get(node)!, renamed.get(node), module));
}

/** Whether a node is what `toString` gives the text of: a class, a function, or the member that a method stands in. */
function isPlace(node: Node, scopes: Scopes): boolean {
  if (isClass(node)) return true;
  // A constructor has the text of its class.
  if (node.type === "MethodDefinition") return node.kind !== "constructor";
  if (isMethodProperty(node)) return true;
  if (!isFunction(node)) return false;
  const parent = scopes.parentOf(node);
  return parent?.type !== "MethodDefinition" &&
    !(parent !== undefined && isMethodProperty(parent) && parent.value === node);
}

function isMethodProperty(node: Node): boolean {
  return node.type === "Property" &&
    (node.method === true || node.kind === "get" || node.kind === "set") &&
    node.value?.type === "FunctionExpression";
}

/** Finds for each place the names in it that are declared around it, below the top level of the module. */
function capturedNames(places: readonly Node[], scopes: Scopes): Map<Node, Set<string>> {
  const captured = new Map(places.map((place) => [place, new Set<string>()]));
  for (const reference of scopes.references) {
    const { variable, identifier } = reference;
    if (variable === undefined || variable.top) continue;
    for (let at: Node | undefined = identifier; at !== undefined; at = scopes.parentOf(at)) {
      if (declares(at, reference, scopes)) break;
      captured.get(at)?.add(variable.name);
    }
  }
  return captured;
}

/** Finds for each place the classes with decorators of their own that it uses. */
function renamedClasses(places: readonly Node[], scopes: Scopes): Map<Node, Set<string>> {
  const renamed = new Map<Node, Set<string>>();
  const isPlace = new Set(places);
  let taken: Set<string> | undefined;
  for (const { variable, identifier } of scopes.references) {
    if (!variable?.definitions.some((node) => isClass(node) && node.decorators?.length > 0)) {
      continue;
    }
    // Where the module has such names of its own, these are changed as well, and one could be taken for the other.
    taken ??= new Set(
      [...scopes.variables, ...scopes.references.map((each) => each.identifier)]
        .flatMap(({ name }) => /^_(.+?)\d*$/.exec(name)?.[1] ?? []),
    );
    if (taken.has(variable.name.replace(/\d+$/, ""))) continue;
    for (let at: Node | undefined = identifier; at !== undefined; at = scopes.parentOf(at)) {
      if (!isPlace.has(at)) continue;
      let names = renamed.get(at);
      if (names === undefined) renamed.set(at, names = new Set());
      names.add(variable.name);
    }
  }
  return renamed;
}

function declares(node: Node, { identifier, variable }: Reference, scopes: Scopes): boolean {
  if (variable!.kind === "arguments") return node === scopeOfArguments(identifier, scopes);
  return variable!.declarations.some(({ start, end }) => node.start <= start && end <= node.end);
}

/** The function, or the member around it, whose `arguments` it is. */
function scopeOfArguments(identifier: Node, scopes: Scopes): Node | undefined {
  let around = scopes.functionOf(identifier);
  while (around?.type === "ArrowFunctionExpression") around = scopes.functionOf(around);
  return around;
}

function siteAt(
  node: Node,
  captured: ReadonlySet<string>,
  renamed: ReadonlySet<string> | undefined,
  module: ModuleText,
): Site {
  const isMember = node.type === "MethodDefinition";
  const around = isMember ? classOf(node, module.scopes) : undefined;
  const isClassSite = isClass(node);
  const decorated = isClassSite && hasDecorators(node);
  const superClass = around?.superClass as Node | null | undefined;
  const code = module.slice(
    "function",
    isFunction(node) ? node.start : module.startOf(node),
    node.end,
  );
  return {
    digest: code.digest,
    captured: [...captured],
    binding: bindingAt(node, module),
    className: isClassSite
      ? classNameOf(node, module)
      : around === undefined
      ? undefined
      : classNameOf(around, module),
    decorated,
    superClass: superClass
      ? module.slice("expression", superClass.start, superClass.end)
      : undefined,
    renamed: renamed && [...renamed],
    code: decorated ? module.codeOf(node) : renamed && code,
    order: module.statementOf(node).order,
  };
}

function classOf(member: Node, scopes: Scopes): Node | undefined {
  const body = scopes.parentOf(member);
  return body === undefined ? undefined : scopes.parentOf(body);
}

/** The module's own name for what is defined. */
function bindingAt(node: Node, module: ModuleText): string | undefined {
  const { inner, node: outer } = module.statementOf(node);
  if (inner === node && outer.type === "ExportDefaultDeclaration") {
    return isDeclaration(node) && node.id ? node.id.name : "default";
  }
  if (inner === node && isDeclaration(node)) return node.id.name;
  if (inner.type !== "VariableDeclaration") return undefined;
  const declarator = (inner.declarations as Node[]).find(({ init }) => init === node);
  return declarator?.id.type === "Identifier" ? declarator.id.name : undefined;
}

function isDeclaration({ type }: Node): boolean {
  return type === "FunctionDeclaration" || type === "ClassDeclaration";
}

function classNameOf(node: Node, { scopes }: ModuleText): string | undefined {
  if (node.id) return node.id.name;
  const parent = scopes.parentOf(node);
  if (parent?.type === "ExportDefaultDeclaration") return "default";
  return parent?.type === "VariableDeclarator" && parent.id.type === "Identifier"
    ? parent.id.name
    : undefined;
}
