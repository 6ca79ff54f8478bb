// Copyright 2026 the pecapiku authors. MIT license.

import { entryInfos } from "../inspect/entry_rows.ts";
import { contentForm, decodeStoredKey, undecodedForm } from "../inspect/stored_content.ts";
import { valueForm } from "../inspect/stored_stream.ts";
import type { EntryInfo } from "../stores/store.ts";
import { isoTime } from "../inspect/units.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";

/** Writes entries with their values, for other programs. */
export const exportEntries = command({
  name: "export",
  usage: "FILE",
  args: [1, 1],
  summary: "write all entries with their values, as lines of JSON",
  details: [
    "Each line has digest, key, function, writtenAt (ISO 8601, or null), duration (ms), promised, codec and value. What comes back equal from JSON is " +
    'in there as it is; anything else is {"$inspect": text}, a text for people; what can\'t be decoded here is {"$base64": [bytes, …], "$codec": name, ' +
    '"$reason": text}. The key of a call is {"$call": {name, preview}}: arguments themselves are not stored.',
    'What a function gave chunk by chunk is {"$stream": what gave it, "$count": n, "$bytes": n, "$chunks": [values], "$returned": value}, the last one if ' +
    'there is one. Of more than 10,000 chunks or 16 MiB, or where a chunk is missing, there is "$reason": text instead of the chunks.',
    "--json may be said, and changes nothing. The exit code is 1 if a part of the file is damaged, so that entries or chunks are missing.",
  ],
  options: {
    function: { type: "string", value: "NAME", about: "the entries of this function" },
    all: { type: "boolean", short: "a", about: "those that belong to others as well" },
  },
  examples: [["export primes.cache > primes.jsonl", "a copy that other programs can read"]],
  run({ args: [file], values, session }) {
    const store = session.store(session.file(file!));
    let isWhole = true;
    for (const info of entryInfos(store, { functionName: values.function, parts: values.all })) {
      const stored = store.get(info.digest);
      if (stored === undefined) continue;
      const { form, missing } = valueForm(store, info.digest, stored);
      if (missing !== undefined) isWhole = false;
      session.out.json(lineOf(info, form));
    }
    return session.hasWarned || !isWhole ? EXIT.found : EXIT.done;
  },
});

function lineOf(info: EntryInfo, value: unknown): Record<string, unknown> {
  return {
    digest: info.digest,
    key: keyForm(info),
    function: info.functionName,
    writtenAt: isoTime(info.writtenAt),
    duration: info.duration,
    promised: info.promised,
    codec: info.codec,
    value,
  };
}

function keyForm({ key: { kind, parts }, codec }: EntryInfo): unknown {
  if (kind === "value") return contentForm(codec, parts, decodeStoredKey);
  try {
    return { $call: JSON.parse(new TextDecoder().decode(parts[0])) };
  } catch (error) {
    return undecodedForm("call", parts, error instanceof Error ? error.message : String(error));
  }
}
