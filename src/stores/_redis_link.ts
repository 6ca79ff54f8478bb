// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { adaptClient, type RedisClient, type ToBuffer } from "./_redis_client.ts";
import { type Connection, loadClient, openConnection } from "./_redis_connection.ts";
import type { RedisClientLike } from "./redis_store_options.ts";

/** After how long a server that could not be reached is tried again, in milliseconds: at first, and at the most. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;

/** By how much a timer is late that could not be run in time, in milliseconds; and how long to wait then for what is there already. */
const BUSY = 50;

/** Something that is asked of a server. */
interface Running {
  /** When it is given up, by the clock that never goes back. */
  readonly deadline: number;
  /** By which connection it is asked. */
  connection: Connection | undefined;
  /** Takes note that it is over; tells whether it was not before. */
  readonly end: () => boolean;
  /** Rejects it, unless it is over. */
  readonly giveUp: (cause: unknown) => void;
  /** Is called at the end, if somebody waits for that. */
  ended: (() => void) | undefined;
}

/** What connects to a server, and sees to it that no call waits for too long. */
export class RedisLink {
  /** Where the server is, for messages. */
  readonly location: string;
  readonly #url: URL | undefined;
  readonly #given: RedisClientLike | undefined;
  readonly #timeout: number;
  /** What is running, in the order in which it has to be done. */
  readonly #running = new Set<Running>();
  /** One for all: it is set to the first deadline, or to one that has passed since. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it is due. */
  #due = 0;
  /** Whether it was late once, and is due again. */
  #isPutOff = false;
  #isLoaded = false;
  #loading: Promise<void> | undefined;
  #adapted: RedisClient | undefined;
  #connection: Connection | undefined;
  #connecting: Promise<RedisClient> | undefined;
  #giveUp: AbortController | undefined;
  /** How often in a row connecting has failed, when last, and why. */
  #failures = 0;
  #failedAt = 0;
  #failure: unknown;

  /**
   * Makes a link. Nothing is connected yet.
   *
   * @param server The URL of the server, or a client.
   * @param timeout How long a call may take, in milliseconds.
   * @param location Where the server is, for messages.
   */
  constructor(server: URL | RedisClientLike, timeout: number, location: string) {
    if (server instanceof URL) this.#url = server;
    else this.#given = server;
    this.#timeout = timeout;
    this.location = location;
  }

  /**
   * Does something with the server, which takes no longer than it may, once what talks to it is loaded.
   *
   * @param action What is done, for the message of an error.
   * @param step Does it.
   * @returns What `step` gave.
   */
  run<T>(action: string, step: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.#isLoaded) return this.#load(action).then(() => this.run(action, step));
    return new Promise((resolve, reject) => {
      const running: Running = {
        deadline: performance.now() + this.#timeout,
        connection: undefined,
        end: () => {
          if (!this.#running.delete(running)) return false;
          running.ended?.();
          // While something runs, it keeps the process alive, which the connection does not.
          if (this.#running.size === 0 && this.#timer !== undefined) Deno.unrefTimer(this.#timer);
          return true;
        },
        giveUp: (cause) => {
          if (running.end()) reject(this.#failed(action, cause));
        },
        ended: undefined,
      };
      this.#watch(running);
      const begin = (client: RedisClient): void => {
        // It was given up while a connection was made: nothing is to be done later.
        if (!this.#running.has(running)) return;
        running.connection = this.#connection;
        step(client).then((value) => {
          if (running.end()) resolve(value);
        }, running.giveUp);
      };
      try {
        const ready = this.#client();
        if (ready instanceof Promise) ready.then(begin).catch(running.giveUp);
        else begin(ready);
      } catch (error) {
        running.giveUp(error);
      }
    });
  }

  /** Ends the connection, if it is the link's own, when what is running is done. */
  async close(): Promise<void> {
    await this.#loading?.catch(() => {});
    await Promise.all(
      Array.from(this.#running, (running) =>
        new Promise<void>((resolve) => {
          const before = running.ended;
          running.ended = () => {
            before?.();
            resolve();
          };
        })),
    );
    if (this.#running.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drop();
  }

  // How long that takes says nothing of the server.
  #load(action: string): Promise<void> {
    return this.#loading ??= Promise.all([
      import("node:buffer"),
      this.#given === undefined ? loadClient() : undefined,
    ]).then(() => {
      this.#isLoaded = true;
    }, (error) => {
      this.#loading = undefined;
      throw this.#failed(action, error);
    });
  }

  #watch(running: Running): void {
    this.#running.add(running);
    if (this.#timer === undefined) {
      this.#setTimer(this.#timeout);
    } else if (this.#running.size === 1) {
      Deno.refTimer(this.#timer);
    }
  }

  readonly #giveUpLate = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    const isLate = now - this.#due > BUSY && this.#running.size > 0;
    if (isLate && !this.#isPutOff) {
      // This process was busy, and has not looked for answers: those that are there are read first.
      this.#isPutOff = true;
      return this.#setTimer(BUSY);
    }
    this.#isPutOff = false;
    for (const running of this.#running) {
      if (running.deadline > now) break;
      // What does not answer in time may be a connection that nobody holds the other end of.
      const { connection } = running;
      if (connection !== undefined && this.#connection === connection) this.#drop();
      running.giveUp(new Error(`no answer within ${this.#timeout} ms`));
    }
    const [next] = this.#running;
    if (next === undefined) return;
    this.#setTimer(next.deadline - now);
  };

  #setTimer(milliseconds: number): void {
    this.#due = performance.now() + milliseconds;
    this.#timer = setTimeout(this.#giveUpLate, milliseconds);
  }

  #failed(action: string, cause: unknown): CacheError {
    if (cause instanceof CacheError) return cause;
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    return new CacheError(`${action}: ${this.location}: ${reason}`, {
      filePath: this.location,
      cause,
    });
  }

  #client(): RedisClient | Promise<RedisClient> {
    if (this.#given !== undefined && this.#adapted !== undefined) return this.#adapted;
    const connection = this.#connection;
    if (connection !== undefined) {
      if (!connection.isLost) return connection.client;
      this.#connection = undefined;
      this.#retire(connection);
    }
    return this.#connecting ??= this.#connect().finally(() => this.#connecting = undefined);
  }

  async #connect(): Promise<RedisClient> {
    const { Buffer } = await import("node:buffer");
    const toBuffer: ToBuffer = (bytes) =>
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#given !== undefined) {
      return this.#adapted = adaptClient(this.#given, toBuffer, this.#timeout);
    }
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1));
    if (this.#failures > 0 && performance.now() - this.#failedAt < pause) throw this.#failure;
    const giveUp = this.#giveUp = new AbortController();
    const timer = setTimeout(
      () => giveUp.abort(new Error(`not connected within ${this.#timeout} ms`)),
      this.#timeout,
    );
    try {
      const { signal } = giveUp;
      const connection = await openConnection(this.#url!, this.#timeout, toBuffer, signal);
      this.#failures = 0;
      this.#connection = connection;
      return connection.client;
    } catch (error) {
      this.#failures++;
      this.#failedAt = performance.now();
      this.#failure = error;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  // Of a cluster, one server may be lost while others are about to answer.
  #retire(connection: Connection): void {
    Deno.unrefTimer(setTimeout(() => connection.destroy(), this.#timeout));
  }

  /** Ends the connection. The next call makes a new one. */
  #drop(): void {
    this.#giveUp?.abort();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.destroy();
  }
}
