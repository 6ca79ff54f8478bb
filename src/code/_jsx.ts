// Copyright 2026 the pecapiku authors. MIT license.

import { babel } from "./_deferred.ts";

/** A node of the tree, as it is walked here. */
interface JsxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** What compiler options say of JSX. Where several files say something, it is all of that. */
export interface JsxSettings {
  /** What makes elements and fragments, as `jsxFactory` and `jsxFragmentFactory` say: `h`, `React.createElement`. */
  readonly factories?: readonly string[];
  /** The modules that have the functions which make elements, where these are imported without being mentioned: `preact/jsx-runtime`. */
  readonly runtimes?: readonly string[];
}

/** What compiles JSX when no comment in the file says so: the names that Deno's and other people's settings mean. */
const USUAL_FACTORIES = ["React", "h", "Fragment"];

/**
 * Puts a call in the place of each JSX element: `__jsx("<a b={}>{}</>", (expression), …)`. It is no call that ever runs. Its first
 * argument is all of the element but the expressions in it, the others are these, in the order in which they are evaluated.
 *
 * @param source The text of a module.
 * @param typed Whether it is TypeScript.
 * @param settings What compiler options say of it.
 * @returns The text without JSX.
 * @throws {SyntaxError} If it can't be parsed.
 */
export function replaceJsx(source: string, typed: boolean, settings: JsxSettings = {}): string {
  const file = babel.parse(source, {
    sourceType: "module",
    plugins: [
      "jsx",
      ...(typed ? ["typescript" as const] : []),
      "decorators",
      "decoratorAutoAccessors",
      "deferredImportEvaluation",
      "sourcePhaseImports",
    ],
  });
  const program = file.program as unknown as JsxNode;
  return new Replacer(source, program, file.comments ?? [], settings).module();
}

/** Writes the text of a module anew. */
class Replacer {
  readonly #source: string;
  readonly #program: JsxNode;
  readonly #name: string;
  readonly #prefix: string;
  readonly #factories: readonly string[];
  readonly #imports: string;
  #isUsed = false;

