// Copyright 2026 the pecapiku authors. MIT license.

import { rowOf } from "../inspect/entry_rows.ts";
import {
  decodeStoredContent,
  inspectValue,
  jsonForm,
  undecodedForm,
} from "../inspect/stored_content.ts";
import { formatAge, formatBytes, formatDuration } from "../display/format.ts";
import { isoTime } from "../inspect/units.ts";
import type { LogStore } from "../stores/log_store.ts";
import type { EntryInfo, StoredValue } from "../stores/store.ts";
import { command } from "./_command.ts";
import { entryJson } from "./_entry_columns.ts";
import { EXIT, UsageError } from "./_exit.ts";
import { summarize, summaryFacts, summaryJson } from "./_file_summary.ts";
import type { Session } from "./_session.ts";

/** How wide values are written where there is no terminal. */
const USUAL_WIDTH = 100;

/** Shows a file, or an entry of it. */
export const show = command({
  name: "show",
  usage: "FILE [KEY]",
  args: [1, 2],
  summary: "show what a file is, or an entry and its value",
  details: [
    "KEY is, in this order: a digest; a key of a dictionary as JSON; a key that is this text; the first 4 digits of a digest or more; or the beginning of " +
    "a call as ls shows it, such as 'load(\"a'. A KEY that begins with a hyphen comes behind --.",
    "--raw gives the bytes of the value as its codec made them, decompressed not even where they are compressed.",
    "--json gives an object; of an entry the fields that ls has, and value as export has it.",
  ],
  options: {
    full: { type: "boolean", about: "all of the value, however long or deep" },
    raw: { type: "boolean", about: "the bytes of the value as they are stored, and nothing else" },
  },
  examples: [
    ["show primes.cache", "what is in the file, in short"],
    ["show primes.cache 'countPrimes(100)'", "the result of a call"],
    [`show example.cache '["matrix",{"size":2}]'`, "the value of a dictionary's key"],
  ],
  run({ args: [file, key], values, session }) {
    const path = session.file(file!);
    const store = session.store(path);
    if (key === undefined) {
      if (values.full || values.raw) throw new UsageError("Cannot show a value without KEY");
      showFile(session, store, values.json);
    } else {
      const info = session.entry(store, key);
      const stored = store.get(info.digest);
      // Its bytes turned out to be damaged: there was a warning, and nothing to show.
      if (stored === undefined) return EXIT.found;
      if (values.raw) showRaw(session, stored);
      else if (values.json) session.out.json(entryDocument(info, stored));
      else showEntry(session, info, stored, values.full);
    }
    return session.hasWarned ? EXIT.found : EXIT.done;
  },
});

function showFile(session: Session, store: LogStore, json: boolean | undefined): void {
  const summary = summarize(store);
  const isDamaged = session.hasWarned;
  if (json) {
    session.out.json({ ...summaryJson(summary), damageSeen: isDamaged });
    return;
  }
  session.out.facts([
    ...summaryFacts(summary, session.io.now()),
    ["Damage", isDamaged ? "seen: verify tells what" : "none seen; verify looks at every byte"],
  ]);
}

function showRaw({ io, out }: Session, { parts }: StoredValue): void {
  if (io.columns !== undefined) {
    throw new UsageError("Cannot write raw bytes to a terminal: direct them to a file");
  }
  for (const part of parts) out.bytes(part);
}

/** An entry and its value for programs. */
export function entryDocument(info: EntryInfo, stored: StoredValue): Record<string, unknown> {
  const { codec, parts } = stored;
  const decoded = decodeStoredContent(codec, parts);
  return {
    ...entryJson(rowOf(info)),
    value: decoded.reason === undefined
      ? jsonForm(decoded.value)
      : undecodedForm(codec, parts, decoded.reason),
  };
}

function showEntry(
  { io, out }: Session,
  info: EntryInfo,
  { codec, parts }: StoredValue,
  full: boolean | undefined,
): void {
  const row = rowOf(info);
  const now = io.now();
  const written = isoTime(row.writtenAt);
  out.facts([
    ["Key", row.key],
    ["Digest", row.digest],
    ["Function", row.functionName || undefined],
    ["Written", `${written ?? "unknown"} (${formatAge(now - row.writtenAt)})`],
    ["Took", row.duration > 0 ? formatDuration(row.duration) : undefined],
    ["Size", `${formatBytes(row.bytes)}, and ${formatBytes(row.keyBytes)} of key`],
    ["Codec", row.codec],
    ["Async", row.promised ? "yes: it came in a promise" : undefined],
    ["Part", row.isPart ? `${row.part} of ${row.partOf ?? "another entry"}` : undefined],
  ]);
  out.line();
  const decoded = decodeStoredContent(codec, parts);
  if (decoded.reason === undefined) {
    out.lines(inspectValue(decoded.value, { full, columns: out.columns ?? USUAL_WIDTH }));
  } else {
    out.line(`The value can't be decoded: ${decoded.reason}`);
    out.line("--raw gives its bytes.");
  }
}
