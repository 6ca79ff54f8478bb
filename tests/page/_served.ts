// Copyright 2026 the pecapiku authors. MIT license.

import { structured } from "../../src/codecs/structured.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { type Page, type PageOptions, startPage } from "../../src/page/start_page.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { PutChange, Store } from "../../src/stores/store.ts";
import { put } from "../stores/_changes.ts";

/** A row as the page gets it. */
export interface Row {
  readonly digest: string;
  readonly key: string;
  readonly functionName: string;
  readonly size: number;
  readonly writtenAt: number | null;
  readonly duration: number;
  readonly promised: boolean;
  readonly isPart: boolean;
  readonly isStream: boolean;
}

/** What the page gets for a table. */
export interface Rows {
  readonly count: number;
  readonly partCount: number;
  readonly bytes: number;
  readonly found: number;
  readonly offset: number;
  readonly unread: number;
  readonly mayDelete: boolean;
  readonly isCurrent: boolean;
  readonly location: string;
  readonly functionCount: number;
  readonly totals?: {
    readonly hits: number;
    readonly misses: number;
    readonly savedMilliseconds: number;
  };
  readonly rows: readonly Row[];
}

/** A page that is served, and what can be asked there. */
export class Served implements AsyncDisposable {
  readonly page: Page;

  constructor(store: Store, options?: PageOptions) {
    this.page = startPage(store, options);
  }

  /** Asks for something under the token. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.page.url), init);
  }

  /** Asks for data that is there. */
  // deno-lint-ignore no-explicit-any
  async json(path: string, init?: RequestInit): Promise<any> {
    const response = await this.fetch(path, init);
    return await response.json();
  }

  /** The rows of a query. */
  rows(query = "", offset = 0, limit = 100): Promise<Rows> {
    return this.json(`api/entries?offset=${offset}&limit=${limit}&${query}`);
  }

  /** The keys of a query. */
  async keys(query = "", offset = 0, limit = 100): Promise<string[]> {
    return (await this.rows(query, offset, limit)).rows.map(({ key }) => key);
  }

  /** Deletes entries, as the page does. */
  delete(digests: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch("api/delete", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ digests }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }
}

/** A change that puts a dictionary's entry. */
export function putValue(
  number: number,
  key: unknown,
  value: unknown,
  options: Partial<PutChange> = {},
): PutChange {
  return {
    ...put(number, encodeParts(structured, value)),
    key: { kind: "value", parts: encodeParts(structured, key) },
    ...options,
  };
}

/** A change that puts the result of a call. */
export function putCall(
  number: number,
  name: string,
  preview: string,
  value: unknown,
  more: { readonly duration?: number; readonly writtenAt?: number; readonly key?: object } = {},
): PutChange {
  const { key, ...options } = more;
  // `part` is the first member of the key of a part.
  const text = JSON.stringify({ ...key, name, preview });
  return {
    ...put(number, encodeParts(structured, value)),
    key: { kind: "call", parts: [new TextEncoder().encode(text)] },
    functionName: name,
    ...options,
  };
}

/** Writes a file as another process would, and gives its store. */
export function writeFile(path: string, changes: readonly PutChange[]): LogStore {
  const store = new LogStore(path);
  store.commit(changes);
  store.close();
  return new LogStore(path);
}

/** What was answered to a request that no `fetch` would send. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends a request word by word. */
export async function sendRaw(url: URL, lines: readonly string[]): Promise<RawAnswer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(url.port) });
  const text = [...lines, "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(text));
  const answer = await new Response(connection.readable).text();
  const end = answer.indexOf("\r\n\r\n");
  return {
    status: Number(answer.split(" ")[1]),
    head: answer.slice(0, end).toLowerCase(),
    body: answer.slice(end + 4),
  };
}
