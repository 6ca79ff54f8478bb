// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "../src/stores/log_store.ts";
import type { Store } from "../src/stores/store.ts";
import { measure } from "./_measure.ts";
import { entriesFrom, makeCacheFile } from "./_store_files.ts";
import { inEntries, printTargetRow } from "./_target_table.ts";

const ENTRIES = 200_000;

/**
 * Prints the row of a compaction of a file of which nearly half is dead.
 *
 * @param directory An empty directory to work in.
 */
export function benchCompaction(directory: string): void {
  const source = `${directory}/dead.cache`;
  const target = `${directory}/compacted.cache`;
  makeCacheFile(source, ENTRIES);
  const store = new LogStore(source);
  store.commit(entriesFrom(0, Math.floor(0.9 * ENTRIES)));
  store.close();
  let compacted: Store = store;
  const megabytes = Deno.statSync(source).size / 1e6;
  const [ours, copy] = measure([
    {
      name: "compact",
      prepare: () => {
        compacted.close();
        Deno.copyFileSync(source, target);
        compacted = new LogStore(target);
        void compacted.size;
      },
      run: () => void compacted.compact?.(),
    },
    {
      name: "copy",
      prepare: () => Deno.removeSync(target),
      run: () => {
        Deno.copyFileSync(source, target);
        using file = Deno.openSync(target, { write: true });
        file.syncSync();
      },
    },
  ], { times: 1, rounds: 5 });
  compacted.close();
  const speed = (milliseconds: number) => `${(megabytes / milliseconds * 1000).toFixed(0)} MB/s`;
  printTargetRow(
    `compaction of ${megabytes.toFixed(0)} MB, ${inEntries(ENTRIES)}`,
    speed(ours!.milliseconds),
    `copied and synced ${speed(copy!.milliseconds)}`,
    1 / copy!.ratio,
  );
}
