// Copyright 2026 the pecapiku authors. MIT license.

import type { ListLabel } from "./_encoding.ts";
import { joinPath, propertyStep } from "./_key_path.ts";

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
