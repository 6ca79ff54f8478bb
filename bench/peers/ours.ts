// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import type { PutChange } from "../../src/stores/store.ts";
import type { Work } from "../_workload.ts";
import type { Memoised, Opened, Peer } from "./_peer.ts";

/** This package: a function that `CacheDict` decorates, with the default options. */
export const peer: Peer = {
  name: "ours",
  imports: ["@pecapiku/cache"],
  about:
    "`CacheDict.decorate(fn, { filePath })`, with the defaults. Fills are commits of 10,000 entries " +
    "as calls would make them, but for the row of bytes on disk, where each call is a commit.",
  makesKeys: true,
  open: (directory) => open(`${directory}/ours.cache`),
  coldScript: (directory) =>
    `import { CacheDict } from "@pecapiku/cache";
const record = CacheDict.decorate(function record(id) {
  console.log("miss");
  return { id, name: "record " + id, tags: ["a", "b", "c"], score: id / 7 };
}, { filePath: ${JSON.stringify(`${directory}/ours.cache`)} });
if (record(-7).id !== -7) throw new Error("not the value");`,
};

/** From so many calls on, they are stored as one commit. */
const MANY = 1_000;

function open(filePath: string): Opened {
  return {
    memoise(work: Work): Memoised {
      const evaluate = work as (...args: unknown[]) => unknown;
      const cached = CacheDict.decorate(evaluate, { filePath });
      return {
        call: cached,
        rerun: (...args) => cached.rerun(...args),
        fill(calls) {
          if (calls.length < MANY) {
            for (const args of calls) cached(...args);
            return;
          }
          const store = new LogStore(filePath);
          store.commit(
            calls.map((args) =>
              entryOf(work.name, cached.keyFor(...args), args, evaluate(...args))
            ),
          );
          store.close();
        },
      };
    },
    close() {},
  };
}

const encoder = new TextEncoder();

/**
 * Gives the entry that a call makes whose arguments are numbers.
 *
 * @param name The name of the function.
 * @param digest The key of the call.
 * @param args The arguments.
 * @param value The result.
 * @returns The entry.
 */
export function entryOf(
  name: string,
  digest: string,
  args: readonly unknown[],
  value: unknown,
): PutChange {
  return {
    type: "put",
    digest,
    codec: "structured",
    key: {
      kind: "call",
      parts: [encoder.encode(JSON.stringify({ name, preview: args.join(", ") }))],
    },
    parts: encodeParts(structured, value),
    functionName: name,
    writtenAt: Date.now(),
    duration: 0,
    promised: false,
  };
}
