// Copyright 2026 the pecapiku authors. MIT license.

import { coldCall } from "./_by_hand.ts";
import { ABOUT_KEYV, KEYV, throughKeyv } from "./_keyv.ts";
import { load, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:@keyv/sqlite@6.0.0-beta.4";

interface KeyvSqlite {
  query(sql: string): Promise<unknown>;
}

interface KeyvSqliteModule {
  KeyvSqlite: new (
    options: { uri: string; wal: boolean; busyTimeout: number; driver: string },
  ) => KeyvSqlite;
}

/** Keyv over SQLite. */
export const peer: Peer = {
  name: "@keyv/sqlite",
  imports: [KEYV, SPECIFIER],
  about:
    "The driver `node:sqlite`, which its version 6 has: version 4 needs a native build that Deno does not load from its own cache. " +
    `WAL, \`synchronous = NORMAL\`, a busy timeout. ${ABOUT_KEYV} Fills are its \`setMany\` in a transaction.`,
  open: async (directory) => {
    const { KeyvSqlite } = await load<KeyvSqliteModule>(SPECIFIER);
    const store = new KeyvSqlite({
      uri: `sqlite://${pathIn(directory)}`,
      wal: true,
      busyTimeout: 10_000,
      driver: "node:sqlite",
    });
    await store.query("PRAGMA synchronous = NORMAL");
    const opened = await throughKeyv(store, { takesMany: true });
    return {
      ...opened,
      async memoise(work) {
        const memoised = await opened.memoise(work);
        return {
          ...memoised,
          async fill(calls) {
            await store.query("BEGIN");
            await memoised.fill(calls);
            await store.query("COMMIT");
          },
        };
      },
    };
  },
  coldScript: (directory) =>
    `import { Keyv } from "${KEYV}";
import { KeyvSqlite } from "${SPECIFIER}";` + coldCall(`
const uri = ${JSON.stringify(`sqlite://${pathIn(directory)}`)};
const keyv = new Keyv({ store: new KeyvSqlite({ uri, wal: true, driver: "node:sqlite" }) });
value = await keyv.get(key);
if (value === undefined) {
  value = evaluate();
  await keyv.set(key, value);
}
await keyv.disconnect();
`),
};

function pathIn(directory: string): string {
  return `${directory}/keyv.sqlite`;
}
