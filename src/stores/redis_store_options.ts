// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What {@linkcode RedisStoreOptions.client} has to have: what clients and clusters of `npm:@redis/client` and
 * `npm:redis`, from version 5 on, have in common.
 *
 * @example Usage
 * ```ts
 * import type { RedisClientLike } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * function isUsable(client: RedisClientLike): boolean {
 *   return client.isReady;
 * }
 * assertEquals(typeof isUsable, "function");
 * ```
 */
export interface RedisClientLike {
  /** Whether it is connected. */
  readonly isReady: boolean;
  /** Sends a command. */
  // deno-lint-ignore no-explicit-any -- of a client and of a cluster they differ
  sendCommand(...args: any[]): Promise<unknown>;
  /** Begins a transaction. */
  multi(): unknown;
  /** Makes another client with the same options. */
  duplicate(): unknown;
}

/**
 * Where a `redisStore` keeps entries, and how.
 *
 * @example Usage
 * ```ts
 * import { redisStore, type RedisStoreOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: RedisStoreOptions = { url: "redis://cache.example:6379", prefix: "thumbnails:", ttl: 86_400_000 };
 * // Nothing is connected, or loaded, before it is needed.
 * assertEquals(redisStore(options).location, "redis://cache.example:6379/#thumbnails:");
 * ```
 */
export interface RedisStoreOptions {
  /**
   * Where the server is: `redis[s]://[user[:password]@]host[:port][/database]`. Of a cluster, it is that of any node. The
   * client is loaded and connected at the first use, and again when the connection was lost.
   *
   * @default {Give this or `client`}
   */
  readonly url?: string | URL | undefined;
  /**
   * A connected client or cluster of `npm:redis` or `npm:@redis/client`, which stays yours: you connect and close it, and
   * listen to its errors. Create it with `disableOfflineQueue: true`: otherwise it keeps commands while the server is away, and may
   * still carry out what this store has given up.
   *
   * @default {Give this or `url`}
   */
  readonly client?: RedisClientLike | undefined;
  /**
   * What the names of all keys of the store begin with. All keys that begin with it and go on as the store's do are the
   * store's own.
   *
   * @default {"pecapiku:"}
   */
  readonly prefix?: string | undefined;
  /**
   * After how long the server removes an entry, in milliseconds since it was put.
   *
   * @default {Infinity}
   */
  readonly ttl?: number | undefined;
  /**
   * How long a call waits for the server at the most, in milliseconds, connecting and large values included. Then it fails.
   * Loading the client, which the first call does, does not count.
   *
   * @default {2000}
   */
  readonly timeout?: number | undefined;
}
