// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import { RedisEntries } from "./_redis_entries.ts";
import { RedisLink } from "./_redis_link.ts";
import type { RedisClientLike, RedisStoreOptions } from "./redis_store_options.ts";

const DEFAULT_PREFIX = "pecapiku:";
const DEFAULT_TIMEOUT = 2000;

/** The longest time that timers take, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Makes a store of a Redis or Valkey server (from Redis 6 on), or of a cluster of them, that many machines share. All that it
 * needs is `--allow-net` of the server. The client, `npm:@redis/client`, is loaded at the first use, and not at all when one
 * is given.
 *
 * An entry appears whole or not at all, also one that is long: what is longer than 1 MiB is kept in several keys. All changes
 * of a commit are made in one step by a single server; in a cluster, that holds for each entry by itself. A lookup checks
 * every byte: what is damaged, cut off, or somebody else's counts as not there, and the store warns once on the console.
 *
 * Which entries go when memory is short is up to the server (`maxmemory-policy`): a commit that is to keep `maxEntries` or
 * `maxBytes` is refused with a `TypeError`. Nor does the store know in which order entries were first put: it goes through them
 * by the time of writing. `sync` makes no difference: what is on the medium, and when, is up to the server, too.
 *
 * While the server is away, every call fails at once, or within `timeout`, with a `CacheError`, and nothing is kept to be done
 * later. Calls that come when the server is back connect again. The connection does not keep the process alive.
 *
 * @example Usage
 * ```ts ignore
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { redisStore } from "@pecapiku/cache/stores";
 *
 * const store = redisStore({ url: "redis://127.0.0.1:6379", ttl: 24 * 60 * 60 * 1000 });
 * {
 *   await using cache = new AsyncCacheDict<number>({ store });
 *   await cache.set("answer", 42);
 * }
 * await store.close();
 * ```
 *
 * @param options Where the server is, and how entries are kept there.
 * @returns The store. Nothing is connected yet.
 * @throws {TypeError} If an option is not what it may be, or not exactly one of `url` and `client` is given.
 */
export function redisStore(options: RedisStoreOptions): Required<AsyncStore> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot set options: expected an object of options: ${show(options)}`);
  }
  const { prefix = DEFAULT_PREFIX, ttl = Infinity, timeout = DEFAULT_TIMEOUT } = options;
  const { url, client } = options;
  if ((url === undefined) === (client === undefined)) {
    throw new TypeError(
      `Cannot set url: expected either a url or a client: ${show(url ?? client)}`,
    );
  }
  if (typeof prefix !== "string" || /[{}]/.test(prefix) || !prefix.isWellFormed()) {
    throw new TypeError(`Cannot set prefix: expected a text without braces: ${show(prefix)}`);
  }
  assertTime("ttl", ttl, Infinity);
  assertTime("timeout", timeout, LONGEST_TIMEOUT);
  const server = client === undefined ? parseUrl(url) : checkClient(client);
  const location = `${locationOf(server)}#${prefix}`;
  return new RedisEntries(new RedisLink(server, timeout, location), prefix, ttl);
}

function assertTime(name: string, given: unknown, most: number): void {
  if (typeof given === "number" && given > 0 && given <= most) return;
  throw new TypeError(
    `Cannot set ${name}: expected a positive number of milliseconds: ${show(given)}`,
  );
}

function parseUrl(given: unknown): URL {
  const url = given instanceof URL || typeof given === "string" ? URL.parse(given) : null;
  if (url !== null && (url.protocol === "redis:" || url.protocol === "rediss:")) return url;
  // What is given may have a password in it.
  throw new TypeError(
    `Cannot set url: expected a redis: or rediss: URL: ${
      url === null ? typeof given === "string" ? "a text" : show(given) : url.protocol
    }`,
  );
}

const METHODS = ["sendCommand", "multi", "duplicate"];

function checkClient(given: RedisClientLike): RedisClientLike {
  const isClient = typeof given === "object" && given !== null &&
    METHODS.every((name) => typeof Reflect.get(given, name) === "function");
  if (isClient) return given;
  throw new TypeError(`Cannot set client: expected a client of npm:redis: ${show(given)}`);
}

/** Where a server is, in words that may be shown: without user and password. */
function locationOf(server: URL | RedisClientLike): string {
  const url = server instanceof URL ? server : urlOf(server);
  if (url === null) return "redis:";
  const path = url.pathname === "" ? "/" : url.pathname;
  return `${url.protocol}//${url.host}${path}`;
}

function urlOf(client: object): URL | null {
  const options = Reflect.get(client, "options") ?? Reflect.get(client, "_options");
  const first = options?.rootNodes?.[0] ?? options;
  if (typeof first?.url === "string") return URL.parse(first.url);
  const { host = "localhost", port = 6379, tls = false } = first?.socket ?? {};
  return URL.parse(`${tls ? "rediss" : "redis"}://${host}:${port}`);
}
