// Copyright 2026 the pecapiku authors. MIT license.

/** A function to memoise: it gives the same for the same arguments, and costs next to nothing. */
export type Work = (...args: never[]) => unknown;

/** A small record. */
export interface SmallRecord {
  id: number;
  name: string;
  tags: string[];
  score: number;
}

/** How many bytes the large array has. */
export const ARRAY_BYTES = 8_000_000;

/** How many bytes the large argument has. */
export const ARGUMENT_BYTES = 80_000_000;

let cells: Float64Array | undefined;
let rows: SmallRecord[] | undefined;

/** The functions that are memoised, by name. Arguments are numbers, but for `first`. */
export const WORK = {
  record(id: number): SmallRecord {
    return { id, name: `record ${id}`, tags: ["a", "b", "c"], score: id / 7 };
  },

  /** 8 MB of numbers. Only the first one is new each time: what counts is what becomes of the array. */
  array(id: number): Float64Array {
    cells ??= new Float64Array(ARRAY_BYTES / 8).map((_, index) => Math.sqrt(index));
    cells[0] = id;
    return cells;
  },

  /** 10,000 objects. */
  rows(id: number): SmallRecord[] {
    rows ??= Array.from({ length: 10_000 }, (_, index) => WORK.record(index));
    rows[0] = WORK.record(-id);
    return rows;
  },

  /** A small result of a large argument. */
  first(values: Float64Array): number {
    return values[0]!;
  },

  /** 1 MB of text, two letters all over, which tell the key and a mark: a value made of two values shows. */
  text(key: number): { key: number; mark: number; text: string } {
    const mark = Math.floor(Math.random() * MARKS);
    return { key, mark, text: textOf(key, mark) };
  },
} as const satisfies Record<string, Work>;

/** The name of a function that is memoised. */
export type WorkName = keyof typeof WORK;

const MARKS = 26;

function textOf(key: number, mark: number): string {
  return String.fromCharCode(0x41 + key, 0x61 + mark).repeat(500_000);
}

/**
 * Tells whether a value is one that `text` gave for a key, whole.
 *
 * @param key The key.
 * @param value What came back.
 * @returns Whether it is.
 */
export function isWholeText(key: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { key: its, mark, text } = value as Partial<ReturnType<typeof WORK.text>>;
  return its === key && typeof mark === "number" &&
    text === textOf(key, mark);
}
