// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { Digest, EntryInfo, PutChange, Store } from "./store.ts";
import { infoOf, valueOf } from "./_testing_changes.ts";
import type { TestStoreOptions } from "./_testing_options.ts";

/** A test of the suite. */
export interface StoreTest {
  /** What it is about, in words. */
  readonly name: string;
  /** Runs it; throws if the store fails. */
  readonly run: () => void;
}

/** What a store may do or not, as far as it concerns the tests. */
export type Promises = Required<
  Pick<TestStoreOptions, "isAtomic" | "isOrdered" | "hasLimits" | "runs" | "seed">
>;

/** What a test has at hand. */
export interface TestContext {
  /** A new store that nobody has used. */
  readonly store: Store;
  readonly promises: Promises;
  /** What was said with `console.warn`. A test that expects nothing there leaves it alone: anything is a failure. */
  readonly warnings: string[];
  /** Gives one more store over the same data. Only a test that `needsReopen` may call it. */
  reopen(): Store;
  /** Calls a function with another new store, which nobody has used, and with what gives one more over its data. */
  withNewStore<T>(step: (store: Store, reopen: () => Store) => T): T;
}

/** How a test is registered. */
export interface TestConditions {
  /** The test uses several stores over the same data. */
  readonly needsReopen?: boolean;
}

/** The tests of a suite, as they are collected. */
export class TestCollection<S extends Store> {
  readonly tests: StoreTest[] = [];
  readonly promises: Promises;
  readonly #options: TestStoreOptions<S>;

  /**
   * Makes a collection without tests.
   *
   * @param options What the user of the suite said.
   */
  constructor(options: TestStoreOptions<S>) {
    const { isAtomic = true, isOrdered = true, hasLimits = true, runs = 20, seed = 1 } = options;
    this.promises = { isAtomic, isOrdered, hasLimits, runs, seed };
    this.#options = options;
  }

  /** Whether the data outlive the store, and can be opened by another one. */
  get hasReopen(): boolean {
    return this.#options.reopen !== undefined;
  }

  /**
   * Adds a test.
   *
   * @param what What it is about: a method, or what the store does.
   * @param step The test.
   * @param conditions What it needs; it is left out where that is not given.
   */
  test(what: string, step: (context: TestContext) => void, conditions: TestConditions = {}): void {
    if (conditions.needsReopen === true && !this.hasReopen) return;
    this.tests.push({ name: `${this.#options.name} ${what}`, run: () => this.#run(step) });
  }

  #run(step: (context: TestContext) => void): void {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => void warnings.push(words.join(" "));
    try {
      this.#withNewStore((store, reopen) => {
        step({
          store,
          promises: this.promises,
          warnings,
          reopen,
          withNewStore: (inner) => this.#withNewStore(inner),
        });
      });
    } finally {
      console.warn = warn;
    }
    assertEquals(warnings, [], "the store warned of something, where nothing was wrong");
  }

  #withNewStore<T>(step: (store: S, reopen: () => Store) => T): T {
    const first = this.#options.open();
    const stores: Store[] = [first];
    const reopen = () => {
      const store = this.#options.reopen!(first);
      stores.push(store);
      return store;
    };
    try {
      return step(first, reopen);
    } finally {
      for (const store of stores) store.close();
      this.#options.remove?.(first);
    }
  }
}

/** The first part of an entry's value as text; `undefined` if there is no entry. */
export function textAt(store: Store, digest: Digest): string | undefined {
  const value = store.get(digest);
  return value && new TextDecoder().decode(value.parts[0]);
}

/** The digests that a store goes through, in order. */
export function digestsIn(store: Store): Digest[] {
  return [...store.entries()].map(({ digest }) => digest);
}

/**
 * Checks that a store goes through these entries, and no others.
 *
 * @param store The store.
 * @param expected The entries, in the order in which their digests were first put.
 * @param promises What the store promises of the order.
 */
export function assertEntries(
  store: Store,
  expected: Iterable<PutChange>,
  { isOrdered }: Promises,
): void {
  const actual = [...store.entries()];
  const wanted = [...expected].map(infoOf);
  if (!isOrdered) {
    for (let at = 1; at < actual.length; at++) {
      assert(
        actual[at - 1]!.writtenAt <= actual[at]!.writtenAt,
        "entries() goes neither by first put nor by the time of writing",
      );
    }
    const byDigest = (one: EntryInfo, other: EntryInfo) => one.digest < other.digest ? -1 : 1;
    actual.sort(byDigest);
    wanted.sort(byDigest);
  }
  assertEquals(actual, wanted);
}

/**
 * Checks that a store holds these entries, and no others, whichever way one looks.
 *
 * @param store The store.
 * @param expected The entries, in the order in which their digests were first put.
 * @param promises What the store promises of the order.
 * @param missing Digests of which there should be nothing.
 */
export function assertHolds(
  store: Store,
  expected: readonly PutChange[],
  promises: Promises,
  missing: Iterable<Digest> = [],
): void {
  assertEquals(store.size, expected.length);
  assertEntries(store, expected, promises);
  for (const change of expected) {
    assertEquals(store.get(change.digest), valueOf(change));
    assertEquals(store.info(change.digest), infoOf(change));
    assertEquals(store.has(change.digest), true);
  }
  for (const digest of missing) assertMissing(store, digest);
}

/** Checks that a store has nothing of a digest. */
export function assertMissing(store: Store, digest: Digest): void {
  assertEquals(store.get(digest), undefined, `get(${JSON.stringify(digest)})`);
  assertEquals(store.info(digest), undefined, `info(${JSON.stringify(digest)})`);
  assertEquals(store.has(digest), false, `has(${JSON.stringify(digest)})`);
}
