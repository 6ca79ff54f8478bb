// Copyright 2026 the pecapiku authors. MIT license.

import { MemoryStore } from "../../src/stores/memory_store.ts";
import type {
  CommitOptions,
  Digest,
  Limits,
  Parts,
  PutChange,
  StoreChange,
  StoredValue,
} from "../../src/stores/store.ts";
import { Shared } from "./_shared_store.ts";

/** A class of stores that are good but for what it overrides. */
export type StoreClass = new (inner?: MemoryStore) => Shared;

function partsOf(value: StoredValue): Parts {
  return value.parts.map((part) => part.slice()) as unknown as Parts;
}

const kept = new WeakMap<MemoryStore, Map<Digest, StoredValue>>();

/** Stores with one defect each, by what it is. */
export const DEFECTIVE: Record<string, StoreClass> = {
  "forgets whether a value was promised": class extends Shared {
    override get(digest: Digest) {
      const value = super.get(digest);
      return value && { ...value, promised: false };
    }
  },
  "forgets how long an evaluation took": class extends Shared {
    override get(digest: Digest) {
      const value = super.get(digest);
      return value && { ...value, duration: 0 };
    }
  },
  "takes every deletion for an eviction": class extends Shared {
    evictions = 0;
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      const { size } = this;
      super.commit(changes, options);
      this.evictions += Math.max(0, size - this.size);
    }
  },
  "takes no room": class extends Shared {
    stats() {
      return { bytes: 0, bytesLive: 0, bytesDead: 0, totals: undefined };
    }
  },
  "drops what it is to count": class extends Shared {
    count() {}
    saveCounts() {
      return true;
    }
    stats() {
      return this.inner.stats();
    }
  },
  "gives the time of writing in whole milliseconds": class extends Shared {
    override info(digest: Digest) {
      const info = super.info(digest);
      return info && { ...info, writtenAt: Math.trunc(info.writtenAt) };
    }
  },
  "gives back more than it says": class extends Shared {
    override info(digest: Digest) {
      const info = super.info(digest);
      return info && { ...info, bytes: 7 };
    }
  },
  "joins the parts of a value": class extends Shared {
    override get(digest: Digest) {
      const value = super.get(digest);
      if (value === undefined) return undefined;
      const all = value.parts.flatMap((part) => [...part]);
      return { ...value, parts: [new Uint8Array(all)] as const };
    }
  },
  "gives the same buffers at each call": class extends Shared {
    override get(digest: Digest) {
      if (!kept.has(this.inner)) kept.set(this.inner, new Map());
      const values = kept.get(this.inner)!;
      const value = super.get(digest);
      if (value === undefined || values.get(digest)?.writtenAt !== value.writtenAt) {
        values.delete(digest);
      }
      if (value !== undefined && !values.has(digest)) values.set(digest, value);
      return values.get(digest);
    }
  },
  "gives later parts as views of one buffer": class extends Shared {
    override get(digest: Digest) {
      const value = super.get(digest);
      if (value === undefined) return undefined;
      const buffer = new Uint8Array(value.parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      const parts = value.parts.map((part) => {
        buffer.set(part, at);
        return buffer.subarray(at, at += part.length);
      });
      return { ...value, parts: parts as unknown as Parts };
    }
  },
  "finds what is not there": class extends Shared {
    override has() {
      return true;
    }
  },
  "finds an entry by the beginning of its digest": class extends Shared {
    override has(digest: Digest) {
      return [...this.inner.entries()].some((info) => info.digest.startsWith(digest));
    }
  },
  "tells nothing of entries without a function": class extends Shared {
    override info(digest: Digest) {
      const info = super.info(digest);
      return info?.functionName === "" ? undefined : info;
    }
  },
  "counts what was put": class extends Shared {
    puts = 0;
    override get size() {
      return this.puts;
    }
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      super.commit(changes, options);
      this.puts += changes.filter(({ type }) => type === "put").length;
    }
  },
  "goes through the entries by digest": class extends Shared {
    override entries() {
      return [...super.entries()].sort((one, other) => one.digest < other.digest ? -1 : 1).values();
    }
  },
  "goes through entries that were removed": class extends Shared {
    override entries() {
      return [...super.entries()].values();
    }
  },
  "goes through entries that are put meanwhile": class extends Shared {
    override *entries() {
      const seen = new Set<Digest>();
      for (;;) {
        const info = [...super.entries()].find(({ digest }) => !seen.has(digest));
        if (info === undefined) return;
        seen.add(info.digest);
        yield info;
      }
    }
  },
  "makes the changes backwards": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      super.commit(changes.toReversed(), options);
    }
  },
  "makes one change after another": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      new MemoryStore().commit(changes.filter(({ type }) => type === "delete"), options);
      for (const { digest } of changes) {
        new MemoryStore().commit([{ type: "delete", digest }]);
      }
      for (const change of changes) super.commit([change]);
      super.commit([], options);
    }
  },
  "does not mind what a digest is": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      super.commit(changes.filter(({ digest }) => /^[0-9a-f]{64}$/.test(digest)), options);
    }
  },
  "does not mind what a limit is": class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      const { maxEntries = 0, maxBytes = 0, writtenSince = 0 } = options.limits ?? {};
      const isGood = maxEntries >= 0 && maxBytes >= 0 && writtenSince === writtenSince;
      super.commit(changes, isGood ? options : {});
    }
  },
  "keeps no limits": class extends Shared {
    override commit(changes: readonly StoreChange[]) {
      super.commit(changes);
    }
  },
  ...withoutLimit("maxEntries"),
  ...withoutLimit("maxBytes"),
  ...withoutLimit("writtenSince"),
  ...withoutLimit("functionName"),
  "removes what was written at writtenSince": withLimits((limits) => ({
    ...limits,
    writtenSince: (limits.writtenSince ?? -Infinity) + 1e-3,
  })),
  "keeps one entry more": withLimits((limits) => ({
    ...limits,
    maxEntries: (limits.maxEntries ?? Infinity) + 1,
  })),
  "keeps one entry less": withLimits((limits) => ({
    ...limits,
    maxEntries: Math.max(0, (limits.maxEntries ?? Infinity) - 1),
  })),
  "keeps a group within the limits of all": withLimits(({ functionName: _, ...limits }) => limits),
  "keeps limits when others have not yet": class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      const { limits, ...others } = options;
      super.commit(changes, others);
      if (changes.length > 0) super.commit([], { limits });
    }
  },
  "removes others for an entry that is too large": class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      const { maxBytes = Infinity, functionName } = options.limits ?? {};
      super.commit(changes, { limits: { maxBytes: 1e9 } });
      const isTooLarge = changes.some((change) =>
        change.type === "put" && change.parts[0].byteLength > maxBytes &&
        (functionName === undefined || functionName === change.functionName)
      );
      super.commit([], isTooLarge ? { limits: { ...options.limits, maxEntries: 0 } } : options);
    }
  },
  "keeps the older entry where the newer one is too large": class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      const { maxBytes = Infinity } = options.limits ?? {};
      super.commit(
        changes.filter((change) =>
          change.type === "delete" || change.parts[0].byteLength <= maxBytes
        ),
        options,
      );
    }
  },
  "says nothing of what it does not keep": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      const { warn } = console;
      console.warn = () => {};
      try {
        super.commit(changes, options);
      } finally {
        console.warn = warn;
      }
    }
  },
  "says something at each commit": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      super.commit(changes, options);
      console.warn("Committed");
    }
  },
  "takes no notes": class extends Shared {
    override touch() {}
  },
  "takes notes of all it is told": class extends Shared {
    override touch(digest: Digest) {
      this.notes.add(digest);
    }
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      const later = [...this.notes];
      this.notes.clear();
      super.commit(changes);
      for (const digest of later) this.inner.touch(digest);
      super.commit([], options);
    }
  },
  "keeps notes in the order of the first of each": class extends Shared {
    override touch(digest: Digest) {
      if (this.inner.has(digest)) this.notes.add(digest);
    }
  },
  "drops its notes when it is closed": class extends Shared {
    override close() {
      this.notes.clear();
    }
  },
  "writes notes only with changes": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      const notes = new Set(this.notes);
      if (changes.length === 0) this.notes.clear();
      super.commit(changes, options);
      if (changes.length === 0) this.notes = notes;
    }
  },
  "does not count an overwriting as use": class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      const { limits, ...others } = options;
      const uses = [...uselist(this.inner)];
      super.commit(changes, others);
      for (const digest of uses) this.inner.touch(digest);
      for (const change of changes) {
        if (change.type === "put" && !uses.includes(change.digest)) this.inner.touch(change.digest);
      }
      setUses(this.inner, [...uses, ...changes.map(({ digest }) => digest)]);
      super.commit([], { limits });
    }
  },
  "loses all when it is closed": class extends Shared {
    override close() {
      this.inner = new MemoryStore();
    }
  },
  "does not see what others commit": class extends Shared {
    #seen = new Map<Digest, StoredValue | undefined>();
    override get(digest: Digest) {
      if (!this.#seen.has(digest)) this.#seen.set(digest, super.get(digest));
      return this.#seen.get(digest);
    }
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      super.commit(changes, options);
      this.#seen.clear();
    }
  },
  "forgets who was used when, when it is opened": class extends Shared {
    constructor(inner?: MemoryStore) {
      super(inner);
      for (const { digest } of this.inner.entries()) this.inner.touch(digest);
    }
  },
  "shows a batch before all of it is there": class extends Shared {
    override commit(changes: readonly StoreChange[], options?: CommitOptions) {
      const before = [...this.inner.entries()].map((info): PutChange => ({
        ...info,
        type: "put",
        parts: partsOf(this.inner.get(info.digest)!),
      }));
      try {
        for (const change of changes) super.commit([change]);
        super.commit([], options);
      } catch (error) {
        for (const { digest } of [...this.inner.entries()]) {
          this.inner.commit([{ type: "delete", digest }]);
        }
        this.inner.commit(before);
        throw error;
      }
    }
  },
  "loses an entry in a compaction": class extends Shared {
    compact() {
      const [first] = this.inner.entries();
      if (first !== undefined) this.inner.commit([{ type: "delete", digest: first.digest }]);
      return { bytesBefore: 1e6, bytesAfter: 1e5 };
    }
  },
  "grows in a compaction": class extends Shared {
    compact() {
      return { bytesBefore: 1e5, bytesAfter: 1e6 };
    }
  },
};

const lists = new WeakMap<MemoryStore, Digest[]>();

function uselist(store: MemoryStore): Digest[] {
  return (lists.get(store) ?? []).filter((digest) => store.has(digest));
}

function setUses(store: MemoryStore, uses: Digest[]): void {
  lists.set(store, [...new Set(uses)].filter((digest) => store.has(digest)));
}

function withLimits(map: (limits: Limits) => Limits): StoreClass {
  return class extends Shared {
    override commit(changes: readonly StoreChange[], options: CommitOptions = {}) {
      new MemoryStore().commit([], options);
      const { limits } = options;
      super.commit(changes, limits === undefined ? options : { ...options, limits: map(limits) });
    }
  };
}

function withoutLimit(name: keyof Limits): Record<string, StoreClass> {
  return {
    [`does not know ${name}`]: withLimits((limits) =>
      // A group of one function that is not told from all would be another defect.
      name === "functionName" && limits.functionName !== undefined
        ? {}
        : { ...limits, [name]: undefined }
    ),
  };
}
