// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { isWanted, parseOptions } from "../../bench/_options.ts";

Deno.test("parseOptions() reads what is asked for", () => {
  assertEquals(parseOptions([]), { quick: false, only: [], peers: [] });
  assertEquals(parseOptions(["--quick", "--only", "hit,disk", "--peers=lmdb,node:sqlite"]), {
    quick: true,
    only: ["hit", "disk"],
    peers: ["lmdb", "node:sqlite"],
  });
});

Deno.test("parseOptions() throws when an argument means nothing", () => {
  for (const args of [["--fast"], ["hit"], ["--only"], ["--peers="], ["--quick=no"]]) {
    assertThrows(() => parseOptions(args), TypeError, "Cannot run: no ");
  }
});

Deno.test("isWanted() takes the beginning of a name for all rows with it", () => {
  assert(isWanted([], "hit-1000"));
  assert(isWanted(["hit"], "hit-1000"));
  assert(isWanted(["hit-1000"], "hit-1000"));
  assert(isWanted(["flipped-wrong"], "flipped"));
  assert(!isWanted(["hit"], "store-1000"));
  assert(!isWanted(["hit-1000"], "hit-100000"));
  assert(!isWanted(["hi"], "hit"));
});
