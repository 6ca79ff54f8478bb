// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest, PutChange, Store, StoreChange } from "../../src/stores/store.ts";
import { assert, assertEquals } from "@std/assert";
import { digestOf, infoOf, put, remove } from "./_changes.ts";

/** What was committed, as a Map that is changed in the same way. */
export class History {
  readonly #random: () => number;
  /** How many digests there are. */
  readonly numbers: number;
  /** What the store should hold, in that order. */
  readonly state = new Map<Digest, PutChange>();
  /** All values that each digest ever had. */
  readonly past = new Map<Digest, string[]>();
  #written = 0;

  /** Makes a history of some digests. */
  constructor(random: () => number, numbers: number) {
    this.#random = random;
    this.numbers = numbers;
  }

  /** A whole number below a limit. */
  pick(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** Any of the digests. */
  pickDigest(): Digest {
    return digestOf(this.pick(this.numbers));
  }

  /** Thinks of changes. They are not done until {@linkcode History.done} is told. */
  changes(most = 4): StoreChange[] {
    return Array.from({ length: 1 + this.pick(most) }, () => {
      const number = this.pick(this.numbers);
      return this.pick(10) < 3 ? remove(number) : this.put(number);
    });
  }

  /** A change that puts a value which there was none of before. */
  put(number: number): PutChange {
    const functionName = ["", "f", "g"][this.pick(3)]!;
    const value = `${this.#written++}`.padEnd(this.pick(30), ".");
    return put(number, value, { functionName });
  }

  /** Does changes. */
  done(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      if (change.type === "put") {
        this.state.set(change.digest, change);
        this.past.set(change.digest, [...this.past.get(change.digest) ?? [], textOf(change)]);
      } else this.state.delete(change.digest);
    }
  }

  /** Commits changes to a store. */
  commit(store: Store, changes = this.changes()): void {
    store.commit(changes);
    this.done(changes);
  }

  /** Checks what a store says of some digests, and how many it has. */
  assertKnows(store: Store, looks = 5): void {
    for (let look = 0; look < looks; look++) this.assertOne(store, this.pickDigest());
    assertEquals(store.size, this.state.size);
  }

  /** Checks what a store says of one digest. */
  assertOne(store: Store, digest: Digest): void {
    const change = this.state.get(digest);
    const value = store.get(digest);
    // To compare in full is slow, and this is done many thousand times.
    const isRight = change === undefined
      ? value === undefined
      : value !== undefined && textOf(value) === textOf(change);
    assert(isRight, `${digest}: ${value && textOf(value)}, not ${change && textOf(change)}`);
    assertEquals(store.has(digest), change !== undefined);
  }

  /** Checks all that a store says: first of each digest, then in order. */
  assertHolds(store: Store): void {
    assertEquals(store.size, this.state.size);
    for (let number = 0; number < this.numbers; number++) this.assertOne(store, digestOf(number));
    const infos = [...store.entries()];
    const order = infos.map(({ digest }) => digest).join();
    assert(order === [...this.state.keys()].join(), "In another order, or not the same");
    const [first] = infos;
    if (first !== undefined) assertEquals(first, infoOf(this.state.get(first.digest)!));
    assertEquals(store.size, this.state.size);
  }

  /** Checks that a store has of each digest what it should, or nothing. Returns how many it has. */
  assertRightOrMissing(store: Store): number {
    let found = 0;
    for (let number = 0; number < this.numbers; number++) {
      const digest = digestOf(number);
      const change = this.state.get(digest);
      const value = store.get(digest);
      if (value === undefined) continue;
      found++;
      assert(
        change !== undefined && textOf(value) === textOf(change),
        `${number}: ${textOf(value)}, not ${change && textOf(change)}`,
      );
    }
    return found;
  }
}

const decoder = new TextDecoder();

/** The first part of a value as text. */
export function textOf({ parts: [first] }: Pick<PutChange, "parts">): string {
  return decoder.decode(first);
}