  constructor(
    source: string,
    program: JsxNode,
    comments: readonly { readonly value: string }[],
    settings: JsxSettings,
  ) {
    this.#source = source;
    this.#program = program;
    let name = "__jsx";
    while (source.includes(name)) name += "_";
    this.#name = name;
    const said = comments.flatMap((comment) =>
      [
        ...comment.value.matchAll(/@jsx\w*\s+\S+/g),
      ].map(([text]) => text.replace(/\s+/, " "))
    );
    this.#prefix = said.join(" ");
    const runtimes = runtimesOf(said, settings);
    this.#imports = runtimes.map((specifier, index) =>
      `import * as ${name}_${index} from ${JSON.stringify(specifier)};`
    ).join("");
    // What makes the elements counts, too; and an import that nothing mentions would be dropped with the types.
    this.#factories = [
      ...runtimes.map((_, index) => `${name}_${index}`),
      // There, elements are told where they are.
      ...(runtimes.some(isForDevelopment) ? ["import.meta.url"] : []),
      ...new Set(factoriesOf(said, settings, topLevelNames(program), runtimes.length > 0)),
    ];
  }

  /** Writes the whole text. What JSX needs is imported first. */
  module(): string {
    const text = this.range(this.#program, 0, this.#source.length);
    if (this.#imports === "" || !this.#isUsed) return text;
    const [hashbang] = /^(?:#![^\n\r\u2028\u2029]*(?:\r\n|[\n\r\u2028\u2029]))?/.exec(text)!;
    return hashbang + this.#imports + text.slice(hashbang.length);
  }

  /** Writes a part of the text, with the elements that are in a node replaced. */
  range(node: JsxNode, start: number, end: number): string {
    let text = "";
    let at = start;
    for (const element of outermost(node)) {
      // The space keeps it apart from a keyword before it, as in `return<a/>`.
      text += `${this.#source.slice(at, element.start)} ${this.#element(element)}`;
      at = element.end;
    }
    return text + this.#source.slice(at, end);
  }

  #element(element: JsxNode): string {
    this.#isUsed = true;
    const slots = [...this.#factories];
    const skeleton = this.#skeleton(element, slots);
    const list = [JSON.stringify(this.#prefix + skeleton), ...slots.map((slot) => `(${slot})`)];
    return `${this.#name}(${list.join(", ")})`;
  }

  /** Describes an element without the expressions in it, which go to the slots. */
  #skeleton(element: JsxNode, slots: string[]): string {
    let text = "<";
    const opening = element.openingElement as JsxNode | undefined;
    if (opening !== undefined) {
      text += this.#elementName(opening.name as JsxNode, slots);
      for (const attribute of opening.attributes as JsxNode[]) {
        text += ` ${this.#attribute(attribute, slots)}`;
      }
    }
    text += ">";
    for (const child of element.children as JsxNode[]) text += this.#child(child, slots);
    return `${text}</>`;
  }

  #elementName(name: JsxNode, slots: string[]): string {
    const text = this.#source.slice(name.start, name.end).replace(/\s+/g, "");
    // `<div>` and `<my-tag>` are strings, all others name a value. Where that could be told otherwise, it counts as both.
    if (
      name.type === "JSXNamespacedName" || text.includes("-") ||
      /^[a-z][\w]*$/.test(text) && text !== "this"
    ) return text;
    slots.push(text);
    return `${text}{}`;
  }

  #attribute(attribute: JsxNode, slots: string[]): string {
    if (attribute.type === "JSXSpreadAttribute") {
      slots.push(this.#expression(attribute.argument as JsxNode));
      return "{...}";
    }
    const name = attribute.name as JsxNode;
    const text = this.#source.slice(name.start, name.end);
    const value = attribute.value as JsxNode | null | undefined;
    if (value === null || value === undefined) return text;
    if (value.type === "JSXExpressionContainer") {
      slots.push(this.#expression(value.expression as JsxNode));
      return `${text}={}`;
    }
    if (value.type === "JSXElement" || value.type === "JSXFragment") {
      slots.push(this.#element(value));
      return `${text}={}`;
    }
    return `${text}=${this.#source.slice(value.start, value.end)}`;
  }

  #child(child: JsxNode, slots: string[]): string {
    switch (child.type) {
      case "JSXText":
        return visibleText(this.#source.slice(child.start, child.end));
      case "JSXExpressionContainer": {
        const expression = child.expression as JsxNode;
        if (expression.type === "JSXEmptyExpression") return "";
        slots.push(this.#expression(expression));
        return "{}";
      }
      case "JSXSpreadChild":
        slots.push(this.#expression(child.expression as JsxNode));
        return "{...}";
      default:
        return this.#skeleton(child, slots);
    }
  }

  #expression(node: JsxNode): string {
    // A line comment at the end of it would take in the parenthesis.
    return `${this.range(node, node.start, node.end)}\n`;
  }
}

/** A name, or a path of names. */
const FACTORY = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/** Lists what makes the elements; what the comments in the file say goes before the settings. */
function factoriesOf(
  said: readonly string[],
  { factories = [] }: JsxSettings,
  declared: ReadonlySet<string>,
  isImported: boolean,
): readonly string[] {
  const byComment = said.flatMap((text) => /^@jsx(?:Frag)? (.*)$/.exec(text)?.[1] ?? []);
  if (byComment.length > 0) return byComment.filter((text) => FACTORY.test(text));
  const found = [...factories, ...USUAL_FACTORIES.filter((usual) => declared.has(usual))]
    .filter((text) => FACTORY.test(text));
  return found.length > 0 || isImported ? found : ["React"];
}

/** Lists what is imported for the elements; what the comments in the file say goes before the settings. */
function runtimesOf(
  said: readonly string[],
  { runtimes = [] }: JsxSettings,
): readonly string[] {
  const value = (name: string) =>
    said.findLast((text) => text.startsWith(`@${name} `))?.slice(name.length + 2);
  if (value("jsxRuntime") === "classic") return [];
  const source = value("jsxImportSource") ??
    (value("jsxRuntime") === "automatic" && runtimes.length === 0 ? "react" : undefined);
  if (source === undefined) return runtimes;
  return [
    `${source}/jsx-runtime`,
    ...(runtimes.some(isForDevelopment) ? [`${source}/jsx-dev-runtime`] : []),
  ];
}

function isForDevelopment(specifier: string): boolean {
  return specifier.endsWith("/jsx-dev-runtime");
}

/** The text that is left of JSX text: lines without the blanks at their ends, and none that is empty. */
function visibleText(text: string): string {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.map((line, index) => {
    const left = index === 0 ? line : line.replace(/^[ \t]+/, "");
    return index === lines.length - 1 ? left : left.replace(/[ \t]+$/, "");
  }).filter((line) => line !== "").join(" ");
}

/** The elements in a node, or the node itself, that are in no other one. */
function* outermost(node: JsxNode): Generator<JsxNode> {
  if (node.type === "JSXElement" || node.type === "JSXFragment") {
    yield node;
    return;
  }
  for (const child of children(node)) yield* outermost(child);
}

function* children(node: JsxNode): Generator<JsxNode> {
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      // Comments have a type, too, and are no nodes.
      if (typeof item?.type === "string" && !item.type.startsWith("Comment")) yield item as JsxNode;
    }
  }
}

/** The names that imports, functions and variables declare at the top level. */
function topLevelNames(program: JsxNode): Set<string> {
  const names = new Set<string>();
  const add = (id: unknown) => {
    const name = (id as JsxNode | null | undefined)?.name;
    if (typeof name === "string") names.add(name);
  };
  for (const statement of program.body as JsxNode[]) {
    const declaration = (statement.declaration ?? statement) as JsxNode;
    add(declaration.id);
    for (const part of (declaration.declarations ?? []) as JsxNode[]) add(part.id);
    for (const specifier of (statement.specifiers ?? []) as JsxNode[]) add(specifier.local);
  }
  return names;
}
