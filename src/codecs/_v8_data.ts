// Copyright 2026 the pecapiku authors. MIT license.

import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
import type { Parts } from "../stores/store.ts";
import { v8 } from "../_deferred.ts";
import { aggregatePrototype } from "./_kinds.ts";
import { isApart, wholeBuffer } from "./_objects.ts";
import { storedTypeNamed } from "./_stored_types.ts";
import type { Survey } from "./_survey.ts";
import type { SurveyNode } from "./_survey_node.ts";

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, is, setPrototypeOf } = Object;
const { isArray } = Array;

/** The name of a step that fills a map or a set, not one that decodes an instance. */
const FILL = "";

/** How many elements a step has. */
const STEP = 3;

/**
 * Finds the buffers whose content is kept apart.
 *
 * @param nodes The objects of a value.
 * @returns The buffers, in the order in which they were met.
 */
export function largeBuffers(nodes: Iterable<SurveyNode>): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const { kind, value } of nodes) {
    if (kind === "buffer" && isApart(value)) buffers.push(value as ArrayBuffer);
  }
  return buffers;
}

/**
 * Writes a value with V8's serializer.
 *
 * @param value The value.
 * @param buffers The buffers whose content is kept apart.
 * @returns V8's data, and then the content of the buffers, not copied.
 * @throws {UncacheableValueError} If V8 refuses the value.
 */
export function writeV8(value: unknown, buffers: readonly ArrayBuffer[]): Parts {
  // Not v8.serialize: what it makes of views loses which of them share a buffer.
  const serializer = new v8.Serializer();
  serializer.writeHeader();
  for (let id = 0; id < buffers.length; id++) {
    serializer.transferArrayBuffer(id, buffers[id]!);
  }
  try {
    serializer.writeValue(value);
  } catch (cause) {
    throw new UncacheableValueError("Cannot store value: V8 can't serialize what is in value", {
      cause,
    });
  }
  const { buffer, byteOffset, byteLength } = serializer.releaseBuffer();
  return [
    new Uint8Array(buffer, byteOffset, byteLength),
    ...buffers.map((content) => new Uint8Array(content)),
  ];
}

/**
 * Reads what {@linkcode writeV8} wrote.
 *
 * @param data V8's data.
 * @param buffers The content of the buffers. The value takes them over.
 * @returns The value.
 * @throws {Error} If it is not V8's data, or a newer V8 wrote it.
 */
export function readV8(data: Uint8Array, buffers: readonly Uint8Array[]): unknown {
  const deserializer = new v8.Deserializer(data);
  if (!deserializer.readHeader()) {
    throw new TypeError("Cannot decode value: no data of V8, or of a newer one");
  }
  for (let id = 0; id < buffers.length; id++) {
    deserializer.transferArrayBuffer(id, wholeBuffer(buffers[id]!));
  }
  return deserializer.readValue();
}

/**
 * What V8 is given instead of a value of which it would lose something: the value, and what to do to it when it is back.
 */
export type Envelope = [
  /** The value. For instances, it has zeros; maps and sets that have instances are empty. */
  value: unknown,
  /** The objects whose prototype is `null`. */
  nullPrototypes: object[],
  /** Alternately, a regular expression and its `lastIndex`. */
  lastIndexes: unknown[],
  /** Alternately, an `AggregateError` and its `errors`. */
  aggregates: unknown[],
  /**
   * What to do then, in order, each in three elements: the name of a type, the content of an instance and, alternately, an
   * object and the name of its property that the instance belongs in; or an empty name, a map or a set and its elements.
   */
  steps: unknown[],
];

/**
 * Tells whether V8 loses something of a value.
 *
 * @param survey The survey of the value.
 * @returns Whether an envelope is needed.
 */
export function needsEnvelope(survey: Survey): boolean {
  for (const node of survey.nodes.values()) {
    if (node.copied || node.prototype === null || hasLastIndex(node) || isAggregate(node)) {
      return true;
    }
  }
  return false;
}

