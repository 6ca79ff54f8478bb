// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncCommitOptions, AsyncStore } from "../../src/stores/async_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Digest, EntryInfo, StoreChange, StoredValue } from "../../src/stores/store.ts";

/** An async store in memory: its answers come some turns later, and its commits can be held back or refused. */
export class SlowStore implements AsyncStore {
  readonly isAsync = true;
  readonly location = "slow:";
  readonly keepsLimits: boolean = true;
  readonly memory: MemoryStore;
  /** The commits that were made. */
  readonly commits: {
    changes: readonly StoreChange[];
    options?: AsyncCommitOptions | undefined;
  }[] = [];
  /** What commits and lookups throw, if anything. */
  failure: Error | undefined;
  /** What commits wait for. */
  gate: Promise<void> = Promise.resolve();

  constructor(memory = new MemoryStore()) {
    this.memory = memory;
  }

  get(digest: Digest): Promise<StoredValue | undefined> {
    return this.#later(() => this.memory.get(digest));
  }

  info(digest: Digest): Promise<EntryInfo | undefined> {
    return this.#later(() => this.memory.info(digest));
  }

  has(digest: Digest): Promise<boolean> {
    return this.#later(() => this.memory.has(digest));
  }

  count(): Promise<number> {
    return this.#later(() => this.memory.size);
  }

  async *entries(): AsyncGenerator<EntryInfo, undefined, undefined> {
    for (const info of await this.#later(() => this.memory.entries())) {
      yield await this.#later(() => info);
    }
    return undefined;
  }

  async commit(changes: readonly StoreChange[], options?: AsyncCommitOptions): Promise<void> {
    await this.gate;
    await this.#later(() => this.memory.commit(changes, options));
    this.commits.push({ changes, options });
  }

  touch(digest: Digest): void {
    this.memory.touch(digest);
  }

  async close(): Promise<void> {}

  async #later<T>(step: () => T): Promise<T> {
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    return step();
  }
}
