// Copyright 2026 the pecapiku authors. MIT license.

import type { Lease } from "../../src/stores/async_store.ts";
import type { Digest, StoreChange, StoredValue } from "../../src/stores/store.ts";
import { SlowStore } from "../async_cache_dict/_slow_store.ts";

/** An async store in memory with leases that never expire, and a log of what it was asked. */
export class LeasedStore extends SlowStore {
  readonly log: string[] = [];
  /** Which of its methods are rejected. */
  failing: "lease" | "waitFor" | "release" | undefined;
  readonly #held = new Map<Digest, PromiseWithResolvers<void>>();
  readonly #watched = new Map<string, () => void>();

  /** The digests that are leased. */
  get leases(): Digest[] {
    return [...this.#held.keys()];
  }

  /** Waits until the store is asked for something, from now on. */
  until(what: string): Promise<void> {
    return new Promise((resolve) => this.#watched.set(what, resolve));
  }

  override get(digest: Digest): Promise<StoredValue | undefined> {
    this.#note(`get ${digest}`);
    return super.get(digest);
  }

  override async commit(changes: readonly StoreChange[]): Promise<void> {
    this.#note("commit");
    await super.commit(changes);
  }

  async lease(digest: Digest, options = { duration: 1000 }): Promise<Lease | undefined> {
    this.#note(`lease ${digest} ${options.duration}`);
    await this.gate;
    if (this.failing === "lease") throw new Error("lease: away");
    if (this.#held.has(digest)) return undefined;
    const held = Promise.withResolvers<void>();
    this.#held.set(digest, held);
    const release = async (): Promise<boolean> => {
      this.#note(`release ${digest}`);
      await this.gate;
      if (this.failing === "release") throw new Error("release: away");
      this.#held.delete(digest);
      held.resolve();
      return true;
    };
    return {
      digest,
      token: "",
      renew: () => Promise.resolve(true),
      release,
      [Symbol.asyncDispose]: async () => void await release(),
    };
  }

  async waitFor(digest: Digest): Promise<void> {
    this.#note(`wait ${digest}`);
    if (this.failing === "waitFor") throw new Error("waitFor: away");
    await this.#held.get(digest)?.promise;
  }

  #note(what: string): void {
    this.log.push(what);
    this.#watched.get(what)?.();
  }
}
