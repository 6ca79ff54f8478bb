// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What {@linkcode ObjectStoreOptions.client} has to have: a `fetch` that signs what it sends. An `AwsClient` of
 * `npm:aws4fetch` is one.
 *
 * @example Usage
 * ```ts
 * import type { ObjectClientLike } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * // Where a gateway lets everybody in, nothing has to be signed.
 * const client: ObjectClientLike = { fetch: (url, init) => fetch(url, init) };
 * assertEquals(typeof client.fetch, "function");
 * ```
 */
export interface ObjectClientLike {
  /**
   * Sends a request and gives the response, whatever its status is.
   *
   * @param url The URL of an object or a bucket.
   * @param init Method, headers, body and signal.
   * @returns The response.
   */
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/**
 * Who asks an S3-compatible server.
 *
 * @example Usage
 * ```ts
 * import type { ObjectCredentials } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const credentials: ObjectCredentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
 * assertEquals(credentials.accessKeyId, "AKIAEXAMPLE");
 * ```
 */
export interface ObjectCredentials {
  /** The name of the key. */
  readonly accessKeyId: string;
  /** The secret of the key. */
  readonly secretAccessKey: string;
  /**
   * What belongs to a key that is valid for some time only.
   *
   * @default {None}
   */
  readonly sessionToken?: string | undefined;
}

/**
 * Where an `objectStore` keeps entries, and how.
 *
 * @example Usage
 * ```ts
 * import { objectStore, type ObjectStoreOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: ObjectStoreOptions = {
 *   bucket: "results",
 *   region: "eu-central-1",
 *   credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
 * };
 * // Nothing is loaded or sent before it is needed.
 * assertEquals(objectStore(options).location, "https://s3.eu-central-1.amazonaws.com/results/pecapiku/");
 * ```
 */
export interface ObjectStoreOptions {
  /** The name of the bucket, which has to be there. */
  readonly bucket: string;
  /**
   * What the names of all objects of the store begin with: letters, digits, `_`, `.`, `-`, and slashes between them. All objects that begin with it and go on with a digest are the
   * store's own.
   *
   * @default {"pecapiku/"}
   */
  readonly prefix?: string | undefined;
  /**
   * Where the server is: an `http:` or `https:` URL, to which the name of the bucket is added as a folder.
   *
   * @default {The server of Amazon in that region}
   */
  readonly endpoint?: string | URL | undefined;
  /**
   * The region of the bucket; `"auto"` for some services.
   *
   * @default {"us-east-1"}
   */
  readonly region?: string | undefined;
  /**
   * Who asks. `npm:aws4fetch`, which signs in that name, is loaded at the first use. It sends a request again after
   * an answer that tells of trouble at the server (5xx and 429).
   *
   * @default {Give these or `client`}
   */
  readonly credentials?: ObjectCredentials | undefined;
  /**
   * What sends requests and signs them, in place of `credentials`: an `AwsClient` of `npm:aws4fetch`, or anything else that
   * has such a `fetch`.
   *
   * @default {Give this or `credentials`}
   */
  readonly client?: ObjectClientLike | undefined;
  /**
   * How long a call takes at the most, in milliseconds, large values and all changes of a commit included. Then it fails. Going
   * through the entries, it counts for each.
   *
   * @default {30000}
   */
  readonly timeout?: number | undefined;
}
