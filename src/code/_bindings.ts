// Copyright 2026 the pecapiku authors. MIT license.

import { identifiersOf, type ModuleText, type Statement } from "./_module_text.ts";
import { calleeName } from "./_moments.ts";
import type { Binding, ModuleImport } from "./module_summary.ts";
import { isClass, isFunction, type Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";

/** Functions of the platform that give nothing that can be changed. */
const PRIMITIVE_GIVERS =
  /^(?:Math\.\w+|Number|Number\.parse\w+|String|String\.(?:raw|from\w+)|Boolean|BigInt|Symbol|Symbol\.for|parse(?:Int|Float)|is(?:NaN|Finite)|JSON\.stringify|Date\.(?:now|UTC|parse)|encodeURI(?:Component)?|decodeURI(?:Component)?|atob|btoa)$/;

/**
 * Lists the names that a module declares at its top level.
 *
 * @param module The module.
 * @param imports The index of each import.
 * @returns The names.
 */
export function bindingsOf(
  module: ModuleText,
  imports: ReadonlyMap<Node, number>,
): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  const declare = (name: string, binding: Binding) => {
    // `var` and functions may be declared again: the first is the declaration, the others assign it.
    if (!bindings.has(name)) bindings.set(name, binding);
  };
  for (const statement of module.statements) {
    const { inner, node, order } = statement;
    if (node.type === "ImportDeclaration") {
      for (const { name, imported } of importedNames(node)) {
        declare(name, { kind: "import", import: imports.get(node)!, name: imported });
      }
    } else if (inner.type === "FunctionDeclaration" || inner.type === "ClassDeclaration") {
      const kind = isFunction(inner) ? "function" : "class";
      declare(inner.id?.name ?? "default", { kind, code: module.codeOf(inner), order });
    } else if (inner.type === "VariableDeclaration") {
      for (const [name, binding] of variablesOf(module, statement)) declare(name, binding);
    } else if (node.type === "ExportDefaultDeclaration") {
      declare("default", {
        ...traitsOf(inner, undefined, module.scopes),
        code: module.slice("expression", inner.start, inner.end),
        index: -1,
        assignable: false,
        hoisted: false,
        order,
      });
    }
  }
  // `var` in blocks and loops at the top level belongs to the module, too.
  for (const variable of module.scopes.variables) {
    if (!variable.top || variable.kind !== "var" || bindings.has(variable.name)) continue;
    const { order } = module.statementOf(variable.declarations[0]!);
    const traits = { primitive: false, callable: false, assignable: true, hoisted: true } as const;
    declare(variable.name, { kind: "value", index: -1, ...traits, order });
  }
  return bindings;
}

function* variablesOf(
  module: ModuleText,
  { inner, order }: Statement,
): Generator<[string, Binding]> {
  const { kind } = inner;
  let index = 0;
  for (const { id, init } of inner.declarations as Node[]) {
    const isPattern = id.type !== "Identifier";
    const code = isPattern
      ? module.slice("statement", inner.start, inner.end)
      : init === null || init === undefined
      ? undefined
      : module.slice("expression", init.start, init.end);
    for (const identifier of identifiersOf(id)) {
      const variable = module.scopes.variableOf(identifier);
      yield [identifier.name, {
        ...traitsOf(isPattern ? undefined : init, variable, module.scopes),
        code,
        // All names of the statement are counted, since its code is that of all.
        index: isPattern ? index : -1,
        assignable: kind === "let" || kind === "var",
        hoisted: kind === "var",
        order,
      }];
      index++;
    }
  }
}

function traitsOf(
  init: Node | null | undefined,
  variable: Variable | undefined,
  scopes: Scopes,
): { readonly kind: "value"; readonly primitive: boolean; readonly callable: boolean } {
  if (init === null || init === undefined) {
    return { kind: "value", primitive: false, callable: false };
  }
  return {
    kind: "value",
    primitive: isPrimitive(init, scopes) &&
      (variable === undefined || staysPrimitive(variable, scopes)),
    callable: isFunction(init) || isClass(init),
  };
}

/** Whether all that is ever assigned to a variable is primitive, too. */
function staysPrimitive(variable: Variable, scopes: Scopes): boolean {
  return variable.references.every(({ identifier, writes, initialises }) => {
    if (!writes) return true;
    const parent = scopes.parentOf(identifier);
    if (parent?.type === "UpdateExpression") return true;
    if (initialises && parent?.type === "VariableDeclarator") {
      return parent.init !== null && parent.init !== undefined && isPrimitive(parent.init, scopes);
    }
    if (parent?.type !== "AssignmentExpression") return false;
    return !/^(?:|&&|\|\||\?\?)=$/.test(parent.operator) || isPrimitive(parent.right, scopes);
  });
}

