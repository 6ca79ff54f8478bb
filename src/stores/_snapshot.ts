// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { readAt } from "./_file_io.ts";
import {
  emptyRecordFields,
  HEADER_CHECKSUM_AT,
  KIND,
  readLength,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeLength,
} from "./_record.ts";
import {
  emptySought,
  entriesOfPage,
  entryLength,
  entryOffset,
  filterChecksumOf,
  filterLength,
  findInChecked,
  findInPage,
  foldDigest,
  hashSought,
  homePages,
  IN_PAGE,
  LARGEST_SEGMENT,
  mayHave,
  PAGE_LENGTH,
  pageOf,
} from "./_segment.ts";
import type { Digest } from "./store.ts";

const MANIFEST_LENGTH = 24;
const SEGMENT_LENGTH = 32;

/** The most segments that a reader takes a snapshot to have: more would be 4 billion entries. */
const MOST_SEGMENTS = 4096;

/** How many pages behind its home an entry is looked for. Digests that are no digests could all be at home in one page. */
const MOST_SPILLED = 64;

/** How many pages are read before the filters are: they are larger, and pay for those only who look for much. */
const FILTERS_PAY_AFTER = 64;

/** When half as many pages of a segment were read one by one as it has, to read all of them at once takes less time than that. */
const PAGES_PAY_AFTER = 0.5;

/** So many pages are read one by one in any case: who looks for little needs no more memory. */
const FEW_PAGES = 64;

/** Of longer segments, pages are always read one by one: 32 MiB are a million entries. */
const LONGEST_IN_MEMORY = 32 * 1024 * PAGE_LENGTH;

/** How much of a segment is read at a time when all of it is. */
const CHUNK_LENGTH = 256 * PAGE_LENGTH;

/** Says that a snapshot can't be relied on. What it was made of is all in the file. */
export class DamagedSnapshotError extends Error {
  /** Where the damage is, in bytes from the start of the file. */
  readonly offset: number;

  /** Makes the error. */
  constructor(offset: number) {
    super(`The index is damaged at byte ${offset}`);
    this.offset = offset;
  }
}

/** A part of a snapshot: what the records of a part of the file did. */
export interface Segment {
  /** Where its pages begin. Behind them is its filter. */
  readonly offset: number;
  /** How many pages it has. */
  readonly pageCount: number;
  /** How many entries. */
  readonly entryCount: number;
  /** The checksum of its filter. */
  readonly filterChecksum: number;
  /** How often its entries were merged: one that is merged of segments of a level is of the next one. */
  readonly level: number;
  /** The filter, once it is loaded. */
  filter: Uint8Array | undefined;
}

/** What a snapshot says of the file up to it. */
export interface SnapshotSummary {
  /** How many entries there are. */
  readonly count: number;
  /** How many bytes their records take. */
  readonly liveBytes: number;
  /** The segments, the newest first. */
  readonly segments: readonly Segment[];
}

/** The length of the meta section of a snapshot of so many segments, in bytes. */
export function manifestLength(segmentCount: number): number {
  return MANIFEST_LENGTH + segmentCount * SEGMENT_LENGTH;
}

/** Makes the meta section of a snapshot's record. Its layout is in `docs/format.md`. */
export function writeManifest({ count, liveBytes, segments }: SnapshotSummary): Uint8Array {
  const bytes = new Uint8Array(manifestLength(segments.length));
  const view = new DataView(bytes.buffer);
  writeLength(view, 0, count);
  writeLength(view, 8, liveBytes);
  view.setUint32(16, segments.length, true);
  let at = MANIFEST_LENGTH;
  for (const segment of segments) {
    writeLength(view, at, segment.offset);
    view.setUint32(at + 8, segment.pageCount, true);
    view.setUint32(at + 12, segment.entryCount, true);
    view.setUint32(at + 16, segment.filterChecksum, true);
    view.setUint32(at + 20, segment.level, true);
    at += SEGMENT_LENGTH;
  }
  return bytes;
}

