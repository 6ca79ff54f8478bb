// Copyright 2026 the pecapiku authors. MIT license.

import { MemoryStore } from "../../src/stores/memory_store.ts";
import type {
  CommitOptions,
  Digest,
  EntryInfo,
  Store,
  StoreChange,
  StoredValue,
} from "../../src/stores/store.ts";

/** A commit that a store was asked for. */
export interface RecordedCommit {
  readonly changes: readonly StoreChange[];
  readonly options: CommitOptions | undefined;
}

/** A store in memory that remembers what it was asked for, and fails where a test says so. */
export class RecordingStore implements Store {
  readonly location = "recording";
  readonly commits: RecordedCommit[] = [];
  readonly touched: Digest[] = [];
  /** What the next calls of `commit` throw. */
  commitError: Error | undefined;
  /** What the next calls of `touch` throw. */
  touchError: Error | undefined;
  readonly #inner = new MemoryStore();

  get size(): number {
    return this.#inner.size;
  }

  get(digest: Digest): StoredValue | undefined {
    return this.#inner.get(digest);
  }

  info(digest: Digest): EntryInfo | undefined {
    return this.#inner.info(digest);
  }

  has(digest: Digest): boolean {
    return this.#inner.has(digest);
  }

  entries(): IterableIterator<EntryInfo> {
    return this.#inner.entries();
  }

  commit(changes: readonly StoreChange[], options?: CommitOptions): void {
    if (this.commitError !== undefined) throw this.commitError;
    this.commits.push({ changes, options });
    this.#inner.commit(changes, options);
  }

  touch(digest: Digest): void {
    if (this.touchError !== undefined) throw this.touchError;
    this.touched.push(digest);
    this.#inner.touch(digest);
  }

  close(): void {}

  /** How many commits had no changes. */
  get emptyCommits(): number {
    return this.commits.filter(({ changes }) => changes.length === 0).length;
  }
}
