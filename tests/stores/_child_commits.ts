// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file, a first number, how many entries to commit, how many parts
// the large ones have and, if it is to kill itself, in the middle of which write (which needs --allow-run). Each entry is a
// commit of its own, and acknowledged by a line on the standard output.

import { DENO_DISK } from "../../src/stores/disk.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { killingDisk } from "../soak/_killing_disk.ts";
import { digestOf, put } from "./_changes.ts";
import { numberedValue } from "./_numbered_value.ts";

const [path, first, count, largeParts, lastWrite] = Deno.args as [
  string,
  string,
  string,
  string,
  string?,
];
const disk = lastWrite === undefined
  ? DENO_DISK
  : killingDisk({ call: "writeSync", nth: Number(lastWrite), when: "during" });
const store = new LogStore(path, { disk });
const encoder = new TextEncoder();
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  store.commit([put(number, numberedValue(number, Number(largeParts)))]);
  if (!store.has(digestOf(number))) throw new Error(`Not there: ${number}`);
  Deno.stdout.writeSync(encoder.encode(`${number}\n`));
}
