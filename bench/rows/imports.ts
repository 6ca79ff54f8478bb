// Copyright 2026 the pecapiku authors. MIT license.

import { overAnEmptyProcess, runScript, type Script } from "./cold.ts";
import { messageOf } from "../_rounds.ts";
import type { Cell, Row } from "../_row.ts";
import type { Run } from "../_run.ts";

/**
 * Measures what a process pays for the import of each, over an empty one.
 *
 * @param run The run.
 * @returns The row.
 */
export async function importRow(run: Run): Promise<Row> {
  const cells = new Map<string, Cell>();
  const scripts: Script[] = [];
  for (const { peer: { name, imports, flags = [] } } of run.withRow("import", cells)) {
    const path = `${run.makeDirectory()}/import.js`;
    Deno.writeTextFileSync(path, imports.map((specifier) => `import "${specifier}";\n`).join(""));
    const script = { name, path, flags };
    try {
      await runScript(script);
      scripts.push(script);
    } catch (error) {
      cells.set(name, { note: messageOf(error) });
    }
  }
  const measured = await overAnEmptyProcess(run, scripts);
  return {
    id: "import",
    title: "import, over an empty process",
    unit: "time",
    cells: new Map([...measured, ...cells]),
  };
}
