// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "../../src/stores/_crc32.ts";
import {
  emptyRecordFields,
  HEADER_CHECKSUM_AT,
  KIND,
  NO_DIGEST,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeLength,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import {
  COUNT_AT,
  ENTRY_LENGTH,
  LENGTH_AT,
  OFFSET_AT,
  PAGE_HEADER_LENGTH,
  PAGE_LENGTH,
  placeSeed,
  SPILLS_AT,
  writeSixBytes,
} from "../../src/stores/_segment.ts";
import { digestOf } from "../stores/_changes.ts";
import type { RecordPlace, Sample } from "./_hostile_samples.ts";
import type { Pick } from "./_mutations.ts";

// The layouts of the anchor and of a snapshot's meta section, as `docs/format.md` has them.
const SLOT_LENGTH = 32;
const SLOT_CHECKSUM_AT = 28;
const MANIFEST_LENGTH = 24;
const SEGMENT_LENGTH = 32;
const PAGE_COUNT_AT = 8;
const FILTER_CHECKSUM_AT = 16;

/**
 * An index that somebody wrote who knows the format: it leads anywhere, and every checksum of it fits. The records that put and
 * delete entries are as they were.
 *
 * @param sample The file.
 * @param pick Chooses.
 * @returns The bytes of the forged file; as they were, if there is no index in it.
 */
export function forgeIndex(sample: Sample, pick: Pick): Uint8Array {
  const forgery = new Forgery(sample, pick);
  for (let count = pick(3); count >= 0; count--) forgery.forgeAnything();
  return forgery.bytes;
}

class Forgery {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #sample: Sample;
  readonly #pick: Pick;
  readonly #anchor: RecordPlace | undefined;
  readonly #snapshots: readonly RecordPlace[];

  constructor(sample: Sample, pick: Pick) {
    this.bytes = sample.bytes.slice();
    this.#view = new DataView(this.bytes.buffer);
    this.#sample = sample;
    this.#pick = pick;
    this.#anchor = sample.records.find(({ kind }) => kind === KIND.anchor);
    this.#snapshots = sample.records.filter(({ kind }) => kind === KIND.snapshot);
  }

  forgeAnything(): void {
    const pick = this.#pick;
    if (pick(5) === 0 || this.#snapshots.length === 0) return this.#forgeAnchor();
    // The newest is the one that is gone by.
    const index = pick(3) > 0 ? this.#snapshots.length - 1 : pick(this.#snapshots.length);
    const snapshot = this.#snapshots[index]!;
    const manifestAt = snapshot.offset + RECORD_HEADER_LENGTH;
    const pagesAt = manifestAt + snapshot.metaLength;
    const pageCount = pageCountIn(this.#sample, snapshot);
    const pageAt = pagesAt + PAGE_LENGTH * pick(pageCount);
    switch (pick(8)) {
      case 0:
        this.#writeNumber(manifestAt + 8 * pick(2), 8);
        break;
      case 1:
        this.#writeNumber(manifestAt + 16, 4);
        break;
      case 2:
      case 3: {
        const segments = Math.floor((snapshot.metaLength - MANIFEST_LENGTH) / SEGMENT_LENGTH);
        const field = pick(5);
        this.#writeNumber(
          manifestAt + MANIFEST_LENGTH + SEGMENT_LENGTH * pick(segments) +
            [0, 8, 12, 16, 20][field]!,
          field === 0 ? 8 : 4,
        );
        break;
      }
      case 4:
        if (pick(2) === 0) {
          this.#view.setUint16(pageAt + COUNT_AT, [0, 1, 42, 65535][pick(4)]!, true);
        }
        this.bytes[pageAt + SPILLS_AT] = 1;
        break;
      case 5:
        this.bytes.fill([0, 0xff][pick(2)]!, pagesAt + pageCount * PAGE_LENGTH, endOf(snapshot));
        break;
      default:
        this.#forgeEntries(pageAt);
    }
    this.#fixSnapshot(snapshot, pageCount);
  }

  #forgeEntries(pageAt: number): void {
    const pick = this.#pick;
    const count = this.#view.getUint16(pageAt + COUNT_AT, true);
    for (let index = 0; index < Math.min(count, 42); index++) {
      const at = pageAt + PAGE_HEADER_LENGTH + index * ENTRY_LENGTH;
      const target = this.#sample.records[pick(this.#sample.records.length)]!;
      const length = endOf(target) - target.offset;
      if (pick(3) === 0) {
        const digest = target.kind === KIND.put
          ? this.bytes.slice(target.offset + 20, target.offset + 32)
          : Uint8Array.fromHex(digestOf(pick(35)).slice(0, 24));
        this.bytes.set(digest, at);
      }
      if (pick(3) > 0) {
        writeSixBytes(this.#view, at + OFFSET_AT, pick(5) > 0 ? target.offset : this.#number());
      }
      if (pick(3) > 0) {
        writeSixBytes(this.#view, at + LENGTH_AT, pick(5) > 0 ? length : this.#number());
      }
    }
  }

  #forgeAnchor(): void {
    const pick = this.#pick;
    if (this.#anchor === undefined) return;
    const slotAt = this.#anchor.offset + RECORD_HEADER_LENGTH + SLOT_LENGTH * pick(2);
    const target = this.#sample.records[pick(this.#sample.records.length)]!;
    writeLength(this.#view, slotAt, pick(3) > 0 ? target.offset : this.#number());
    if (pick(5) > 0) {
      const checksum = this.#view.getUint32(target.offset + HEADER_CHECKSUM_AT, true);
      this.#view.setUint32(slotAt + 8, checksum, true);
    }
    this.#view.setUint32(slotAt + 12, [0, 1, 100, 2 ** 31, 2 ** 32 - 1][pick(5)]!, true);
    this.#fixSlot(slotAt);
  }

  /** Makes all checksums fit that have to do with a snapshot, and the anchor lead to it as before. */
  #fixSnapshot(snapshot: RecordPlace, pageCount: number): void {
    const { offset, metaLength, payloadLength } = snapshot;
    const { saltChecksum } = this.#sample;
    const view = this.#view;
    const fields = emptyRecordFields();
    if (!readRecordHeader(this.bytes, view, offset, saltChecksum, offset, fields)) return;
    const before = fields.checksum;
    const metaAt = offset + RECORD_HEADER_LENGTH;
    const pagesAt = metaAt + metaLength;
    const filterAt = pagesAt + pageCount * PAGE_LENGTH;
    for (let at = pagesAt; at < filterAt; at += PAGE_LENGTH) {
      const page = this.bytes.subarray(at + 4, at + PAGE_LENGTH);
      view.setUint32(at, crc32(page, placeSeed(saltChecksum, at)), true);
    }
    if (this.#pick(8) > 0) {
      const filter = this.bytes.subarray(filterAt, endOf(snapshot));
      const checksum = crc32(filter, placeSeed(saltChecksum, filterAt));
      view.setUint32(metaAt + MANIFEST_LENGTH + FILTER_CHECKSUM_AT, checksum, true);
    }
    fields.metaChecksum = crc32(this.bytes.subarray(metaAt, pagesAt));
    fields.payloadChecksum = crc32(this.bytes.subarray(pagesAt, pagesAt + payloadLength));
    if (this.#pick(9) === 0) fields.replaced = this.#number() >>> 0;
    writeRecordHeader(this.bytes, view, offset, NO_DIGEST, fields, saltChecksum, offset);
    for (let slot = 0; this.#anchor !== undefined && slot < 2; slot++) {
      const slotAt = this.#anchor.offset + RECORD_HEADER_LENGTH + SLOT_LENGTH * slot;
      if (view.getUint32(slotAt + 8, true) !== before) continue;
      view.setUint32(slotAt + 8, fields.checksum, true);
      this.#fixSlot(slotAt);
    }
  }

  #fixSlot(slotAt: number): void {
    const slot = this.bytes.subarray(slotAt, slotAt + SLOT_CHECKSUM_AT);
    this.#view.setUint32(slotAt + SLOT_CHECKSUM_AT, crc32(slot, this.#sample.saltChecksum), true);
  }

  #writeNumber(at: number, length: 4 | 8): void {
    if (length === 8) writeLength(this.#view, at, this.#number());
    else this.#view.setUint32(at, this.#number() >>> 0, true);
  }

  #number(): number {
    const { bytes, records } = this.#sample;
    const pick = this.#pick;
    const numbers = [0, 1, 2, 31, 32, 33, 65535, 2 ** 31, 2 ** 32 - 1, 2 ** 40, 2 ** 48 - 1];
    const places = [bytes.length, bytes.length - 1, bytes.length - PAGE_LENGTH, pick(bytes.length)];
    const all = [
      ...numbers,
      ...places,
      records[pick(records.length)]!.offset,
      2 ** 53 - 1,
      Infinity,
    ];
    return all[pick(all.length)]!;
  }
}

/** How many pages of its own a snapshot has. */
function pageCountIn({ bytes }: Sample, { offset }: RecordPlace): number {
  const manifestAt = offset + RECORD_HEADER_LENGTH;
  const view = new DataView(bytes.buffer);
  return view.getUint32(manifestAt + MANIFEST_LENGTH + PAGE_COUNT_AT, true);
}

function endOf({ offset, metaLength, payloadLength }: RecordPlace): number {
  return offset + RECORD_HEADER_LENGTH + metaLength + payloadLength;
}
