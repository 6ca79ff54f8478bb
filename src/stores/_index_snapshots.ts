// Copyright 2026 the pecapiku authors. MIT license.

import { type Mooring, readAnchor } from "./_anchor.ts";
import type { DigestTable } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { DamagedSnapshotError, readSnapshot, type Snapshot } from "./_snapshot.ts";
import type { Digest } from "./store.ts";

/** Which snapshot of a file an index goes by. */
export class IndexSnapshots {
  /** The one that it goes by. */
  current: Snapshot | undefined;
  /** Snapshots that end before this place are not to be relied on. */
  #trustsAfter = 0;

  /** Where the records begin that it does not know of. */
  get end(): number {
    return this.current?.end ?? 0;
  }

  /** Relies neither on the one that it went by nor on an older one from now on. */
  distrust(): void {
    if (this.current !== undefined) this.#trustsAfter = this.current.end;
    this.current = undefined;
  }

  /**
   * Looks for the newest snapshot in a file that can be relied on, as far as its front tells.
   *
   * @param file The file.
   * @param saltChecksum The CRC-32 of its salt.
   * @param moorings What its anchor says, if that is read already.
   * @returns The snapshot.
   */
  findNewest(
    file: DiskFile,
    saltChecksum: number,
    moorings: readonly Mooring[] | undefined = readAnchor(file, saltChecksum),
  ): Snapshot | undefined {
    const size = file.seekSync(0, Deno.SeekMode.End);
    for (const { offset, checksum } of moorings ?? []) {
      const snapshot = readSnapshot(file, size, saltChecksum, offset, checksum);
      if (snapshot !== undefined && snapshot.end > this.#trustsAfter) return snapshot;
    }
    return undefined;
  }
}

/**
 * Tells which entries before a place in a file do not count, because a record before that place is lost: those that are not what a
 * snapshot says, which was made without the loss; all of them if the snapshot is damaged.
 *
 * @param table The entries.
 * @param snapshot The snapshot.
 * @param file The file.
 * @param before The place.
 * @returns Their digests.
 */
export function outOfDate(
  table: DigestTable,
  snapshot: Snapshot,
  file: DiskFile,
  before: number,
): Digest[] {
  const digests = [...table.digests()].filter((digest) =>
    table.offset(table.find(digest)) < before
  );
  try {
    return digests.filter((digest) =>
      !snapshot.find(file, digest) || snapshot.foundOffset !== table.offset(table.find(digest))
    );
  } catch (error) {
    if (!(error instanceof DamagedSnapshotError)) throw error;
    return digests;
  }
}
