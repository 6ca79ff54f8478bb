// Copyright 2026 the pecapiku authors. MIT license.

import { LazyHeap } from "./_eviction_heap.ts";
import type { Digest, Limits } from "./store.ts";

const NONE = -1;
const SMALLEST = 64;

/** The most of a function's name that tells groups apart, in bytes of UTF-8: stores keep no more of it. */
const LONGEST_NAME = 1024;

/** What {@linkcode Eviction.evict} took out. */
export interface Evicted {
  /** The digests of the entries, each once. */
  readonly digests: readonly Digest[];
  /** One of them that takes more than `maxBytes` by itself, if there is one. */
  readonly tooLarge: { readonly digest: Digest; readonly bytes: number } | undefined;
}

/** Entries in the order of use. Each entry is in two of them: that of all, and that of its function. */
interface Group {
  /** Which of an entry's links hold the group together: 0 those of all, 1 those of its function. */
  readonly side: 0 | 1;
  /** The name of the function; of no meaning for all. */
  readonly name: string;
  /** The entry that was used least recently. */
  first: number;
  /** The entry that was used most recently. */
  last: number;
  count: number;
  bytes: number;
  /** The entries by the time of writing, oldest first; from the first limit on that asks for it. */
  byAge: LazyHeap | undefined;
  /** The entries by their size, largest first; likewise. */
  bySize: LazyHeap | undefined;
}

const NOTHING: Evicted = { digests: [], tooLarge: undefined };

const encoder = new TextEncoder();

/**
 * Who was used when, and how much room each entry takes: what a store has to know to keep {@linkcode Limits}. It holds
 * no entries itself, and does nothing to those of the store.
 *
 * The order of use is that of the calls of {@linkcode put} and {@linkcode touch}; no clock counts. Each call costs the
 * same at any size; only the first {@linkcode evict} with `writtenSince` or `maxBytes` for a group goes through that
 * group, and an eviction by either takes a logarithmic time. Memory: about 200 bytes an entry, and 16 for each order by
 * age or size that a limit has asked for (at most 32 while many entries are overwritten); all told about 0.2 GB for a
 * million entries.
 */
export class Eviction {
  /** Entries go by numbers, which are given again. */
  readonly #numbers = new Map<Digest, number>();
  readonly #digests: (Digest | undefined)[] = [];
  readonly #free: number[] = [];
  /** The function's group of each entry. */
  readonly #groups: (Group | undefined)[] = [];
  #bytes = new Float64Array(SMALLEST);
  #writtenAt = new Float64Array(SMALLEST);
  /** The neighbours of each entry: at twice its number those among all, behind them those in its group. */
  #older = new Int32Array(2 * SMALLEST);
  #newer = new Int32Array(2 * SMALLEST);
  readonly #all = newGroup(0, "");
  readonly #byName = new Map<string, Group>();

  /** How many entries are known. */
  get count(): number {
    return this.#all.count;
  }

  /** How many bytes they take. */
  get bytes(): number {
    return this.#all.bytes;
  }

  /**
   * Notes that an entry is written, over one of the same digest if there is one: it is the one used most recently.
   *
   * @param digest The digest of the entry.
   * @param functionName The name of the function that gave the value; `""` if none did.
   * @param bytes How many bytes the entry takes in the store.
   * @param writtenAt When it was written, in milliseconds since the epoch.
   */
  put(digest: Digest, functionName: string, bytes: number, writtenAt: number): void {
    this.remove(digest);
    const number = this.#free.pop() ?? this.#digests.length;
    if (number === this.#bytes.length) this.#grow();
    const group = this.#groupOf(functionName);
    this.#numbers.set(digest, number);
    this.#digests[number] = digest;
    this.#groups[number] = group;
    this.#bytes[number] = bytes;
    // What is of unknown age is as old as can be.
    this.#writtenAt[number] = Number.isNaN(writtenAt) ? -Infinity : writtenAt;
    this.#add(this.#all, number);
    this.#add(group, number);
  }

  /**
   * Notes that an entry is used: it is the one used most recently.
   *
   * @param digest The digest of the entry. Nothing happens if it is not known.
   */
  touch(digest: Digest): void {
    const number = this.#numbers.get(digest);
    if (number === undefined || number === this.#all.last) return;
    const group = this.#groups[number]!;
    this.#unlink(this.#all, number);
    this.#link(this.#all, number);
    this.#unlink(group, number);
    this.#link(group, number);
  }

  /**
   * Notes that an entry is gone.
   *
   * @param digest The digest of the entry. Nothing happens if it is not known.
   */
  remove(digest: Digest): void {
    const number = this.#numbers.get(digest);
    if (number !== undefined) this.#drop(number);
  }

  /**
   * Takes out what is too much: first all that is too old, then all that is too large by itself, then what was used
   * least recently, until the rest is within the limits. That may be entries that were put just now.
   *
   * @param limits The limits, checked.
   * @returns The entries that are gone here, for the store to remove.
   */
  evict(limits: Limits): Evicted {
    const { functionName, maxEntries = Infinity, maxBytes = Infinity, writtenSince = -Infinity } =
      limits;
    const group = functionName === undefined
      ? this.#all
      : this.#byName.get(functionName) ?? this.#byName.get(keptName(functionName));
    if (group === undefined) return NOTHING;
    const digests: Digest[] = [];
    let tooLarge: Evicted["tooLarge"];
    if (writtenSince > -Infinity) {
      const heap = this.#heapByAge(group);
      for (let number; (number = heap.firstBelow(writtenSince)) !== NONE;) {
        digests.push(this.#drop(number));
      }
    }
    // No more than this is looked at where nothing is over the limits.
    if (maxBytes < Infinity) {
      const heap = this.#heapBySize(group);
      for (let number; (number = heap.firstBelow(-maxBytes)) !== NONE;) {
        const bytes = this.#bytes[number]!;
        const digest = this.#drop(number);
        tooLarge ??= { digest, bytes };
        digests.push(digest);
      }
    }
    while (group.count > maxEntries || group.bytes > maxBytes) {
      digests.push(this.#drop(group.first));
    }
    return digests.length === 0 ? NOTHING : { digests, tooLarge };
  }

  /** The digests of all entries, the one that was used least recently first. Nothing may change meanwhile. */
  *digests(): IterableIterator<Digest> {
    for (let number = this.#all.first; number !== NONE; number = this.#newer[2 * number]!) {
      yield this.#digests[number]!;
    }
  }

  #groupOf(functionName: string): Group {
    // Most names are kept as they are.
    let group = this.#byName.get(functionName);
    if (group !== undefined) return group;
    const name = keptName(functionName);
    group = this.#byName.get(name);
    if (group === undefined) this.#byName.set(name, group = newGroup(1, name));
    return group;
  }

  #heapByAge(group: Group): LazyHeap {
    return group.byAge ??= this.#makeHeap(group, (number) => this.#writtenAt[number]!);
  }

  #heapBySize(group: Group): LazyHeap {
    return group.bySize ??= this.#makeHeap(group, (number) => -this.#bytes[number]!);
  }

  #makeHeap(group: Group, key: (number: number) => number): LazyHeap {
    const heap = new LazyHeap(
      (number) => this.#isIn(group, number) ? key(number) : NaN,
      () => this.#members(group),
    );
    heap.rebuild();
    return heap;
  }

