// Copyright 2026 the pecapiku authors. MIT license.

import { keyLabel } from "../inspect/entry_key.ts";
import type { EntryRow } from "../inspect/entry_rows.ts";
import { formatAge, formatBytes, formatDuration } from "../display/format.ts";
import { isoTime } from "../inspect/units.ts";
import type { Column } from "./_table.ts";

/** The columns of a table of entries. */
export function entryColumns(now: number): Column<EntryRow>[] {
  return [
    { title: "DIGEST", rank: 2, cell: ({ digest }) => digest.slice(0, 8) },
    { title: "FUNCTION", rank: 4, cell: ({ functionName }) => functionName || "-" },
    { title: "SIZE", rank: 6, align: "right", cell: sizeText },
    { title: "AGE", rank: 5, align: "right", cell: ({ writtenAt }) => formatAge(now - writtenAt) },
    { title: "TOOK", rank: 3, align: "right", cell: ({ duration }) => formatDuration(duration) },
    { title: "CODEC", rank: 1, cell: ({ codec }) => codec },
    { title: "KEY", rank: 9, cell: keyLabel },
  ];
}

// To add up the chunks of every stream would take long: show does it for one.
function sizeText({ bytes, isStream }: EntryRow): string {
  return isStream ? "stream" : formatBytes(bytes);
}

/** An entry for programs. */
export function entryJson(row: EntryRow): Record<string, unknown> {
  return {
    digest: row.digest,
    key: row.key,
    kind: row.kind,
    function: row.functionName,
    bytes: row.bytes,
    ...(row.isStream ? { stream: true } : {}),
    writtenAt: isoTime(row.writtenAt),
    duration: row.duration,
    codec: row.codec,
    promised: row.promised,
    ...(row.isPart ? { part: row.part ?? "", partOf: row.partOf ?? null } : {}),
  };
}
