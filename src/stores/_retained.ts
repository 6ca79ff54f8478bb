// Copyright 2026 the pecapiku authors. MIT license.

import type { DigestTable } from "./_digest_table.ts";
import type { StoredValue } from "./store.ts";

/** The longest value that is kept in memory, in bytes. */
const LONGEST_RETAINED = 64 * 1024;

const SLAB_LENGTH = 1024 * 1024;

/** How many slabs all stores of a process keep together: 32 MiB. */
const MOST_SLABS = 32;

/** How many values a slab holds at the most, so that empty ones are bounded as well. */
const MOST_VALUES = 16 * 1024;

interface Kept {
  readonly table: DigestTable;
  readonly entry: number;
  readonly value: StoredValue;
}

/** A run of memory that many values share: memory of its own for each would cost more than to read it again. */
interface Slab {
  readonly bytes: Uint8Array;
  filled: number;
  readonly kept: Kept[];
}

const slabs: Slab[] = [];

/** Tells whether a value of so many parts, the first of so many bytes, is one to keep in memory. */
export function isRetainable(partCount: number, length: number): boolean {
  return partCount === 1 && length <= LONGEST_RETAINED;
}

/**
 * Copies the bytes of a value to where they stay.
 *
 * @param bytes The bytes, as {@linkcode isRetainable} says.
 * @returns A view of the copy.
 */
export function retainBytes(bytes: Uint8Array): Uint8Array {
  let slab = slabs.at(-1);
  if (
    slab === undefined || slab.filled + bytes.byteLength > SLAB_LENGTH ||
    slab.kept.length >= MOST_VALUES
  ) {
    // The oldest go first. Those still in use are read, and kept, again.
    if (slabs.length >= MOST_SLABS) {
      for (const { table, entry, value } of slabs.shift()!.kept) table.release(entry, value);
    }
    slab = { bytes: new Uint8Array(SLAB_LENGTH), filled: 0, kept: [] };
    slabs.push(slab);
  }
  slab.bytes.set(bytes, slab.filled);
  const start = slab.filled;
  slab.filled += bytes.byteLength;
  return slab.bytes.subarray(start, slab.filled);
}

/**
 * Keeps a value in memory, until newer ones need the room.
 *
 * @param table The table it belongs to.
 * @param entry The number of its entry there.
 * @param value The value, whose bytes are from {@linkcode retainBytes}, just called.
 */
export function retainValue(table: DigestTable, entry: number, value: StoredValue): void {
  table.keep(entry, value);
  slabs.at(-1)!.kept.push({ table, entry, value });
}
