// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import { CacheError } from "../errors/cache_error.ts";
import { DirectoryStore } from "../stores/directory_store.ts";
import { LogStore } from "../stores/log_store.ts";
import type { Store } from "../stores/store.ts";
import { Api } from "./_api.ts";
import { assetNamed } from "./_assets.ts";
import { Gate } from "./_gate.ts";
import { emptyResponse, jsonResponse, RequestError } from "./_responses.ts";

const HOSTNAME = "127.0.0.1";

/** How a page is served. */
export interface PageOptions {
  /**
   * Whether entries can be deleted from the page (`"write"`), as far as the permission to write the file is granted, or only
   * looked at.
   *
   * @default {"write"}
   */
  readonly access?: "read" | "write" | undefined;
  /**
   * The port, from 0 to 65535. 0 is any that is free.
   *
   * @default {0}
   */
  readonly port?: number | undefined;
  /**
   * Stops the server when it is aborted.
   *
   * @default {None}
   */
  readonly signal?: AbortSignal | undefined;
}

/** A page that is being served. */
export interface Page {
  /**
   * Where the page is. Who knows this address may use it, so it is for the one who asked for it only: printed, and not an argument of
   * a command, which other users of the machine can see.
   */
  readonly url: URL;
  /** Resolves when the server has stopped. */
  readonly finished: Promise<void>;
  /** Stops the server. What is being deleted is deleted before. */
  close(): Promise<void>;
}

/**
 * Serves a page with the entries of a store: a table that can be sorted and searched, sizes as a treemap, entries to look
 * into and to delete. It listens on 127.0.0.1 only, and answers nobody who does not know the token in its address.
 *
 * What it costs: the first request goes through all entries (some 20 s for a million; others are answered
 * meanwhile), and some 400 bytes of memory for each, with what the store keeps. When other processes have changed the file, that is done again, for half of
 * the time at most; small files are always shown as they are.
 *
 * Needs `--allow-net=127.0.0.1`, `--allow-read` for the file, and `--allow-write` for the file to delete. None is ever asked for.
 *
 * @param store The store. It stays the caller's to close.
 * @param options What is allowed, and where.
 * @returns The page, which is there at once.
 * @throws {TypeError} If an option can't be one.
 * @throws {CacheFormatError} If the store's file is not a cache file, or a newer version of this package wrote it.
 * @throws {CacheError} If the store can't be read, net access is not granted, the port can't be used, or
 * the environment has Deno listen elsewhere.
 */
export function startPage(store: Store, options: PageOptions = {}): Page {
  const { access = "write", port = 0, signal } = options;
  checkOptions(access, port);
  // A file that can't be shown is said now, and not by the page only.
  void store.size;
  requireNet(port);
  signal?.throwIfAborted();

  const api = new Api(store, () => access === "write" && mayWrite(store));
  const controller = new AbortController();
  const server = listen(port, controller.signal, async (request, { remoteAddr }) => {
    return isLocal(remoteAddr) ? await answer(request, gate, api) : emptyResponse(403);
  });
  const gate = new Gate(server.addr.port);
  const stop = () => controller.abort();
  if (server.addr.hostname !== HOSTNAME) {
    stop();
    const { hostname } = server.addr;
    throw new CacheError(`Cannot serve page: DENO_SERVE_ADDRESS has it listen on ${hostname}`);
  }
  signal?.addEventListener("abort", stop, { once: true });
  const finished = server.finished.finally(() => {
    api.stop();
    signal?.removeEventListener("abort", stop);
  });
  return {
    url: gate.url,
    finished,
    close() {
      stop();
      return finished;
    },
  };
}

function checkOptions(access: unknown, port: unknown): void {
  if (access !== "read" && access !== "write") {
    throw new TypeError(`Cannot serve page: not "read" or "write" as access: ${show(access)}`);
  }
  if (!Number.isInteger(port) || (port as number) < 0 || (port as number) > 65535) {
    throw new TypeError(`Cannot serve page: not a port: ${show(port)}`);
  }
}

function requireNet(port: number): void {
  const host = port === 0 ? HOSTNAME : `${HOSTNAME}:${port}`;
  if (Deno.permissions.querySync({ name: "net", host }).state === "granted") return;
  throw new CacheError(
    `Cannot serve page: no net access, run with --allow-net=${HOSTNAME}: ${host}`,
  );
}

function mayWrite(store: Store): boolean {
  if (!(store instanceof LogStore || store instanceof DirectoryStore)) return true;
  return Deno.permissions.querySync({ name: "write", path: store.location }).state === "granted";
}

/** The environment may have Deno listen on further addresses, which is not to be known without access to it. */
function isLocal(address: Deno.Addr): boolean {
  return address.transport === "tcp" && address.hostname === HOSTNAME;
}

function listen(
  port: number,
  signal: AbortSignal,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: HOSTNAME, port, signal, onListen() {} }, handler);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CacheError(`Cannot serve page: ${reason}: ${HOSTNAME}:${port}`, { cause });
  }
}

async function answer(request: Request, gate: Gate, api: Api): Promise<Response> {
  const path = gate.admit(request);
  if (path instanceof Response) return path;
  try {
    if (path.startsWith("api/")) return await api.answer(path.slice("api/".length), request);
    return (request.method === "GET" ? assetNamed(path) : undefined) ?? emptyResponse(404);
  } catch (error) {
    // What is known of an error may be shown: whoever has the token may read the file.
    const status = error instanceof RequestError ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    return jsonResponse({ error: message }, status);
  }
}
