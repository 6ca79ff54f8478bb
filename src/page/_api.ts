// Copyright 2026 the pecapiku authors. MIT license.

import { NOTICE } from "../access/entry_parts.ts";
import { keyLabel, readEntryKey } from "../inspect/entry_key.ts";
import { partsOfEntries } from "../inspect/parts_of_entries.ts";
import type { Digest, Store } from "../stores/store.ts";
import { findDamage } from "./_damage.ts";
import type { EntryIndex } from "./_entry_index.ts";
import { type EntryQuery, SORT_COLUMNS } from "./_entry_query.ts";
import { IndexKeeper, type Reading } from "./_index_keeper.ts";
import { jsonResponse, RequestError } from "./_responses.ts";
import { layOutTreemap } from "./_treemap.ts";
import { readValueText } from "./_value_text.ts";

/** How many entries are given at once. */
const MOST_ROWS = 500;

/** How many entries are deleted at once, and how long the request may be, in bytes. */
const MOST_DELETED = 10_000;
const LONGEST_BODY = 1024 * 1024;

const LONGEST_SEARCH = 1_000;

/** How much of a key is shown where there is room, in UTF-16 code units. */
const LONGEST_KEY = 5_000;

/** The data of the page, and what can be done from there. */
export class Api {
  readonly #store: Store;
  readonly #keeper: IndexKeeper;
  readonly #mayDelete: () => boolean;

  /**
   * Makes the data of a store available.
   *
   * @param store The store.
   * @param mayDelete Tells whether entries may be deleted now.
   */
  constructor(store: Store, mayDelete: () => boolean) {
    this.#store = store;
    this.#keeper = new IndexKeeper(store);
    this.#mayDelete = mayDelete;
  }

  /** Ends what goes on in the background. */
  stop(): void {
    this.#keeper.stop();
  }

