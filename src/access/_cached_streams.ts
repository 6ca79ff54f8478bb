// Copyright 2026 the pecapiku authors. MIT license.

import type { StoredKey } from "../stores/store.ts";
import type { AnyFunction } from "./cached_function.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { isByteStream, makeStream } from "./_stream_drivers.ts";
import type { StreamKind } from "./_stream_entries.ts";
import { makeStreamSubject, type StreamSubject } from "./_stream_recorder.ts";
import { StreamReports } from "./_stream_reports.ts";
import { type StreamCall, StreamSession } from "./_stream_session.ts";

/** The streams that the calls of one cached function gave, or give now. */
export class CachedStreams {
  readonly #fn: AnyFunction;
  readonly #subject: StreamSubject;
  readonly #reports: StreamReports;

  /**
   * Prepares the streams of a function.
   *
   * @param fn The function.
   * @param name Its name.
   * @param plan How it is cached.
   */
  constructor(fn: AnyFunction, name: string, plan: CachePlan) {
    this.#fn = fn;
    this.#subject = makeStreamSubject(name, plan);
    this.#reports = new StreamReports(name, plan);
  }

  /**
   * Gives a stream again that is stored.
   *
   * @param located Where it is.
   * @param self The `this` of the call.
   * @param args Its arguments.
   * @param promised Whether it was given in a promise.
   * @param evaluates Whether the function may be evaluated if chunks get lost on the way.
   * @returns The stream; `undefined` if it is not all there.
   */
  replay(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    promised: boolean,
    evaluates: boolean,
  ): ReadableStream<unknown> | undefined {
    const evaluate = (): unknown => this.#evaluate(self, args);
    const call: StreamCall = {
      ...{ self, args, located, kind: "stream", promised, looksUp: true },
      evaluate: evaluates && this.#subject.plan.rights.evaluate ? evaluate : undefined,
    };
    const replay = new StreamSession(this.#subject, this.#reports, call).find();
    if (replay === undefined) return undefined;
    const { kind } = replay.manifest;
    const session = new StreamSession(this.#subject, this.#reports, { ...call, kind }, replay);
    return makeStream(session, kind === "bytes");
  }

  /**
   * Takes a stream that the function gave, to store its chunks when the consumer asks for them.
   *
   * @param stream The stream, which is not locked. It is from now on.
   * @param located Where it is to be.
   * @param key The key that is kept with it; `undefined` if nothing is to be written.
   * @param promised Whether it was given in a promise.
   * @returns The stream for the consumer.
   */
  record(
    stream: ReadableStream<unknown>,
    located: Located,
    key: StoredKey | undefined,
    promised: boolean,
  ): ReadableStream<unknown> {
    if (key === undefined) return stream;
    const isBytes = isByteStream(stream);
    const kind: StreamKind = isBytes ? "bytes" : "stream";
    const session = new StreamSession(this.#subject, this.#reports, {
      ...{ self: undefined, args: [], located, kind, promised, key, looksUp: false },
      evaluate: () => stream,
    });
    session.begin();
    return makeStream(session, isBytes, stream);
  }

  async #evaluate(self: unknown, args: readonly unknown[]): Promise<unknown> {
    const made: unknown = await Reflect.apply(this.#fn, self, args);
    if (made instanceof ReadableStream) return made;
    throw new TypeError(
      `Cannot go on with stream of ${this.#reports.shown}: evaluated again, it gave none`,
    );
  }
}
