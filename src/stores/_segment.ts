// Copyright 2026 the pecapiku authors. MIT license.

import { tableCrc32 } from "./_crc32.ts";
import { writeLength } from "./_record.ts";

/** The length of a page of a segment, in bytes. A lookup reads one, most of the time. */
export const PAGE_LENGTH = 1024;

/** The length of what a page begins with, in bytes. */
export const PAGE_HEADER_LENGTH = 8;
/** Where in a page the number of its entries is. */
export const COUNT_AT = 4;

/** Where in a page it says that an entry of it, or of one before, is in the next one. */
export const SPILLS_AT = 6;

/** The length of an entry, in bytes: 12 made of the digest, 6 of the record's offset, 6 of its length. */
export const ENTRY_LENGTH = 24;

/** Where in an entry the offset is. */
export const OFFSET_AT = 12;

/** Where in an entry the length is. */
export const LENGTH_AT = 18;

/** How many entries a page holds at the most. */
export const PAGE_CAPACITY = Math.floor((PAGE_LENGTH - PAGE_HEADER_LENGTH) / ENTRY_LENGTH);

/** How many it holds on average, so that few pages run over. */
const PAGE_FILL = 32;

const BLOCK_LENGTH = 32;
const BITS_PER_ENTRY = 10;

/** How many entries a segment has at the most. */
export const LARGEST_SEGMENT = 2 ** 20;

/** What a segment knows of a digest, as three words, and where it is looked for. */
export interface Sought {
  first: number;
  second: number;
  third: number;
  /** Tells the page. */
  pageHash: number;
  /** Tells the bits of the filter. */
  filterHash: number;
}

/**
 * Sets what is sought to a digest. All of it counts, not only its beginning: somebody may use a store with digests that are
 * mere numbers.
 *
 * @param words The digest, in words.
 * @param at The position of the first word.
 * @param sought What is set, but for the hashes.
 */
export function foldDigest(words: Uint32Array, at: number, sought: Sought): void {
  sought.first = (words[at]! ^ words[at + 3]! ^ words[at + 6]!) >>> 0;
  sought.second = (words[at + 1]! ^ words[at + 4]! ^ words[at + 7]!) >>> 0;
  sought.third = (words[at + 2]! ^ words[at + 5]!) >>> 0;
}

/** Sets the hashes of what is sought. They are in `docs/format.md`. */
export function hashSought(sought: Sought, saltChecksum: number): void {
  const { first, second, third } = sought;
  let hash = Math.imul(first ^ saltChecksum, 0x9e3779b1);
  hash = Math.imul(hash ^ hash >>> 15 ^ second, 0x85ebca77);
  hash = Math.imul(hash ^ hash >>> 13 ^ third, 0xc2b2ae3d);
  hash = (hash ^ hash >>> 16) >>> 0;
  sought.pageHash = hash;
  hash = Math.imul(hash ^ third, 0x27d4eb2f);
  hash = Math.imul(hash ^ hash >>> 15 ^ second, 0x165667b1);
  sought.filterHash = (hash ^ hash >>> 16) >>> 0;
}

/** How many home pages a segment of so many entries has. */
export function homePages(entryCount: number): number {
  return Math.max(1, Math.ceil(entryCount / PAGE_FILL));
}

/** The home page of a hash. */
export function pageOf(pageHash: number, homeCount: number): number {
  return Math.floor(pageHash * homeCount / 0x1_0000_0000);
}

/** What {@linkcode findInPage} found. */
export const IN_PAGE = { absent: -1, elsewhere: -2, damaged: -3 } as const;

/**
 * Looks for an entry in a page.
 *
 * @param page The page.
 * @param view A view over the same bytes.
 * @param sought What to look for.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where in the file the page is.
 * @returns The position of the entry in the page, or one of {@linkcode IN_PAGE}; `elsewhere` says to look in the next page.
 */
export function findInPage(
  page: Uint8Array,
  view: DataView,
  sought: Sought,
  saltChecksum: number,
  offset: number,
): number {
  return checkPage(page, view, saltChecksum, offset) < 0
    ? IN_PAGE.damaged
    : findInChecked(view, 0, sought);
}

/**
 * Looks for an entry in a page that was checked.
 *
 * @param view The memory that the page is in.
 * @param start Where it begins there.
 * @param sought What to look for.
 * @returns The position of the entry in that memory, or one of {@linkcode IN_PAGE}, as {@linkcode findInPage} does.
 */
