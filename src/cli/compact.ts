// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes } from "../display/format.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";

/** Compacts a file. */
export const compact = command({
  name: "compact",
  usage: "FILE",
  args: [1, 1],
  summary: "give back the room of what was overwritten and deleted",
  details: [
    "No entry is removed. Others may read and write meanwhile. A damaged file is refused: repair it first.",
    "--json gives file, bytesBefore and bytesAfter. Needs --allow-write for the directory.",
  ],
  options: {},
  examples: [["compact primes.cache", "write the file anew, without what is dead"]],
  run({ args: [file], values, session }) {
    const path = session.file(file!);
    const { bytesBefore, bytesAfter } = session.store(path).compact();
    if (values.json) session.out.json({ file: path, bytesBefore, bytesAfter });
    else {
      session.out.line(
        `${formatBytes(bytesBefore)} before, ${formatBytes(bytesAfter)} after: ${path}`,
      );
    }
    return EXIT.done;
  },
});
