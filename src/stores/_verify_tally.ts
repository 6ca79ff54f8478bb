// Copyright 2026 the pecapiku authors. MIT license.

import type { DamagedRange, DoubtfulEntry, VerifyReport } from "../errors/verify_report.ts";
import { ANCHOR_LENGTH, readAnchor } from "./_anchor.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH, FORMAT_VERSION } from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import { DIGEST_AT, KIND, RECORD_HEADER_LENGTH } from "./_record.ts";
import { keyText } from "./_verify_key.ts";
import type { RecordSurvey } from "./_verify_records.ts";
import type { WalkedRecord, WalkSink } from "./_verify_walk.ts";

/** How many damaged ranges, and doubtful entries, are listed. */
const MOST_LISTED = 10_000;

const SLOT_LENGTH = (ANCHOR_LENGTH - RECORD_HEADER_LENGTH) / 2;

/** A part of a file that is not good. */
export type BadPart =
  | (DamagedRange & { readonly type: "damaged" })
  | (DoubtfulEntry & { readonly type: "doubtful" });

/** Adds up what the parts of a file are. */
export class Tally implements WalkSink {
  readonly #file: DiskFile;
  readonly #saltChecksum: number;
  readonly #survey: RecordSurvey;
  /** Where the parts of the index are that readers go by. */
  readonly #segments: ReadonlySet<number>;
  readonly #onBad: (part: BadPart) => void;
  /** Which entries of the survey's table are good, by their number. */
  readonly good: Uint8Array;
  readonly #live = { entries: 0, bytes: 0 };
  readonly #dead = { records: 0, bytes: 0, overwritten: 0, deleted: 0, deletions: 0, snapshots: 0 };
  readonly #index = { snapshots: 0, bytes: 0 };
  readonly #other = { records: 0, bytes: 0 };
  readonly #damaged = { count: 0, bytes: 0, lostEntries: 0, ranges: [] as DamagedRange[] };
  readonly #doubtful = { count: 0, bytes: 0, entries: [] as DoubtfulEntry[] };
  #unfinished = { offset: 0, bytes: 0 };
  #isFaultMet = false;

  /**
   * Makes a tally.
   *
   * @param file The file.
   * @param saltChecksum The CRC-32 of its salt.
   * @param survey What is known of the entries.
   * @param onBad Is given what is damaged or doubtful, in the order of the file.
   */
  constructor(
    file: DiskFile,
    saltChecksum: number,
    survey: RecordSurvey,
    onBad: (part: BadPart) => void,
  ) {
    this.#file = file;
    this.#saltChecksum = saltChecksum;
    this.#survey = survey;
    this.#onBad = onBad;
    this.good = new Uint8Array(survey.table.numbers);
    this.#segments = new Set(survey.snapshot?.segments.map((segment) => segment.offset));
  }

  /** Takes in the file header. */
  onFileHeader(isDamaged: boolean): void {
    const length = FILE_HEADER_LENGTH;
    if (isDamaged) this.#damage({ offset: 0, length, what: "file header", loses: "nothing" });
    else this.#other.bytes += length;
  }

  onRecord(record: WalkedRecord): void {
    const { kind } = record.fields;
    if (kind === KIND.put) this.#onPut(record);
    else if (kind === KIND.delete) this.#onDelete(record);
    else if (kind === KIND.snapshot) this.#onSnapshot(record);
    else if (kind === KIND.anchor && record.offset === FILE_HEADER_LENGTH) this.#onAnchor(record);
    else this.#onOther(record);
  }

  onUnreadable(offset: number, length: number): void {
    this.#damage({ offset, length, what: "unreadable", loses: "unknown" });
  }

  /** Takes in what is behind the last complete batch, and no damage. */
  onUnfinished(offset: number, length: number): void {
    this.#unfinished = { offset, bytes: length };
  }

  /**
   * What was found.
   *
   * @param path The path of the file.
   * @param size Its length.
   * @returns The report.
   */
  report(path: string, size: number): VerifyReport {
    return {
      path,
      size,
      formatVersion: FORMAT_VERSION,
      isSound: this.#damaged.count === 0 && this.#doubtful.count === 0,
      live: this.#live,
      dead: this.#dead,
      index: this.#index,
      other: this.#other,
      damaged: this.#damaged,
      doubtful: this.#doubtful,
      unfinished: this.#unfinished,
    };
  }

