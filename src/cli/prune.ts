// Copyright 2026 the pecapiku authors. MIT license.

import { type EntryRow, rowOf } from "../inspect/entry_rows.ts";
import { formatBytes } from "../inspect/units.ts";
import type { LogStore } from "../stores/log_store.ts";
import { type LimitPlan, planLimits } from "../stores/plan_limits.ts";
import type { Limits } from "../stores/store.ts";
import { command, YES } from "./_command.ts";
import { entryColumns, entryJson } from "./_entry_columns.ts";
import { EXIT, UsageError } from "./_exit.ts";
import { count, many, number, size, span } from "./_numbers.ts";
import { type Session, statOf } from "./_session.ts";
import { writeTable } from "./_table.ts";

/** How many of the entries that would go are shown. */
const MOST_SHOWN = 10;

/** Removes what is old, or too much. */
export const prune = command({
  name: "prune",
  usage: "FILE",
  args: [1, 1],
  summary: "remove entries that are old, or more than there is room for",
  details: [
    "What is too old goes first, then what is too large by itself, then what was used least recently, until the rest is within the limits. Sizes count " +
    "keys and values. With --function, the limits are for the entries of that function, and without any limit all of them go.",
    "It is told what would be removed before anything is asked. All goes in one step, and the file is compacted if over half of it is dead then.",
    "1G is 1,000,000,000 bytes, 1GiB is 1,073,741,824. Times are in ms, s, m, h, d, w or y.",
    "--json gives file, entries and bytes of what goes, first (the first ten, as ls has them), removed (whether it was), bytesBefore and bytesAfter. Needs " +
    "--allow-write, but for --dry-run.",
  ],
  options: {
    "older-than": { type: "string", value: "TIME", about: "what was written longer ago" },
    "max-bytes": { type: "string", value: "SIZE", about: "what is too much for this size" },
    "max-entries": { type: "string", value: "N", about: "what is more than N entries" },
    function: { type: "string", value: "NAME", about: "of the entries of this function only" },
    "dry-run": { type: "boolean", short: "n", about: "tell what would go, and remove nothing" },
    ...YES,
  },
  examples: [
    ["prune primes.cache --older-than 30d --dry-run", "what is older than a month"],
    ["prune primes.cache --max-bytes 1G --yes", "keep what was used last, up to a gigabyte"],
    ["prune primes.cache --function countPrimes", "all results of a function"],
  ],
  run({ args: [file], values, session }) {
    const limits = limitsOf(values, session.io.now());
    const path = session.file(file!);
    // Small files, too: nobody waits for this commit.
    const store = session.store(path, 0);
    const plan = planLimits(path, limits, () => {});
    const isDry = values["dry-run"] === true;
    const rows = firstRows(store, plan);
    const { size: bytesBefore } = statOf(path);
    if (!values.json) tell(session, store, plan, rows);
    const isRemoved = plan.digests.length > 0 && !isDry &&
      remove(session, store, plan, limits, values);
    const { size: bytesAfter } = statOf(path);
    if (values.json) {
      const { digests, bytes } = plan;
      const first = rows.map(entryJson);
      const sizes = { bytesBefore, bytesAfter };
      session.out.json({
        file: path,
        entries: digests.length,
        bytes,
        first,
        removed: isRemoved,
        ...sizes,
      });
    } else if (isRemoved) {
      session.out.line(
        `Removed. ${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} after.`,
      );
    } else if (plan.digests.length > 0) {
      session.out.line("Nothing was removed.");
    }
    // Who said no got something else than was asked for.
    return isRemoved || isDry || plan.digests.length === 0 ? EXIT.done : EXIT.found;
  },
});

interface Values {
  readonly "older-than"?: string | undefined;
  readonly "max-bytes"?: string | undefined;
  readonly "max-entries"?: string | undefined;
  readonly function?: string | undefined;
  readonly yes?: boolean | undefined;
}

function limitsOf(values: Values, now: number): Limits {
  const olderThan = span("older-than", values["older-than"]);
  const maxBytes = size("max-bytes", values["max-bytes"]);
  const maxEntries = count("max-entries", values["max-entries"]);
  const functionName = values.function;
  const isBounded = olderThan !== undefined || maxBytes !== undefined || maxEntries !== undefined;
  if (!isBounded && functionName === undefined) {
    throw new UsageError(
      "Cannot prune without a limit: --older-than, --max-bytes, --max-entries or --function",
    );
  }
  return {
    functionName,
    maxBytes,
    maxEntries: isBounded ? maxEntries : 0,
    writtenSince: olderThan === undefined ? undefined : now - olderThan,
  };
}

function firstRows(store: LogStore, { digests }: LimitPlan): EntryRow[] {
  return digests.slice(0, MOST_SHOWN)
    .flatMap((digest) => {
      const info = store.info(digest);
      return info === undefined ? [] : [rowOf(info)];
    });
}

function tell(
  { out, io }: Session,
  store: LogStore,
  { digests, bytes }: LimitPlan,
  rows: readonly EntryRow[],
): void {
  const all = many(store.size, "entry", "entries");
  if (digests.length === 0) {
    out.line(`Nothing to remove: all of ${all} are within the limits: ${store.location}`);
    return;
  }
  out.line(`To be removed: ${number(digests.length)} of ${all}, ${formatBytes(bytes)}:`);
  writeTable(out, entryColumns(io.now()), rows);
  const more = digests.length - rows.length;
  if (more > 0) out.line(`and ${many(more, "other")}`);
}

function remove(
  session: Session,
  store: LogStore,
  { digests }: LimitPlan,
  limits: Limits,
  { yes }: Values,
): boolean {
  const entries = many(digests.length, "entry", "entries");
  if (!session.confirm(`Remove ${entries} from ${store.location}?`, yes)) return false;
  store.commit([], { limits });
  return true;
}
