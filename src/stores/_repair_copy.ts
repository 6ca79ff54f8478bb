// Copyright 2026 the pecapiku authors. MIT license.

import { ANCHOR_LENGTH } from "./_anchor.ts";
import type { DiskFile } from "./disk.ts";
import { appendBatch } from "./_append.ts";
import { FILE_HEADER_LENGTH, parseFileHeader } from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import { createFileStart, readSalt } from "./_file_start.ts";
import type { IndexNotes } from "./_index_observer.ts";
import { LogIndex } from "./_log_index.ts";
import { LogUses, orderOfWriting } from "./_log_uses.ts";
import { HEADER_CHECKSUM_AT } from "./_record.ts";
import { RecordCopier } from "./_record_copier.ts";
import { SnapshotKeeper } from "./_snapshot_writer.ts";
import type { Digest } from "./store.ts";
import { type Examination, examineFile } from "./_verify_file.ts";

/** From how many entries on the new file has a snapshot of the index. */
const SNAPSHOT_INTERVAL = 2048;

/** What is damaged is known by now. */
const SILENT: IndexNotes = { onDamage: () => {}, onSnapshotDamage: () => {} };

/**
 * Copies the good entries of a file to a new one, in the order in which their digests were first put, with the order of their
 * use, an index and the totals; reads it all back, and has it on the medium.
 *
 * @param source The file, locked.
 * @param path Its path, for messages.
 * @param examination What is known of it.
 * @param target The new file, empty.
 * @returns What is known of the new file.
 * @throws {Error} If the new file is not as it should be.
 */
export function copyGoodEntries(
  source: DiskFile,
  path: string,
  examination: Examination,
  target: DiskFile,
): Examination {
  const { bytes, saltChecksum } = createFileStart(readSalt(source));
  writeFully(target, bytes);
  const header = examination.header!;
  const copier = new RecordCopier(source, header.saltChecksum, target, saltChecksum, {
    end: FILE_HEADER_LENGTH + ANCHOR_LENGTH,
    replaced: 0,
    checksumAt: FILE_HEADER_LENGTH + HEADER_CHECKSUM_AT,
    checksum: 0,
  });
  const offsets: number[] = [];
  const digests: Digest[] = [];
  for (const { digest, offset, length } of examination.goodEntries()) {
    offsets.push(offset);
    digests.push(digest);
    if (copier.copy(digest, { offset, length }, false) < 0) throw unreliable();
  }
  const index = new LogIndex(source, header, path, SILENT);
  index.catchUp(source.seekSync(0, Deno.SeekMode.End), true);
  const { totals } = index;
  if (examination.hasUses) {
    const uses = new LogUses(index);
    copier.writeUses([...uses.order()].filter((digest) => examination.isGood(digest)));
  } else {
    const order = orderOfWriting(offsets, () => digests);
    if (order.length > 0) copier.writeUses(order);
  }
  copier.flush();
  const copied = takeSnapshot(target, path);
  if (totals !== undefined) appendBatch(target, copied, [{ type: "tally", totals }]);
  target.syncSync();
  const copy = examineFile(target, path);
  const { entries, bytes: liveBytes } = examination.report.live;
  if (
    copy === undefined || !copy.report.isSound || copy.report.live.entries !== entries ||
    copy.report.live.bytes !== liveBytes
  ) throw unreliable();
  return copy;
}

function takeSnapshot(target: DiskFile, path: string): LogIndex {
  const bytes = new Uint8Array(FILE_HEADER_LENGTH);
  readAt(target, 0, bytes);
  const index = new LogIndex(target, parseFileHeader(bytes, path)!, path, SILENT);
  index.catchUp(target.seekSync(0, Deno.SeekMode.End), true);
  const failure = new SnapshotKeeper(SNAPSHOT_INTERVAL).takeIfDue(target, index);
  if (failure !== undefined) throw failure;
  return index;
}

function unreliable(): Error {
  return new Error("The disk does not give back what was written to it");
}
