// Copyright 2026 the pecapiku authors. MIT license.

import { isResultKey } from "../access/entry_parts.ts";
import { entryInfos, type EntryRow, rowOf } from "../inspect/entry_rows.ts";
import { decodeStoredContent } from "../inspect/stored_content.ts";
import { StoredStream } from "../inspect/stored_stream.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { LogStore } from "../stores/log_store.ts";
import type { Digest, Parts, StoredValue } from "../stores/store.ts";
import { command } from "./_command.ts";
import { entryColumns, entryJson } from "./_entry_columns.ts";
import { EXIT } from "./_exit.ts";
import { count, many, number } from "./_numbers.ts";
import type { Session } from "./_session.ts";
import { writeTable } from "./_table.ts";

/** How many entries of each kind a person is shown if nobody says how many. */
const SCREENFUL = 20;

/** Compares two files. */
export const diff = command({
  name: "diff",
  usage: "A B",
  args: [2, 2],
  summary: "tell which entries two files don't have in common",
  details: [
    "Entries are found by their keys. Two values are the same if their bytes are, or if what they decode to is; what can't be decoded is compared by its bytes. When " +
    "they were written, and how long they took, does not count. What functions gave chunk by chunk is compared chunk by chunk, and is not there if a chunk is missing. The exit code is 1 if there is a difference.",
    "--json gives an object: a, b, same (a number), onlyInA, onlyInB and different, each a list of entries as ls has them, as many as --limit says, and counts, " +
    "how many there are.",
  ],
  options: {
    limit: {
      type: "string",
      value: "N",
      about: `N entries of each kind at the most; 0 for all (${SCREENFUL} unless --json)`,
    },
  },
  examples: [["diff old.cache new.cache", "what is new, gone, and different"]],
  run({ args: [a, b], values, session }) {
    const [one, other] = [a!, b!].map((file) => session.store(session.file(file)));
    const limit = count("limit", values.limit) ?? (values.json ? 0 : SCREENFUL);
    const found = compare(one!, other!, limit === 0 ? Infinity : limit);
    if (values.json) writeJson(session, one!, other!, found);
    else writeText(session, one!, other!, found);
    const { onlyInA, onlyInB, different } = found;
    const isSame = onlyInA.count + onlyInB.count + different.count === 0;
    return isSame && !session.hasWarned ? EXIT.done : EXIT.found;
  },
});

/** Entries of a kind: how many, and the first of them. */
class Some {
  /** How many there are. */
  count = 0;
  /** The first ones. */
  readonly rows: EntryRow[] = [];

  add(row: EntryRow, most: number): void {
    this.count++;
    if (this.rows.length < most) this.rows.push(row);
  }
}

interface Difference {
  same: number;
  readonly onlyInA: Some;
  readonly onlyInB: Some;
  readonly different: Some;
}

function compare(one: LogStore, other: LogStore, most: number): Difference {
  const found = { same: 0, onlyInA: new Some(), onlyInB: new Some(), different: new Some() };
  for (const row of comparedRows(one)) {
    const mine = contentAt(one, row.digest);
    // It is damaged, and was warned of, or a chunk of it was removed: then it is not there.
    if (mine === undefined) continue;
    const theirs = contentAt(other, row.digest);
    if (theirs === undefined) found.onlyInA.add(row, most);
    else if (isSameContent(mine, theirs)) found.same++;
    else found.different.add(row, most);
  }
  for (const row of comparedRows(other)) {
    if (isThere(other, row) && !isThere(one, row)) found.onlyInB.add(row, most);
  }
  return found;
}

// Chunks are found by a name that each run of a function makes anew, so they are compared with the entry that they belong to.
function* comparedRows(store: LogStore): Generator<EntryRow> {
  for (const info of entryInfos(store, { parts: true })) {
    if (isResultKey(info.key)) yield rowOf(info);
  }
}

/** What is at a digest: a value, and, if it stands for chunks, what finds them. */
interface Content {
  readonly stored: StoredValue;
  readonly stream: StoredStream | undefined;
}

function contentAt(store: LogStore, digest: Digest): Content | undefined {
  const stored = store.get(digest);
  if (stored === undefined) return undefined;
  const stream = StoredStream.from(store, digest, stored);
  return stream?.isWhole === false ? undefined : { stored, stream };
}

function isThere(store: LogStore, { digest, isStream }: EntryRow): boolean {
  return isStream ? contentAt(store, digest) !== undefined : store.has(digest);
}

function isSameContent(mine: Content, theirs: Content): boolean {
  if (mine.stream === undefined || theirs.stream === undefined) {
    return mine.stream === theirs.stream && isSame(mine.stored, theirs.stored);
  }
  return mine.stored.promised === theirs.stored.promised &&
    areSameChunks(mine.stream, theirs.stream);
}

function areSameChunks(mine: StoredStream, theirs: StoredStream): boolean {
  const { kind, count, returns } = mine;
  if (kind !== theirs.kind || count !== theirs.count || returns !== theirs.returns) return false;
  for (let index = 0; index < (returns ? count + 1 : count); index++) {
    const [one, other] = [mine.read(index), theirs.read(index)];
    // Damaged: there was a warning.
    if (one === undefined || other === undefined || !isSame(one, other)) return false;
  }
  return true;
}

function isSame(mine: StoredValue, theirs: StoredValue): boolean {
  if (mine.promised !== theirs.promised) return false;
  if (mine.codec === theirs.codec && areSameBytes(mine.parts, theirs.parts)) return true;
  const one = decodeStoredContent(mine.codec, mine.parts);
  const other = decodeStoredContent(theirs.codec, theirs.parts);
  if (one.reason !== undefined || other.reason !== undefined) return false;
  try {
    return canonical(one.value) === canonical(other.value);
  } catch {
    // It has no form that is the same for equal values: other bytes are all that is known.
    return false;
  }
}

function canonical(value: unknown): Digest {
  return digestKey(value, { keyOrder: "keep" });
}

function areSameBytes(mine: Parts, theirs: Parts): boolean {
  return mine.length === theirs.length && mine.every((part, at) => {
    const other = theirs[at]!;
    if (part.byteLength !== other.byteLength) return false;
    for (let index = 0; index < part.byteLength; index++) {
      if (part[index] !== other[index]) return false;
    }
    return true;
  });
}

function writeJson({ out }: Session, one: LogStore, other: LogStore, found: Difference): void {
  const { same, onlyInA, onlyInB, different } = found;
  out.json({
    a: one.location,
    b: other.location,
    same,
    counts: { onlyInA: onlyInA.count, onlyInB: onlyInB.count, different: different.count },
    onlyInA: onlyInA.rows.map(entryJson),
    onlyInB: onlyInB.rows.map(entryJson),
    different: different.rows.map(entryJson),
  });
}

function writeText(session: Session, one: LogStore, other: LogStore, found: Difference): void {
  const { out, io } = session;
  const kinds = [
    [`Only in ${one.location}`, found.onlyInA],
    [`Only in ${other.location}`, found.onlyInB],
    [`In both, with different values (as in ${one.location})`, found.different],
  ] as const;
  for (const [title, { count, rows }] of kinds) {
    if (count === 0) continue;
    out.heading(`${title}: ${number(count)}`);
    writeTable(out, entryColumns(io.now()), rows);
    if (count > rows.length) out.line(`and ${many(count - rows.length, "other")} (--limit 0)`);
    out.line();
  }
  out.line(`${many(found.same, "entry is", "entries are")} the same.`);
}