/** Whether an expression gives a value that can't be changed, as far as its form tells. */
function isPrimitive(node: Node, scopes: Scopes): boolean {
  switch (node.type) {
    case "Literal":
      // A regular expression has `lastIndex`.
      return node.regex === undefined;
    case "TemplateLiteral":
    case "UnaryExpression":
    case "BinaryExpression":
      return true;
    case "Identifier":
      return /^(?:undefined|NaN|Infinity)$/.test(node.name) &&
        scopes.variableOf(node) === undefined;
    case "ConditionalExpression":
      return isPrimitive(node.consequent, scopes) && isPrimitive(node.alternate, scopes);
    case "LogicalExpression":
      return isPrimitive(node.left, scopes) && isPrimitive(node.right, scopes);
    case "SequenceExpression":
      return isPrimitive(node.expressions.at(-1), scopes);
    case "CallExpression":
      return PRIMITIVE_GIVERS.test(calleeName(node, scopes) ?? "");
    default:
      return false;
  }
}

/** Everything that a module imports, and the index of each statement or expression that does so. */
export interface Imports {
  /** The imports. */
  readonly list: readonly ModuleImport[];
  /** Where each one is in the list. */
  readonly indices: ReadonlyMap<Node, number>;
}

/**
 * Lists what a module imports, in the order of the text.
 *
 * @param module The module.
 * @param expressions The `import(…)` in it, in the order of the text.
 * @returns The imports.
 */
export function importsOf(module: ModuleText, expressions: readonly Node[]): Imports {
  const list: ModuleImport[] = [];
  const indices = new Map<Node, number>();
  const add = (node: Node, specifier: string, type: string, dynamic: boolean) => {
    indices.set(node, list.length);
    list.push({ specifier, type, dynamic });
  };
  const statics = module.statements.map(({ node }) => node).filter(({ source }) => source);
  const all = [...statics, ...expressions].sort((a, b) => a.start - b.start);
  for (const node of all) {
    if (node.type === "ImportExpression") {
      const specifier = constantText(node.source);
      // What is put together is unseen where it is used.
      if (specifier !== undefined) {
        add(
          node,
          specifier,
          node.phase === "source" ? "source" : typeOfOptions(node.options),
          true,
        );
      }
    } else {
      const attributes = (node.attributes ?? []) as Node[];
      const type = node.phase === "source" ? "source" : typeAmong(attributes);
      add(node, node.source.value, type, false);
    }
  }
  return { list, indices };
}

function constantText(node: Node): string | undefined {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type !== "TemplateLiteral" || node.expressions.length > 0) return undefined;
  return node.quasis[0].value.cooked ?? undefined;
}

function typeAmong(attributes: readonly Node[]): string {
  const found = attributes.find(({ key }) => (key.name ?? key.value) === "type");
  if (found === undefined) return "";
  // What can't be told is no type that anybody knows.
  return constantText(found.value) ?? "unknown";
}

/** The type in `{ with: { type: "json" } }`. */
function typeOfOptions(options: Node | null | undefined): string {
  if (options === null || options === undefined) return "";
  const attributes = options.type === "ObjectExpression"
    ? (options.properties as Node[]).find(({ key }) => (key?.name ?? key?.value) === "with")
      ?.value as Node | undefined
    : undefined;
  if (attributes?.type !== "ObjectExpression") return "unknown";
  const properties = attributes.properties as Node[];
  return properties.every(({ type, computed }) => type === "Property" && !computed)
    ? typeAmong(properties)
    : "unknown";
}

/**
 * Lists the names that an import declares, and what each one is called where it comes from.
 *
 * @param node The import.
 * @returns The names.
 */
function importedNames(node: Node): { readonly name: string; readonly imported: string }[] {
  return (node.specifiers as Node[]).map(({ type, local, imported }) => ({
    name: local.name,
    imported: type === "ImportNamespaceSpecifier"
      ? "*"
      : type === "ImportDefaultSpecifier"
      ? "default"
      : nameOf(imported),
  }));
}

/**
 * Gives a name in a list of imports or exports, which may be a string.
 *
 * @param node The identifier or string.
 * @returns The name.
 */
export function nameOf(node: Node): string {
  return node.type === "Identifier" ? node.name : node.value;
}
