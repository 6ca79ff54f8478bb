// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { CacheFormatError } from "../errors/cache_format_error.ts";
import { rowOf } from "../inspect/entry_rows.ts";
import { partsOfEntries } from "../inspect/parts_of_entries.ts";
import { formatBytes } from "../display/format.ts";
import { readBeginning } from "../stores/cache_file.ts";
import { command, YES } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { many } from "./_numbers.ts";
import { type Session, statOf } from "./_session.ts";

/** Removes a file, or an entry. */
export const rm = command({
  name: "rm",
  usage: "FILE [KEY]",
  args: [1, 2],
  summary: "remove a file, or an entry of it",
  details: [
    "A file is removed only if it begins as a cache file does, be it damaged or of a newer version. KEY is as show has it; what belongs to " +
    "the entry (errors, samples, chunks of a stream) goes with it.",
    "--json gives file, removed (whether anything was), and of an entry digest and parts. Needs --allow-write.",
  ],
  options: { ...YES },
  examples: [
    ["rm primes.cache", "remove the file, after a question"],
    ["rm primes.cache 'countPrimes(100)' --yes", "remove the result of one call"],
  ],
  run({ args: [file, key], values, session }) {
    const path = session.file(file!);
    return key === undefined
      ? removeFile(session, path, values)
      : removeEntry(session, path, key, values);
  },
});

interface Values {
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function removeFile(session: Session, path: string, { yes, json }: Values): number {
  assertOurs(path);
  const { size } = statOf(path);
  requireWrite(path);
  const isRemoved = session.confirm(`Remove ${path} (${formatBytes(size)})?`, yes);
  if (isRemoved) {
    // While the question was asked, another file may have come to be there.
    assertOurs(path);
    try {
      Deno.removeSync(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CacheError(`Cannot remove cache: ${reason}: ${path}`, { filePath: path, cause });
    }
  }
  if (json) session.out.json({ file: path, removed: isRemoved });
  else session.out.line(isRemoved ? `Removed ${path}` : "Nothing was removed.");
  return isRemoved ? EXIT.done : EXIT.found;
}

function removeEntry(session: Session, path: string, key: string, { yes, json }: Values): number {
  const store = session.store(path);
  const info = session.entry(store, key);
  const { digest } = info;
  requireWrite(path);
  const parts = partsOfEntries(store, [digest]);
  const also = parts.size > 0 ? ` and ${many(parts.size, "part")} of it` : "";
  const shown = `${rowOf(info).key} [${digest.slice(0, 8)}]${also}`;
  const isRemoved = session.confirm(`Remove ${shown} from ${path}?`, yes);
  if (isRemoved) {
    store.commit([digest, ...parts].map((each) => ({ type: "delete", digest: each })));
  }
  if (json) session.out.json({ file: path, removed: isRemoved, digest, parts: parts.size });
  else session.out.line(isRemoved ? `Removed ${shown}` : "Nothing was removed.");
  return isRemoved ? EXIT.done : EXIT.found;
}

function assertOurs(path: string): void {
  if (readBeginning(path).isOurs) return;
  throw new CacheFormatError(`Cannot remove cache: not a cache file: ${path}`, { filePath: path });
}

/** Before a question is asked: an answer is not to be in vain. */
function requireWrite(path: string): void {
  if (Deno.permissions.querySync({ name: "write", path }).state === "granted") return;
  throw new CacheError(
    `Cannot remove from cache: no write access, run with --allow-write=${path}: ${path}`,
    { filePath: path },
  );
}
