// Copyright 2026 the pecapiku authors. MIT license.

import type { LogChange } from "./_append.ts";
import type { FollowerSink } from "./_log_follower.ts";
import type { Digest } from "./store.ts";

/** What an index is told to say on the console. */
export interface IndexNotes {
  /** Is told where there is damage: what was there is lost. */
  onDamage(offset: number): void;
  /** Is told where a snapshot is damaged: nothing is lost. */
  onSnapshotDamage(offset: number): void;
}

/** Who is told of all that happens to the entries of a file, from the first record on. */
export interface IndexObserver extends Pick<FollowerSink, "onRecord" | "onRestart"> {
  /** Is told of what this process has appended itself. */
  onAppended(change: LogChange, length: number): void;
  /** Is told of an entry that turned out to be damaged. */
  onDropped(digest: Digest): void;
}
