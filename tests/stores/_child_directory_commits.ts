// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a directory, a first number, how many entries to commit, how many large
// parts the values have, and how many entries there may be. Each is a commit of its own, and acknowledged by a line on
// the standard output.

import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { put } from "./_changes.ts";
import { numberedValue } from "./_numbered_value.ts";

const [path, first, count, largeParts, maxEntries] = Deno.args as [
  string,
  string,
  string,
  string,
  string,
];
const store = new DirectoryStore(path);
const limits = maxEntries === "Infinity" ? undefined : { maxEntries: Number(maxEntries) };
const encoder = new TextEncoder();
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  // One entry that all write, with a value that tells who has.
  const shared = put(0, numberedValue(3 * number, Number(largeParts)));
  store.commit([put(number, numberedValue(number, Number(largeParts))), shared], { limits });
  Deno.stdout.writeSync(encoder.encode(`${number}\n`));
}
