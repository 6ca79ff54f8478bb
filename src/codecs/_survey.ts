// Copyright 2026 the pecapiku authors. MIT license.

import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
import { isJsonLeaf } from "./_json_tree.ts";
import { kindOf, problemOf } from "./_kinds.ts";
import {
  bufferOf,
  describeObject,
  errorContent,
  isDenseArray,
  isProxy,
  readProperties,
} from "./_objects.ts";
import { type StoredType, storedTypeOf } from "./_stored_types.ts";
import type { SurveyLimits, SurveyNode } from "./_survey_node.ts";

const { getPrototypeOf, prototype: objectPrototype } = Object;
const call = Function.prototype.call;
const forEachOfMap = call.bind(Map.prototype.forEach) as (
  map: object,
  visit: (value: unknown, key: unknown) => void,
) => void;
const forEachOfSet = call.bind(Set.prototype.forEach) as (
  set: object,
  visit: (value: unknown) => void,
) => void;

const NOTHING: readonly unknown[] = [];
const INDEX = /^(?:0|[1-9]\d*)$/;
const MAX_NAME = 200;
const MAX_STEPS = 40;

// Made when there is an error to report: V8 takes a millisecond for the properties of Unicode, as soon as it sees them.
let identifier: RegExp | undefined;

/**
 * Looks at a value and all that it holds, without recursion and without running any of its code, and refuses what V8 would
 * not give back equal. (What is registered with `registerType` is asked for its content, which is then looked at.)
 */
export class Survey {
  /** All objects, in the order in which they were met. */
  readonly nodes: Map<object, SurveyNode> = new Map();
  /** The same, each after what it holds, but for what leads back to it. */
  readonly finished: SurveyNode[] = [];
  /** How many levels the value has. */
  depth = 0;
  /** Where the deepest level is. Reading it makes the path. */
  deepest = "value";
  /** Whether it comes back equal from JSON. */
  json = true;
  /** Whether no object was met twice. */
  isTree = true;

  readonly #limits: SurveyLimits | undefined;
  readonly #maxDepth: number;
  /** The nodes from the value down to where the survey is, and which child of each is next. */
  readonly #branch: SurveyNode[] = [];
  readonly #next: number[] = [];
  /** The nodes that are not settled. */
  readonly #unsettled: SurveyNode[] = [];

  /**
   * Looks at a value.
   *
   * @param value The value.
   * @param maxDepth The level from which on {@linkcode deepest} is of no interest, but the first one beyond it.
   * @param limits What is more to be asked.
   * @throws {UncacheableValueError} If something can't be given back equal.
   */
  constructor(value: unknown, maxDepth: number, limits?: SurveyLimits) {
    this.#limits = limits;
    this.#maxDepth = maxDepth;
    this.#meet(value, undefined);
    const branch = this.#branch;
    const next = this.#next;
    while (branch.length > 0) {
      const top = branch.length - 1;
      const node = branch[top]!;
      const position = next[top]!;
      if (position < node.children.length) {
        next[top] = position + 1;
        this.#meet(node.children[position], node);
      } else {
        this.#leave(node);
      }
    }
  }

