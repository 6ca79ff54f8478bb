// Copyright 2026 the pecapiku authors. MIT license.

import { type Mooring, writeMooring } from "./_anchor.ts";
import { writeOrCutOff } from "./_cut_off.ts";
import type { DiskFile } from "./disk.ts";
import type { LogIndex } from "./_log_index.ts";
import { HEADER_CHECKSUM_AT } from "./_record.ts";
import { DamagedSnapshotError } from "./_snapshot.ts";
import { appendSnapshot } from "./_snapshot_writer.ts";

/** How many intervals' worth of entries stay in memory when a new snapshot makes it possible to forget them. */
const MOST_REMEMBERED = 64;

/** Has a snapshot of the index in the file, once there are enough changes behind the last one. */
export class SnapshotKeeper {
  readonly #interval: number;
  /** A snapshot is not tried before so many changes, because the last one failed. */
  #notBefore = 0;

  /** Makes a keeper that wants a snapshot after so many changes. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /**
   * Takes a snapshot, if it is due.
   *
   * @param file The file, locked.
   * @param index What is known of it.
   * @returns What went wrong, if something did: it does not concern the entries.
   */
  takeIfDue(file: DiskFile, index: LogIndex): unknown {
    if (index.recent < this.#interval || index.recent < this.#notBefore) return undefined;
    try {
      const moorings = index.adoptNewest();
      if (moorings === undefined || index.recent < this.#interval) return undefined;
      takeSnapshot(file, index, moorings, this.#interval);
      this.#notBefore = 0;
    } catch (error) {
      // The changes are committed, whatever becomes of the snapshot, which only saves time.
      this.#notBefore = index.recent + this.#interval;
      if (!(error instanceof DamagedSnapshotError)) return error;
      try {
        index.distrust(error);
      } catch (failure) {
        return failure;
      }
    }
    return undefined;
  }
}

function takeSnapshot(
  file: DiskFile,
  index: LogIndex,
  moorings: readonly Mooring[],
  interval: number,
): void {
  const { follower, count, liveBytes } = index;
  const { saltChecksum, replaced, end } = follower;
  writeOrCutOff(file, follower, () => {
    const changed = index.changes();
    const before = index.snapshot;
    const plan = { end, saltChecksum, replaced, count, liveBytes, before, changed };
    const snapshot = appendSnapshot(file, plan);
    follower.appended(snapshot);
    index.adopt(snapshot);
    index.trim(MOST_REMEMBERED * interval);
    const offset = snapshot.checksumAt - HEADER_CHECKSUM_AT;
    const generation = (moorings[0]?.generation ?? 0) + 1 >>> 0;
    writeMooring(file, saltChecksum, { offset, checksum: snapshot.checksum, generation });
  });
}
