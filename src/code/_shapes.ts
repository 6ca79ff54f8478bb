// Copyright 2026 the pecapiku authors. MIT license.

import type {
  Binding,
  Calling,
  Effect,
  Export,
  Handed,
  ModuleImport,
  ModuleSummary,
  Site,
  Slice,
  Taking,
} from "./module_summary.ts";
import type { FreeName, Parameter, Unit, Use } from "./unit.ts";

/** Tells whether a value that was read from a file has some shape. */
type Shape = (value: unknown) => boolean;

/** A shape for each property of a type, also for those that may be absent: so that none is forgotten here. */
type Shapes<T> = { readonly [K in keyof Required<T>]: Shape };

const text: Shape = (value) => typeof value === "string";
const flag: Shape = (value) => typeof value === "boolean";
const index: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const digest: Shape = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

function optional(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

function among(...values: readonly unknown[]): Shape {
  return (value) => values.includes(value);
}

function listOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

function recordOf(shape: Shape): Shape {
  return (value) => isObject(value) && Object.values(value).every(shape);
}

function objectOf<T>(shapes: Shapes<T>): Shape {
  const entries = Object.entries<Shape>(shapes);
  // Only what the object itself has: a property that is absent must not be found on its prototype.
  return (value) =>
    isObject(value) &&
    entries.every(([key, shape]) => shape(Object.hasOwn(value, key) ? value[key] : undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const texts = listOf(text);

const use = objectOf<Use>({
  path: texts,
  form: among(
    ...[
      "read",
      "call",
      "call0",
      "new",
      "new0",
      "write",
      "mutate",
      "method",
      "computed",
      "escape",
    ] satisfies Use["form"][],
  ),
  now: flag,
  byName: optional(flag),
  argument: optional(objectOf<NonNullable<Use["argument"]>>({ of: text, index })),
});

const uses = listOf(use);

function isLiteral(value: unknown): boolean {
  if (!isObject(value)) return false;
  const content = value["value"];
  switch (value["type"]) {
    case "json":
      return content === null || ["string", "number", "boolean"].includes(typeof content);
    case "undefined":
    case "nan":
    case "infinity":
    case "-infinity":
    case "-0":
      return true;
    case "bigint":
      return typeof content === "string" && /^-?\d+$/.test(content);
    case "array":
      return Array.isArray(content) && content.every(isLiteral);
    case "object":
      return Array.isArray(content) &&
        content.every((entry) =>
          Array.isArray(entry) && entry.length === 2 && text(entry[0]) && isLiteral(entry[1])
        );
    default:
      return false;
  }
}

function isDefault(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.hasOwn(value, "unit") ? isUnit(value["unit"]) : isLiteral(value["literal"]);
}

const unit = objectOf<Unit>({
  normal: digest,
  named: digest,
  raw: digest,
  free: listOf(objectOf<FreeName>({ name: text, uses })),
  parameters: listOf(
    objectOf<Parameter>({ name: text, default: optional(isDefault), rest: flag, uses }),
  ),
  isClass: flag,
  readsArguments: flag,
  readsNames: flag,
  readsText: flag,
  readsTextOfValues: flag,
  writesThis: flag,
  writesClass: flag,
  keepsState: flag,
  readsSuper: flag,
  unseen: texts,
  dynamicImports: texts,
  assigns: texts,
  selfName: optional(text),
});

const slice = objectOf<Slice>({
  kind: among("function", "expression", "statement"),
  start: index,
  end: index,
  digest,
});

type Value = Extract<Binding, { kind: "value" }>;

const value = objectOf<Value>({
  kind: among("value"),
  code: optional(slice),
  index: (given) => given === -1 || index(given),
  primitive: flag,
  callable: flag,
  assignable: flag,
  hoisted: flag,
  order: index,
});

const declaration = objectOf<Extract<Binding, { kind: "class" | "function" }>>({
  kind: among("function", "class"),
  code: slice,
  order: index,
});

const imported = objectOf<Extract<Binding, { kind: "import" }>>({
  kind: among("import"),
  import: index,
  name: text,
});

const given = objectOf<Extract<Export, { kind: "local" }>>({ kind: among("local"), name: text });

const passedOn = objectOf<Extract<Export, { kind: "from" }>>({
  kind: among("from"),
  import: index,
  name: text,
});

const whole: Shape = (value) => Number.isSafeInteger(value);

const handed = objectOf<Handed>({
  name: text,
  of: text,
  index: whole,
  wraps: index,
  now: flag,
  by: text,
});

const taking = objectOf<Taking>({
  name: text,
  index: whole,
  rest: flag,
  depth: index,
  later: flag,
  to: optional(objectOf<NonNullable<Taking["to"]>>({ of: text, index: whole, wraps: index })),
});

const pairs = listOf((each) => Array.isArray(each) && each.length === 2 && each.every(text));

const summary = objectOf<ModuleSummary>({
  imports: listOf(objectOf<ModuleImport>({ specifier: text, type: text, dynamic: flag })),
  bindings: recordOf((each) => value(each) || declaration(each) || imported(each)),
  exports: recordOf((each) => given(each) || passedOn(each)),
  stars: listOf(index),
  effects: listOf(objectOf<Effect>({ code: slice, order: index, affects: texts, globals: texts })),
  changed: recordOf(text),
  changedGlobals: texts,
  aliases: pairs,
  inside: optional(pairs),
  changedWithin: optional(texts),
  methods: recordOf(text),
  changedByName: optional(recordOf(text)),
  returned: optional(recordOf(texts)),
  changedResults: optional(recordOf(text)),
  handed: optional(listOf(handed)),
  takings: optional(listOf(taking)),
  calling: listOf(objectOf<Calling>({ code: slice, order: index })),
  sites: listOf(objectOf<Site>({
    digest,
    captured: texts,
    binding: optional(text),
    className: optional(text),
    decorated: flag,
    superClass: optional(slice),
    renamed: optional(texts),
    code: optional(slice),
    order: index,
  })),
});

/**
 * Tells whether a value from a file is what is known of a piece of code.
 *
 * @param value The value.
 * @returns Whether it is.
 */
export function isUnit(value: unknown): value is Unit {
  return unit(value);
}

/**
 * Tells whether a value from a file is what is known of a module.
 *
 * @param value The value.
 * @returns Whether it is, and all the imports that it speaks of are in it.
 */
export function isModuleSummary(value: unknown): value is ModuleSummary {
  return summary(value) && hasImports(value as ModuleSummary);
}

function hasImports({ imports, bindings, exports, stars }: ModuleSummary): boolean {
  const { length } = imports;
  return stars.every((star) => star < length) &&
    [...Object.values(bindings), ...Object.values(exports)].every((each) =>
      !("import" in each) || each.import < length
    );
}
