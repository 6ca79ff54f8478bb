// Copyright 2026 the pecapiku authors. MIT license.

import type { RedisClientLike } from "./redis_store_options.ts";

/** A part of a command. */
export type Argument = string | Uint8Array;

/** Gives bytes as a client takes them, without copying them. */
export type ToBuffer = (bytes: Uint8Array) => Uint8Array;

/** One command: its name and arguments. */
export type Command = readonly Argument[];

/** A reply, with texts as bytes. */
export type Reply = unknown;

/** What is used of a client for one server. */
interface SingleClient {
  sendCommand(args: Argument[], options: object): Promise<Reply>;
  multi(): { addCommand(args: Argument[]): void; exec(): Promise<Reply[]> };
  duplicate(options?: object): Subscriber & SingleClient & { connect(): Promise<unknown> };
  readonly options?: { readonly socket?: object; readonly url?: string };
}

/** What is used of a client for a cluster. */
interface ClusterClient extends Subscriber {
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean,
    args: Argument[],
    options: object,
  ): Promise<Reply>;
  multi(routing: string): {
    addCommand(firstKey: string, isReadonly: boolean, args: Argument[]): void;
    exec(): Promise<Reply[]>;
  };
  readonly masters: readonly unknown[];
  readonly pubSubNode?: { readonly client?: { unref(): void } } | undefined;
  nodeClient(node: unknown): Promise<SingleClient>;
}

/** What is used of a client that hears of messages. */
export interface Subscriber {
  subscribe(channel: string, listener: () => void): Promise<unknown>;
  unsubscribe(channel: string, listener: () => void): Promise<unknown>;
  on(event: string, listener: (error: unknown) => void): unknown;
  off?(event: string, listener: (error: unknown) => void): unknown;
  destroy(): void;
  unref?(): void;
}

// Texts of replies as bytes: the type "$" of the protocol.
const BLOB_STRING = 36;

/** One way to say things to a server or a cluster. */
export interface RedisClient {
  /** Whether there are several servers, so that a transaction has the keys of one entry at the most. */
  readonly isCluster: boolean;
  /**
   * Sends a command.
   *
   * @param key The key that tells which server of a cluster it goes to.
   * @param command The command.
   * @returns The reply.
   */
  send(key: string, command: Command): Promise<Reply>;
  /**
   * Sends a command that changes nothing, so that nobody minds when it is sent too late.
   *
   * @param key The key that tells which server of a cluster it goes to.
   * @param command The command, all texts.
   * @returns The reply.
   */
  read(key: string, command: readonly string[]): Promise<Reply>;
  /**
   * Has commands carried out in one step.
   *
   * @param key The key that tells which server of a cluster they go to.
   * @param commands The commands.
   * @returns The replies.
   */
  transact(key: string, commands: readonly Command[]): Promise<Reply[]>;
  /** Gives what sends a command to each server that has keys of its own. */
  servers(): Promise<((command: Command) => Promise<Reply>)[]>;
  /**
   * Gives what hears of messages.
   *
   * @param onLost Is called once when it is lost.
   */
  subscriber(onLost: () => void): Promise<Subscriber>;
}

/** Makes one interface of a client or a cluster. */
export function adaptClient(
  client: RedisClientLike,
  toBuffer: ToBuffer,
  timeout: number,
): RedisClient {
  return "nodeClient" in client
    ? new Cluster(client as unknown as ClusterClient, toBuffer, timeout)
    : new Single(client as unknown as SingleClient, toBuffer, timeout);
}

abstract class Adapter {
  protected readonly options: object;
  protected readonly readOptions: object;
  readonly #toBuffer: ToBuffer;

  constructor(toBuffer: ToBuffer, timeout: number) {
    this.#toBuffer = toBuffer;
    const typeMapping = { [BLOB_STRING]: toBuffer(new Uint8Array()).constructor };
    // The client makes a timer for each command, unless it is told not to: there is one already.
    this.readOptions = { typeMapping, timeout: undefined };
    // What is not sent until then is not sent at all.
    this.options = { typeMapping, timeout };
  }

  protected argumentsOf(command: Command): Argument[] {
    return command.map((each) => typeof each === "string" ? each : this.#toBuffer(each));
  }
}

class Single extends Adapter implements RedisClient {
  readonly isCluster = false;
  readonly #client: SingleClient;

  constructor(
    client: SingleClient,
    toBuffer: ToBuffer,
    timeout: number,
  ) {
    super(toBuffer, timeout);
    this.#client = client;
  }

  send(_key: string, command: Command): Promise<Reply> {
    return this.#client.sendCommand(this.argumentsOf(command), this.options);
  }

  read(_key: string, command: readonly string[]): Promise<Reply> {
    return this.#client.sendCommand(command as Argument[], this.readOptions);
  }

  transact(_key: string, commands: readonly Command[]): Promise<Reply[]> {
    const transaction = this.#client.multi();
    for (const command of commands) transaction.addCommand(this.argumentsOf(command));
    return transaction.exec();
  }

  // deno-lint-ignore require-await
  async servers(): Promise<((command: Command) => Promise<Reply>)[]> {
    return [(command) => this.send("", command)];
  }

  async subscriber(onLost: () => void): Promise<Subscriber> {
    const socket = { ...this.#client.options?.socket, reconnectStrategy: false };
    const client = this.#client.duplicate({ socket, disableOfflineQueue: true });
    client.on("error", onLost);
    client.unref?.();
    await client.connect();
    return client;
  }
}

class Cluster extends Adapter implements RedisClient {
  readonly isCluster = true;
  readonly #client: ClusterClient;

  constructor(
    client: ClusterClient,
    toBuffer: ToBuffer,
    timeout: number,
  ) {
    super(toBuffer, timeout);
    this.#client = client;
  }

  // Never from a replica, which may not have heard yet of what was written.
  send(key: string, command: Command): Promise<Reply> {
    return this.#client.sendCommand(key, false, this.argumentsOf(command), this.options);
  }

  read(key: string, command: readonly string[]): Promise<Reply> {
    return this.#client.sendCommand(key, false, command as Argument[], this.readOptions);
  }

  transact(key: string, commands: readonly Command[]): Promise<Reply[]> {
    const transaction = this.#client.multi(key);
    for (const command of commands) {
      transaction.addCommand(key, false, this.argumentsOf(command));
    }
    return transaction.exec();
  }

  servers(): Promise<((command: Command) => Promise<Reply>)[]> {
    return Promise.all(this.#client.masters.map(async (master) => {
      const client = await this.#client.nodeClient(master);
      return (command: Command) => client.sendCommand(this.argumentsOf(command), this.options);
    }));
  }

  // A cluster has a connection for messages of its own, and finds another server when one is lost.
  // deno-lint-ignore require-await
  async subscriber(onLost: () => void): Promise<Subscriber> {
    const client = this.#client;
    client.on("node-error", onLost);
    return {
      async subscribe(channel, listener) {
        await client.subscribe(channel, listener);
        client.pubSubNode?.client?.unref();
      },
      unsubscribe: (channel, listener) => client.unsubscribe(channel, listener),
      on: (event, listener) => client.on(event, listener),
      destroy: () => void client.off?.("node-error", onLost),
    };
  }
}
