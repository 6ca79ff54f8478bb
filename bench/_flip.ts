// Copyright 2026 the pecapiku authors. MIT license.

import { join } from "@std/path";
import { isEqual } from "./_is_equal.ts";
import { WORK } from "./_workload.ts";

/** What one changed byte did. */
export interface Verdict {
  /**
   * - `wrong`: a call gave a value that the function would not give;
   * - `raised`: a call threw an error, or the peer did not open;
   * - `recomputed`: a call evaluated again, and all values were right;
   * - `unharmed`: all values were right, and stored.
   */
  readonly outcome: "wrong" | "raised" | "recomputed" | "unharmed";
  /** What was thrown. */
  readonly message?: string;
}

/**
 * Judges what the calls gave after a byte was changed.
 *
 * @param values What the calls of `record` gave, from 0 on.
 * @param evaluations How often the function was evaluated meanwhile.
 * @returns The verdict.
 */
export function judge(values: readonly unknown[], evaluations: number): Verdict {
  const isRight = values.every((value, id) => isEqual(value, WORK.record(id)));
  if (!isRight) return { outcome: "wrong" };
  return { outcome: evaluations > 0 ? "recomputed" : "unharmed" };
}

/**
 * Chooses where a byte is changed: anywhere, each byte of all files as likely as any other, and the same each time.
 *
 * @param lengths The lengths of the files.
 * @param trial The number of the trial.
 * @returns The number of the file, the position in it, and the bit to flip.
 */
export function choosePlace(
  lengths: readonly number[],
  trial: number,
): { file: number; offset: number; bit: number } {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  // The golden ratio spreads any number of trials evenly.
  let offset = Math.floor((0.5 + trial * 0.618_033_988_749_895) % 1 * total);
  let file = 0;
  while (offset >= lengths[file]!) offset -= lengths[file++]!;
  return { file, offset, bit: trial % 8 };
}

/**
 * Copies a directory, and flips a bit of one byte in the copy.
 *
 * @param source The directory, which stays as it is.
 * @param target Where to copy it; what is there is removed.
 * @param trial The number of the trial.
 */
export function changeByte(source: string, target: string, trial: number): void {
  Deno.mkdirSync(target, { recursive: true });
  Deno.removeSync(target, { recursive: true });
  const paths = copyFiles(source, target).sort();
  const lengths = paths.map((path) => Deno.statSync(path).size);
  const { file, offset, bit } = choosePlace(lengths, trial);
  using handle = Deno.openSync(paths[file]!, { read: true, write: true });
  const byte = new Uint8Array(1);
  handle.seekSync(offset, Deno.SeekMode.Start);
  handle.readSync(byte);
  byte[0]! ^= 1 << bit;
  handle.seekSync(offset, Deno.SeekMode.Start);
  handle.writeSync(byte);
}

function copyFiles(source: string, target: string): string[] {
  Deno.mkdirSync(target);
  return Array.from(Deno.readDirSync(source)).flatMap(({ name, isDirectory }) => {
    const from = join(source, name);
    const to = join(target, name);
    if (isDirectory) return copyFiles(from, to);
    Deno.copyFileSync(from, to);
    return [to];
  });
}
