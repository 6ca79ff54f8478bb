// Copyright 2026 the pecapiku authors. MIT license.

import type { Work } from "../_workload.ts";
import { together } from "./_by_hand.ts";
import { load, type Memoised, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:memoize-fs@4.1.1";

type Call = (...args: unknown[]) => Promise<unknown>;

interface Memoizer {
  fn(work: Work, options: Record<string, unknown>): Promise<Call>;
}

interface MemoizeFs {
  default(options: Record<string, unknown>): Memoizer;
}

/** A memoiser with one file of JSON for each call. */
export const peer: Peer = {
  name: "memoize-fs",
  imports: [SPECIFIER],
  about:
    "`noBody`, with the name of the function as `salt`, so that its text is not hashed at each call, and `retryOnInvalidCache`. It makes " +
    "keys (MD5 of JSON) and values (JSON) by itself. Fills are 64 calls at once.",
  makesKeys: true,
  open: async (directory) => open(await load<MemoizeFs>(SPECIFIER), directory),
  coldScript: (directory) =>
    `import memoizeFs from "${SPECIFIER}";
const memoizer = memoizeFs(${JSON.stringify(optionsIn(directory))});
const record = await memoizer.fn((id) => {
  console.log("miss");
  return { id, name: "record " + id, tags: ["a", "b", "c"], score: id / 7 };
}, { noBody: true, salt: "record", retryOnInvalidCache: true });
if ((await record(-7)).id !== -7) throw new Error("not the value");`,
};

function optionsIn(directory: string): Record<string, unknown> {
  return { cachePath: `${directory}/memoize-fs` };
}

function open(memoizeFs: MemoizeFs, directory: string): Opened {
  const memoizer = memoizeFs.default(optionsIn(directory));
  return {
    async memoise(work: Work): Promise<Memoised> {
      const options = { noBody: true, salt: work.name, retryOnInvalidCache: true };
      const call = await memoizer.fn(work, options);
      return {
        call,
        // It forgets that it was forced after one call: one function for each.
        rerun: async (...args) =>
          await (await memoizer.fn(work, { ...options, force: true }))(...args),
        fill: (calls) => together(calls, (args) => call(...args)),
      };
    },
    close() {},
  };
}
