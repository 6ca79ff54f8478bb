// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type {
  CommitOptions,
  Digest,
  EntryInfo,
  Store,
  StoreChange,
  StoredValue,
} from "../../src/stores/store.ts";
import { tiered } from "../../src/stores/tiered.ts";
import { toAsyncStore } from "../../src/stores/to_async_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { digestOf, infoOf, put, remove, textAt, valueOf } from "./_changes.ts";

/** A far store whose answers come when the test says so, or not at all. */
class Far implements AsyncStore {
  readonly isAsync = true;
  readonly location = "far";
  readonly keepsLimits = false;
  readonly inner = new MemoryStore();
  readonly asked: string[] = [];
  failure: Error | undefined;
  /** Whether a commit that fails is made nevertheless. */
  isMade = false;
  /** What the next lookup waits for after it has been carried out. */
  held: Promise<void> | undefined;

  async get(digest: Digest): Promise<StoredValue | undefined> {
    this.#ask("get");
    const value = this.inner.get(digest);
    await this.held;
    return value;
  }
  // deno-lint-ignore require-await
  async info(digest: Digest): Promise<EntryInfo | undefined> {
    this.#ask("info");
    return this.inner.info(digest);
  }
  // deno-lint-ignore require-await
  async has(digest: Digest): Promise<boolean> {
    this.#ask("has");
    return this.inner.has(digest);
  }
  // deno-lint-ignore require-await
  async count(): Promise<number> {
    return this.inner.size;
  }
  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined> {
    return toAsyncStore(this.inner).entries();
  }
  // deno-lint-ignore require-await
  async commit(changes: readonly StoreChange[], _options?: CommitOptions): Promise<void> {
    if (this.failure === undefined || this.isMade) this.inner.commit(changes);
    this.#ask("commit");
  }
  touch(): void {
    this.asked.push("touch");
  }
  async close(): Promise<void> {}

  #ask(what: string): void {
    this.asked.push(what);
    if (this.failure !== undefined) throw this.failure;
  }
}

/** A near store that fails where the test says so. */
class Near extends MemoryStore implements Store {
  failing: readonly string[] = [];

  #check(what: string): void {
    if (this.failing.includes(what)) throw new Error(`no ${what} today`);
  }
  override get(digest: Digest): StoredValue | undefined {
    this.#check("get");
    return super.get(digest);
  }
  override info(digest: Digest): EntryInfo | undefined {
    this.#check("info");
    return super.info(digest);
  }
  override has(digest: Digest): boolean {
    this.#check("has");
    return super.has(digest);
  }
  override commit(changes: readonly StoreChange[], options?: CommitOptions): void {
    this.#check("commit");
    super.commit(changes, options);
  }
}

async function asyncTextAt(store: AsyncStore, number: number): Promise<string | undefined> {
  const value = await store.get(digestOf(number));
  return value && new TextDecoder().decode(value.parts[0]);
}

Deno.test("tiered() fills the near store by a hit in the far one, and finds it there", async () => {
  const near = new Near();
  const far = new Far();
  const store = tiered(near, far);
  const change = put(1, "one", { functionName: "f", duration: 1.5 });
  far.inner.commit([change]);
  assertEquals(await store.get(change.digest), valueOf(change));
  assertEquals(near.info(change.digest), infoOf(change));
  far.asked.length = 0;
  assertEquals(await store.get(change.digest), valueOf(change));
  assertEquals(await store.getMany!([change.digest]), [valueOf(change)]);
  assertEquals(await store.info(change.digest), infoOf(change));
  assert(await store.has(change.digest));
  assertEquals(far.asked, []);
});

Deno.test("tiered() asks the far store together for what is not near, and fills the near one", async () => {
  const near = new Near();
  const far = new Far();
  const store = tiered(near, far);
  await store.commit([put(1, "one")]);
  far.inner.commit([put(2, "two", { functionName: "f" }), put(3, "three")]);
  far.asked.length = 0;
  const two = valueOf(put(2, "two"));
  const many = await store.getMany!([2, 1, 9, 3, 2].map(digestOf));
  assertEquals(many, [two, valueOf(put(1, "one")), undefined, valueOf(put(3, "three")), two]);
  assertEquals(far.asked, ["get", "get", "get", "info", "info"]);
  assertEquals(near.info(digestOf(2))?.functionName, "f");
  assertEquals(await store.getMany!([1, 2, 3].map(digestOf)), [many[1], many[0], many[3]]);
  assertEquals(far.asked.length, 5);
});