  #onPut(record: WalkedRecord): void {
    const { header, offset, length, fault } = record;
    const { table } = this.#survey;
    const entry = table.findBytes(header, DIGEST_AT);
    const isNewest = entry >= 0 && table.offset(entry) === offset;
    if (fault !== undefined) {
      const key = keyText(this.#file, record);
      this.#survey.findings?.unknown.delete(offset);
      return this.#damage({
        offset,
        length,
        what: fault,
        loses: isNewest ? "entry" : "nothing",
        digest: digestOf(header),
        ...key === undefined ? {} : { key },
      });
    }
    if (!isNewest) {
      if (entry >= 0) this.#dead.overwritten++;
      else this.#dead.deleted++;
      return this.#addDead(length);
    }
    if (this.#survey.isDoubtful(entry)) {
      const key = keyText(this.#file, record);
      const part = {
        offset,
        length,
        digest: digestOf(header),
        ...key === undefined ? {} : { key },
      };
      this.#doubtful.count++;
      this.#doubtful.bytes += length;
      if (this.#doubtful.count <= MOST_LISTED) this.#doubtful.entries.push(part);
      return this.#onBad({ type: "doubtful", ...part });
    }
    this.good[entry] = 1;
    this.#live.entries++;
    this.#live.bytes += length;
  }

  #onDelete({ header, offset, length, fault }: WalkedRecord): void {
    if (fault !== undefined) {
      const digest = digestOf(header);
      return this.#damage({ offset, length, what: fault, loses: "nothing", digest });
    }
    this.#dead.deletions++;
    this.#addDead(length);
  }

  #onSnapshot(record: WalkedRecord): void {
    const { fields, offset, length, fault } = record;
    const { snapshotOffset, findings } = this.#survey;
    const isFaulty = isWithin(record, findings?.faultAt);
    if (isFaulty) this.#isFaultMet = true;
    if (
      fault !== undefined || isFaulty || (offset === snapshotOffset && this.#isContradicted())
    ) return this.#damage({ offset, length, what: "index", loses: "nothing" });
    const segmentAt = offset + RECORD_HEADER_LENGTH + fields.metaLength;
    if (offset !== snapshotOffset && !this.#segments.has(segmentAt)) {
      this.#dead.snapshots++;
      return this.#addDead(length);
    }
    this.#index.snapshots++;
    this.#index.bytes += length;
  }

  /** Whether the index that readers go by is wrong, and no damage before it explains that. */
  #isContradicted(): boolean {
    const { findings } = this.#survey;
    if (findings === undefined) return false;
    const { faultAt, unknown, isCountRight } = findings;
    if (faultAt !== undefined) return !this.#isFaultMet;
    return unknown.size > 0 || (this.#damaged.count === 0 && !isCountRight);
  }

  #onAnchor({ offset, length, fault }: WalkedRecord): void {
    const slots = new Uint8Array(2 * SLOT_LENGTH);
    readAt(this.#file, FILE_HEADER_LENGTH + RECORD_HEADER_LENGTH, slots);
    const written = [slots.subarray(0, SLOT_LENGTH), slots.subarray(SLOT_LENGTH)]
      .filter((slot) => slot.some((byte) => byte !== 0)).length;
    const moorings = readAnchor(this.#file, this.#saltChecksum) ?? [];
    if (fault !== undefined || moorings.length < written) {
      return this.#damage({ offset, length, what: "index", loses: "nothing" });
    }
    this.#index.bytes += length;
  }

  #onOther({ fields, offset, length, fault }: WalkedRecord): void {
    if (fault === undefined) {
      this.#other.records++;
      this.#other.bytes += length;
    } else if (fields.kind === KIND.uses || fields.kind === KIND.tally) {
      const what = fields.kind === KIND.uses ? "uses" : "totals";
      this.#damage({ offset, length, what, loses: "nothing" });
    } else {
      this.#damage({ offset, length, what: fault, loses: "unknown" });
    }
  }

  #damage(range: DamagedRange): void {
    this.#damaged.count++;
    this.#damaged.bytes += range.length;
    if (range.loses === "entry") this.#damaged.lostEntries++;
    if (this.#damaged.count <= MOST_LISTED) this.#damaged.ranges.push(range);
    this.#onBad({ type: "damaged", ...range });
  }

  #addDead(length: number): void {
    this.#dead.records++;
    this.#dead.bytes += length;
  }
}

function isWithin({ offset, length }: WalkedRecord, place: number | undefined): boolean {
  return place !== undefined && place >= offset && place < offset + length;
}

function digestOf(header: Uint8Array): string {
  return header.subarray(DIGEST_AT, DIGEST_AT + DIGEST_LENGTH).toHex();
}
