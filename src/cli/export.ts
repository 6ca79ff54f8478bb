// Copyright 2026 the pecapiku authors. MIT license.

import { entryInfos } from "../inspect/entry_rows.ts";
import { decodeStoredContent, jsonForm, undecodedForm } from "../inspect/stored_content.ts";
import type { EntryInfo, StoredValue } from "../stores/store.ts";
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
    "--json may be said, and changes nothing. The exit code is 1 if a part of the file is damaged, so that entries are missing.",
  ],
  options: {
    function: { type: "string", value: "NAME", about: "the entries of this function" },
    all: { type: "boolean", short: "a", about: "those that belong to others as well" },
  },
  examples: [["export primes.cache > primes.jsonl", "a copy that other programs can read"]],
  run({ args: [file], values, session }) {
    const store = session.store(session.file(file!));
    for (const info of entryInfos(store, { functionName: values.function, parts: values.all })) {
      const stored = store.get(info.digest);
      if (stored !== undefined) session.out.json(lineOf(info, stored));
    }
    return session.hasWarned ? EXIT.found : EXIT.done;
  },
});

function lineOf(info: EntryInfo, { codec, parts }: StoredValue): Record<string, unknown> {
  return {
    digest: info.digest,
    key: keyForm(info),
    function: info.functionName,
    writtenAt: isoTime(info.writtenAt),
    duration: info.duration,
    promised: info.promised,
    codec,
    value: formOf(codec, parts),
  };
}

function keyForm({ key: { kind, parts }, codec }: EntryInfo): unknown {
  if (kind === "value") return formOf(codec, parts);
  try {
    return { $call: JSON.parse(new TextDecoder().decode(parts[0])) };
  } catch (error) {
    return undecodedForm("call", parts, error instanceof Error ? error.message : String(error));
  }
}

function formOf(codec: string, parts: StoredValue["parts"]): unknown {
  const decoded = decodeStoredContent(codec, parts);
  return decoded.reason === undefined
    ? jsonForm(decoded.value)
    : undecodedForm(codec, parts, decoded.reason);
}
