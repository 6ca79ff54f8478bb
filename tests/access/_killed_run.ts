// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "../../mod.ts";

/** A consumer of a cached generator that says what it got, and is killed on the way. */
const slow = CacheDict.decorate(function* slow(n: number): Generator<string> {
  for (let i = 0; i < n; i++) yield `chunk ${i}`;
}, { filePath: Deno.args[0]! });

const generator = slow(100);
for (let i = 0; i < 5; i++) console.log(generator.next().value);
// Without an end: whoever started this process ends it.
setInterval(() => {}, 1000);