/**
 * Tells whether V8 meets the objects of a value in another order than the survey did, and so at other depths.
 *
 * @param survey The survey of the value.
 * @returns Whether an instance has an object as its content, which the envelope has in another place.
 */
export function movesContents(survey: Survey): boolean {
  for (const { kind, children } of survey.nodes.values()) {
    if (kind === "instance" && typeof children[0] === "object") return true;
  }
  return false;
}

function hasLastIndex({ kind, value }: SurveyNode): boolean {
  return kind === "regexp" && !is((value as RegExp).lastIndex, 0);
}

function isAggregate({ prototype }: SurveyNode): boolean {
  return prototype === aggregatePrototype;
}

/**
 * Makes the envelope of a value.
 *
 * @param value The value.
 * @param survey Its survey.
 * @returns The envelope. It shares with the value whatever has no instance in it.
 */
export function makeEnvelope(value: unknown, survey: Survey): Envelope {
  return new EnvelopeMaker(survey).make(value);
}

class EnvelopeMaker {
  readonly #survey: Survey;
  readonly #copies = new Map<object, object>();
  readonly #slots = new Map<object, unknown[]>();

  constructor(survey: Survey) {
    this.#survey = survey;
  }

  make(value: unknown): Envelope {
    const envelope: Envelope = [undefined, [], [], [], []];
    const nodes = this.#survey.nodes;
    for (const node of nodes.values()) {
      if (node.kind === "instance") this.#slots.set(node.value, []);
      else if (node.copied) this.#copies.set(node.value, emptyCopy(node));
    }
    this.#put(envelope, 0, value);
    for (const node of this.#survey.finished) {
      const { value } = node;
      if (node.kind === "instance") this.#addInstance(envelope[4], node);
      else if (node.copied) this.#fill(node, envelope[4]);
      const stored = this.#copies.get(value) ?? value;
      if (node.prototype === null) envelope[1].push(stored);
      else if (hasLastIndex(node)) envelope[2].push(stored, (value as RegExp).lastIndex);
      else if (isAggregate(node)) this.#addAggregate(envelope[3], stored, node);
    }
    return envelope;
  }

  /** Puts a value, or what stands for it, where it belongs. */
  #put(container: object, name: string | number, value: unknown, enumerable = true): void {
    let stored = value;
    if (typeof value === "object" && value !== null) {
      const slots = this.#slots.get(value);
      if (slots !== undefined) {
        slots.push(container, name);
        stored = 0;
      } else {
        stored = this.#copies.get(value) ?? value;
      }
    }
    defineProperty(container, name, {
      value: stored,
      writable: true,
      enumerable,
      configurable: true,
    });
  }

  #addInstance(steps: unknown[], { type, value, children }: SurveyNode): void {
    const at = steps.length;
    steps.push(type!.name, 0, this.#slots.get(value));
    this.#put(steps, at + 1, children[0]);
  }

  #addAggregate(aggregates: unknown[], error: object, { names, children }: SurveyNode): void {
    const errors = names!.indexOf("errors");
    aggregates.push(error, undefined);
    if (errors >= 0) this.#put(aggregates, aggregates.length - 1, children[errors]);
  }

  #fill(node: SurveyNode, steps: unknown[]): void {
    const { value, kind, names, children } = node;
    const copy = this.#copies.get(value)!;
    if (kind === "map" || kind === "set") {
      const elements: unknown[] = [];
      for (let i = 0; i < children.length; i++) this.#put(elements, i, children[i]);
      if (children.some((child) => this.#slots.has(child as object))) {
        steps.push(FILL, copy, elements);
      } else {
        fillCollection(copy, elements);
      }
    } else if (kind === "error") {
      const cause = names!.indexOf("cause");
      if (cause >= 0) this.#put(copy, "cause", children[cause], false);
    } else {
      for (let i = 0; i < children.length; i++) this.#put(copy, names?.[i] ?? i, children[i]);
    }
  }
}

