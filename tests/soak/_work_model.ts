// Copyright 2026 the pecapiku authors. MIT license.

import type { EntryInfo, Store } from "../../src/stores/store.ts";
import { digestOf, infoOf } from "../stores/_changes.ts";
import { changeOf, ownerOf, type Step, versionIn, type WorkPut } from "./_workload.ts";

/** What a store should hold of one owner. */
export class WorkModel {
  /** In the order in which they were first put. */
  readonly #entries = new Map<number, WorkPut>();
  /** In the order of their last use, the least recent first. */
  readonly #uses = new Set<number>();

  /** Another model of the same. */
  clone(): WorkModel {
    const clone = new WorkModel();
    for (const [number, change] of this.#entries) clone.#entries.set(number, change);
    for (const number of this.#uses) clone.#uses.add(number);
    return clone;
  }

  /** The entries in the order of their last use. */
  useOrder(): string {
    return [...this.#uses].join();
  }

  /** Takes a step. */
  apply({ touches, changes, maxEntries = Infinity }: Step): void {
    for (const number of touches) if (this.#entries.has(number)) this.#use(number);
    for (const change of changes) {
      if (change.type === "put") {
        this.#entries.set(change.number, change);
        this.#use(change.number);
      } else {
        this.#remove(change.number);
      }
    }
    const group = [...this.#uses].filter((number) => this.#entries.get(number)!.grouped);
    for (const number of group.slice(0, Math.max(0, group.length - maxEntries))) {
      this.#remove(number);
    }
  }

  /**
   * Compares a store with the model, entry by entry.
   *
   * @param store The store.
   * @param owner Whose entries to compare.
   * @returns What differs; `undefined` if nothing does.
   */
  differenceFrom(store: Store, owner: number): string | undefined {
    const infos = [...store.entries()].filter(({ digest }) => ownerOf(numberOf(digest)) === owner);
    const inOrder = differenceInOrder(
      infos.map(({ digest }) => numberOf(digest)),
      [...this.#entries.keys()],
    );
    if (inOrder !== undefined) return inOrder;
    for (const info of infos) {
      const number = numberOf(info.digest);
      const change = this.#entries.get(number)!;
      const value = store.get(info.digest);
      if (value === undefined || !store.has(info.digest)) return `${number} can't be read`;
      const version = versionIn(number, value);
      if (version !== change.version) {
        return `${number} is of version ${version} instead of ${change.version}`;
      }
      const expectedInfo = textOf(infoOf(changeOf(change)));
      const again = store.info(info.digest);
      for (const each of [info, again]) {
        if (each === undefined || textOf(each) !== expectedInfo) {
          return `${number} is said to be ${each && textOf(each)} instead of ${expectedInfo}`;
        }
      }
    }
    return undefined;
  }

  #use(number: number): void {
    this.#uses.delete(number);
    this.#uses.add(number);
  }

  #remove(number: number): void {
    this.#entries.delete(number);
    this.#uses.delete(number);
  }
}

function differenceInOrder(found: number[], expected: number[]): string | undefined {
  const missing = expected.filter((number) => !found.includes(number));
  const surplus = found.filter((number) => !expected.includes(number));
  if (missing.length + surplus.length > 0) return `missing: ${missing}, not expected: ${surplus}`;
  const at = found.findIndex((number, index) => number !== expected[index]);
  // One was deleted and put again, perhaps because another one should have been evicted.
  return at < 0 ? undefined : `at place ${at} is ${found[at]} instead of ${expected[at]}`;
}

function numberOf(digest: string): number {
  return parseInt(digest.slice(0, 8), 16) - parseInt(digestOf(0).slice(0, 8), 16);
}

function textOf({ key, ...info }: EntryInfo): string {
  const { digest, codec, functionName, writtenAt, duration, promised, byteLength } = info;
  return JSON.stringify([
    [digest, codec, functionName, writtenAt, duration, promised, byteLength],
    [key.kind, key.parts.map((part) => part.toHex())],
  ]);
}