Deno.test("tiered() asks the far store again after nearTtl", async () => {
  for (const duration of [0, 2.5]) {
    let time = 0;
    const far = new Far();
    const store = tiered(new Near(), far, { nearTtl: 1000, now: () => time });
    await store.commit([put(1, "one", { duration })]);
    far.inner.commit([put(1, "two", { duration, writtenAt: 2e12 })]);
    time = 999;
    assertEquals(await asyncTextAt(store, 1), "one");
    time = 1000;
    assertEquals(await asyncTextAt(store, 1), "two");
    far.inner.commit([remove(1)]);
    assertEquals(await asyncTextAt(store, 1), "two");
    time = 2000;
    assertEquals(await store.has(digestOf(1)), false);
    assertEquals(await asyncTextAt(store, 1), undefined);
  }
});

Deno.test("tiered() does not fetch a result again that is the same evaluation's, and all that nobody evaluated", async () => {
  const far = new Far();
  const store = tiered(new Near(), far, { nearTtl: 0 });
  await store.commit([put(1, "one", { duration: 2.5 }), put(2, "two")]);
  far.asked.length = 0;
  assertEquals(await asyncTextAt(store, 1), "one");
  assertEquals(far.asked, ["info"]);
  // Nothing but its bytes is different.
  far.inner.commit([put(2, "TWO")]);
  assertEquals(await asyncTextAt(store, 2), "TWO");
});

Deno.test("tiered() believes a near store that was filled before with an endless nearTtl alone", async () => {
  const near = new Near();
  near.commit([put(1, "old")]);
  const far = new Far();
  far.inner.commit([put(1, "new")]);
  assertEquals(await asyncTextAt(tiered(near, far, { nearTtl: Infinity }), 1), "old");
  assertEquals(await asyncTextAt(tiered(near, far, { nearTtl: 1e9 }), 1), "new");
  assertEquals(textAt(near, 1), "new");
});

Deno.test("tiered() rejects, and has nothing near, when the far store fails to commit", async () => {
  for (const isMade of [false, true]) {
    for (const nearTtl of [60_000, Infinity]) {
      const near = new Near();
      const far = new Far();
      const store = tiered(near, far, { nearTtl });
      await store.commit([put(1, "old"), put(2, "two")]);
      far.failure = new Error("far away");
      far.isMade = isMade;
      await assertRejects(() => store.commit([put(1, "new"), remove(2)]), Error, "far away");
      assertEquals(near.size, 0);
      await assertRejects(() => store.get(digestOf(1)), Error, "far away");
      far.failure = undefined;
      assertEquals(await asyncTextAt(store, 1), isMade ? "new" : "old");
      assertEquals(await asyncTextAt(store, 2), isMade ? undefined : "two");
    }
  }
});

Deno.test("tiered() has nothing old in the near store when the process ends within a commit", async () => {
  const near = new Near();
  const far = new Far();
  const store = tiered(near, far, { nearTtl: Infinity });
  await store.commit([put(1, "old")]);
  // It never comes back from the far store, which has made it.
  far.commit = (changes) => {
    far.inner.commit(changes);
    return new Promise(() => {});
  };
  store.commit([put(1, "new")]);
  assertEquals(near.size, 0);
  assertEquals(await asyncTextAt(tiered(near, far, { nearTtl: Infinity }), 1), "new");
});

