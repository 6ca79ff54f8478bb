// Copyright 2026 the pecapiku authors. MIT license.

const KINDS = [
  "ArrayBuffer",
  "Uint8Array",
  "Uint32Array",
  "Int32Array",
  "Float64Array",
] as const;

/** The largest piece of memory that was asked for since it was made; disposing of it stops the watch. */
export interface AllocationWatch extends Disposable {
  /** Its length, in bytes; `0` after it was made or reset. */
  largest: number;
}

/**
 * Watches how large the pieces of memory are that anybody asks for by a length: those that a length in a file asks for are found
 * here before they are found by a machine that has no more.
 *
 * @returns The watch.
 */
export function watchAllocations(): AllocationWatch {
  const scope = globalThis as unknown as Record<string, unknown>;
  const originals = KINDS.map((kind) => [kind, scope[kind]] as const);
  const watch = {
    largest: 0,
    [Symbol.dispose]: () => {
      for (const [kind, original] of originals) scope[kind] = original;
    },
  };
  for (const [kind, original] of originals) {
    const size = (original as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    scope[kind] = new Proxy(original as new (...args: unknown[]) => object, {
      construct(target, args, newTarget) {
        const [length] = args;
        if (typeof length === "number") watch.largest = Math.max(watch.largest, length * size);
        return Reflect.construct(target, args, newTarget);
      },
    });
  }
  return watch;
}
