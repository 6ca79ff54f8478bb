// Copyright 2026 the pecapiku authors. MIT license.

import type { Command } from "./_command.ts";
import { compact } from "./compact.ts";
import { diff } from "./diff.ts";
import { exportEntries } from "./export.ts";
import { ls } from "./ls.ts";
import { prune } from "./prune.ts";
import { repair } from "./repair.ts";
import { rm } from "./rm.ts";
import { serve } from "./serve.ts";
import { show } from "./show.ts";
import { stats } from "./stats.ts";
import { verify } from "./verify.ts";
import { where } from "./where.ts";

/** All commands, in the order of the help: those that only read, then those that write. */
export const COMMANDS: readonly Command[] = [
  where,
  ls,
  show,
  stats,
  serve,
  diff,
  exportEntries,
  verify,
  repair,
  compact,
  prune,
  rm,
];
