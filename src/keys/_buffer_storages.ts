// Copyright 2026 the pecapiku authors. MIT license.

import type { CanonicalWriter } from "./_canonical_writer.ts";
import { Storage } from "./_tags.ts";

interface PooledView {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

interface Known {
  /** The number and the first offset of the buffer, once something other than a pooled view of it was met. */
  storage: { readonly number: number; readonly start: number } | undefined;
  readonly pooled: PooledView[];
}

/**
 * Which buffers were met, and where in them: code can see that two views share memory. Only distances count, not where in
 * its buffer a view is.
 */
export class BufferStorages {
  readonly #known = new Map<ArrayBufferLike, Known>();
  #storages = 0;
  #pooled = 0;

  /** Forgets all. */
  clear(): void {
    if (this.#known.size > 0) this.#known.clear();
    this.#storages = 0;
    this.#pooled = 0;
  }

  /**
   * Writes where bytes are. Node's small `Buffer`s are cut from one pool, whichever part of it is free, so for them it only
   * counts which bytes they have in common with others.
   *
   * @param writer Where to write it.
   * @param buffer The buffer.
   * @param start Where the bytes begin in it.
   * @param length How many they are.
   * @param isPooled Whether they are a part of Node's pool.
   */
  write(
    writer: CanonicalWriter,
    buffer: ArrayBufferLike,
    start: number,
    length: number,
    isPooled: boolean,
  ): void {
    let known = this.#known.get(buffer);
    if (known === undefined) this.#known.set(buffer, known = { storage: undefined, pooled: [] });
    if (known.storage !== undefined) {
      writer.byte(Storage.shared);
      writer.varuint(known.storage.number);
      writer.number(start - known.storage.start);
      return;
    }
    const end = start + length;
    const inside = known.pooled.find((view) => view.start <= start && end <= view.end);
    const overlaps = inside !== undefined && length > 0
      ? [inside]
      : known.pooled.filter((view) => view.start < end && start < view.end);
    if (overlaps.length === 0) {
      writer.byte(Storage.fresh);
    } else {
      writer.byte(Storage.overlapping);
      writer.varuint(overlaps.length);
      for (const view of overlaps) {
        writer.varuint(view.number);
        writer.number(start - view.start);
      }
    }
    if (!isPooled) known.storage = { number: this.#storages++, start };
    else if (length > 0 && inside === undefined) {
      known.pooled.push({ number: this.#pooled++, start, end });
    }
  }
}
