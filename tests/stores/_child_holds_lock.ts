// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file. Holds the lock on it until its standard input ends.

using file = Deno.openSync(Deno.args[0]!, { read: true, write: true });
file.lockSync(true);
console.log("locked");
await Deno.stdin.readable.pipeTo(new WritableStream());
