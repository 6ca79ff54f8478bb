// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "@pecapiku/cache";
import type { Work } from "../_workload.ts";
import type { Memoised, Opened, Peer } from "./_peer.ts";

/** This package: a function that `CacheDict` decorates, with the default options. */
export const peer: Peer = {
  name: "ours",
  imports: ["@pecapiku/cache"],
  about: "`CacheDict.decorate(fn, { filePath })`, with the defaults.",
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

function open(filePath: string): Opened {
  return {
    memoise(work: Work): Memoised {
      const cached = CacheDict.decorate(work as (...args: unknown[]) => unknown, { filePath });
      return {
        call: cached,
        rerun: (...args) => cached.rerun(...args),
        fill(calls) {
          for (const args of calls) cached(...args);
        },
      };
    },
    close() {},
  };
}
