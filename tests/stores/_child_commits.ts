// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file, a first number, how many entries to commit, and how many
// parts the large ones have. Each is a commit of its own, and acknowledged by a line on the standard output.

import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, put } from "./_changes.ts";
import { numberedValue } from "./_numbered_value.ts";

const [path, first, count, largeParts] = Deno.args as [string, string, string, string];
const store = new LogStore(path);
const encoder = new TextEncoder();
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  store.commit([put(number, numberedValue(number, Number(largeParts)))]);
  if (!store.has(digestOf(number))) throw new Error(`Not there: ${number}`);
  Deno.stdout.writeSync(encoder.encode(`${number}\n`));
}
