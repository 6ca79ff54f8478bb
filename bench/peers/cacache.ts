// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, coldCall, decode, encode, together } from "./_by_hand.ts";
import { load, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:cacache@21.0.2";

interface Cacache {
  get(path: string, key: string, options: { memoize: boolean }): Promise<{ data: Uint8Array }>;
  put(path: string, key: string, data: Uint8Array): Promise<unknown>;
}

/** The cache of npm: content by its SHA-512, and an index of keys. */
export const peer: Peer = {
  name: "cacache",
  imports: [SPECIFIER],
  about:
    "`memoize: false`, so that a hit reads the file, and the codec of this package. A miss is its ENOENT; what its checks refuse " +
    "(EINTEGRITY, EBADSIZE) is evaluated again, as npm does. Fills are 64 calls of `put` at once.",
  open: async (directory) => open(await loaded(), `${directory}/cacache`),
  coldScript: (directory) =>
    `import cacache from "${SPECIFIER}";` + coldCall(`
const path = ${JSON.stringify(`${directory}/cacache`)};
try {
  value = JSON.parse(new TextDecoder().decode((await cacache.get(path, key, { memoize: false })).data));
} catch (error) {
  if (error.code !== "ENOENT") throw error;
  value = evaluate();
  await cacache.put(path, key, new TextEncoder().encode(JSON.stringify(value)));
}
`),
};

async function loaded(): Promise<Cacache> {
  return (await load<{ default: Cacache }>(SPECIFIER)).default;
}

const MISSES = new Set(["ENOENT", "EINTEGRITY", "EBADSIZE"]);

function open(cacache: Cacache, path: string): Opened {
  return byHand({
    async get(key) {
      let data;
      try {
        ({ data } = await cacache.get(path, key, { memoize: false }));
      } catch (error) {
        if (MISSES.has((error as { code?: string }).code ?? "")) return undefined;
        throw error;
      }
      return decode(data);
    },
    set: (key, value) => cacache.put(path, key, bufferOf(encode(value))),
    setMany: (entries) =>
      together(entries, ([key, value]) => cacache.put(path, key, bufferOf(encode(value)))),
    close() {},
  });
}

/** It takes a Buffer only. */
function bufferOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const { Buffer } = process.getBuiltinModule("node:buffer");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
