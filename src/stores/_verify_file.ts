// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import type { VerifyReport } from "../errors/verify_report.ts";
import type { DigestTable } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FORMAT_VERSION } from "./_file_header.ts";
import { readChecksum } from "./_file_io.ts";
import type { RecordLocation } from "./_record_reader.ts";
import type { Digest } from "./store.ts";
import { findFileHeader, type FoundHeader } from "./_verify_header.ts";
import { FileChangedError, RecordSurvey } from "./_verify_records.ts";
import { type BadPart, Tally } from "./_verify_tally.ts";
import { walkRecords } from "./_verify_walk.ts";

/** What is known of a file once every byte of it was looked at. */
export interface Examination {
  /** What was found. */
  readonly report: VerifyReport;
  /** The file header; `undefined` if the file's first write was cut off. */
  readonly header: FoundHeader | undefined;
  /** Where the last complete batch ends, and the last damaged range that records follow. */
  readonly end: number;
  /** Whether the file tells who was used when. */
  readonly hasUses: boolean;
  /** Tells whether there is a good entry of a digest. */
  isGood(digest: Digest): boolean;
  /** The good entries, in the order in which their digests were first put. */
  goodEntries(): IterableIterator<RecordLocation & { readonly digest: Digest }>;
}

/**
 * Looks at every byte of a file.
 *
 * @param file The file.
 * @param path Its path, for messages.
 * @param onBad Is given what is damaged or doubtful, in the order of the file.
 * @returns What was found; `undefined` if the file was changed meanwhile, but for what was appended.
 * @throws {CacheFormatError} If the file is no cache file, or a newer version wrote it.
 */
export function examineFile(
  file: DiskFile,
  path: string,
  onBad: (part: BadPart) => void = () => {},
): Examination | undefined {
  const size = file.seekSync(0, Deno.SeekMode.End);
  const header = findFileHeader(file, path);
  if (header === undefined) return begunFile(path, size);
  const { saltChecksum } = header;
  try {
    const survey = new RecordSurvey(file, size, saltChecksum);
    const { end, tail, checksumAt, checksum } = survey.run(path);
    const tally = new Tally(file, saltChecksum, survey, onBad);
    tally.onFileHeader(header.isDamaged);
    walkRecords(file, end, saltChecksum, tally);
    // An index that is in what seems to be an unfinished write was not written by who was cut off there.
    if (tail === "damaged" || survey.snapshotOffset >= end) {
      tally.onUnreadable(end, size - end);
      tally.onUnfinished(size, 0);
    } else {
      tally.onUnfinished(end, size - end);
    }
    // What is before the end of a complete batch never changes in a file, unless somebody puts something else there.
    if (checksumAt >= 0 && readChecksum(file, checksumAt) !== checksum) return undefined;
    if (file.seekSync(0, Deno.SeekMode.End) < end) return undefined;
    const { table, hasUses } = survey;
    return {
      report: tally.report(path, size),
      header,
      end,
      hasUses,
      isGood: (digest) => tally.good[table.find(digest)] === 1,
      goodEntries: () => goodEntries(table, tally.good),
    };
  } catch (error) {
    if (error instanceof FileChangedError) return undefined;
    throw error;
  }
}

function* goodEntries(
  table: DigestTable,
  good: Uint8Array,
): IterableIterator<RecordLocation & { readonly digest: Digest }> {
  for (const digest of table.digests()) {
    const entry = table.find(digest);
    if (good[entry] !== 1) continue;
    yield { digest, offset: table.offset(entry), length: table.length(entry) };
  }
}

/** A file whose header was not written to its end. */
function begunFile(path: string, size: number): Examination {
  return {
    header: undefined,
    end: 0,
    hasUses: false,
    isGood: () => false,
    *goodEntries() {},
    report: {
      path,
      size,
      formatVersion: FORMAT_VERSION,
      isSound: true,
      live: { entries: 0, bytes: 0 },
      dead: { records: 0, bytes: 0, overwritten: 0, deleted: 0, deletions: 0, snapshots: 0 },
      index: { snapshots: 0, bytes: 0 },
      other: { records: 0, bytes: 0 },
      damaged: { count: 0, bytes: 0, lostEntries: 0, ranges: [] },
      doubtful: { count: 0, bytes: 0, entries: [] },
      unfinished: { offset: 0, bytes: size },
    },
  };
}

/** What to say where there is no file. A path that was mistyped must not look like a sound cache. */
export function missingFile(path: string, action: "verify" | "repair" | "read"): CacheError {
  return new CacheError(`Cannot ${action} cache: no such file: ${path}`, {
    filePath: path,
    cause: new Deno.errors.NotFound(`No such file: ${path}`),
  });
}