  /**
   * Answers a request.
   *
   * @param name What is asked for.
   * @param request The request, which was let in.
   * @returns The answer.
   * @throws {RequestError} If there is no such thing, or it can't be done.
   * @throws {CacheError} If the store can't be read or written.
   */
  async answer(name: string, request: Request): Promise<Response> {
    const parameters = new URL(request.url).searchParams;
    if (name === "delete") {
      requireMethod(request, "POST");
      return jsonResponse(await this.#delete(request));
    }
    requireMethod(request, "GET");
    switch (name) {
      case "entries":
        return await this.#withReading((reading) => this.#entries(reading, parameters));
      case "treemap":
        return await this.#withReading((reading) => {
          const width = integer(parameters, "width", 100, 10_000);
          const height = integer(parameters, "height", 100, 10_000);
          return layOutTreemap(reading, width, height);
        });
      case "entry":
        return jsonResponse(this.#entry(parameters.get("digest") ?? ""));
      case "damage":
        return jsonResponse(findDamage(this.#store, parameters.has("asked")));
      case "state":
        return jsonResponse({ isCurrent: this.#keeper.isCurrent });
      default:
        throw new RequestError(404, "Cannot answer: there is no such thing");
    }
  }

  async #withReading(answer: (reading: Reading) => unknown): Promise<Response> {
    const reading = await this.#keeper.look();
    return reading === undefined
      ? jsonResponse({ reading: this.#keeper.progress }, 202)
      : jsonResponse(answer(reading));
  }

  #entries(reading: Reading, parameters: URLSearchParams): unknown {
    const { index, queries, readAt, unread } = reading;
    const offset = integer(parameters, "offset", 0, Number.MAX_SAFE_INTEGER);
    const limit = integer(parameters, "limit", 1, MOST_ROWS);
    const { found, entries } = queries.select(queryOf(parameters), offset, limit);
    return {
      location: this.#store.location,
      mayDelete: this.#mayDelete(),
      readAt,
      isCurrent: this.#keeper.isCurrent,
      unread,
      count: index.count,
      partCount: index.partCount,
      bytes: index.bytes,
      functionCount: index.functions.filter(({ name, entries }) => name !== "" && entries > 0)
        .length,
      totals: this.#totals(),
      offset,
      found,
      rows: entries.map((entry) => rowOf(index, entry)),
    };
  }

  /** What was counted in all, if anything was. */
  #totals(): unknown {
    const { hits = 0, misses = 0, savedMilliseconds = 0 } = this.#store.stats?.().totals?.all ?? {};
    return hits + misses > 0 ? { hits, misses, savedMilliseconds } : undefined;
  }

  #entry(digest: Digest): unknown {
    if (!isDigest(digest)) throw new RequestError(400, "Cannot show entry: not a digest");
    const info = digest === NOTICE ? undefined : this.#store.info(digest);
    if (info === undefined) throw new RequestError(404, "Cannot show entry: it is not there");
    const { codec, functionName, writtenAt, duration, promised, byteLength } = info;
    return {
      digest,
      key: keyLabel(readEntryKey(info, LONGEST_KEY)),
      functionName,
      codec,
      size: byteLength,
      writtenAt,
      duration,
      promised,
      value: readValueText(this.#store, info),
    };
  }

  async #delete(request: Request): Promise<unknown> {
    if (!this.#mayDelete()) {
      throw new RequestError(
        403,
        `Cannot delete entries: no write access, run with --allow-write=${this.#store.location}`,
      );
    }
    const asked = new Set(await digestsOf(request));
    // While there are parts, it has to be there.
    asked.delete(NOTICE);
    const index = (await this.#keeper.look())?.index;
    const parts = partsOfEntries(this.#store, asked, index && ((owners) => index.partsOf(owners)));
    const digests = asked.union(parts);
    // Those that the store has found to be damaged, too: to it they are not there, but in the file they are.
    this.#store.commit(Array.from(digests, (digest) => ({ type: "delete", digest })));
    this.#keeper.remove(parts);
    return { deleted: this.#keeper.remove(asked), parts: parts.size };
  }
}

function rowOf(index: EntryIndex, entry: number): unknown {
  return {
    digest: index.digest(entry),
    key: index.keys[entry],
    functionName: index.functionName(entry),
    size: index.sizes[entry],
    writtenAt: index.times[entry],
    duration: index.durations[entry],
    promised: index.isPromised(entry),
    isPart: index.isPart(entry),
    isStream: index.isStream(entry),
  };
}

function queryOf(parameters: URLSearchParams): EntryQuery {
  const sort = SORT_COLUMNS.find((column) => column === (parameters.get("sort") ?? "written"));
  if (sort === undefined) throw new RequestError(400, "Cannot list entries: no such column");
  const search = parameters.get("search") ?? "";
  if (search.length > LONGEST_SEARCH) {
    throw new RequestError(400, `Cannot list entries: a search of ${search.length} characters`);
  }
  return {
    sort,
    search,
    descending: parameters.get("order") === "descending",
    functionName: parameters.get("function") ?? undefined,
    parts: parameters.has("parts"),
  };
}

function integer(parameters: URLSearchParams, name: string, least: number, most: number): number {
  const text = parameters.get(name) ?? "";
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new RequestError(
      400,
      `Cannot answer: ${name} must be a whole number from ${least} to ${most}`,
    );
  }
  return number;
}

async function digestsOf(request: Request): Promise<Digest[]> {
  if (request.headers.get("content-type") !== "application/json") {
    throw new RequestError(415, "Cannot delete entries: not asked for as application/json");
  }
  const data = parse(await readBody(request));
  const digests: unknown = data?.digests;
  const isRight = Array.isArray(digests) && digests.length <= MOST_DELETED &&
    digests.every((digest) => typeof digest === "string" && isDigest(digest));
  if (!isRight) {
    throw new RequestError(400, `Cannot delete entries: not a list of up to ${MOST_DELETED}`);
  }
  return digests;
}

function parse(text: string): { readonly digests?: unknown } | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readBody(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of request.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_BODY) throw new RequestError(413, "Cannot delete entries: too many");
  }
  return text + decoder.decode();
}

function requireMethod(request: Request, method: string): void {
  if (request.method !== method) throw new RequestError(405, `Cannot answer: only by ${method}`);
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
