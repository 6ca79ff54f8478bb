// Copyright 2026 the pecapiku authors. MIT license.

import { CHECKPOINTS } from "./_checkpoints.ts";
import { DICTIONARIES } from "./_dictionaries.ts";
import { FUNCTIONS } from "./_functions.ts";
import type { GoldenFile } from "./_golden_file.ts";

/** All golden files. */
export const GOLDEN_FILES: readonly GoldenFile[] = [...DICTIONARIES, ...FUNCTIONS, ...CHECKPOINTS];
