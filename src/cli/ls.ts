// Copyright 2026 the pecapiku authors. MIT license.

import { mayHaveParts } from "../access/entry_parts.ts";
import { toAbsolutePath } from "../_absolute_path.ts";
import { config } from "../config/config.ts";
import { type FoundFile, listCacheFiles } from "../inspect/cache_files.ts";
import { entryCount, type EntryRow } from "../inspect/entry_rows.ts";
import { type Sort, sortedRows, SORTS } from "../inspect/sorted_rows.ts";
import type { LogStore } from "../stores/log_store.ts";
import { command } from "./_command.ts";
import { entryColumns, entryJson } from "./_entry_columns.ts";
import { EXIT, UsageError } from "./_exit.ts";
import { listFiles, type NamedFile } from "./_file_table.ts";
import { count, many, number, oneOf } from "./_numbers.ts";
import { type Session, statOf } from "./_session.ts";
import { writeTable } from "./_table.ts";

/** How many entries a terminal is shown if nobody says how many. */
const SCREENFUL = 50;

/** Where checkpoints are, in the current directory, unless a program says otherwise. */
const CHECKPOINTS = ".checkpointing";

/** Lists entries, or files. */
export const ls = command({
  name: "ls",
  usage: "[FILE…]",
  args: [0, Infinity],
  summary: "list the entries of files, or the cache files of a directory",
  details: [
    "Without FILE, the cache files of the cache directory are listed, those in its folders as well, and those of checkpoints in the current directory; of a " +
    "directory, the cache files in it. " +
    "Files are known by what they begin with, whatever their names.",
    `A terminal is shown the first ${SCREENFUL} entries, anything else all. Without --sort they come in the order in which they were first stored, and ` +
    "take no memory. Entries that belong to others (errors, samples, chunks of streams) are shown with --all only.",
    "What a function gave chunk by chunk has no size here, but the word stream: show adds up its chunks.",
    "--json gives a line of JSON for each entry: file, digest, key, kind, function, bytes, writtenAt, duration (ms), codec, promised; stream, where it is one; or " +
    "for each file: file, bytes, entries, functions, modifiedAt.",
  ],
  options: {
    sort: {
      type: "string",
      value: "ORDER",
      about: `${SORTS.join(", ")}: largest, newest, longest first`,
    },
    reverse: { type: "boolean", short: "r", about: "the other way round" },
    limit: { type: "string", value: "N", about: "N entries of each file at the most; 0 for all" },
    offset: { type: "string", value: "N", about: "leave out the first N" },
    function: { type: "string", value: "NAME", about: "those of this function" },
    all: { type: "boolean", short: "a", about: "those that belong to others as well" },
  },
  examples: [
    ["ls", "the cache files of programs that are run from here"],
    [
      "ls .checkpointing/results.cache --sort size --limit 10",
      "the ten largest results of checkpoints",
    ],
  ],
  run({ args, values, session }) {
    const { json } = values;
    const order = oneOf("sort", SORTS, values.sort);
    if (values.reverse && order === undefined) {
      throw new UsageError("Cannot use --reverse without --sort");
    }
    const limit = count("limit", values.limit) ??
      (session.io.columns === undefined || json ? 0 : SCREENFUL);
    const page: Page = {
      sort: order,
      reverse: values.reverse,
      limit: limit === 0 ? Infinity : limit,
      offset: count("offset", values.offset) ?? 0,
      functionName: values.function,
      parts: values.all,
    };
    if (args.length === 0) listUsual(session, json);
    for (const [index, given] of args.entries()) {
      if (index > 0 && !json) session.out.line();
      const path = session.find(given);
      if (statOf(path).isDirectory) listDirectory(session, path, json);
      else listEntries(session, session.file(given), page, json, args.length > 1);
    }
    return session.hasWarned ? EXIT.found : EXIT.done;
  },
});

interface Page {
  readonly sort: Sort | undefined;
  readonly reverse: boolean | undefined;
  readonly limit: number;
  readonly offset: number;
  readonly functionName: string | undefined;
  readonly parts: boolean | undefined;
}

function listEntries(
  session: Session,
  path: string,
  page: Page,
  json: boolean | undefined,
  isOneOfSeveral: boolean,
): void {
  const { out, io } = session;
  const store = session.store(path);
  // One more than is shown tells whether there are more.
  const rows = sortedRows(store, { ...page, limit: page.limit + 1 });
  if (json) {
    for (const row of atMost(rows, page.limit)) out.json({ file: path, ...entryJson(row) });
    return;
  }
  if (isOneOfSeveral) out.heading(path);
  const shown = writeTable(out, entryColumns(io.now()), atMost(rows, page.limit));
  if (rows.next().done === false) {
    const from = page.offset + 1;
    out.line();
    out.line(
      `${number(from)} to ${number(page.offset + shown)} of ${
        countOf(store, page)
      }: go on with --offset ${page.offset + shown}, or see all with --limit 0`,
    );
  } else if (shown === 0) {
    out.line(page.offset > 0 ? "No more entries." : "No entries.");
  }
}

/** What is known of the number of all rows without going through them. */
function countOf(store: LogStore, { functionName, parts }: Page): string {
  const isKnown = functionName === undefined && (parts === true || !mayHaveParts(store));
  return isKnown ? many(entryCount(store), "entry", "entries") : "more";
}

function* atMost(rows: Generator<EntryRow>, limit: number): Generator<EntryRow> {
  for (let left = limit; left > 0; left--) {
    const next = rows.next();
    if (next.done) return;
    yield next.value;
  }
}

/** Lists what programs use that are run from here, by names that lead to it. */
function listUsual(session: Session, json: boolean | undefined): void {
  const directory = config.getCacheDir();
  const options = { recursive: true, warn: session.warn };
  const files: NamedFile[] = isMissing(directory)
    ? []
    : namedIn(directory, listCacheFiles(directory, options));
  for (const file of checkpointFiles(session)) {
    if (!files.some(({ path }) => path === file.path)) files.push(file);
  }
  if (listFiles(session, files, json) > 0 || json) return;
  session.out.line(`No cache files in ${directory}`, 2);
  session.out.line("where tells why it is this directory.");
}

/** Checkpoints have a directory of their own. */
function checkpointFiles({ warn }: Session): NamedFile[] {
  const directory = toAbsolutePath(CHECKPOINTS, "Cannot list cache files");
  if (!mayRead(directory) || isMissing(directory)) return [];
  return namedIn(directory, listCacheFiles(directory, { recursive: true, warn }))
    .map((file) => ({ ...file, name: `${CHECKPOINTS}/${file.name}` }));
}

function namedIn(directory: string, files: Iterable<FoundFile>): NamedFile[] {
  const inside = directory.endsWith("/") ? directory.length : directory.length + 1;
  return Array.from(files, (file) => ({ ...file, name: file.path.slice(inside) }));
}

function listDirectory(session: Session, directory: string, json: boolean | undefined): void {
  const files = namedIn(directory, listCacheFiles(directory, { warn: session.warn }));
  if (listFiles(session, files, json) > 0 || json) return;
  session.out.line(`No cache files in ${directory}`, 2);
}

/** The cache directory is created by the first one who writes. */
function isMissing(directory: string): boolean {
  if (!mayRead(directory)) return false;
  try {
    Deno.statSync(directory);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
