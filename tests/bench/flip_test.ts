// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { changeByte, choosePlace, judge } from "../../bench/_flip.ts";
import { isWholeText, WORK } from "../../bench/_workload.ts";

const RIGHT = [0, 1, 2].map(WORK.record);

Deno.test("judge() tells what a changed byte did", () => {
  assertEquals(judge(RIGHT, 0), { outcome: "unharmed" });
  assertEquals(judge(RIGHT, 1), { outcome: "recomputed" });
  for (
    const other of [
      undefined,
      null,
      {},
      { ...RIGHT[1], score: 0 },
      { ...RIGHT[1], more: 1 },
      RIGHT[2],
    ]
  ) {
    assertEquals(judge([RIGHT[0], other, RIGHT[2]], 0), { outcome: "wrong" });
    // It counts for nothing that another entry was evaluated.
    assertEquals(judge([RIGHT[0], other, RIGHT[2]], 1), { outcome: "wrong" });
  }
});

Deno.test("choosePlace() comes to every file, as often as it is long", () => {
  const lengths = [10, 0, 30, 60];
  const counts = [0, 0, 0, 0];
  for (let trial = 0; trial < 100; trial++) {
    const { file, offset, bit } = choosePlace(lengths, trial);
    counts[file]!++;
    assert(offset >= 0 && offset < lengths[file]!);
    assert(bit >= 0 && bit < 8);
  }
  for (const [file, count] of counts.entries()) assert(Math.abs(count - lengths[file]!) <= 2);
  assertEquals(counts[1], 0);
});

Deno.test("changeByte() flips one bit in a copy", async () => {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${directory}/source/inner`, { recursive: true });
    await Deno.writeFile(`${directory}/source/a`, new Uint8Array(3));
    await Deno.writeFile(`${directory}/source/inner/b`, new Uint8Array(5));
    const bytesIn = (name: string): number[] =>
      [`${name}/a`, `${name}/inner/b`].flatMap((
        path,
      ) => [...Deno.readFileSync(`${directory}/${path}`)]);
    for (let trial = 0; trial < 20; trial++) {
      // What the last trial has left does not stay.
      changeByte(`${directory}/source`, `${directory}/target`, trial);
      const changed = bytesIn("target").filter((byte) => byte !== 0);
      assertEquals(changed, [1 << (trial % 8)]);
    }
    assertEquals(bytesIn("source"), new Array(8).fill(0));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("isWholeText() refuses what is made of two texts, or cut off, or of another key", () => {
  const [first, second] = [WORK.text(1), WORK.text(2)];
  assert(isWholeText(1, first));
  assert(!isWholeText(2, first));
  assert(!isWholeText(1, { ...first, text: first.text.slice(0, -1) }));
  assert(!isWholeText(1, { ...first, text: first.text.slice(0, 10) + second.text.slice(10) }));
  assert(!isWholeText(1, undefined));
});
