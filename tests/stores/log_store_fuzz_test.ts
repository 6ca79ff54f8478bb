// Copyright 2026 the pecapiku authors. MIT license.

import { fuzzFile } from "../soak/_fuzz.ts";

const FILES = 2000;

Deno.test("LogStore reads and writes 2,000 hostile files without harm, and gives no value that was never stored", () => {
  for (let seed = 1; seed <= FILES; seed++) fuzzFile(seed);
});
