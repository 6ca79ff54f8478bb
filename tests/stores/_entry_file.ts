// Copyright 2026 the pecapiku authors. MIT license.

import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { bytesOf, noise, put } from "./_changes.ts";
import { entryPath } from "./_directory_disk.ts";
import { withDirectory } from "./_temporary.ts";

/** An entry of all that there may be. */
export const CHANGE = put(1, [bytesOf("one"), noise(40, 1)], {
  key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"1"}')] },
  functionName: "f",
  duration: 1.5,
  promised: true,
});

/** Its digest. */
export const { digest: DIGEST } = CHANGE;

/** Calls a function with a store of one entry, and the path of the entry's file. */
export function withEntry(
  step: (store: DirectoryStore, path: string, directory: string) => void,
): void {
  withDirectory((directory) => {
    const store = new DirectoryStore(directory);
    store.commit([CHANGE]);
    step(store, entryPath(directory, DIGEST), directory);
  });
}
