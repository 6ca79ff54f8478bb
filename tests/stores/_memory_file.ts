// Copyright 2026 the pecapiku authors. MIT license.

import { put } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import type { State } from "./_sample_file.ts";

/** Where the one file of a disk in memory is. */
export const PATH = "/a.cache";

/** An entry that no sample file has. */
export const NEW = put(7, "new");

/** A disk in memory with one file. */
export function diskWith(bytes: Uint8Array): MemoryDisk {
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  return disk;
}

/** What a store holds once {@linkcode NEW} is committed as well. */
export function withNew(state: State): State {
  return new Map([...state, [NEW.digest, NEW]]);
}
