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

/** A good store, several of which may be over the same data. */
export class Shared implements Store {
  inner: MemoryStore;
  notes = new Set<Digest>();

  constructor(inner = new MemoryStore()) {
    this.inner = inner;
  }
  get location(): string {
    return this.inner.location;
  }
  get size(): number {
    return this.inner.size;
  }
  get(digest: Digest): StoredValue | undefined {
    return this.inner.get(digest);
  }
  info(digest: Digest): EntryInfo | undefined {
    return this.inner.info(digest);
  }
  has(digest: Digest): boolean {
    return this.inner.has(digest);
  }
  entries(): IterableIterator<EntryInfo> {
    return this.inner.entries();
  }
  commit(changes: readonly StoreChange[], options: CommitOptions = {}): void {
    // What can't be committed fails here, before the notes are written.
    new MemoryStore().commit(changes, options.sync === undefined ? {} : { sync: options.sync });
    new MemoryStore().commit([], options);
    for (const digest of this.notes) this.inner.touch(digest);
    this.notes.clear();
    this.inner.commit(changes, options);
  }
  touch(digest: Digest): void {
    if (!this.inner.has(digest)) return;
    this.notes.delete(digest);
    this.notes.add(digest);
  }
  close(): void {}
}
