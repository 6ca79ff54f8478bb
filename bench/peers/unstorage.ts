// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, coldCall, decode, encode, together } from "./_by_hand.ts";
import { load, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:unstorage@1.17.6";
const DRIVER = "npm:unstorage@1.17.6/drivers/fs-lite";

interface Unstorage {
  createStorage(options: { driver: unknown }): Storage;
}

interface Storage {
  getItemRaw(key: string): Promise<Uint8Array | null>;
  setItemRaw(key: string, value: Uint8Array): Promise<void>;
  dispose(): Promise<void>;
}

/** One file for each entry. */
export const peer: Peer = {
  name: "unstorage",
  imports: [SPECIFIER, DRIVER],
  about:
    "The driver fs-lite, `getItemRaw` and `setItemRaw` of the bytes that the codec of this package gives. Fills are 64 calls of " +
    "`setItemRaw` at once.",
  open: async (directory) => {
    const { default: driver } = await load<{ default: (options: { base: string }) => unknown }>(
      DRIVER,
    );
    const { createStorage } = await load<Unstorage>(SPECIFIER);
    return open(createStorage({ driver: driver({ base: `${directory}/unstorage` }) }));
  },
  coldScript: (directory) =>
    `import { createStorage } from "${SPECIFIER}";
import driver from "${DRIVER}";` + coldCall(`
const storage = createStorage({ driver: driver({ base: ${
      JSON.stringify(`${directory}/unstorage`)
    } }) });
const bytes = await storage.getItemRaw(key);
if (bytes === null) {
  value = evaluate();
  await storage.setItemRaw(key, new TextEncoder().encode(JSON.stringify(value)));
} else {
  value = JSON.parse(new TextDecoder().decode(bytes));
}
`),
};

function open(storage: Storage): Opened {
  return byHand({
    async get(key) {
      const bytes = await storage.getItemRaw(key);
      return bytes === null ? undefined : decode(bytes);
    },
    set: (key, value) => storage.setItemRaw(key, encode(value)),
    setMany: (entries) =>
      together(entries, ([key, value]) => storage.setItemRaw(key, encode(value))),
    close: () => storage.dispose(),
  });
}