  #isIn(group: Group, number: number): boolean {
    return group.side === 0 ? this.#groups[number] !== undefined : this.#groups[number] === group;
  }

  *#members({ side, first }: Group): IterableIterator<number> {
    for (let number = first; number !== NONE; number = this.#newer[2 * number + side]!) {
      yield number;
    }
  }

  #add(group: Group, number: number): void {
    this.#link(group, number);
    group.count++;
    group.bytes += this.#bytes[number]!;
    group.byAge?.add(number, group.count);
    group.bySize?.add(number, group.count);
  }

  #drop(number: number): Digest {
    const digest = this.#digests[number]!;
    const group = this.#groups[number]!;
    for (const each of [this.#all, group]) {
      this.#unlink(each, number);
      each.count--;
      each.bytes -= this.#bytes[number]!;
    }
    if (group.count === 0) this.#byName.delete(group.name);
    this.#numbers.delete(digest);
    this.#digests[number] = undefined;
    this.#groups[number] = undefined;
    this.#free.push(number);
    return digest;
  }

  #link(group: Group, number: number): void {
    const { side, last } = group;
    this.#older[2 * number + side] = last;
    this.#newer[2 * number + side] = NONE;
    if (last === NONE) group.first = number;
    else this.#newer[2 * last + side] = number;
    group.last = number;
  }

  #unlink(group: Group, number: number): void {
    const { side } = group;
    const older = this.#older[2 * number + side]!;
    const newer = this.#newer[2 * number + side]!;
    if (older === NONE) group.first = newer;
    else this.#newer[2 * older + side] = newer;
    if (newer === NONE) group.last = older;
    else this.#older[2 * newer + side] = older;
  }

  #grow(): void {
    const length = 2 * this.#bytes.length;
    this.#bytes = enlarged(this.#bytes, new Float64Array(length));
    this.#writtenAt = enlarged(this.#writtenAt, new Float64Array(length));
    this.#older = enlarged(this.#older, new Int32Array(2 * length));
    this.#newer = enlarged(this.#newer, new Int32Array(2 * length));
  }
}

/**
 * What to say of an entry that is not kept since it is too large by itself; once a store.
 *
 * @param tooLarge What {@linkcode Eviction.evict} told.
 * @param limits The limits.
 * @param location Where the store is.
 * @returns The message.
 */
export function tooLargeMessage(
  { digest, bytes }: NonNullable<Evicted["tooLarge"]>,
  { maxBytes, functionName }: Limits,
  location: string,
): string {
  const whose = functionName === undefined || functionName === "" ? "" : ` of ${functionName}`;
  return `Cannot keep entry${whose}: ${bytes} bytes are more than the limit maxBytes ${maxBytes}: ${digest} in ${location}`;
}

function newGroup(side: 0 | 1, name: string): Group {
  const empty = { first: NONE, last: NONE, count: 0, bytes: 0 };
  return { side, name, ...empty, byAge: undefined, bySize: undefined };
}

function keptName(name: string): string {
  const text = name.toWellFormed();
  if (text.length <= LONGEST_NAME / 3) return text;
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(LONGEST_NAME)).read);
}

function enlarged<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
