// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey } from "../access/entry_parts.ts";
import { CacheError } from "../errors/cache_error.ts";
import type { FoundFile } from "../inspect/cache_files.ts";
import { entryCount, entryInfos } from "../inspect/entry_rows.ts";
import { formatAge, formatBytes } from "../display/format.ts";
import { isoTime } from "../inspect/units.ts";
import { LogStore } from "../stores/log_store.ts";
import { number } from "./_numbers.ts";
import type { Session } from "./_session.ts";
import { type Column, writeTable } from "./_table.ts";

/** Of how many entries of a file the functions are told: to go through all may take long. */
const MOST_LOOKED_AT = 10_000;

/** A cache file that is listed. */
export interface NamedFile extends FoundFile {
  /** What it is called in the list: the path within a directory. */
  readonly name: string;
}

/** A cache file, and what is in it. */
interface FileRow extends NamedFile {
  /** How many entries it has, without those seen to belong to others; `undefined` if it can't be read. */
  readonly entries: number | undefined;
  /** The functions that its entries are of. */
  readonly functions: readonly string[];
  /** Whether there may be more functions. */
  readonly hasMore: boolean;
}

/**
 * Lists cache files.
 *
 * @returns How many.
 */
export function listFiles(
  session: Session,
  files: Iterable<NamedFile>,
  json: boolean | undefined,
): number {
  const rows = fileRows(session, files);
  if (!json) return writeTable(session.out, fileColumns(session.io.now()), rows);
  let shown = 0;
  for (const { path, bytes, entries, functions, hasMore, modifiedAt } of rows) {
    shown++;
    session.out.json({
      file: path,
      bytes,
      entries: entries ?? null,
      functions,
      ...(hasMore ? { moreFunctions: true } : {}),
      modifiedAt: isoTime(modifiedAt),
    });
  }
  return shown;
}

function fileColumns(now: number): Column<FileRow>[] {
  return [
    {
      title: "ENTRIES",
      rank: 4,
      align: "right",
      cell: ({ entries }) => entries === undefined ? "?" : number(entries),
    },
    { title: "SIZE", rank: 3, align: "right", cell: ({ bytes }) => formatBytes(bytes) },
    {
      title: "AGE",
      rank: 2,
      align: "right",
      cell: ({ modifiedAt }) => formatAge(now - modifiedAt),
    },
    { title: "FUNCTIONS", rank: 1, cell: functionsText },
    { title: "FILE", rank: 9, cell: ({ name }) => name },
  ];
}

function functionsText({ functions, hasMore }: FileRow): string {
  const [first = "-", second] = functions;
  if (second === undefined) return hasMore ? `${first}, …` : first;
  return functions.length === 2 && !hasMore ? `${first}, ${second}` : `${first}, ${second}, …`;
}

function* fileRows(
  session: Session,
  files: Iterable<NamedFile>,
): Generator<FileRow> {
  for (const file of files) yield { ...file, ...contentOf(session, file.path) };
}

function contentOf(
  session: Session,
  path: string,
): Pick<FileRow, "entries" | "functions" | "hasMore"> {
  const functions = new Set<string>();
  // Not one of the session, which would keep what it knows of each file to the end.
  const store = new LogStore(path, { warn: session.warn });
  try {
    let looked = 0;
    let parts = 0;
    for (const { key, functionName } of entryInfos(store, { parts: true })) {
      if (looked++ >= MOST_LOOKED_AT) break;
      if (functionName !== "") functions.add(functionName);
      if (isPartKey(key)) parts++;
    }
    const entries = entryCount(store) - parts;
    return { entries, functions: [...functions].sort(), hasMore: looked > MOST_LOOKED_AT };
  } catch (error) {
    if (!(error instanceof CacheError)) throw error;
    // The others are to be seen all the same.
    session.warn(error.message);
    return { entries: undefined, functions: [], hasMore: false };
  } finally {
    store.close();
  }
}
