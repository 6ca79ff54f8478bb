// Copyright 2026 the pecapiku authors. MIT license.

import { bytesOf, digestOf, infoOf, remove, valueOf } from "../../src/stores/_testing_changes.ts";
import type { Parts, PutChange, Store } from "../../src/stores/store.ts";

export { bytesOf, digestOf, infoOf, remove, valueOf };

/** A change that puts an entry; whatever is not said is plain. */
export function put(
  number: number,
  value: string | Parts,
  options: Partial<Omit<PutChange, "type" | "digest" | "parts">> = {},
): PutChange {
  return {
    type: "put",
    digest: digestOf(number),
    codec: "structured",
    key: { kind: "value", parts: [bytesOf(`${number}`)] },
    parts: typeof value === "string" ? [bytesOf(value)] : value,
    functionName: "",
    writtenAt: 1_700_000_000_000 + number,
    duration: 0,
    promised: false,
    ...options,
  };
}

/** The first part of an entry's value as text; `undefined` if there is no entry. */
export function textAt(store: Store, number: number): string | undefined {
  const value = store.get(digestOf(number));
  return value && new TextDecoder().decode(value.parts[0]);
}

/** Bytes that do not compress or repeat, always the same for a seed. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  return new Uint8Array(length).map(() => random() * 256);
}

/** A generator of numbers from 0 to 1, always the same for a seed ("mulberry32"). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
