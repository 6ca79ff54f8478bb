// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { repair } from "../../src/stores/repair.ts";
import { asidePartsOf } from "./_aside_parts.ts";
import { goldenBytes, goldenText } from "./_golden.ts";
import { diskWith, PATH } from "./_memory_file.ts";

/** The file aside in the document: lines of text, and bytes as hexadecimal digits. */
function goldenAside(): Uint8Array {
  const pieces = goldenText("aside").split("\n").map((line) =>
    line.startsWith("{")
      ? new TextEncoder().encode(`${line}\n`)
      : Uint8Array.fromHex(line.replaceAll(" ", ""))
  );
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

Deno.test("repair() sets aside what the document says, byte for byte", () => {
  const bytes = goldenBytes("file");
  const at = 313 + 145 - 1;
  assertEquals(bytes[at], 5);
  bytes[at] = 4;
  const disk = diskWith(bytes);
  const { asidePath, asideBytes, after, lostEntries } = repair(PATH, { disk });
  assertEquals(disk.read(asidePath!), goldenAside());
  assertEquals([asideBytes, lostEntries], [145, 1]);
  assert(after.isSound && after.live.entries === 1);
  const [part] = asidePartsOf(goldenAside());
  assertEquals(part!.bytes, bytes.slice(313, 313 + 145));
});
