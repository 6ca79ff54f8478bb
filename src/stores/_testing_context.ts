// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { AsyncStore } from "./async_store.ts";
import type { Compaction, Digest, EntryInfo, PutChange, Store } from "./store.ts";
import { isAsyncStore, toAsyncStore } from "./to_async_store.ts";
import { infoOf, valueOf } from "./_testing_changes.ts";
import type { TestStoreOptions } from "./_testing_options.ts";

/** A store of either kind. */
export type AnyStore = Store | AsyncStore;

/** A store as the tests see it: in promises, whatever it is. */
export interface TestedStore extends AsyncStore {
  /** The store itself, where it is a local one: for what such ones alone may do. */
  readonly local?: Store;
  /** Gives back room, where the store is a local one that can. */
  compact?(): Compaction;
}

/** A test of the suite. */
export interface StoreTest {
  /** What it is about, in words. */
  readonly name: string;
  /** Runs it; throws if the store fails. */
  readonly run: () => Promise<void>;
}

/** What a store may do or not, as far as it concerns the tests. */
export type Promises = Required<
  Pick<TestStoreOptions, "isAtomic" | "isOrdered" | "hasLimits" | "readsAhead" | "runs" | "seed">
>;

/** What a test has at hand. */
export interface TestContext {
  /** A new store that nobody has used. */
  readonly store: TestedStore;
  readonly promises: Promises;
  /** What was said with `console.warn`. A test that expects nothing there leaves it alone: anything is a failure. */
  readonly warnings: string[];
  /** Gives one more store over the same data. Only a test that `needsReopen` may call it. */
  reopen(): TestedStore;
  /** Calls a function with another new store, which nobody has used, and with what gives one more over its data. */
  withNewStore<T>(
    step: (store: TestedStore, reopen: () => TestedStore) => Promise<T>,
  ): Promise<T>;
}

/** How a test is registered. */
export interface TestConditions {
  /** The test uses several stores over the same data. */
  readonly needsReopen?: boolean;
  /** What is changed after `entries()` was called has to show at once, or not at all. */
  readonly needsTurns?: boolean;
}

/** The tests of a suite, as they are collected. */
export class TestCollection<S extends AnyStore> {
  readonly tests: StoreTest[] = [];
  readonly promises: Promises;
  readonly #options: TestStoreOptions<S>;

  /**
   * Makes a collection without tests.
   *
   * @param options What the user of the suite said.
   */
  constructor(options: TestStoreOptions<S>) {
    const { isAtomic = true, isOrdered = true, hasLimits = true, readsAhead = false } = options;
    const { runs = 20, seed = 1 } = options;
    this.promises = { isAtomic, isOrdered, hasLimits, readsAhead, runs, seed };
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
  test(
    what: string,
    step: (context: TestContext) => void | Promise<void>,
    conditions: TestConditions = {},
  ): void {
    if (conditions.needsReopen === true && !this.hasReopen) return;
    if (conditions.needsTurns === true && this.promises.readsAhead) return;
    this.tests.push({ name: `${this.#options.name} ${what}`, run: () => this.#run(step) });
  }

  async #run(step: (context: TestContext) => void | Promise<void>): Promise<void> {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => void warnings.push(words.join(" "));
    try {
      await this.#withNewStore(async (store, reopen) => {
        await step({
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

  async #withNewStore<T>(
    step: (store: TestedStore, reopen: () => TestedStore) => Promise<T>,
  ): Promise<T> {
    const first = this.#options.open();
    const stores = [testedStore(first)];
    const reopen = () => {
      const store = testedStore(this.#options.reopen!(first));
      stores.push(store);
      return store;
    };
    try {
      return await step(stores[0]!, reopen);
    } finally {
      for (const store of stores) await store.close();
      await this.#options.remove?.(first);
    }
  }
}

/** Gives a store as the tests see it. What a local store gives must be there at once, and be no promise. */
function testedStore(store: AnyStore): TestedStore {
  if (isAsyncStore(store)) return store;
  const local: Store = {
    get location() {
      return atOnce(store.location);
    },
    get size() {
      return atOnce(store.size);
    },
    get: (digest) => atOnce(store.get(digest)),
    info: (digest) => atOnce(store.info(digest)),
    has: (digest) => atOnce(store.has(digest)),
    entries: () => atOnce(store.entries()),
    commit: (changes, options) => atOnce(store.commit(changes, options)),
    touch: (digest) => atOnce(store.touch(digest)),
    close: () => atOnce(store.close()),
  };
  const tested: TestedStore = Object.assign(toAsyncStore(local), { local: store });
  if (store.compact !== undefined) tested.compact = () => atOnce(store.compact!());
  return tested;
}

function atOnce<T>(answer: T): T {
  assert(!(answer instanceof Promise), "the store gave a promise");
  return answer;
}

/** The first part of an entry's value as text; `undefined` if there is no entry. */
export async function textAt(store: TestedStore, digest: Digest): Promise<string | undefined> {
  const value = await store.get(digest);
  return value && new TextDecoder().decode(value.parts[0]);
}

/** The digests that a store goes through, in order. */
export async function digestsIn(store: TestedStore): Promise<Digest[]> {
  return (await Array.fromAsync(store.entries())).map(({ digest }) => digest);
}

/**
 * Checks that a store goes through these entries, and no others.
 *
 * @param store The store.
 * @param expected The entries, in the order in which their digests were first put.
 * @param promises What the store promises of the order.
 */
export async function assertEntries(
  store: TestedStore,
  expected: Iterable<PutChange>,
  { isOrdered }: Promises,
): Promise<void> {
  const actual = await Array.fromAsync(store.entries());
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
export async function assertHolds(
  store: TestedStore,
  expected: readonly PutChange[],
  promises: Promises,
  missing: Iterable<Digest> = [],
): Promise<void> {
  assertEquals(await store.count(), expected.length);
  await assertEntries(store, expected, promises);
  for (const change of expected) {
    assertEquals(await store.get(change.digest), valueOf(change));
    assertEquals(await store.info(change.digest), infoOf(change));
    assertEquals(await store.has(change.digest), true);
  }
  for (const digest of missing) await assertMissing(store, digest);
}

/** Checks that a store has nothing of a digest. */
export async function assertMissing(store: TestedStore, digest: Digest): Promise<void> {
  assertEquals(await store.get(digest), undefined, `get(${JSON.stringify(digest)})`);
  assertEquals(await store.info(digest), undefined, `info(${JSON.stringify(digest)})`);
  assertEquals(await store.has(digest), false, `has(${JSON.stringify(digest)})`);
}
