// Copyright 2026 the pecapiku authors. MIT license.

import { coldCall } from "./_by_hand.ts";
import { ABOUT_KEYV, KEYV, throughKeyv } from "./_keyv.ts";
import { load, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:keyv-file@5.3.5";

interface KeyvFileModule {
  KeyvFile: new (options: { filename: string; separatedFile: boolean }) => unknown;
}

/** Keyv over files. */
export const peer: Peer = {
  name: "keyv-file",
  imports: [KEYV, SPECIFIER],
  about:
    "`separatedFile: true`, one file for each entry: otherwise it writes one file with all entries, 100 ms after a change. " +
    `${ABOUT_KEYV} Fills are 64 calls of \`set\` at once.`,
  open: async (directory) => {
    const { KeyvFile } = await load<KeyvFileModule>(SPECIFIER);
    const store = new KeyvFile({ filename: `${directory}/keyv`, separatedFile: true });
    return await throughKeyv(store, { takesMany: false });
  },
  coldScript: (directory) =>
    `import { Keyv } from "${KEYV}";
import { KeyvFile } from "${SPECIFIER}";` + coldCall(`
const filename = ${JSON.stringify(`${directory}/keyv`)};
const keyv = new Keyv({ store: new KeyvFile({ filename, separatedFile: true }) });
value = await keyv.get(key);
if (value === undefined) {
  value = evaluate();
  await keyv.set(key, value);
}
await keyv.disconnect();
`),
};
