// Copyright 2026 the pecapiku authors. MIT license.

import { readAnchor } from "./_anchor.ts";
import { DigestTable } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { HEADER_CHECKSUM_AT, KIND, RECORD_HEADER_LENGTH, type RecordFields } from "./_record.ts";
import { type RecordSink, scanRecords, type ScanResult } from "./_scan.ts";
import { DamagedSnapshotError, readSnapshot, type Snapshot } from "./_snapshot.ts";
import { checkSnapshot, type Gap, type SnapshotFindings } from "./_verify_index.ts";

/** Says that what was read is no longer there: others are changing the file. */
export class FileChangedError extends Error {}

/** What goes by the headers of all records, as a reader sees them: which entries there are, and which are in doubt. */
export class RecordSurvey implements RecordSink {
  readonly #file: DiskFile;
  readonly #size: number;
  readonly #saltChecksum: number;
  /** Where the newest record of each digest is, whether or not it is damaged, or in doubt. */
  readonly table = new DigestTable();
  /** The index that a reader goes by. */
  readonly snapshot: Snapshot | undefined;
  /** What is wrong with it. */
  findings: SnapshotFindings | undefined;
  /** Whether the file tells who was used when. */
  hasUses = false;
  readonly #gaps: Gap[] = [];
  /** How many of them are known to end. */
  #closedGaps = 0;
  /** Entries before this place are in doubt, but for those that the index proves to be current. */
  #provableBefore = 0;
  /** Entries before this place are in doubt. */
  #doubtfulBefore = 0;
  /** The entries in doubt, by their number in the table. */
  #doubtful: Uint8Array | undefined;

  /**
   * Makes a survey.
   *
   * @param file The file.
   * @param size Its length.
   * @param saltChecksum The CRC-32 of its salt.
   */
  constructor(file: DiskFile, size: number, saltChecksum: number) {
    this.#file = file;
    this.#size = size;
    this.#saltChecksum = saltChecksum;
    for (const { offset, checksum } of readAnchor(file, saltChecksum) ?? []) {
      this.snapshot = readSnapshot(file, size, saltChecksum, offset, checksum);
      if (this.snapshot !== undefined) break;
    }
  }

  /** Where the record of the index begins that a reader goes by; `-1` if there is none. */
  get snapshotOffset(): number {
    return this.snapshot === undefined ? -1 : this.snapshot.checksumAt - HEADER_CHECKSUM_AT;
  }

  /**
   * Goes through the file.
   *
   * @param filePath The path of the file, for messages.
   * @returns How it ended.
   * @throws {CacheFormatError} If a newer version wrote a record that must not be passed over.
   * @throws {FileChangedError} If the file was changed meanwhile.
   */
  run(filePath: string): ScanResult {
    const place = { filePath, saltChecksum: this.#saltChecksum, replaced: 0 };
    const result = scanRecords(this.#file, FILE_HEADER_LENGTH, this.#size, place, this);
    if (result.tail === "changed") throw new FileChangedError();
    this.#checkSnapshot(result.end);
    this.#findDoubtful();
    return result;
  }

  /** Whether an entry is in doubt. */
  isDoubtful(entry: number): boolean {
    return this.#doubtful?.[entry] === 1;
  }

  onRecord(
    fields: RecordFields,
    offset: number,
    bytes: Uint8Array,
    digestAt: number,
    _metaAt: number,
    lost: boolean,
  ): void {
    this.#checkSnapshot(offset);
    this.#closeGaps(offset);
    // That was no gap: what is damaged there is known.
    if (lost) this.#gaps[this.#closedGaps++]!.end = offset;
    if (fields.kind === KIND.tally) return;
    if (fields.kind === KIND.uses) this.hasUses = true;
    else if (fields.kind === KIND.delete) this.table.remove(bytes, digestAt, offset);
    else {
      const length = RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
      this.table.put(bytes, digestAt, offset, length);
    }
  }

  onDamage(offset: number): void {
    this.#gaps.push({ start: offset, end: Infinity });
  }

  onLostReplacement(offset: number): void {
    if (this.snapshot !== undefined && offset <= this.snapshot.end) this.#provableBefore = offset;
    else this.#doubtfulBefore = offset;
  }

  /** A gap ends, at the latest, where the next record begins that is about an entry. */
  #closeGaps(offset: number): void {
    const gaps = this.#gaps;
    while (this.#closedGaps < gaps.length && gaps[this.#closedGaps]!.start < offset) {
      gaps[this.#closedGaps++]!.end = offset;
    }
  }

  /** Compares the index with the records, once all of those are known that were there when it was made, and no others. */
  #checkSnapshot(reached: number): void {
    const { snapshot } = this;
    if (snapshot === undefined || this.findings !== undefined || reached < snapshot.end) return;
    this.#closeGaps(snapshot.end);
    this.findings = checkSnapshot(
      this.#file,
      this.#saltChecksum,
      snapshot,
      this.table,
      this.#gaps.filter(({ start, end }) => start < end),
    );
  }

  #findDoubtful(): void {
    const before = Math.max(this.#doubtfulBefore, this.#provableBefore);
    if (before === 0) return;
    const { table } = this;
    this.#doubtful = new Uint8Array(table.numbers);
    for (const digest of table.digests()) {
      const entry = table.find(digest);
      if (table.offset(entry) < before) this.#doubtful[entry] = 1;
    }
    if (before > this.#doubtfulBefore) this.#clearProved(this.snapshot!, this.#doubtful);
  }

  /** The index was made before there was a gap. If it can't be read by now, it proves nothing. */
  #clearProved(snapshot: Snapshot, doubtful: Uint8Array): void {
    const { table } = this;
    const proved: number[] = [];
    try {
      for (const digest of table.digests()) {
        const entry = table.find(digest);
        const offset = table.offset(entry);
        if (doubtful[entry] !== 1 || offset < this.#doubtfulBefore) continue;
        if (snapshot.find(this.#file, digest) && snapshot.foundOffset === offset) {
          proved.push(entry);
        }
      }
    } catch (error) {
      if (!(error instanceof DamagedSnapshotError)) throw error;
      return;
    }
    for (const entry of proved) doubtful[entry] = 0;
  }
}
