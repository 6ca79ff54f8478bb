// Copyright 2026 the pecapiku authors. MIT license.

import { frontIn } from "./_blob_entries.ts";
import type { Blob, BlobFront, BlobPlace } from "./_blob_place.ts";
import { FRONT_LENGTH } from "./_redis_entry.ts";
import type { ObjectClientLike } from "./object_store_options.ts";
import type { Digest } from "./store.ts";

/** How often an object is put that somebody else puts at the same time. */
const MOST_TRIES = 8;

/** What tells one writing of an object from another; `undefined` where there is none. */
type Tag = string | undefined;

/** The objects of a bucket whose names begin with a prefix. */
export class ObjectPlace implements BlobPlace {
  readonly location: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: () => Promise<ObjectClientLike>;
  /** Whether the server knows conditions, as far as is known. */
  #isConditional = true;

  /**
   * Makes a place. Nothing is sent yet.
   *
   * @param bucket The URL of the bucket, without a slash at its end.
   * @param prefix What the names begin with: nothing that would be encoded in a URL.
   * @param client Gives what sends requests.
   */
  constructor(bucket: string, prefix: string, client: () => Promise<ObjectClientLike>) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = client;
    this.location = `${bucket}/${prefix}`;
  }

  nameOf(digest: Digest): string {
    return `${this.#prefix}${digest}`;
  }

  async read(digest: Digest, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const response = await this.#send("GET", digest, signal);
    if (await isMissing(response)) return undefined;
    await assertStatus(response, 200);
    return await bytesOf(response);
  }

  async readFront(
    digest: Digest,
    length: number,
    signal: AbortSignal,
  ): Promise<BlobFront | undefined> {
    return (await this.#look(digest, length, signal))?.front;
  }

  async write(blob: Blob, signal: AbortSignal): Promise<void> {
    let tag = this.#isConditional ? await this.#tagOf(blob.digest, signal) : undefined;
    for (let time = 0; time < MOST_TRIES; time++) {
      const condition = this.#isConditional
        ? tag === undefined ? { "If-None-Match": "*" } : { "If-Match": tag }
        : undefined;
      const headers = { "Content-Type": "application/octet-stream", ...condition };
      const response = await this.#send("PUT", blob.digest, signal, { headers, body: blob.bytes });
      if (condition === undefined || !isRefused(response.status, tag)) {
        await assertStatus(response, 200, 201, 204);
        await response.body?.cancel();
        return;
      }
      await response.body?.cancel();
      if (response.status === 501) {
        this.#isConditional = false;
        continue;
      }
      // Somebody else has put or removed it since this commit began: either may count as the later one.
      const found = await this.#look(blob.digest, FRONT_LENGTH, signal);
      if (found !== undefined && await this.#isLater(blob, found.front, signal)) return;
      tag = found?.tag;
    }
    throw new Error(`others put the same entry again and again: ${this.nameOf(blob.digest)}`);
  }

  async remove(digest: Digest, signal: AbortSignal): Promise<void> {
    const response = await this.#send("DELETE", digest, signal);
    if (await isMissing(response)) return;
    await assertStatus(response, 200, 202, 204);
    await response.body?.cancel();
  }

  async list(signal: AbortSignal): Promise<Digest[]> {
    const digests = new Set<Digest>();
    let token: string | undefined;
    do {
      const query = new URLSearchParams({
        "list-type": "2",
        prefix: this.#prefix,
        ...(token === undefined ? {} : { "continuation-token": token }),
      });
      const client = await this.#client();
      const response = await client.fetch(`${this.#bucket}?${query}`, { method: "GET", signal });
      await assertStatus(response, 200);
      const page = await response.text();
      for (const [, name] of page.matchAll(/<Key>([^<]*)<\/Key>/g)) {
        const digest = name!.slice(this.#prefix.length);
        if (name!.startsWith(this.#prefix) && /^[0-9a-f]{64}$/.test(digest)) digests.add(digest);
      }
      const next = /<IsTruncated>\s*true\s*<\/IsTruncated>/.test(page)
        ? fromXml(page.match(/<NextContinuationToken>([^<]+)</)?.[1] ?? "")
        : undefined;
      if (next === "" || (next !== undefined && next === token)) {
        throw new Error("the list of objects goes on, but does not say where");
      }
      token = next;
    } while (token !== undefined);
    return [...digests];
  }

  async #isLater(blob: Blob, found: BlobFront, signal: AbortSignal): Promise<boolean> {
    let front = frontIn(blob.digest, found.bytes, found.total);
    if (typeof front === "number") {
      const longer = await this.readFront(blob.digest, front, signal);
      front = longer && frontIn(blob.digest, longer.bytes, longer.total);
    }
    return typeof front === "object" && front.info.writtenAt > blob.writtenAt;
  }

  async #tagOf(digest: Digest, signal: AbortSignal): Promise<Tag> {
    const response = await this.#send("HEAD", digest, signal);
    if (response.status === 404) return undefined;
    await assertStatus(response, 200);
    return tagIn(response);
  }

  async #look(
    digest: Digest,
    length: number,
    signal: AbortSignal,
  ): Promise<{ front: BlobFront; tag: Tag } | undefined> {
    const headers = { Range: `bytes=0-${length - 1}` };
    const response = await this.#send("GET", digest, signal, { headers });
    if (await isMissing(response)) return undefined;
    const tag = tagIn(response);
    // There is no beginning of an object without any bytes.
    if (response.status === 416) {
      await response.body?.cancel();
      return { front: { bytes: new Uint8Array(), total: 0 }, tag };
    }
    await assertStatus(response, 200, 206);
    const bytes = await bytesOf(response);
    const total = response.headers.get("Content-Range")?.match(/\/(\d+)$/)?.[1];
    return { front: { bytes, total: total === undefined ? bytes.byteLength : Number(total) }, tag };
  }

  async #send(
    method: string,
    digest: Digest,
    signal: AbortSignal,
    init: { readonly headers?: Record<string, string>; readonly body?: Uint8Array<ArrayBuffer> } =
      {},
  ): Promise<Response> {
    const client = await this.#client();
    return await client.fetch(`${this.location}${digest}`, { method, signal, ...init });
  }
}

// What stands between may have made it a weak one, which no condition is met by.
function tagIn(response: Response): Tag {
  return response.headers.get("ETag")?.replace(/^W\//, "");
}

/** Whether a condition was not met, or is not known; with a condition on a tag, the object may be gone. */
function isRefused(status: number, tag: Tag): boolean {
  return status === 412 || status === 409 || status === 501 ||
    (status === 404 && tag !== undefined);
}

/** Whether there is no such object. That there is no such bucket is an error. */
async function isMissing(response: Response): Promise<boolean> {
  if (response.status !== 404) return false;
  const text = await response.text();
  if (codeIn(text) === "NoSuchBucket") throw new Error(`${response.status} NoSuchBucket`);
  return true;
}

async function assertStatus(response: Response, ...expected: number[]): Promise<void> {
  if (expected.includes(response.status)) return;
  const code = codeIn(await response.text());
  throw new Error(`${response.status} ${code ?? response.statusText}`.trimEnd());
}

function codeIn(text: string): string | undefined {
  return text.match(/<Code>(\w+)<\/Code>/)?.[1];
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function fromXml(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}
