// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import type { Digest, Limits, PutChange, StoreChange } from "./store.ts";
import {
  digestOf,
  infoOf,
  noise,
  put,
  randomNumbers,
  remove,
  valueOf,
} from "./_testing_changes.ts";
import {
  type AnyStore,
  assertEntries,
  type TestCollection,
  type TestContext,
  type TestedStore,
} from "./_testing_context.ts";
import { bytesTaken } from "./_testing_limits.ts";

/** How many digests there are in a random run: few, so that they meet often. */
const NUMBERS = 12;

const STEPS = 40;

/** The lengths of values in a random run. */
const LENGTHS = [0, 60, 700, 3000];

const FUNCTION_NAMES = ["", "f", "g"];

/** What a store should do, done in the simplest way there is. */
class StoreModel {
  /** The entries, in the order in which their digests were first put. */
  readonly entries = new Map<Digest, PutChange>();
  /** Their digests, in the order of use. */
  uses: Digest[] = [];
  readonly #bytesOf: (change: PutChange) => number;

  constructor(bytesOf: (change: PutChange) => number) {
    this.#bytesOf = bytesOf;
  }

  commit(touched: Iterable<Digest>, changes: readonly StoreChange[], limits?: Limits): void {
    for (const digest of touched) {
      if (this.entries.has(digest)) this.#use(digest);
    }
    for (const change of changes) {
      if (change.type === "put") {
        this.entries.set(change.digest, change);
        this.#use(change.digest);
      } else {
        this.#remove(change.digest);
      }
    }
    if (limits !== undefined) this.#evict(limits);
  }

  #use(digest: Digest): void {
    this.uses = [...this.uses.filter((each) => each !== digest), digest];
  }

  #remove(digest: Digest): void {
    this.entries.delete(digest);
    this.uses = this.uses.filter((each) => each !== digest);
  }

  #evict(limits: Limits): void {
    const { functionName, maxEntries = Infinity, maxBytes = Infinity, writtenSince = -Infinity } =
      limits;
    const group = () =>
      this.uses.map((digest) => this.entries.get(digest)!).filter((entry) =>
        functionName === undefined || entry.functionName === functionName
      );
    for (const entry of group()) {
      if (entry.writtenAt < writtenSince || this.#bytesOf(entry) > maxBytes) {
        this.#remove(entry.digest);
      }
    }
    for (;;) {
      const left = group();
      const bytes = left.reduce((sum, entry) => sum + this.#bytesOf(entry), 0);
      if (left.length <= maxEntries && bytes <= maxBytes) return;
      this.#remove(left[0]!.digest);
    }
  }
}

/** A store of several over the same data, and what it has been told to note. */
interface Instance {
  readonly store: TestedStore;
  readonly touched: Set<Digest>;
}

/**
 * Adds the tests that compare a store with a model of it, over random steps.
 *
 * @param collection Where to add them.
 */
export function addModelTests<S extends AnyStore>(collection: TestCollection<S>): void {
  const { runs, seed, hasLimits } = collection.promises;
  /** What entries take, by length and function, as the store counts it. */
  const bytes = new Map<string, number>();
  const shapeOf = ({ functionName, parts }: PutChange) => `${functionName} ${parts[0].byteLength}`;

  for (const withLimits of hasLimits ? [false, true] : [false]) {
    const how = withLimits
      ? "within limits, whatever is committed and touched"
      : "whatever is committed";
    collection.test(`does what a Map does ${how}`, async (context) => {
      if (withLimits) {
        // Now, not in the midst of a run.
        for (const functionName of FUNCTION_NAMES) {
          for (const length of LENGTHS) {
            const change = put(0, [noise(length, 0)], { functionName });
            bytes.set(shapeOf(change), await bytesTaken(context, change));
          }
        }
      }
      for (let run = 0; run < runs; run++) {
        const runSeed = seed + run;
        await context.withNewStore(async (store, reopen) => {
          const instances = [{ store, touched: new Set<Digest>() }];
          const random = new RandomRun(context, runSeed, instances, {
            model: new StoreModel((change) => bytes.get(shapeOf(change))!),
            reopen: collection.hasReopen ? reopen : undefined,
            withLimits,
          });
          await random.run();
        });
        // Once a store, where an entry was too large to be kept.
        context.warnings.length = 0;
      }
    });
  }
}

interface RunOptions {
  readonly model: StoreModel;
  readonly reopen: (() => TestedStore) | undefined;
  readonly withLimits: boolean;
}

/**
 * Random steps with one store, or several over the same data; after each, what they hold is compared with the model.
 */
