// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey, makeNotice, NOTICE } from "../access/entry_parts.ts";
import { brokenStreams } from "../inspect/broken_streams.ts";
import { entryInfos, type EntryRow, rowOf } from "../inspect/entry_rows.ts";
import { partsOfEntries } from "../inspect/parts_of_entries.ts";
import { formatBytes } from "../display/format.ts";
import type { LogStore } from "../stores/log_store.ts";
import { planLimits } from "../stores/plan_limits.ts";
import type { Digest, Limits, StoreChange } from "../stores/store.ts";
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
    "What belongs to an entry (errors, samples, chunks of a stream) goes with it, and counts by itself for the limits. A stream of which a chunk goes is of no use, " +
    "and goes as a whole.",
    "It is told what would be removed before anything is asked. All goes in one step, and the file is compacted if over half of it is dead then.",
    "1G is 1,000,000,000 bytes, 1GiB is 1,073,741,824. Times are in ms, s, m, h, d, w or y.",
    "--json gives file, entries, parts and bytes of what goes, first (the first ten, as ls has them), removed (whether it was), bytesBefore and bytesAfter. Needs " +
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
    const removal = plan(store, limits);
    const { digests, parts, bytes } = removal;
    const isDry = values["dry-run"] === true;
    const rows = firstRows(store, removal);
    const { size: bytesBefore } = statOf(path);
    if (!values.json) tell(session, store, removal, rows);
    const isRemoved = digests.length > 0 && !isDry &&
      remove(session, store, removal, limits, values);
    const { size: bytesAfter } = statOf(path);
    if (values.json) {
      session.out.json({
        file: path,
        entries: digests.length - parts,
        parts,
        bytes,
        first: rows.map(entryJson),
        removed: isRemoved,
        bytesBefore,
        bytesAfter,
      });
    } else if (isRemoved) {
      session.out.line(
        `Removed. ${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} after.`,
      );
    } else if (digests.length > 0) {
      session.out.line("Nothing was removed.");
    }
    // Who said no got something else than was asked for.
    return isRemoved || isDry || digests.length === 0 ? EXIT.done : EXIT.found;
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

/** What is to be removed. */
interface Removal {
  /** What goes: entries first, then what belongs to others. */
  readonly digests: readonly Digest[];
  /** How many of them belong to others. */
  readonly parts: number;
  /** How many bytes their records take. */
  readonly bytes: number;
  /** How many entries there are in all, without those that belong to others. */
  readonly entryCount: number;
  /** How many entries that belong to others stay. */
  readonly partsLeft: number;
}

function plan(store: LogStore, limits: Limits): Removal {
  const { digests, bytes } = planLimits(store.location, limits, () => {}, {
    // Without it, nobody would look for what is left of the parts.
    spared: [NOTICE],
    also: (limited) => {
      const broken = brokenStreams(store, limited);
      return broken.union(partsOfEntries(store, broken.union(new Set(limited))));
    },
  });
  const parts = new Set<Digest>();
  let entryCount = 0;
  for (const { digest, key } of entryInfos(store, { parts: true })) {
    if (isPartKey(key)) parts.add(digest);
    else entryCount++;
  }
  const [own, others] = [
    digests.filter((each) => !parts.has(each)),
    parts.intersection(new Set(digests)),
  ];
  return {
    digests: [...own, ...others],
    parts: others.size,
    bytes,
    entryCount,
    partsLeft: parts.size - others.size,
  };
}

// What belongs to entries is told by its number, unless it goes alone.
function listed({ digests, parts }: Removal): readonly Digest[] {
  return parts < digests.length ? digests.slice(0, digests.length - parts) : digests;
}

function firstRows(store: LogStore, removal: Removal): EntryRow[] {
  return listed(removal).slice(0, MOST_SHOWN)
    .flatMap((digest) => {
      const info = store.info(digest);
      return info === undefined ? [] : [rowOf(info)];
    });
}

function tell(
  { out, io }: Session,
  store: LogStore,
  removal: Removal,
  rows: readonly EntryRow[],
): void {
  const { digests, parts, bytes, entryCount } = removal;
  const all = many(entryCount, "entry", "entries");
  if (digests.length === 0) {
    out.line(`Nothing to remove: all of ${all} are within the limits: ${store.location}`);
    return;
  }
  const also = parts > 0 ? ` and ${many(parts, "part")} of entries` : "";
  out.line(
    `To be removed: ${number(digests.length - parts)} of ${all}${also}, ${formatBytes(bytes)}:`,
  );
  writeTable(out, entryColumns(io.now()), rows);
  const more = listed(removal).length - rows.length;
  if (more > 0) out.line(`and ${many(more, "other")}`);
}

function remove(
  session: Session,
  store: LogStore,
  removal: Removal,
  limits: Limits,
  { yes }: Values,
): boolean {
  const { digests, parts } = removal;
  const also = parts > 0 ? ` and ${many(parts, "part")}` : "";
  const entries = `${many(digests.length - parts, "entry", "entries")}${also}`;
  if (!session.confirm(`Remove ${entries} from ${store.location}?`, yes)) return false;
  // Others may have written and used entries while the question was asked.
  const last = yes === true ? removal : plan(store, limits);
  const changes: StoreChange[] = last.digests.map((digest) => ({ type: "delete", digest }));
  if (last.partsLeft > 0 && !store.has(NOTICE)) changes.push(makeNotice(session.io.now()));
  store.commit(changes);
  return true;
}
