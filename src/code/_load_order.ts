// Copyright 2026 the pecapiku authors. MIT license.

import type { Node } from "./_linked.ts";

/**
 * Tells in which order what runs at load does what counts: whether `const rate = config.rate` is before or after
 * `config.rate = 2`. Of other parts, the order is of no account.
 */
export class LoadOrder {
  readonly #leadingTo: number[][] = [];
  readonly #times = new Map<number, number>();
  readonly #effects = new Map<number, Set<number>>();
  readonly #hoisted = new Set<number>();
  readonly #patches = new Set<number>();

  /**
   * Notes that a part uses another one.
   *
   * @param from The number of the part; −1 if there is none.
   * @param to The number of the other one.
   */
  lead(from: number, to: number): void {
    const list = this.#leadingTo[to] ??= [];
    if (from >= 0) list.push(from);
  }

  /**
   * Notes that a part runs when its module is loaded.
   *
   * @param index The number of the part.
   * @param position When: a part with a smaller position runs before.
   * @param isHoisted Whether what it gives can be looked at before.
   */
  run(index: number, position: number, isHoisted: boolean = false): void {
    this.#times.set(index, position);
    if (isHoisted) this.#hoisted.add(index);
  }

  /**
   * Notes that a statement may change what another part is.
   *
   * @param effect The number of the statement.
   * @param changed The number of what it changes.
   */
  change(effect: number, changed: number): void {
    let effects = this.#effects.get(changed);
    if (effects === undefined) this.#effects.set(changed, effects = new Set());
    effects.add(effect);
  }

  /**
   * Notes that a statement may change what any code does.
   *
   * @param effect The number of the statement.
   */
  changeAll(effect: number): void {
    this.#patches.add(effect);
  }

  /**
   * Notes for each part that runs at load whether it is before or after what changes something that it uses.
   *
   * @param nodes The parts. Their content is added to.
   */
  write(nodes: readonly Node[]): void {
    const found = new Map<number, Map<number, string>>();
    const note = (index: number, other: number) => {
      const time = this.#times.get(index)!;
      const otherTime = this.#times.get(other);
      if (index === other || otherTime === undefined || time === otherTime) return;
      let notes = found.get(index);
      if (notes === undefined) found.set(index, notes = new Map());
      notes.set(other, time < otherTime ? "before" : "after");
    };
    const changed = new Set([...this.#effects.keys(), ...this.#hoisted]);
    for (const part of changed) {
      for (const user of this.#usersOf(part)) {
        for (const effect of this.#effects.get(part) ?? []) note(user, effect);
        if (this.#hoisted.has(part)) note(user, part);
      }
    }
    for (const patch of this.#patches) {
      for (const index of this.#times.keys()) note(index, patch);
    }
    for (const [index, notes] of found) {
      for (const [other, what] of [...notes].sort(([a], [b]) => a - b)) {
        nodes[index]!.content.push(what, other);
      }
    }
  }

  // What runs at load and uses a part, by way of any others.
  #usersOf(part: number): number[] {
    const users = new Set(this.#leadingTo[part]);
    for (const user of users) {
      for (const other of this.#leadingTo[user] ?? []) users.add(other);
    }
    users.delete(part);
    return [...users].filter((user) => this.#times.has(user));
  }
}
