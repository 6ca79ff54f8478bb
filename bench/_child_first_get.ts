// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file and a digest. Prints how long it takes the store to open the file and look
// the digest up, in milliseconds, once its modules are loaded.

import { LogStore } from "@pecapiku/cache/stores";

const [path, digest] = Deno.args as [string, string];
const start = performance.now();
const value = new LogStore(path).get(digest);
const end = performance.now();
if (value === undefined) throw new Error(`Not there: ${digest}`);
console.log(end - start);
