// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import { assertTimeout } from "./_assert_timeout.ts";
import { BlobEntries } from "./_blob_entries.ts";
import { ObjectPlace } from "./_object_place.ts";
import type {
  ObjectClientLike,
  ObjectCredentials,
  ObjectStoreOptions,
} from "./object_store_options.ts";

const DEFAULT_PREFIX = "pecapiku/";
const DEFAULT_TIMEOUT = 30_000;

/**
 * What signs requests. It is named by a variable, not in the `import()` itself: what stands there is downloaded by every program
 * that imports any store, before it runs. So it has to be the whole name, which `deno.json` has for the tests, too.
 */
export const OBJECT_CLIENT: string = "npm:aws4fetch@1.0.20";

/** What is used of it. */
interface ClientModule {
  readonly AwsClient: new (options: object) => ObjectClientLike;
}

/**
 * Makes a store of a bucket of an S3-compatible server, for large values that many machines read. All that it needs is
 * `--allow-net` of the server. `npm:aws4fetch`, which signs requests, is loaded at the first use, and not at all when a client is given.
 *
 * Each entry is one object, which appears whole or not at all. Several changes of a commit are made one by one, some at the
 * same time: others may see some of them, and after an error some are made. A lookup checks every byte: what is
 * damaged, cut off or somebody else's counts as not there, and the store warns once on the console.
 *
 * To put an entry asks for what is there, and overwrites exactly that (`If-Match`, `If-None-Match`): where somebody else
 * has put the same entry meanwhile, the one that says it was written later stays. Servers that don't know such conditions write
 * over what there is.
 *
 * `info`, `has` and each step of `entries` ask for the first KiB of an object; `entries` keeps what it knows of all entries in
 * memory to go by the time of writing. A value is in memory twice while it is read or written.
 *
 * Nothing is evicted and nothing expires: have a lifecycle rule of the bucket remove what is old. A commit that is to keep
 * `maxEntries` or `maxBytes` is refused with a `TypeError`; `keepFor` and `sync` make no difference.
 *
 * @example Usage
 * ```ts ignore
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { objectStore } from "@pecapiku/cache/stores";
 *
 * const store = objectStore({
 *   bucket: "results",
 *   endpoint: "http://127.0.0.1:9000",
 *   credentials: { accessKeyId: "name", secretAccessKey: "secret" },
 * });
 * await using cache = new AsyncCacheDict<Float64Array>({ store });
 * await cache.set("weights", new Float64Array(1_000_000));
 * ```
 *
 * @param options Where the bucket is, who asks, and how entries are kept there.
 * @returns The store. Nothing is sent yet.
 * @throws {TypeError} If an option is not what it may be, or not exactly one of `credentials` and `client` is given.
 */
export function objectStore(options: ObjectStoreOptions): AsyncStore {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot set options: expected an object of options: ${show(options)}`);
  }
  const { bucket, prefix = DEFAULT_PREFIX, region = "us-east-1" } = options;
  const { endpoint, credentials, client, timeout = DEFAULT_TIMEOUT } = options;
  if (typeof bucket !== "string" || !/^[A-Za-z0-9][\w.-]{1,62}$/.test(bucket)) {
    throw new TypeError(`Cannot set bucket: expected the name of a bucket: ${show(bucket)}`);
  }
  if (!isPrefix(prefix)) {
    throw new TypeError(
      `Cannot set prefix: expected words of letters, digits, "_", "." and "-" with slashes between them: ${
        show(prefix)
      }`,
    );
  }
  if (typeof region !== "string" || !/^[\w-]+$/.test(region)) {
    throw new TypeError(`Cannot set region: expected the name of a region: ${show(region)}`);
  }
  assertTimeout(timeout);
  if ((credentials === undefined) === (client === undefined)) {
    // What is given may have a secret in it.
    throw new TypeError(
      `Cannot set credentials: expected either credentials or a client: ${
        client === undefined ? "neither" : "both"
      }`,
    );
  }
  const server = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = `${baseOf(server)}/${bucket}`;
  const source = client === undefined
    ? loader(checkCredentials(credentials!), region)
    : given(client);
  return new BlobEntries(new ObjectPlace(url, prefix, source), timeout);
}

// What servers take as it is, in URLs and lists, and never for two names of the same folder.
function isPrefix(prefix: unknown): prefix is string {
  return typeof prefix === "string" && prefix.length <= 512 &&
    /^(?:[\w.-]+\/)*[\w.-]*$/.test(prefix) &&
    !prefix.split("/").some((part) => part === "." || part === "..");
}

function baseOf(endpoint: string | URL): string {
  const isText = typeof endpoint === "string" || endpoint instanceof URL;
  const url = isText ? URL.parse(endpoint) : null;
  const isPlain = url !== null && (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (isPlain) return url.href.replace(/\/+$/, "");
  // What is given may have a password in it.
  throw new TypeError(
    `Cannot set endpoint: expected an http: or https: URL without a user, query or fragment: ${
      isText ? url?.origin ?? "a text" : show(endpoint)
    }`,
  );
}

function checkCredentials(given: ObjectCredentials): ObjectCredentials {
  const isText = (text: unknown) => typeof text === "string" && text !== "";
  const isWhole = typeof given === "object" && given !== null && isText(given.accessKeyId) &&
    isText(given.secretAccessKey) &&
    (given.sessionToken === undefined || isText(given.sessionToken));
  if (isWhole) return given;
  throw new TypeError(
    "Cannot set credentials: expected texts as accessKeyId, secretAccessKey and sessionToken",
  );
}

function given(client: ObjectClientLike): () => Promise<ObjectClientLike> {
  if (typeof client === "object" && client !== null && typeof client.fetch === "function") {
    return () => Promise.resolve(client);
  }
  throw new TypeError(`Cannot set client: expected what has a fetch that signs: ${show(client)}`);
}

function loader(credentials: ObjectCredentials, region: string): () => Promise<ObjectClientLike> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  let loaded: Promise<ObjectClientLike> | undefined;
  const load = async () => {
    const { AwsClient }: ClientModule = await import(OBJECT_CLIENT);
    return new AwsClient({
      accessKeyId,
      secretAccessKey,
      region,
      service: "s3",
      ...(sessionToken === undefined ? {} : { sessionToken }),
    });
  };
  // What could not be loaded is tried again the next time.
  return () =>
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
}
