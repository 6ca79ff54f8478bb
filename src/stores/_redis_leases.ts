// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { Lease, LeaseOptions, WaitOptions } from "./async_store.ts";
import { isDigest } from "./_digest_table.ts";
import type { Subscriber } from "./_redis_client.ts";
import type { RedisLink } from "./_redis_link.ts";
import type { Digest } from "./store.ts";

const LEASING = "Cannot lease";

/** How long who waits goes without looking, in milliseconds, should a message be lost. */
const LONGEST_SLEEP = 5000;

/** How long who waits lets a lease be overdue, in milliseconds, before looking whether it is gone. */
const GRACE = 5;

const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

// The channel has the name of the key.
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[1], '')
return 1`;

/** The leases of a store's entries, each a key that expires. */
export class RedisLeases {
  readonly #link: RedisLink;
  readonly #keyOf: (digest: Digest) => string;
  #subscriber: Promise<Subscriber> | undefined;
  readonly #sleepers = new Set<() => void>();

  /**
   * Makes what takes leases.
   *
   * @param link The link to the server.
   * @param keyOf Names the key of an entry's lease.
   */
  constructor(link: RedisLink, keyOf: (digest: Digest) => string) {
    this.#link = link;
    this.#keyOf = keyOf;
  }

  /** Takes the lease of an entry, if nobody holds it. */
  async take(digest: Digest, options: LeaseOptions): Promise<Lease | undefined> {
    const { duration } = options;
    assertDigest(digest);
    if (!(Number.isFinite(duration) && duration >= 1)) {
      throw new TypeError(
        `Cannot lease: expected a number of milliseconds from 1 on as duration: ${show(duration)}`,
      );
    }
    const token = crypto.randomUUID();
    const key = this.#keyOf(digest);
    const command = ["SET", key, token, "NX", "PX", String(Math.ceil(duration))];
    const reply = await this.#link.run(LEASING, (client) => client.send(key, command));
    return reply === null ? undefined : new RedisLease(this.#link, key, digest, token, duration);
  }

  /** Waits until nobody holds the lease of an entry. */
  async waitFor(digest: Digest, { timeout = Infinity, signal }: WaitOptions): Promise<void> {
    assertDigest(digest);
    signal?.throwIfAborted();
    const until = performance.now() + timeout;
    const key = this.#keyOf(digest);
    const bell = new Bell();
    const ring = () => bell.ring();
    this.#sleepers.add(ring);
    signal?.addEventListener("abort", ring);
    let subscriber: Subscriber | undefined;
    try {
      while (true) {
        signal?.throwIfAborted();
        bell.reset();
        // First to listen, then to look: what comes in between is heard.
        const current = await this.#link.run(LEASING, () => this.#subscribed());
        if (current !== subscriber) {
          await this.#link.run(LEASING, () => current.subscribe(key, ring));
          subscriber = current;
        }
        const left = await this.#link.run(LEASING, (client) => client.send(key, ["PTTL", key]));
        if (left === -2) return;
        const now = performance.now();
        if (now >= until) return;
        const sleep = typeof left === "number" && left >= 0 ? left + GRACE : LONGEST_SLEEP;
        await bell.wait(Math.min(sleep, LONGEST_SLEEP, until - now));
      }
    } finally {
      this.#sleepers.delete(ring);
      signal?.removeEventListener("abort", ring);
      // Nobody waits for that; where the connection is lost, so is what was listened to.
      subscriber?.unsubscribe(key, ring).catch(() => {});
    }
  }

  /** Ends the connection that hears of messages. Who waits makes a new one. */
  close(): void {
    this.#lose(this.#subscriber);
  }

  async #subscribed(): Promise<Subscriber> {
    return await (this.#subscriber ??= this.#subscribe());
  }

  #subscribe(): Promise<Subscriber> {
    const subscriber: Promise<Subscriber> = this.#link.run(
      LEASING,
      (client) => client.subscriber(() => this.#lose(subscriber)),
    );
    subscriber.catch(() => this.#lose(subscriber));
    return subscriber;
  }

  #lose(subscriber: Promise<Subscriber> | undefined): void {
    if (subscriber === undefined || this.#subscriber !== subscriber) return;
    this.#subscriber = undefined;
    subscriber.then((each) => each.destroy(), () => {});
    for (const ring of this.#sleepers) ring();
  }
}

/** What wakes one who sleeps, also one who is about to. */
class Bell {
  #isRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  reset(): void {
    this.#isRung = false;
  }

  async wait(milliseconds: number): Promise<void> {
    if (this.#isRung) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

class RedisLease implements Lease {
  readonly digest: Digest;
  readonly token: string;
  readonly #link: RedisLink;
  readonly #key: string;
  readonly #duration: string;

  constructor(link: RedisLink, key: string, digest: Digest, token: string, duration: number) {
    this.digest = digest;
    this.token = token;
    this.#link = link;
    this.#key = key;
    this.#duration = String(Math.ceil(duration));
  }

  async renew(): Promise<boolean> {
    return await this.#eval(RENEW, this.token, this.#duration);
  }

  async release(): Promise<boolean> {
    return await this.#eval(RELEASE, this.token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #eval(script: string, ...args: string[]): Promise<boolean> {
    const command = ["EVAL", script, "1", this.#key, ...args];
    return await this.#link.run(LEASING, (client) => client.send(this.#key, command)) === 1;
  }
}

function assertDigest(digest: Digest): void {
  if (isDigest(digest)) return;
  throw new TypeError(
    `Cannot lease: not a digest of 64 lowercase hexadecimal digits: ${show(digest)}`,
  );
}
