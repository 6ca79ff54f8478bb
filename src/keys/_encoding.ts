// Copyright 2026 the pecapiku authors. MIT license.

import type { CanonicalWriter } from "./_canonical_writer.ts";
import type { ClassInfo } from "./_classes.ts";
import { apply, getDescriptor, getPrototypeOf } from "./_platform.ts";
import { propertyStep } from "./_property_keys.ts";

/** What the values on a list are to the object they are of: it names them in the path of an error. */
export type ListLabel = "map" | "set" | "boxed" | "spoken" | "url";

/** An encoding under way, as those see it who write the content of built-in objects. */
export interface Encoding {
  /** Where the bytes go. */
  readonly writer: CanonicalWriter;
  /** The buffers met so far. */
  readonly storages: BufferStorages;
  /**
   * Writes the names of the user's classes.
   *
   * @param info What is known of the object's class.
   */
  classes(info: ClassInfo): void;
  /**
   * Has values encoded next, before what was queued earlier.
   *
   * @param target The object they are of.
   * @param values The values.
   * @param label What they are.
   */
  queueValues(target: object, values: readonly unknown[], label: ListLabel): void;
  /**
   * Has properties encoded next, before what was queued earlier.
   *
   * @param target The object they are of.
   * @param keys The keys of the properties; the array is sorted in place.
   */
  queueProperties(target: object, keys: (string | symbol)[]): void;
  /**
   * Gives up.
   *
   * @param what What can't be a part of a key.
   * @param cause The error that led to it.
   * @throws {UncacheableKeyError} Always.
   */
  refuse(what: string, cause?: unknown): never;
}

/** What is left to do of an object. */
export interface Task {
  /**
   * `elements`: those of an array without holes; `visible`: of one where all of them are enumerable, too; `sparse`: those of
   * an array of which `keys` lists what is there.
   */
  kind: "properties" | "elements" | "visible" | "sparse" | "list";
  label: ListLabel;
  target: object;
  keys: readonly (string | symbol)[];
  values: readonly unknown[];
  /** Which child is under way; −1 before the first. */
  index: number;
  /** How many children there are. */
  end: number;
}

const NOTHING: readonly never[] = Object.freeze([]);
const NO_OBJECT = Object.freeze({});
// More tasks than this are not kept for the next value.
const MAX_KEPT = 64;
const MAX_PATH_STEPS = 40;

/** The tasks that an encoding has begun, in place of a call stack, which would overflow on deep values. */
export class WorkStack {
  readonly #tasks: Task[] = [];
  #depth = 0;
  #used = 0;

  /** The task to go on with. */
  get top(): Task | undefined {
    return this.#depth > 0 ? this.#tasks[this.#depth - 1] : undefined;
  }

