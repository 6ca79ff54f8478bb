// Copyright 2026 the pecapiku authors. MIT license.

import type { RedisLink } from "./_redis_link.ts";
import type { Digest } from "./store.ts";

/** How many keys a server looks at in one step. */
const STEP = "1000";

const LISTING = "Cannot list cache";

const decoder = new TextDecoder();

/**
 * Finds the digests of all entries, on all servers. It takes many steps, none of which takes longer than it may.
 *
 * @param link The link to the servers.
 * @param prefix What the names of the keys begin with.
 * @returns The digests.
 */
export async function digestsIn(link: RedisLink, prefix: string): Promise<Set<Digest>> {
  const digests = new Set<Digest>();
  const pattern = `${prefix.replaceAll(/[\\*?[\]^-]/g, "\\$&")}{*}`;
  const start = prefix.length + 1;
  const servers = await link.run(LISTING, (client) => client.servers());
  await Promise.all(servers.map(async (send) => {
    let cursor = "0";
    do {
      const command = ["SCAN", cursor, "MATCH", pattern, "COUNT", STEP];
      const reply = await link.run(LISTING, () => send(command));
      const [next, keys] = reply as [Uint8Array, Uint8Array[]];
      for (const key of keys) {
        const digest = decoder.decode(key).slice(start, -1);
        if (/^[0-9a-f]{64}$/.test(digest)) digests.add(digest);
      }
      cursor = decoder.decode(next);
    } while (cursor !== "0");
  }));
  return digests;
}
