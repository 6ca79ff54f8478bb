// Copyright 2026 the pecapiku authors. MIT license.

import { rowOf } from "../inspect/entry_rows.ts";
import { decodeStoredContent, inspectValue } from "../inspect/stored_content.ts";
import {
  chunkTexts,
  extentText,
  missingText,
  StoredStream,
  streamText,
  valueForm,
} from "../inspect/stored_stream.ts";
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

/** How many chunks of a stream are shown if not all are. */
const FIRST_CHUNKS = 10;

/** Shows a file, or an entry of it. */
export const show = command({
  name: "show",
  usage: "FILE [KEY]",
  args: [1, 2],
  summary: "show what a file is, or an entry and its value",
  details: [
    "KEY is, in this order: a digest; a key of a dictionary as JSON; a key that is this text; the first 4 digits of a digest or more; or the beginning of " +
    "a call as ls shows it, such as 'load(\"a'. A KEY that begins with a hyphen comes behind --.",
    "--raw gives the bytes of the value as its codec made them, decompressed not even where they are compressed: of a stream, those of its chunks, one after another.",
    "--json gives an object; of an entry the fields that ls has, and value as export has it.",
  ],
  options: {
    full: { type: "boolean", about: "all of the value, however long or deep, and all chunks" },
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
      const shown: ShownEntry = { store, info, stored };
      const isWhole = values.raw
        ? showRaw(session, shown)
        : values.json
        ? showJson(session, shown)
        : showEntry(session, shown, values.full);
      if (!isWhole) return EXIT.found;
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

/** What is shown. */
interface ShownEntry {
  readonly store: LogStore;
  readonly info: EntryInfo;
  readonly stored: StoredValue;
}

// Each of these tells whether all of it is there.

function showRaw({ io, out, warn }: Session, { store, info, stored }: ShownEntry): boolean {
  if (io.columns !== undefined) {
    throw new UsageError("Cannot write raw bytes to a terminal: direct them to a file");
  }
  const stream = StoredStream.from(store, info.digest, stored);
  if (stream === undefined) {
    for (const part of stored.parts) out.bytes(part);
    return true;
  }
  for (let index = 0; index < stream.count; index++) {
    const chunk = stream.read(index);
    if (chunk === undefined) {
      warn(`Cannot write all chunks: ${missingText(index)}`);
      return false;
    }
    for (const part of chunk.parts) out.bytes(part);
  }
  return true;
}

function showJson({ out }: Session, { store, info, stored }: ShownEntry): boolean {
  const { form, missing } = valueForm(store, info.digest, stored);
  out.json({ ...entryJson(rowOf(info)), value: form });
  return missing === undefined;
}

function showEntry(
  session: Session,
  { store, info, stored }: ShownEntry,
  full: boolean | undefined,
): boolean {
  const { out } = session;
  const stream = StoredStream.from(store, info.digest, stored);
  if (stream !== undefined) return showStream(session, info, stream, full);
  out.facts(entryFacts(session, info, formatBytes(info.byteLength)));
  out.line();
  const decoded = decodeStoredContent(stored.codec, stored.parts);
  if (decoded.reason === undefined) {
    out.lines(inspectValue(decoded.value, { full, columns: out.columns ?? USUAL_WIDTH }));
  } else {
    out.line(`The value can't be decoded: ${decoded.reason}`);
    out.line("--raw gives its bytes.");
  }
  return true;
}

function showStream(
  session: Session,
  info: EntryInfo,
  stream: StoredStream,
  full: boolean | undefined,
): boolean {
  const { out } = session;
  const extent = stream.measure(full ? Infinity : undefined);
  const { missing } = extent;
  out.facts([
    ...entryFacts(session, info, extentText(extent)),
    ["Stream", streamText(stream)],
    ["Problem", missing === undefined ? undefined : missingText(missing)],
  ]);
  out.line();
  const columns = out.columns ?? USUAL_WIDTH;
  for (const text of chunkTexts(stream, full ? Infinity : FIRST_CHUNKS, { full, columns })) {
    out.lines(text);
  }
  if (!full && stream.count > FIRST_CHUNKS) out.line("--full shows all.");
  return missing === undefined;
}

function entryFacts({ io }: Session, info: EntryInfo, size: string): Fact[] {
  const row = rowOf(info);
  const written = isoTime(row.writtenAt);
  return [
    ["Key", row.key],
    ["Digest", row.digest],
    ["Function", row.functionName || undefined],
    ["Written", `${written ?? "unknown"} (${formatAge(io.now() - row.writtenAt)})`],
    ["Took", row.duration > 0 ? formatDuration(row.duration) : undefined],
    ["Size", `${size}, and ${formatBytes(row.keyBytes)} of key`],
    ["Codec", row.codec],
    ["Async", row.promised ? "yes: it came in a promise" : undefined],
    ["Part", row.isPart ? `${row.part} of ${row.partOf ?? "another entry"}` : undefined],
  ];
}

/** A name, and what it is; `undefined` for what is not to be said. */
type Fact = readonly [name: string, what: string | undefined];
