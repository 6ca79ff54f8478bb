// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";

/** What was set aside of a file. */
export interface AsidePart {
  readonly offset: number;
  readonly length: number;
  readonly what: string;
  readonly loses?: string;
  readonly digest?: string;
  readonly key?: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a file that holds what a repair has set aside, as `docs/format.md` describes it.
 *
 * @param file The content of the file.
 * @returns What was set aside.
 */
export function asidePartsOf(file: Uint8Array): AsidePart[] {
  let at = 0;
  const nextLine = () => {
    const end = file.indexOf(0x0a, at);
    const text = new TextDecoder().decode(file.subarray(at, end));
    at = end + 1;
    return JSON.parse(text);
  };
  assertEquals(nextLine(), { format: "pecapiku damaged", version: 1 });
  const parts: AsidePart[] = [];
  while (at < file.length) {
    const fields = nextLine();
    parts.push({ ...fields, bytes: file.slice(at, at + fields.length) });
    at += fields.length;
    assertEquals(file[at++], 0x0a);
  }
  return parts;
}
