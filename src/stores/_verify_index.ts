// Copyright 2026 the pecapiku authors. MIT license.

import { DIGEST_LENGTH, DigestTable, NOT_FOUND } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import {
  emptySought,
  entriesOfPage,
  ENTRY_LENGTH,
  entryLength,
  entryOffset,
  filterChecksumOf,
  filterLength,
  foldDigest,
  homePages,
  LARGEST_SEGMENT,
  mayHave,
  PAGE_LENGTH,
  pageOf,
  readSought,
  SPILLS_AT,
} from "./_segment.ts";
import type { Segment, Snapshot } from "./_snapshot.ts";

/** How many pages are read at a time. */
const CHUNK_PAGES = 256;

/** How many bytes an index knows a digest by. */
const FOLDED_LENGTH = 12;

/** A part of the file that no record could be made out in. */
export interface Gap {
  readonly start: number;
  end: number;
}

/** What is wrong with an index. */
export interface SnapshotFindings {
  /** Where it is wrong; `undefined` if it is right, as far as can be told without reading the records. */
  readonly faultAt: number | undefined;
  /** Where the records are that it should know of, and does not. Whoever made it may have found them damaged. */
  readonly unknown: Set<number>;
  /** Whether it has the right number of entries and bytes. Whoever made it may have left out what was damaged. */
  readonly isCountRight: boolean;
}

/**
 * Checks all of an index: its pages, its filters, whether each entry is where it is looked for, and whether what it says is
 * where the records are.
 *
 * Memory: about 100 bytes for each of its entries, and 1.6 MB.
 *
 * @param file The file.
 * @param saltChecksum The CRC-32 of its salt.
 * @param snapshot The index.
 * @param table Where the newest record of each digest was when the index was made.
 * @param gaps What could not be made out.
 * @returns What is wrong.
 */
export function checkSnapshot(
  file: DiskFile,
  saltChecksum: number,
  snapshot: Snapshot,
  table: DigestTable,
  gaps: readonly Gap[],
): SnapshotFindings {
  const claims = new DigestTable();
  claims.keepsRemovedFrom = 0;
  const unknown = new Set<number>();
  for (const segment of snapshot.segments) {
    const faultAt = readSegment(file, saltChecksum, segment, snapshot.end, claims);
    if (faultAt !== undefined) return { faultAt, unknown, isCountRight: true };
  }
  const key = new Uint8Array(DIGEST_LENGTH);
  const view = new DataView(key.buffer);
  const sought = emptySought();
  let known = 0;
  let liveBytes = 0;
  table.forEachSince(1, (words, at, offset, length) => {
    if (length === 0) return;
    liveBytes += length;
    foldDigest(words, at, sought);
    view.setUint32(0, sought.first);
    view.setUint32(4, sought.second);
    view.setUint32(8, sought.third);
    const claim = claims.findBytes(key, 0);
    if (claim >= 0 && claims.offset(claim) === offset && claims.length(claim) === length) known++;
    else unknown.add(offset);
  });
  let lost = 0;
  claims.forEachSince(1, (_words, _at, offset, length) => {
    if (length > 0 && isIn(gaps, offset)) lost++;
  });
  // What it knows beyond that is not there, and never was.
  const faultAt = known + lost === claims.count ? undefined : snapshot.checksumAt;
  // A record in a gap may have replaced one that is still there.
  if (gaps.length > 0) unknown.clear();
  const isCountRight = gaps.length > 0 ||
    (snapshot.count === table.count && snapshot.liveBytes === liveBytes);
  return { faultAt, unknown, isCountRight };
}

/** Takes in the entries of a segment that no newer one knows of. Returns where it is wrong. */
function readSegment(
  file: DiskFile,
  saltChecksum: number,
  segment: Segment,
  end: number,
  claims: DigestTable,
): number | undefined {
  const { offset, pageCount, entryCount, filterChecksum } = segment;
  if (entryCount > LARGEST_SEGMENT) return offset;
  const filter = new Uint8Array(filterLength(entryCount));
  const filterAt = offset + pageCount * PAGE_LENGTH;
  if (
    readAt(file, filterAt, filter) < filter.byteLength ||
    filterChecksumOf(filter, saltChecksum, filterAt) !== filterChecksum
  ) return filterAt;
  const homes = homePages(entryCount);
  const chunk = new Uint8Array(Math.min(CHUNK_PAGES, pageCount) * PAGE_LENGTH);
  const view = new DataView(chunk.buffer);
  const key = new Uint8Array(DIGEST_LENGTH);
  const sought = emptySought();
  let count = 0;
  /** An entry of a page has its home here or behind: each page in between says that there is more. */
  let firstHome = 0;
  for (let number = 0; number < pageCount; number++) {
    const at = number % CHUNK_PAGES * PAGE_LENGTH;
    const pageAt = offset + number * PAGE_LENGTH;
    if (at === 0) readAt(file, pageAt, chunk.subarray(0, (pageCount - number) * PAGE_LENGTH));
    const entries = entriesOfPage(chunk.subarray(at, at + PAGE_LENGTH), saltChecksum, pageAt);
    if (entries === undefined) return pageAt;
    for (let entryAt = 0; entryAt < entries.byteLength; entryAt += ENTRY_LENGTH, count++) {
      const from = entries.byteOffset + entryAt;
      readSought(view, from, saltChecksum, sought);
      const home = pageOf(sought.pageHash, homes);
      const recordAt = entryOffset(view, from);
      const length = entryLength(view, from);
      if (
        home < firstHome || home > number || !mayHave(filter, sought) ||
        recordAt < FILE_HEADER_LENGTH || recordAt + length > end
      ) return pageAt;
      key.set(entries.subarray(entryAt, entryAt + FOLDED_LENGTH));
      if (claims.findBytes(key, 0) !== NOT_FOUND.unknown) continue;
      if (length > 0) claims.put(key, 0, recordAt, length);
      else claims.remove(key, 0, recordAt);
    }
    if (chunk[at + SPILLS_AT] !== 1) firstHome = number + 1;
  }
  return count === entryCount ? undefined : offset;
}

/** The gaps are in order, and may be many. */
function isIn(gaps: readonly Gap[], offset: number): boolean {
  let low = 0;
  for (let high = gaps.length; low < high;) {
    const middle = low + high >>> 1;
    if (gaps[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low > 0 && offset < gaps[low - 1]!.end;
}
