// Copyright 2026 the pecapiku authors. MIT license.

import type { RedisClientLike } from "./redis_store_options.ts";
import { adaptClient, type RedisClient, type ToBuffer } from "./_redis_client.ts";

/**
 * The client. It is named by a variable, not in the `import()` itself: what stands there is downloaded by every program that
 * imports any store, before it runs. So it has to be the whole name, which `deno.json` has for the tests, too.
 */
export const CLIENT: string = "npm:@redis/client@6.3.1";

/** What is used of the client. */
interface ClientModule {
  createClient(options: object): OwnClient;
  createCluster(options: object): OwnCluster;
}

interface OwnClient extends RedisClientLike {
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: () => void): unknown;
  unref(): void;
}

interface OwnCluster extends Omit<OwnClient, "unref"> {
  readonly nodeByAddress: ReadonlyMap<string, { readonly client?: OwnClient | undefined }>;
}

/** How long a connection to a cluster is kept although one of its servers is lost, in milliseconds. */
const CLUSTER_PATIENCE = 1000;

/** After how long without a word a connection to a server of a cluster ends. */
const LONGEST_SILENCE = 60_000;

/** A connection that this package made. It is never mended: the next one takes its place. */
export interface Connection {
  /** What says things to the server. */
  readonly client: RedisClient;
  /** Whether it is to be replaced. */
  readonly isLost: boolean;
  /** Ends it. */
  destroy(): void;
}

/**
 * Loads the client, if it is not loaded.
 *
 * @returns Nothing, when it is.
 */
export async function loadClient(): Promise<void> {
  await import(CLIENT);
}

/**
 * Connects to a server, or to the cluster that it belongs to. The connection does not keep the process alive.
 *
 * @param url The URL of the server.
 * @param timeout How long that may take, in milliseconds, for each of two steps.
 * @param toBuffer Gives bytes as the client takes them.
 * @param signal Gives up.
 * @returns The connection.
 */
export async function openConnection(
  url: URL,
  timeout: number,
  toBuffer: ToBuffer,
  signal: AbortSignal,
): Promise<Connection> {
  const { createClient, createCluster }: ClientModule = await import(CLIENT);
  signal.throwIfAborted();
  // By default, a client asks for permission to read the environment, keeps what it is told while the server is away, and
  // keeps the process alive by trying to connect again.
  const options = {
    RESP: 3,
    maintNotifications: "disabled",
    disableClientInfo: true,
    disableOfflineQueue: true,
  } as const;
  const socket = { reconnectStrategy: false, connectTimeout: timeout } as const;
  const single = createClient({ ...options, url: url.href, socket: { ...socket } });
  single.unref();
  let isLost = false;
  single.on("error", () => isLost = true);
  const end = () => single.destroy();
  signal.addEventListener("abort", end);
  let isCluster: boolean;
  try {
    await single.connect();
    const told = await single.sendCommand(["HELLO"]) as { mode?: unknown };
    isCluster = told.mode === "cluster";
  } catch (error) {
    single.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", end);
  }
  if (!isCluster) {
    return {
      client: adaptClient(single, toBuffer, timeout),
      get isLost() {
        return isLost;
      },
      destroy: end,
    };
  }
  single.destroy();
  const cluster = createCluster({
    RESP: 3,
    rootNodes: [{ url: url.href }],
    minimizeConnections: true,
    defaults: {
      ...options,
      ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
      ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
      socket: {
        ...socket,
        ...(url.protocol === "rediss:" ? { tls: true } : {}),
        socketTimeout: LONGEST_SILENCE,
      },
    },
  });
  let lostNode = false;
  cluster.on("error", () => lostNode = true);
  cluster.on("node-error", () => lostNode = true);
  cluster.on("node-connect", () => {
    for (const { client } of cluster.nodeByAddress.values()) client?.unref();
  });
  const opened = performance.now();
  await cluster.connect();
  return {
    client: adaptClient(cluster, toBuffer, timeout),
    get isLost() {
      return lostNode && performance.now() - opened > CLUSTER_PATIENCE;
    },
    destroy: () => cluster.destroy(),
  };
}