function emptyCopy({ kind, value, prototype }: SurveyNode): object {
  switch (kind) {
    case "map":
      return new Map();
    case "set":
      return new Set();
    case "array":
      return new Array((value as unknown[]).length);
    case "error":
      return copyOfError(value as Error, prototype!);
    default:
      return {};
  }
}

function copyOfError(error: Error, prototype: object): object {
  const copy = setPrototypeOf(new Error(), prototype) as Error;
  defineProperty(copy, "stack", { value: error.stack });
  const message = getOwnPropertyDescriptor(error, "message");
  if (message !== undefined) defineProperty(copy, "message", message);
  return copy;
}

function fillCollection(collection: unknown, elements: readonly unknown[]): void {
  if (collection instanceof Set) {
    for (const element of elements) collection.add(element);
  } else if (collection instanceof Map) {
    for (let i = 0; i + 1 < elements.length; i += 2) collection.set(elements[i], elements[i + 1]);
  } else {
    throw new TypeError("Cannot decode value: neither a map nor a set is to be filled");
  }
}

/**
 * Takes the value out of an envelope that came back.
 *
 * @param envelope What came back. It is not trusted.
 * @returns The value.
 * @throws {Error} If it is no envelope, or a type is not registered.
 */
export function openEnvelope(envelope: unknown): unknown {
  const [, nullPrototypes, lastIndexes, aggregates, steps] = checkedEnvelope(envelope);
  for (const object of nullPrototypes) setPrototypeOf(checkedObject(object), null);
  for (let i = 0; i < lastIndexes.length; i += 2) {
    (checkedObject(lastIndexes[i]) as RegExp).lastIndex = Number(lastIndexes[i + 1]);
  }
  for (let i = 0; i < aggregates.length; i += 2) {
    restoreAggregate(checkedObject(aggregates[i]), aggregates[i + 1]);
  }
  for (let i = 0; i < steps.length; i += STEP) {
    const name = steps[i];
    const list = checkedArray(steps[i + 2]);
    if (name === FILL) fillCollection(steps[i + 1], list);
    else putInstance(decodeInstance(name, steps[i + 1]), list);
  }
  return (envelope as Envelope)[0];
}

function restoreAggregate(error: object, errors: unknown): void {
  setPrototypeOf(error, aggregatePrototype);
  if (errors === undefined) return;
  defineProperty(error, "errors", {
    value: errors,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

function decodeInstance(name: unknown, content: unknown): object {
  const type = typeof name === "string" ? storedTypeNamed(name) : undefined;
  if (type === undefined) {
    throw new TypeError(`Cannot decode value: no type is registered with the name ${name}`);
  }
  const instance = checkedObject(type.decode(content));
  if (getPrototypeOf(instance) !== type.prototype) {
    throw new TypeError(
      `Cannot decode value: decode gave no instance of the class registered as ${name}`,
    );
  }
  return instance;
}

function putInstance(instance: object, slots: readonly unknown[]): void {
  for (let i = 0; i < slots.length; i += 2) {
    // The property is there already, so its place and its attributes stay; and no setter runs, whatever its name is.
    defineProperty(checkedObject(slots[i]), slots[i + 1] as PropertyKey, { value: instance });
  }
}

function checkedEnvelope(envelope: unknown): Envelope {
  const parts = checkedArray(envelope);
  if (parts.length !== 5) throw new TypeError("Cannot decode value: no envelope");
  for (let i = 1; i < parts.length; i++) checkedArray(parts[i]);
  return parts as Envelope;
}

function checkedArray(value: unknown): unknown[] {
  if (!isArray(value)) throw new TypeError("Cannot decode value: a list is missing");
  return value;
}

function checkedObject(value: unknown): object {
  if (typeof value !== "object" || value === null) {
    throw new TypeError("Cannot decode value: an object is missing");
  }
  return value;
}