class RandomRun {
  readonly #context: TestContext;
  readonly #seed: number;
  readonly #random: () => number;
  readonly #instances: Instance[];
  readonly #options: RunOptions;
  /** What was done, for the message of a failure. */
  readonly #steps: string[] = [];
  #now = 1_700_000_000_000;

  constructor(context: TestContext, seed: number, instances: Instance[], options: RunOptions) {
    this.#context = context;
    this.#seed = seed;
    this.#random = randomNumbers(seed);
    this.#instances = instances;
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      for (let step = 0; step < STEPS; step++) {
        await this.#step();
        await this.#compare(this.#instances[this.#below(this.#instances.length)]!);
      }
      for (const instance of this.#instances) await this.#compare(instance);
    } catch (cause) {
      const steps = this.#steps.map((step, at) => `${at + 1}. ${step}`).join("\n");
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Seed ${this.#seed}: ${reason}\nafter these steps:\n${steps}`, { cause });
    }
  }

  async #step(): Promise<void> {
    const at = this.#below(this.#instances.length);
    const instance = this.#instances[at]!;
    const { model, reopen } = this.#options;
    const kind = this.#random();
    const name = `store ${at}`;
    if (kind < 0.2) {
      const known = [...model.entries.keys()];
      const digest = known[this.#below(known.length)];
      if (digest === undefined) return;
      this.#steps.push(`${name}.touch(${numberOf(digest)})`);
      instance.store.touch(digest);
      instance.touched.delete(digest);
      instance.touched.add(digest);
    } else if (kind < 0.25) {
      this.#steps.push(`${name}.close()`);
      await instance.store.close();
    } else if (kind < 0.35 && reopen !== undefined) {
      const isMore = this.#instances.length < 3 && this.#random() < 0.5;
      this.#steps.push(isMore ? "one more store" : `${name} is opened anew`);
      if (!isMore) await instance.store.close();
      this.#instances.splice(isMore ? this.#instances.length : at, isMore ? 0 : 1, {
        store: reopen(),
        touched: new Set(),
      });
    } else if (kind < 0.38 && instance.store.compact !== undefined) {
      this.#steps.push(`${name}.compact()`);
      instance.store.compact();
    } else {
      await this.#commit(name, instance);
    }
  }

  async #commit(name: string, { store, touched }: Instance): Promise<void> {
    const changes = Array.from({ length: this.#below(5) }, () => this.#change());
    const limits = this.#options.withLimits && this.#random() < 0.7 ? this.#limits() : undefined;
    const sync = this.#random() < 0.03 ? "commit" : "none";
    const told = changes.map((change) =>
      change.type === "delete"
        ? `delete ${numberOf(change.digest)}`
        : `put ${numberOf(change.digest)} (${change.functionName || "-"}, ${
          change.parts[0].byteLength
        } bytes, at ${change.writtenAt})`
    );
    this.#steps.push(
      `${name}.commit([${told.join(", ")}], ${JSON.stringify({ limits, sync })})`,
    );
    await store.commit(changes, { limits, sync });
    this.#options.model.commit(touched, changes, limits);
    touched.clear();
  }

  #change(): StoreChange {
    const number = this.#below(NUMBERS);
    if (this.#random() < 0.2) return remove(number);
    // Now and then the clock jumps.
    this.#now += this.#random() < 0.1 ? this.#below(100) - 50 : this.#below(5);
    const functionName = FUNCTION_NAMES[this.#below(FUNCTION_NAMES.length)]!;
    const length = LENGTHS[this.#below(LENGTHS.length)]!;
    const value = noise(length, this.#below(1000));
    return put(number, [value], { functionName, writtenAt: this.#now });
  }

  #limits(): Limits {
    const maybe = <T>(share: number, make: () => T) => this.#random() < share ? make() : undefined;
    return {
      functionName: maybe(0.5, () => FUNCTION_NAMES[this.#below(FUNCTION_NAMES.length)]!),
      maxEntries: maybe(0.4, () => this.#below(8)),
      maxBytes: maybe(0.4, () => this.#below(10_000)),
      writtenSince: maybe(0.2, () => this.#now - this.#below(60)),
    };
  }

  async #compare({ store }: Instance): Promise<void> {
    const { entries } = this.#options.model;
    assertEquals(await store.count(), entries.size);
    await assertEntries(store, entries.values(), this.#context.promises);
    for (let number = 0; number < NUMBERS; number++) {
      const digest = digestOf(number);
      const expected = entries.get(digest);
      assertEquals(await store.get(digest), expected && valueOf(expected));
      assertEquals(await store.info(digest), expected && infoOf(expected));
      assertEquals(await store.has(digest), expected !== undefined);
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

function numberOf(digest: Digest): number {
  return parseInt(digest.slice(0, 8), 16) - 0x1000;
}