Deno.test("tiered() gives what the far store has, and one warning, when the near one fails", async () => {
  for (
    const failing of [["get"], ["info"], ["has"], ["commit"], ["get", "info", "has", "commit"]]
  ) {
    for (const nearTtl of [0, 60_000, Infinity]) {
      using warnings = collectWarnings();
      const near = new Near();
      const far = new Far();
      const store = tiered(near, far, { nearTtl });
      await store.commit([put(1, "one"), put(2, "two"), put(3, "three")]);
      near.failing = failing;
      await store.commit([put(1, "ONE"), remove(2), put(4, "four")]);
      assertEquals(await asyncTextAt(store, 1), "ONE");
      assertEquals(await asyncTextAt(store, 2), undefined);
      assertEquals(await store.has(digestOf(2)), false);
      assertEquals(await asyncTextAt(store, 3), "three");
      const many = await store.getMany!([4, 1, 2].map(digestOf));
      assertEquals(many, [valueOf(put(4, "four")), valueOf(put(1, "ONE")), undefined]);
      assert(warnings.lines.length <= 1, warnings.lines.join("\n"));
      if (failing.includes("commit")) {
        assert(warnings.lines[0]!.startsWith("Cannot use near cache, the far one is asked: no "));
      }
    }
  }
});

Deno.test("tiered() does not fill the near store with what was overwritten while it was fetched", async () => {
  const near = new Near();
  const far = new Far();
  const store = tiered(near, far, { nearTtl: Infinity });
  far.inner.commit([put(1, "old")]);
  const { promise, resolve } = Promise.withResolvers<void>();
  far.held = promise;
  const first = asyncTextAt(store, 1);
  const commit = store.commit([put(1, "new")]);
  const second = asyncTextAt(store, 1);
  resolve();
  assertEquals([await first, await commit, await second], ["old", undefined, "new"]);
  assertEquals(textAt(near, 1), "new");
});

Deno.test("tiered() leaves alone what another process has put into the near store meanwhile", async () => {
  const near = new Near();
  const far = new Far();
  far.inner.commit([put(1, "old")]);
  const { promise, resolve } = Promise.withResolvers<void>();
  far.held = promise;
  const store = tiered(near, far);
  const first = asyncTextAt(store, 1);
  far.inner.commit([put(1, "new")]);
  near.commit([put(1, "new")]);
  resolve();
  await first;
  assertEquals(textAt(near, 1), "new");
});

Deno.test("tiered() keeps the near store within nearLimits, and passes other limits on", async () => {
  const near = new Near();
  const far = new Far();
  const store = tiered(near, far, { nearLimits: { maxEntries: 2 } });
  for (const number of [1, 2, 3, 4]) await store.commit([put(number, `${number}`)]);
  assertEquals([near.size, far.inner.size], [2, 4]);
  assertEquals(await asyncTextAt(store, 1), "1");
  assertEquals([near.size, near.has(digestOf(1))], [2, true]);
  assertEquals(await store.count(), 4);
  assertEquals((await Array.fromAsync(store.entries())).length, 4);
});

Deno.test("tiered() has the leases of the far store, and none where it has none", () => {
  const far = new Far();
  assertEquals(tiered(new Near(), far).lease, undefined);
  const asked: unknown[] = [];
  const leasing = Object.assign(new Far(), {
    lease: (...args: unknown[]) => Promise.resolve(void asked.push(args)),
    waitFor: (...args: unknown[]) => Promise.resolve(void asked.push(args)),
  });
  const store = tiered(new Near(), leasing);
  store.lease!(digestOf(1), { duration: 5 });
  store.waitFor!(digestOf(2), { timeout: 7 });
  assertEquals(asked, [[digestOf(1), { duration: 5 }], [digestOf(2), { timeout: 7 }]]);
});

Deno.test("tiered() throws a TypeError when a store or an option can't be one", () => {
  const [near, far] = [new Near(), new Far()];
  for (const bad of [undefined, null, {}, "near", far]) {
    assertThrows(() => tiered(bad as unknown as Store, far), TypeError, "Cannot set near");
  }
  for (const bad of [undefined, null, {}, "far", near]) {
    assertThrows(() => tiered(near, bad as unknown as AsyncStore), TypeError, "Cannot set far");
  }
  for (const nearTtl of [-1, NaN, "5" as unknown as number]) {
    assertThrows(() => tiered(near, far, { nearTtl }), TypeError, "Cannot set nearTtl");
  }
  assertThrows(() => tiered(near, far, { nearLimits: { maxBytes: -1 } }), TypeError, "maxBytes");
  assertThrows(() => tiered(near, far, { now: 5 as unknown as () => number }), TypeError, "now");
});