export function findInChecked(view: DataView, start: number, sought: Sought): number {
  const { first, second, third } = sought;
  const count = view.getUint16(start + COUNT_AT, true);
  let at = start + PAGE_HEADER_LENGTH;
  for (const end = at + count * ENTRY_LENGTH; at < end; at += ENTRY_LENGTH) {
    if (
      view.getUint32(at) === first && view.getUint32(at + 4) === second &&
      view.getUint32(at + 8) === third
    ) return at;
  }
  return view.getUint8(start + SPILLS_AT) === 1 ? IN_PAGE.elsewhere : IN_PAGE.absent;
}

/** The entries of a page; `undefined` if it is damaged. */
export function entriesOfPage(
  page: Uint8Array,
  saltChecksum: number,
  offset: number,
): Uint8Array | undefined {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const count = checkPage(page, view, saltChecksum, offset);
  if (count < 0) return undefined;
  return page.subarray(PAGE_HEADER_LENGTH, PAGE_HEADER_LENGTH + count * ENTRY_LENGTH);
}

/** The offset of the record that an entry is about. */
export function entryOffset(view: DataView, at: number): number {
  return readSixBytes(view, at + OFFSET_AT);
}

/** The length of that record; `0` of a removal. */
export function entryLength(view: DataView, at: number): number {
  return readSixBytes(view, at + LENGTH_AT);
}

/** Tells whether a filter knows what is sought; if not, the segment does not have it. */
export function mayHave(filter: Uint8Array, { pageHash, filterHash }: Sought): boolean {
  const block = filterBlock(filter, pageHash);
  return hasBit(filter, block, filterHash) && hasBit(filter, block, filterHash >>> 8) &&
    hasBit(filter, block, filterHash >>> 16) && hasBit(filter, block, filterHash >>> 24) &&
    hasBit(filter, block, pageHash) && hasBit(filter, block, pageHash >>> 8);
}

/** Has a filter know of an entry. */
export function addToFilter(filter: Uint8Array, { pageHash, filterHash }: Sought): void {
  const block = filterBlock(filter, pageHash);
  for (let shift = 0; shift < 32; shift += 8) setBit(filter, block, filterHash >>> shift);
  setBit(filter, block, pageHash);
  setBit(filter, block, pageHash >>> 8);
}

function filterBlock(filter: Uint8Array, pageHash: number): number {
  return BLOCK_LENGTH * pageOf(pageHash, filter.byteLength / BLOCK_LENGTH);
}

function hasBit(filter: Uint8Array, block: number, bit: number): boolean {
  return (filter[block + (bit >>> 3 & 31)]! & 1 << (bit & 7)) !== 0;
}

function setBit(filter: Uint8Array, block: number, bit: number): void {
  filter[block + (bit >>> 3 & 31)]! |= 1 << (bit & 7);
}

/** The length of the filter of a segment of so many entries, in bytes. */
export function filterLength(entryCount: number): number {
  return BLOCK_LENGTH * Math.max(1, Math.ceil(entryCount * BITS_PER_ENTRY / (8 * BLOCK_LENGTH)));
}

/** The checksum of a filter, which ties it to its place. */
export function filterChecksumOf(
  filter: Uint8Array,
  saltChecksum: number,
  offset: number,
): number {
  return tableCrc32(filter, 0, filter.byteLength, placeSeed(saltChecksum, offset));
}

/** Something to look for. */
export function emptySought(): Sought {
  return { first: 0, second: 0, third: 0, pageHash: 0, filterHash: 0 };
}

/** Reads the digest of an entry, and sets its hashes. */
export function readSought(view: DataView, at: number, saltChecksum: number, sought: Sought): void {
  sought.first = view.getUint32(at);
  sought.second = view.getUint32(at + 4);
  sought.third = view.getUint32(at + 8);
  hashSought(sought, saltChecksum);
}

function checkPage(
  page: Uint8Array,
  view: DataView,
  saltChecksum: number,
  offset: number,
): number {
  const checksum = tableCrc32(page, 4, PAGE_LENGTH, placeSeed(saltChecksum, offset));
  if (view.getUint32(0, true) !== checksum) return -1;
  const count = view.getUint16(COUNT_AT, true);
  return count <= PAGE_CAPACITY ? count : -1;
}

const placeBytes = new Uint8Array(8);
const placeView = new DataView(placeBytes.buffer);

/** What the checksum of something begins with, so that it counts at its place in its file only. */
export function placeSeed(saltChecksum: number, offset: number): number {
  writeLength(placeView, 0, offset);
  return tableCrc32(placeBytes, 0, 8, saltChecksum);
}

/** Writes an integer below 2^48 in six bytes. */
export function writeSixBytes(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint16(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

/** Reads what {@linkcode writeSixBytes} wrote. */
export function readSixBytes(view: DataView, at: number): number {
  return view.getUint16(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}
