// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Every row is measured side by side in one run, and the ratio is to the first of the row.
 *
 * ```sh
 * deno task bench
 * ```
 *
 * @module
 */

import { benchCheckpoint } from "./checkpoint.ts";
import { benchColdStart } from "./cold_start.ts";
import { benchHitAndStore } from "./hit_and_store.ts";
import { benchLarge } from "./large.ts";

const directory = Deno.makeTempDirSync({ prefix: "pecapiku-bench-" });
try {
  benchHitAndStore(directory);
  benchLarge(directory);
  benchColdStart(directory);
  benchCheckpoint(directory);
} finally {
  Deno.removeSync(directory, { recursive: true });
}