function readManifest(bytes: Uint8Array, end: number): SnapshotSummary | undefined {
  if (bytes.byteLength < MANIFEST_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segmentCount = view.getUint32(16, true);
  const count = readLength(view, 0);
  const liveBytes = readLength(view, 8);
  if (bytes.byteLength !== manifestLength(segmentCount)) return undefined;
  if (!(count <= end && liveBytes <= end)) return undefined;
  let total = 0;
  const segments: Segment[] = [];
  for (let at = MANIFEST_LENGTH; at < bytes.byteLength; at += SEGMENT_LENGTH) {
    const segment: Segment = {
      offset: readLength(view, at),
      pageCount: view.getUint32(at + 8, true),
      entryCount: view.getUint32(at + 12, true),
      filterChecksum: view.getUint32(at + 16, true),
      level: view.getUint32(at + 20, true),
      filter: undefined,
    };
    const length = segmentLength(segment);
    if (
      segment.entryCount > LARGEST_SEGMENT || segment.pageCount < homePages(segment.entryCount) ||
      segment.offset + length > end
    ) return undefined;
    // They are apart from one another: what is read of a file is never more than the file.
    total += length;
    segments.push(segment);
  }
  return total <= end ? { count, liveBytes, segments } : undefined;
}

/** The length of a segment with its filter, in bytes. */
export function segmentLength({ pageCount, entryCount }: Segment): number {
  return pageCount * PAGE_LENGTH + filterLength(entryCount);
}

const page = new Uint8Array(PAGE_LENGTH);
const pageView = new DataView(page.buffer);
const sought = emptySought();
const words = new Uint32Array(8);

/**
 * What is known of all records before a place in the file, without having read them: an index by digest that is in the
 * file itself, and read by the page.
 */
export class Snapshot implements SnapshotSummary {
  readonly #saltChecksum: number;
  readonly count: number;
  readonly liveBytes: number;
  readonly segments: readonly Segment[];
  /** Where its record ends: it knows of everything before. */
  readonly end: number;
  /** How many bytes of the file it takes, with all its segments. */
  readonly byteLength: number;
  /** How many records before it took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** Where the checksum of its record's header is. */
  readonly checksumAt: number;
  /** That checksum. */
  readonly checksum: number;
  #pagesRead = 0;
  #hasFilters = false;
  /** How many pages of each segment were read one by one. */
  readonly #pagesReadOf: Uint32Array;
  /** The pages of each segment that is in memory, checked. */
  readonly #pagesOf: (DataView | undefined)[];

  /**
   * Makes a snapshot of what is known.
   *
   * @param saltChecksum The CRC-32 of the file's salt.
   * @param summary What it says.
   * @param place Where its record is.
   */
  constructor(
    saltChecksum: number,
    summary: SnapshotSummary,
    place: Pick<Snapshot, "end" | "replaced" | "checksumAt" | "checksum">,
  ) {
    this.#saltChecksum = saltChecksum;
    this.count = summary.count;
    this.liveBytes = summary.liveBytes;
    this.segments = summary.segments;
    this.#pagesReadOf = new Uint32Array(this.segments.length);
    this.#pagesOf = this.segments.map(() => undefined);
    this.end = place.end;
    this.byteLength = summary.segments.reduce(
      (sum, segment) => sum + segmentLength(segment),
      RECORD_HEADER_LENGTH + manifestLength(summary.segments.length),
    );
    this.replaced = place.replaced;
    this.checksumAt = place.checksumAt;
    this.checksum = place.checksum;
  }

  /** Where the record of a digest begins, as found by {@linkcode find}. */
  foundOffset = 0;

  /** The length of that record. */
  foundLength = 0;

  /**
   * Looks for the newest record of a digest.
   *
   * @param file The file.
   * @param digest The digest.
   * @returns Whether there is an entry. Where it is, is then in `foundOffset` and `foundLength`.
   * @throws {DamagedSnapshotError} If the snapshot is damaged.
   */
  find(file: DiskFile, digest: Digest): boolean {
    for (let word = 0; word < 8; word++) {
      words[word] = parseInt(digest.slice(8 * word, 8 * word + 8), 16);
    }
    foldDigest(words, 0, sought);
    hashSought(sought, this.#saltChecksum);
    if (this.#pagesRead > FILTERS_PAY_AFTER) this.#loadFilters(file);
    for (const [index, segment] of this.segments.entries()) {
      if (segment.filter !== undefined && !mayHave(segment.filter, sought)) continue;
      const pages = this.#pagesInMemory(file, index);
      const at = this.#findIn(file, index, pages);
      if (at < 0) continue;
      const view = pages ?? pageView;
      this.foundOffset = entryOffset(view, at);
      this.foundLength = entryLength(view, at);
      return this.foundLength > 0;
    }
    return false;
  }

  /** Reads the filters, so that few pages are read for what is not there. */
  #loadFilters(file: DiskFile): void {
    if (this.#hasFilters) return;
    for (const segment of this.segments) {
      if (segment.filter !== undefined) continue;
      const filter = new Uint8Array(filterLength(segment.entryCount));
      const offset = segment.offset + segment.pageCount * PAGE_LENGTH;
      if (
        readAt(file, offset, filter) < filter.byteLength ||
        filterChecksumOf(filter, this.#saltChecksum, offset) !== segment.filterChecksum
      ) throw new DamagedSnapshotError(offset);
      segment.filter = filter;
    }
    this.#hasFilters = true;
  }

  /**
   * Reads all entries of a segment.
   *
   * @param file The file.
   * @param segment The segment.
   * @param callback Is given some of them at a time, good for the time of the call only.
   * @throws {DamagedSnapshotError} If the segment is damaged.
   */
  readEntries(file: DiskFile, segment: Segment, callback: (entries: Uint8Array) => void): void {
    const length = segment.pageCount * PAGE_LENGTH;
    const chunk = new Uint8Array(Math.min(CHUNK_LENGTH, length));
    for (let start = 0; start < length; start += chunk.byteLength) {
      const offset = segment.offset + start;
      const bytes = chunk.subarray(0, Math.min(chunk.byteLength, length - start));
      if (readAt(file, offset, bytes) < bytes.byteLength) throw new DamagedSnapshotError(offset);
      for (let at = 0; at < bytes.byteLength; at += PAGE_LENGTH) {
        const entries = entriesOfPage(
          bytes.subarray(at, at + PAGE_LENGTH),
          this.#saltChecksum,
          offset + at,
        );
        if (entries === undefined) throw new DamagedSnapshotError(offset + at);
        callback(entries);
      }
    }
  }

  /** The pages of a segment, if they are in memory; they come there when so many were read that it pays. */
  #pagesInMemory(file: DiskFile, index: number): DataView | undefined {
    const loaded = this.#pagesOf[index];
    if (loaded !== undefined) return loaded;
    const { offset, pageCount } = this.segments[index]!;
    const length = pageCount * PAGE_LENGTH;
    if (
      this.#pagesReadOf[index]! <= Math.max(FEW_PAGES, PAGES_PAY_AFTER * pageCount) ||
      length > LONGEST_IN_MEMORY
    ) return undefined;
    const bytes = new Uint8Array(length);
    if (readAt(file, offset, bytes) < length) throw new DamagedSnapshotError(offset);
    for (let at = 0; at < length; at += PAGE_LENGTH) {
      const whole = bytes.subarray(at, at + PAGE_LENGTH);
      if (entriesOfPage(whole, this.#saltChecksum, offset + at) === undefined) {
        throw new DamagedSnapshotError(offset + at);
      }
    }
    return this.#pagesOf[index] = new DataView(bytes.buffer);
  }

  /** Finds an entry in the pages that are in memory, or else in the one that it leaves in `page`. */
  #findIn(file: DiskFile, index: number, pages: DataView | undefined): number {
    const { offset, pageCount, entryCount } = this.segments[index]!;
    const home = pageOf(sought.pageHash, homePages(entryCount));
    for (let number = home; number < pageCount; number++) {
      const pageAt = offset + number * PAGE_LENGTH;
      if (number - home > MOST_SPILLED) throw new DamagedSnapshotError(pageAt);
      const at = pages === undefined
        ? this.#findInPage(file, index, pageAt)
        : findInChecked(pages, number * PAGE_LENGTH, sought);
      if (at === IN_PAGE.damaged) throw new DamagedSnapshotError(pageAt);
      if (at !== IN_PAGE.elsewhere) return at;
    }
    return IN_PAGE.absent;
  }

  #findInPage(file: DiskFile, index: number, pageAt: number): number {
    this.#pagesRead++;
    this.#pagesReadOf[index]!++;
    if (readAt(file, pageAt, page) < PAGE_LENGTH) throw new DamagedSnapshotError(pageAt);
    return findInPage(page, pageView, sought, this.#saltChecksum, pageAt);
  }
}

/**
 * Reads the front of a snapshot's record.
 *
 * @param file The file.
 * @param size The length of the file.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where the record should be.
 * @param checksum The checksum that its header should have.
 * @returns The snapshot; `undefined` if there is none, or a damaged one.
 */
export function readSnapshot(
  file: DiskFile,
  size: number,
  saltChecksum: number,
  offset: number,
  checksum: number,
): Snapshot | undefined {
  if (!(offset + RECORD_HEADER_LENGTH <= size)) return undefined;
  const front = new Uint8Array(RECORD_HEADER_LENGTH + manifestLength(64));
  const read = readAt(file, offset, front);
  const fields = emptyRecordFields();
  if (
    read < RECORD_HEADER_LENGTH ||
    !readRecordHeader(front, new DataView(front.buffer), 0, saltChecksum, offset, fields) ||
    fields.checksum !== checksum || fields.kind !== KIND.snapshot || fields.flags !== 0 ||
    fields.metaLength > manifestLength(MOST_SEGMENTS)
  ) return undefined;
  const payloadAt = offset + RECORD_HEADER_LENGTH + fields.metaLength;
  const end = payloadAt + fields.payloadLength;
  if (end > size) return undefined;
  let manifest = front.subarray(RECORD_HEADER_LENGTH, RECORD_HEADER_LENGTH + fields.metaLength);
  if (RECORD_HEADER_LENGTH + fields.metaLength > read) {
    manifest = new Uint8Array(fields.metaLength);
    if (readAt(file, offset + RECORD_HEADER_LENGTH, manifest) < manifest.byteLength) {
      return undefined;
    }
  }
  if (crc32(manifest) !== fields.metaChecksum) return undefined;
  const summary = readManifest(manifest, end);
  return summary && new Snapshot(saltChecksum, summary, {
    end,
    replaced: fields.replaced,
    checksumAt: offset + HEADER_CHECKSUM_AT,
    checksum,
  });
}
