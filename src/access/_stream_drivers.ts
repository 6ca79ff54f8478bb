// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { StreamSession } from "./_stream_session.ts";

type Step = IteratorResult<unknown, unknown>;

/**
 * Makes the generator that a consumer gets in the place of the function's own.
 *
 * @param session What it gives.
 * @returns A generator object like any other.
 */
export function makeGenerator(session: StreamSession): Generator<unknown, unknown, unknown> {
  return generate(new SyncDriver(session));
}

/**
 * Makes the async generator that a consumer gets in the place of the function's own.
 *
 * @param session What it gives.
 * @returns An async generator object like any other.
 */
export function makeAsyncGenerator(
  session: StreamSession,
): AsyncGenerator<unknown, unknown, unknown> {
  return generateAsync(new AsyncDriver(session));
}

/**
 * Makes the stream that a consumer gets in the place of the function's own. It asks for a chunk when its consumer does.
 *
 * @param session What it gives.
 * @param isBytes Whether it is a stream of bytes.
 * @param original The stream of the function, if it was evaluated: it is locked from now on.
 * @returns A stream like any other.
 */
export function makeStream(
  session: StreamSession,
  isBytes: boolean,
  original?: ReadableStream<unknown>,
): ReadableStream<unknown> {
  const driver = new AsyncDriver(session, original && readStream(original));
  let isCancelled = false;
  const source = {
    async pull(controller: ReadableStreamController<unknown>): Promise<void> {
      const { done, value } = await driver.next();
      if (isCancelled) return;
      if (done !== true) {
        controller.enqueue(value as never);
        return;
      }
      controller.close();
      // Whoever waits with memory of his own gets it back.
      if ("byobRequest" in controller) controller.byobRequest?.respond(0);
    },
    async cancel(reason: unknown): Promise<void> {
      isCancelled = true;
      await driver.return(reason);
    },
  };
  return isBytes
    ? new ReadableStream({ ...source, type: "bytes" })
    : new ReadableStream(source, { highWaterMark: 0 });
}

/**
 * Tells whether a stream is one of bytes.
 *
 * @param stream A stream that is not locked.
 * @returns Whether it can be read into memory of the reader's own.
 */
export function isByteStream(stream: ReadableStream<unknown>): boolean {
  try {
    stream.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

function* generate(driver: SyncDriver): Generator<unknown, unknown, unknown> {
  return yield* { [Symbol.iterator]: () => driver };
}

async function* generateAsync(driver: AsyncDriver): AsyncGenerator<unknown, unknown, unknown> {
  return yield* { [Symbol.asyncIterator]: () => driver };
}

/** Takes the steps of a session, and has a generator give them that is not in it. */
class SyncDriver implements Iterator<unknown, unknown, unknown> {
  readonly #session: StreamSession;
  #inner: Iterator<unknown, unknown, unknown> | undefined;

  constructor(session: StreamSession) {
    this.#session = session;
  }

  next(sent?: unknown): Step {
    const session = this.#session;
    if (sent !== undefined) {
      this.#close();
      throw cannotSend(session, sent);
    }
    while (true) {
      const replayed = session.replay();
      if (replayed !== undefined) return replayed;
      const inner = this.#inner ??= session.begin() as Iterator<unknown, unknown, unknown>;
      const step = this.#stepOf(() => inner.next());
      try {
        if (step.done === true) session.finish(step.value);
        if (step.done === true || session.take(step.value)) return step;
      } catch (error) {
        this.#close();
        throw error;
      }
    }
  }

  return(value?: unknown): Step {
    this.#session.cutOff();
    return this.#inner?.return?.(value) ?? { done: true, value };
  }

  throw(error: unknown): Step {
    this.#session.cutOff();
    if (this.#inner?.throw === undefined) throw error;
    return this.#inner.throw(error);
  }

  #stepOf(step: () => Step): Step {
    this.#session.resume();
    try {
      return step();
    } catch (error) {
      this.#session.cutOff();
      throw error;
    } finally {
      this.#session.pause();
    }
  }

  // As a loop does that is left by an error: what happens on the way does not hide it.
  #close(): void {
    this.#session.cutOff();
    try {
      this.#inner?.return?.();
    } catch {
      // The error that it is left by is on its way to the consumer.
      return;
    }
  }
}

/** The same with what gives chunks later. */
class AsyncDriver implements AsyncIterator<unknown, unknown, unknown> {
  readonly #session: StreamSession;
  #inner: AsyncIterator<unknown, unknown, unknown> | undefined;

  constructor(session: StreamSession, inner?: AsyncIterator<unknown, unknown, unknown>) {
    this.#session = session;
    this.#inner = inner;
  }

  async next(sent?: unknown): Promise<Step> {
    const session = this.#session;
    if (sent !== undefined) {
      await this.#close();
      throw cannotSend(session, sent);
    }
    while (true) {
      const replayed = session.replay();
      if (replayed !== undefined) return replayed;
      if (this.#inner === undefined) {
        this.#inner = await this.#begin();
        // Its consumer left meanwhile, and could not tell it.
        if (session.isOver) await this.#inner.return?.();
      }
      const inner = this.#inner;
      const step = await this.#stepOf(() => inner.next());
      try {
        if (step.done === true) session.finish(step.value);
        if (step.done === true || session.take(step.value)) return step;
      } catch (error) {
        await this.#close();
        throw error;
      }
    }
  }

  async return(value?: unknown): Promise<Step> {
    this.#session.cutOff();
    return await this.#inner?.return?.(value) ?? { done: true, value };
  }

  async throw(error: unknown): Promise<Step> {
    this.#session.cutOff();
    if (this.#inner?.throw === undefined) throw error;
    return await this.#inner.throw(error);
  }

  async #begin(): Promise<AsyncIterator<unknown, unknown, unknown>> {
    const made = await this.#session.begin();
    if (made instanceof ReadableStream) return readStream(made);
    return made as AsyncIterator<unknown, unknown, unknown>;
  }

  async #stepOf(step: () => Promise<Step>): Promise<Step> {
    this.#session.resume();
    try {
      return await step();
    } catch (error) {
      this.#session.cutOff();
      throw error;
    } finally {
      this.#session.pause();
    }
  }

  async #close(): Promise<void> {
    this.#session.cutOff();
    try {
      await this.#inner?.return?.();
    } catch {
      // The error that it is left by is on its way to the consumer.
      return;
    }
  }
}

// A stream whose consumer cancels it ends as if it gave its last chunk: the session knows that it was cut off.
function readStream(stream: ReadableStream<unknown>): AsyncIterator<unknown, unknown, unknown> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async (reason) => {
      await reader.cancel(reason);
      return { done: true, value: undefined };
    },
  };
}

// What is sent may change what comes next, and is no part of the key.
function cannotSend({ name }: StreamSession, sent: unknown): TypeError {
  return new TypeError(`Cannot send value into cached generator of ${name}: ${show(sent)}`);
}
