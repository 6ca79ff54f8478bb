// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with "verify" or "repair" and the path of a cache file. Says whether the file is, or was, sound, or
// what went wrong.

import { CacheError } from "../../src/errors/cache_error.ts";
import { repair } from "../../src/stores/repair.ts";
import { verify } from "../../src/stores/verify.ts";

const [action, path] = Deno.args as [string, string];
try {
  console.log((action === "verify" ? verify(path) : repair(path).before).isSound);
} catch (error) {
  if (!(error instanceof CacheError)) throw error;
  console.log(`${error}`);
}
