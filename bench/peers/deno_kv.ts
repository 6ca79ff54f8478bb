// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, coldCall } from "./_by_hand.ts";
import type { Opened, Peer } from "./_peer.ts";

const TOO_LARGE = "a value of Deno KV has 64 KiB at the most";

/** What one atomic operation takes: 1,000 changes, and 800 KiB. */
const AT_ONCE = 500;

/** The store that Deno comes with, which is SQLite below. */
export const peer: Peer = {
  name: "Deno KV",
  imports: [],
  flags: ["--unstable-kv"],
  about:
    "`Deno.openKv(path)`, values as they are (V8's format). Fills are atomic operations of 500.",
  without: { import: "it is built in", array: TOO_LARGE, rows: TOO_LARGE, crowd: TOO_LARGE },
  open: async (directory) => open(await Deno.openKv(pathIn(directory))),
  coldScript: (directory) =>
    coldCall(`
const kv = await Deno.openKv(${JSON.stringify(pathIn(directory))});
value = (await kv.get([key])).value;
if (value === null) {
  value = evaluate();
  await kv.set([key], value);
}
kv.close();
`),
};

function pathIn(directory: string): string {
  return `${directory}/deno.kv`;
}

function open(kv: Deno.Kv): Opened {
  return byHand({
    get: (key) => kv.get([key]).then(({ value }) => value ?? undefined),
    set: (key, value) => kv.set([key], value),
    async setMany(entries) {
      for (let first = 0; first < entries.length; first += AT_ONCE) {
        const operation = kv.atomic();
        for (const [key, value] of entries.slice(first, first + AT_ONCE)) {
          operation.set([key], value);
        }
        await operation.commit();
      }
    },
    close: () => kv.close(),
  });
}
