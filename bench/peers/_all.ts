// Copyright 2026 the pecapiku authors. MIT license.

import type { Peer } from "./_peer.ts";

/** A peer, and the file that it is in. */
export interface NamedPeer {
  /** The name of the file. */
  readonly file: string;
  readonly peer: Peer;
}

/** Those come first in every table. */
const FIRST = ["ours.ts", "floor.ts"];

/**
 * Finds all peers: every file of this directory is one, but for those that begin with `_`.
 *
 * @returns This package, the floor, and then the others by name.
 */
export async function allPeers(): Promise<NamedPeer[]> {
  const files = Array.from(Deno.readDirSync(new URL(".", import.meta.url)))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ts") && !name.startsWith("_"));
  const others = files.filter((name) => !FIRST.includes(name)).sort();
  return await Promise.all([...FIRST, ...others].map(async (file) => {
    const { peer } = await import(new URL(file, import.meta.url).href) as { peer: Peer };
    return { file, peer };
  }));
}
