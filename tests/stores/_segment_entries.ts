// Copyright 2026 the pecapiku authors. MIT license.

import {
  emptySought,
  entryLength,
  entryOffset,
  findInPage,
  hashSought,
  homePages,
  IN_PAGE,
  PAGE_LENGTH,
  pageOf,
  type Sought,
} from "../../src/stores/_segment.ts";
import { buildSegment, EntryList, type SegmentBytes } from "../../src/stores/_segment_builder.ts";
import type { Digest } from "../../src/stores/store.ts";

/** What a segment says of a digest: where the record is, and its length, `0` for a removal. */
export interface SegmentEntry {
  readonly digest: Digest;
  readonly offset: number;
  readonly length: number;
}

/** A digest of eight words. */
export function digestOfWords(words: readonly number[]): Digest {
  return words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Any digest. */
export function randomDigest(random: () => number): Digest {
  return digestOfWords(Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32)));
}

/** Any entry of a digest, that puts it. */
export function randomEntry(random: () => number, digest = randomDigest(random)): SegmentEntry {
  const offset = 1 + Math.floor(random() * (2 ** 48 - 1));
  return { digest, offset, length: 76 + Math.floor(random() * 2 ** 40) };
}

/** All eight words of a digest. */
export function wordsOf(digest: Digest): number[] {
  return Array.from({ length: 8 }, (_, word) => parseInt(digest.slice(8 * word, 8 * word + 8), 16));
}

/** The three words that a segment knows of a digest, as docs/format.md has it. */
export function foldedWords(digest: Digest): [number, number, number] {
  const words = wordsOf(digest) as [number, number, number, number, number, number, number, number];
  const [a, b, c, d, e, f, g, h] = words;
  return [(a ^ d ^ g) >>> 0, (b ^ e ^ h) >>> 0, (c ^ f) >>> 0];
}

/** The twelve bytes that an entry of a segment begins with. */
export function foldOf(digest: Digest): string {
  return foldedWords(digest).map((word) => word.toString(16).padStart(8, "0")).join("");
}

// As docs/format.md has it, in integers of any size.
const multiply = (one: bigint, other: bigint) => (one * other) & 0xffff_ffffn;

/** The two hashes of a digest, h and g, written down from the document. */
export function documentedHashes(digest: Digest, saltChecksum: number): [number, number] {
  const [a, b, c] = foldedWords(digest).map(BigInt) as [bigint, bigint, bigint];
  let h = multiply(a ^ BigInt(saltChecksum), 0x9e3779b1n);
  h = multiply(h ^ h >> 15n ^ b, 0x85ebca77n);
  h = multiply(h ^ h >> 13n ^ c, 0xc2b2ae3dn);
  h = h ^ h >> 16n;
  let g = multiply(h ^ c, 0x27d4eb2fn);
  g = multiply(g ^ g >> 15n ^ b, 0x165667b1n);
  g = g ^ g >> 16n;
  return [Number(h), Number(g)];
}

/** The number by which a factor is undone, modulo 2^32. */
function inverse(factor: bigint): bigint {
  let result = factor;
  for (let step = 0; step < 5; step++) {
    result = multiply(result, (2n - multiply(factor, result)) & 0xffff_ffffn);
  }
  return result;
}

/**
 * A digest that has a hash h that is asked for: the third word is what makes it so.
 *
 * @param pageHash The hash.
 * @param saltChecksum The CRC-32 of the salt.
 * @param random What the other words are taken from.
 * @returns The digest.
 */
export function digestOfHash(pageHash: number, saltChecksum: number, random: () => number): Digest {
  const words = wordsOf(randomDigest(random));
  const [a, b] = foldedWords(digestOfWords(words)).map(BigInt) as [bigint, bigint, bigint];
  let h = multiply(a ^ BigInt(saltChecksum), 0x9e3779b1n);
  h = multiply(h ^ h >> 15n ^ b, 0x85ebca77n);
  const last = BigInt(pageHash) ^ BigInt(pageHash) >> 16n;
  words[2] = Number(multiply(last, inverse(0xc2b2ae3dn)) ^ h ^ h >> 13n) ^ words[5]!;
  return digestOfWords(words);
}

/** What is looked for, for a digest. */
export function soughtOf(digest: Digest, saltChecksum: number): Sought {
  const [first, second, third] = foldedWords(digest);
  const sought = { ...emptySought(), first, second, third };
  hashSought(sought, saltChecksum);
  return sought;
}

/** A list of entries. */
export function listOf(entries: Iterable<SegmentEntry>): EntryList {
  const list = new EntryList();
  for (const { digest, offset, length } of entries) {
    list.add(Uint32Array.from(wordsOf(digest)), 0, offset, length);
  }
  return list;
}

/** A segment, and where it is. */
export interface PlacedSegment extends SegmentBytes {
  readonly saltChecksum: number;
  readonly offset: number;
}

/** Makes a segment of entries. */
export function segmentOf(
  entries: Iterable<SegmentEntry>,
  { keepsRemovals = true, saltChecksum = 0x12345678, offset = 5_000_000_172 } = {},
): PlacedSegment {
  const segment = buildSegment(listOf(entries).bytes, keepsRemovals, saltChecksum, offset);
  return { ...segment, saltChecksum, offset };
}

/** The filter of a segment. */
export function filterOf({ bytes, pageCount }: PlacedSegment): Uint8Array {
  return bytes.subarray(pageCount * PAGE_LENGTH);
}

/** One page of a segment. */
export function pageAt({ bytes }: PlacedSegment, number: number): Uint8Array {
  return bytes.subarray(number * PAGE_LENGTH, (number + 1) * PAGE_LENGTH);
}

/**
 * Looks a digest up in a segment, page by page, from its home on.
 *
 * @param segment The segment.
 * @param digest The digest.
 * @returns The entry, or what is the matter, one of {@linkcode IN_PAGE}; and how many pages were looked at.
 */
export function lookUp(
  segment: PlacedSegment,
  digest: Digest,
): { found: SegmentEntry | number; pages: number } {
  const { saltChecksum, offset, pageCount, entryCount } = segment;
  const sought = soughtOf(digest, saltChecksum);
  const home = pageOf(sought.pageHash, homePages(entryCount));
  for (let number = home; number < pageCount; number++) {
    const page = pageAt(segment, number);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    const at = findInPage(page, view, sought, saltChecksum, offset + number * PAGE_LENGTH);
    if (at === IN_PAGE.elsewhere) continue;
    const found = at < 0
      ? at
      : { digest, offset: entryOffset(view, at), length: entryLength(view, at) };
    return { found, pages: number - home + 1 };
  }
  return { found: IN_PAGE.elsewhere, pages: pageCount - home };
}