  /**
   * Adds a task, to be done before all others.
   *
   * @param kind What it is.
   * @param target The object it is for.
   * @param end How many children there are.
   * @returns The task, to be completed.
   */
  push(kind: Task["kind"], target: object, end: number): Task {
    let task = this.#tasks[this.#depth];
    if (task === undefined) {
      task = {
        kind,
        label: "map",
        target,
        keys: NOTHING,
        values: NOTHING,
        index: -1,
        end,
      };
      this.#tasks.push(task);
    } else {
      task.kind = kind;
      task.target = target;
      task.index = -1;
      task.end = end;
    }
    if (++this.#depth > this.#used) this.#used = this.#depth;
    return task;
  }

  /** Drops the task that is done. */
  pop(): void {
    this.#depth--;
  }

  /** Drops all tasks, and lets go of what they were about. */
  clear(): void {
    this.#depth = 0;
    if (this.#tasks.length > MAX_KEPT) this.#tasks.length = MAX_KEPT;
    const used = Math.min(this.#used, this.#tasks.length);
    for (let i = 0; i < used; i++) {
      const task = this.#tasks[i]!;
      task.target = NO_OBJECT;
      task.keys = NOTHING;
      task.values = NOTHING;
    }
    this.#used = 0;
  }

  /**
   * Tells where the child under way is.
   *
   * @param root What the outermost value is called.
   * @returns The path, such as `args[1].options.signal`.
   */
  path(root: string): string {
    const steps: string[] = [];
    for (let i = 0; i < this.#depth; i++) {
      const task = this.#tasks[i]!;
      // A task that has not begun belongs to the object of the one above it.
      if (task.index >= 0) steps.push(stepOf(task));
    }
    return joinPath(root, steps);
  }
}

function stepOf({ kind, label, keys, index }: Task): string {
  switch (kind) {
    case "elements":
    case "visible":
      return `[${index}]`;
    case "properties":
    case "sparse":
      return index < keys.length ? propertyStep(keys[index]!) : "";
    case "list":
      switch (label) {
        case "map":
          return index % 2 === 0 ? `.keys()[${index / 2}]` : `.values()[${(index - 1) / 2}]`;
        case "set":
          return `.values()[${index}]`;
        case "spoken":
          return '[Symbol.for("pecapiku.key")]()';
        case "url":
          return ".searchParams";
        case "boxed":
          return "";
      }
  }
}

// Of a very long path, only the beginning and the end.
function joinPath(root: string, steps: readonly string[]): string {
  if (steps.length <= MAX_PATH_STEPS) return root + steps.join("");
  const half = MAX_PATH_STEPS / 2;
  return `${root}${steps.slice(0, half).join("")}…${steps.slice(-half).join("")}`;
}

// Up to here, looking through a list costs less than a map does.
const MAX_LISTED = 12;

/** The objects met so far, in order. */
export class ObjectNumbers {
  // Of a fixed length: to empty an array costs an allocation at its next use.
  readonly #listed: (object | undefined)[] = new Array(MAX_LISTED).fill(undefined);
  #count = 0;
  #numbers: Map<object, number> | undefined;

  /**
   * Looks up an object; one that is new gets the next number.
   *
   * @param object The object.
   * @returns Its number, −1 if it is new.
   */
  numberOf(object: object): number {
    if (this.#numbers === undefined) {
      const count = this.#count;
      for (let i = 0; i < count; i++) if (this.#listed[i] === object) return i;
      if (count < MAX_LISTED) {
        this.#listed[count] = object;
        this.#count = count + 1;
        return -1;
      }
      this.#numbers = new Map();
      for (let i = 0; i < count; i++) this.#numbers.set(this.#listed[i]!, i);
    }
    const number = this.#numbers.get(object);
    if (number !== undefined) return number;
    this.#numbers.set(object, this.#numbers.size);
    return -1;
  }

  /** Forgets all. */
  clear(): void {
    for (let i = 0; i < this.#count; i++) this.#listed[i] = undefined;
    this.#count = 0;
    this.#numbers = undefined;
  }
}

/** Where the bytes of an `ArrayBuffer` or a view of one come from. A part of the format, as the tags are. */
const Storage = {
  /** From a buffer that was not met before. */
  fresh: 0x00,
  /** From a buffer that was met before. */
  shared: 0x01,
  /** From a pool, where they overlap other views. */
  overlapping: 0x02,
} as const;

interface PooledView {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

interface KnownBuffer {
  /** The number and the first offset of the buffer, once something other than a pooled view of it was met. */
  storage: { readonly number: number; readonly start: number } | undefined;
  readonly pooled: PooledView[];
}

/**
 * Which buffers were met, and where in them: code can see that two views share memory. Only distances count, not where in
 * its buffer a view is.
 */
export class BufferStorages {
  readonly #known = new Map<ArrayBufferLike, KnownBuffer>();
  #storages = 0;
  #pooled = 0;

  /** Forgets all. */
  clear(): void {
    if (this.#known.size > 0) this.#known.clear();
    this.#storages = 0;
    this.#pooled = 0;
  }

  /**
   * Writes where bytes are. Node's small `Buffer`s are cut from one pool, whichever part of it is free, so for them it only
   * counts which bytes they have in common with others.
   *
   * @param writer Where to write it.
   * @param buffer The buffer.
   * @param start Where the bytes begin in it.
   * @param length How many they are.
   * @param isPooled Whether they are a part of Node's pool.
   */
  write(
    writer: CanonicalWriter,
    buffer: ArrayBufferLike,
    start: number,
    length: number,
    isPooled: boolean,
  ): void {
    let known = this.#known.get(buffer);
    if (known === undefined) this.#known.set(buffer, known = { storage: undefined, pooled: [] });
    if (known.storage !== undefined) {
      writer.byte(Storage.shared);
      writer.varuint(known.storage.number);
      writer.number(start - known.storage.start);
      return;
    }
    const end = start + length;
    const inside = known.pooled.find((view) => view.start <= start && end <= view.end);
    const overlaps = inside !== undefined && length > 0
      ? [inside]
      : known.pooled.filter((view) => view.start < end && start < view.end);
    if (overlaps.length === 0) {
      writer.byte(Storage.fresh);
    } else {
      writer.byte(Storage.overlapping);
      writer.varuint(overlaps.length);
      for (const view of overlaps) {
        writer.varuint(view.number);
        writer.number(start - view.start);
      }
    }
    if (!isPooled) known.storage = { number: this.#storages++, start };
    else if (length > 0 && inside === undefined) {
      known.pooled.push({ number: this.#pooled++, start, end });
    }
  }
}

/** The name of the method that speaks for an object. */
export const SPEAKER: unique symbol = Symbol.for("pecapiku.key") as never;

const SPEAKER_TEXT = '[Symbol.for("pecapiku.key")]';

// Objects that speak for themselves can make new ones that do so too, without end.
const MAX_ANSWER_DEPTH = 1000;
const MAX_ANSWERS_WITHIN = 1_000_000;

/** Asks objects what to take for them, with a bound on answers that ask for further answers. */
export class Speakers {
  #depth = 0;
  #within = 0;

  /** Forgets what was asked. */
  clear(): void {
    this.#depth = 0;
    this.#within = 0;
  }

  /**
   * Asks an object what to take for it. Until {@linkcode Speakers.leave}, further questions are about the answer.
   *
   * @param encoding The encoding under way.
   * @param value The object, which has the property, itself or from a prototype.
   * @returns What its method returned.
   * @throws {UncacheableKeyError} If it has no such method, or the method throws or returns the object itself, or answers go
   * on without end.
   */
  ask(encoding: Encoding, value: object): unknown {
    if (this.#depth >= MAX_ANSWER_DEPTH) {
      encoding.refuse(
        `an object whose ${SPEAKER_TEXT}() answer is within ${MAX_ANSWER_DEPTH} others`,
      );
    }
    if (this.#depth > 0 && ++this.#within > MAX_ANSWERS_WITHIN) {
      encoding.refuse(`more than ${MAX_ANSWERS_WITHIN} answers of ${SPEAKER_TEXT}() within others`);
    }
    const result = answerOf(encoding, value);
    this.#depth++;
    return result;
  }

  /** Says that an answer is written. */
  leave(): void {
    this.#depth--;
  }
}

function answerOf(encoding: Encoding, value: object): unknown {
  let descriptor: PropertyDescriptor | undefined;
  for (let at: object | null = value; at !== null; at = getPrototypeOf(at)) {
    descriptor = getDescriptor(at, SPEAKER);
    if (descriptor !== undefined) break;
  }
  const method: unknown = descriptor?.value;
  if (typeof method !== "function") encoding.refuse(`an object whose ${SPEAKER_TEXT} is no method`);
  let result: unknown;
  try {
    result = apply(method, value, []);
  } catch (error) {
    encoding.refuse(`an object whose ${SPEAKER_TEXT}() threw`, error);
  }
  if (result === value) {
    encoding.refuse(`an object whose ${SPEAKER_TEXT}() returned the object itself`);
  }
  return result;
}