  #meet(value: unknown, parent: SurveyNode | undefined): void {
    if (typeof value === "object" && value !== null) {
      const known = this.nodes.get(value);
      if (known === undefined) this.#enter(value);
      else this.#meetAgain(known, parent!);
      return;
    }
    if (typeof value === "function") this.#refuse("a function");
    if (typeof value === "symbol") this.#refuse("a symbol");
    if (!isJsonLeaf(value)) this.json = false;
    const problem = this.#limits?.leaf(value);
    if (problem !== undefined) this.#refuse(problem);
  }

  #meetAgain(known: SurveyNode, parent: SurveyNode): void {
    this.json = false;
    this.isTree = false;
    if (this.#limits !== undefined) this.#refuse(this.#limits.again);
    if (known.settled) {
      parent.copied ||= known.copied;
    } else {
      if (known.low < parent.low) parent.low = known.low;
      // The one cycle that makes no larger group: a content that is the instance itself.
      if (known === parent && known.kind === "instance") this.#refuse(LEADS_BACK);
    }
  }

  #enter(value: object): void {
    if (isProxy(value)) this.#refuse("a proxy");
    const prototype = getPrototypeOf(value) as object | null;
    const kind = kindOf(prototype);
    const type = kind === undefined ? this.#typeOf(value, prototype!) : undefined;
    const order = this.nodes.size;
    const node: SurveyNode = {
      value,
      kind: kind ?? "instance",
      prototype,
      order,
      type,
      names: undefined,
      children: NOTHING,
      copied: false,
      low: order,
      settled: false,
    };
    this.#read(node);
    const problem = kind === undefined ? undefined : problemOf(value, kind, prototype);
    const unwanted = problem ?? this.#limits?.node(node);
    if (unwanted !== undefined) this.#refuse(unwanted);
    this.nodes.set(value, node);
    this.#unsettled.push(node);
    this.#branch.push(node);
    this.#next.push(0);
    this.#deepen();
  }

  #deepen(): void {
    const depth = this.#branch.length;
    if (depth <= this.depth) return;
    this.depth = depth;
    if (depth === this.#maxDepth + 1) {
      this.deepest = this.#path();
      if (this.#limits !== undefined) this.#refuse(tooDeep(this.#maxDepth));
    }
  }

  #typeOf(value: object, prototype: object): StoredType {
    const type = storedTypeOf(prototype);
    if (type === undefined) this.#refuse(describeObject(value));
    return type;
  }

  /** Finds out what a node holds. */
  #read(node: SurveyNode): void {
    const { value } = node;
    switch (node.kind) {
      case "array":
        if (Array.isArray(value) && isDenseArray(value)) {
          node.children = value;
          return;
        }
        this.json = false;
        this.#readNamed(node);
        return;
      case "object":
        if (node.prototype !== objectPrototype) this.json = false;
        this.#readNamed(node);
        return;
    }
    this.json = false;
    switch (node.kind) {
      case "instance":
        node.copied = true;
        node.children = [this.#contentOf(node)];
        return;
      case "map": {
        const children: unknown[] = [];
        this.#guard(() => forEachOfMap(value, (item, key) => children.push(key, item)));
        node.children = children;
        return;
      }
      case "set": {
        const children: unknown[] = [];
        this.#guard(() => forEachOfSet(value, (item) => children.push(item)));
        node.children = children;
        return;
      }
      case "view":
        this.#guard(() => node.children = [bufferOf(value)]);
        return;
      case "error": {
        const { names, values } = errorContent(value);
        node.names = names;
        node.children = values;
        return;
      }
    }
  }

  #readNamed(node: SurveyNode): void {
    const names: string[] = [];
    const children: unknown[] = [];
    const problem = readProperties(node.value, names, children);
    if (problem !== undefined) this.#refuse(problem.what, problem.name);
    node.names = names;
    node.children = children;
  }

  #contentOf({ type, value }: SurveyNode): unknown {
    try {
      return type!.encode(value);
    } catch (cause) {
      throw cannotStore(
        `an instance of the type ${type!.name} that can't be encoded`,
        this.#path(),
        cause,
      );
    }
  }

  /** The built-in functions refuse an object that only has the right prototype. */
  #guard(read: () => void): void {
    try {
      read();
    } catch {
      this.#refuse("an object that is not what its prototype says");
    }
  }

  #leave(node: SurveyNode): void {
    this.#branch.pop();
    this.#next.pop();
    this.finished.push(node);
    if (node.low === node.order) this.#settle(node);
    const parent = this.#branch.at(-1);
    if (parent === undefined) return;
    if (node.settled) parent.copied ||= node.copied;
    else if (node.low < parent.low) parent.low = node.low;
  }

  /** All that were met since `first` and are not settled lead to each other: Tarjan's algorithm. */
  #settle(first: SurveyNode): void {
    const unsettled = this.#unsettled;
    if (unsettled.at(-1) === first) {
      unsettled.pop();
      first.settled = true;
      return;
    }
    const group = unsettled.splice(unsettled.lastIndexOf(first));
    let copied = false;
    for (const node of group) {
      if (node.kind === "instance") {
        throw cannotStore(LEADS_BACK, this.#path());
      }
      copied ||= node.copied;
    }
    for (const node of group) {
      node.copied = copied;
      node.settled = true;
    }
  }

  #path(): string {
    const steps: string[] = [];
    const branch = this.#branch;
    for (let level = 0; level < branch.length; level++) {
      const position = this.#next[level]! - 1;
      if (position >= 0) steps.push(stepTo(branch[level]!, position));
    }
    return valuePath(steps);
  }

  #refuse(what: string, name?: string): never {
    const path = this.#path();
    throw cannotStore(what, name === undefined ? path : path + propertyStep(name));
  }
}

const LEADS_BACK = "an instance whose content leads back to it";

/**
 * Says that a value has too many levels.
 *
 * @param maxDepth How many it may have.
 * @returns The words for the message.
 */
export function tooDeep(maxDepth: number): string {
  return `more than ${maxDepth} levels`;
}

function stepTo(node: SurveyNode, position: number): string {
  const name = node.names?.[position];
  if (name !== undefined) return propertyStep(name);
  switch (node.kind) {
    case "array":
      return `[${position}]`;
    case "set":
      return `.values()[${position}]`;
    case "map":
      return `.${position % 2 === 0 ? "keys" : "values"}()[${position >> 1}]`;
    case "view":
      return ".buffer";
    default:
      return ".<encoded>";
  }
}

/** Writes how a property is reached: `.name`, `[0]` or `["a b"]`. */
function propertyStep(name: string): string {
  if (INDEX.test(name)) return `[${name}]`;
  if (name.length > MAX_NAME) return `[${JSON.stringify(name.slice(0, MAX_NAME) + "…")}]`;
  identifier ??= new RegExp("^[\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*$", "u");
  return identifier.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Joins the steps to a path that begins at `value`; of a very long one, only the beginning and the end. */
function valuePath(steps: readonly string[]): string {
  if (steps.length <= MAX_STEPS) return "value" + steps.join("");
  const half = MAX_STEPS / 2;
  return `value${steps.slice(0, half).join("")}…${steps.slice(-half).join("")}`;
}

/**
 * Makes the error that says what can't be stored.
 *
 * @param what What was met, such as `a function`.
 * @param path Where it was met.
 * @param cause The error that led to this one.
 * @returns The error.
 */
export function cannotStore(what: string, path: string, cause?: unknown): UncacheableValueError {
  const message = `Cannot store value: ${what} at ${path}`;
  return cause === undefined
    ? new UncacheableValueError(message)
    : new UncacheableValueError(message, { cause });
}
