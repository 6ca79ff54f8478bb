// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchProgress } from "./batch_progress.ts";

/** The options of a batch, checked and complete. */
export interface BatchSettings {
  readonly isAsync: boolean;
  readonly concurrency: number;
  readonly unordered: boolean;
  readonly lookahead: number;
  readonly signal: AbortSignal | undefined;
  readonly collects: boolean;
  readonly retries: number;
  readonly retryIf: (error: unknown) => boolean;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly progress: boolean | ((event: BatchProgress) => void);
}
