// Copyright 2026 the pecapiku authors. MIT license.

import { join } from "@std/path";
import { type Cell, OURS, type Row } from "../_row.ts";
import type { Run } from "../_run.ts";

const RECORDS = 10_000;

const PART = 100;

/**
 * Measures what 10,000 records take of the disk.
 *
 * @param run The run.
 * @returns The row.
 */
export async function diskRow(run: Run): Promise<Row> {
  const lost = new Map<string, Cell>();
  const found = new Map<string, number>();
  const places = await run.open(run.withRow("disk", lost), lost);
  const left = await run.each(places, lost, async ({ name, process, directory }) => {
    // Few at a time, since what is stored one by one may take more room than what is stored at once.
    for (let from = 0; from < RECORDS; from += PART) {
      await process.tell("fill", { work: "record", from, to: from + PART });
    }
    await process.tell("close", {});
    found.set(name, bytesOf(directory));
  });
  await run.leave(left);
  const ours = found.get(OURS);
  return {
    id: "disk",
    title: "bytes on disk, 10,000 records",
    unit: "bytes",
    cells: new Map([
      ...[...found].map(([name, value]) =>
        [name, { value, ...ours === undefined ? {} : { ratio: value / ours } }] as const
      ),
      ...lost,
    ]),
  };
}

/**
 * Counts what a directory and all that is in it takes of the disk: whole blocks, where the system tells how many.
 *
 * @param path The path of the directory.
 * @returns The number of bytes.
 */
export function bytesOf(path: string): number {
  const { size, blocks } = Deno.lstatSync(path);
  let bytes = blocks === null ? size : blocks * 512;
  if (!Deno.lstatSync(path).isDirectory) return bytes;
  for (const { name } of Deno.readDirSync(path)) bytes += bytesOf(join(path, name));
  return bytes;
}
