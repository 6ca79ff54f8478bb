// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Runs the example notebook, and saves it with its outputs: `deno run -A tests/examples/_save_notebook.ts`, with
 * `--import-map tools/offline/import_map.json` where JSR does not answer.
 *
 * @module
 */

import { codeCells, NOTEBOOK_FILE, NotebookFolder, readNotebook, textOf } from "./_notebook.ts";

using folder = new NotebookFolder();
const notebook = readNotebook(NOTEBOOK_FILE);
const cells = codeCells(notebook);
const [result] = await folder.run([{ cells: cells.map(({ source }) => textOf(source)) }]);
for (const [index, cell] of cells.entries()) {
  cell.outputs = folder.toSaved(result!.outputs[index]!, index + 1);
  cell.execution_count = index + 1;
}
Deno.writeTextFileSync(NOTEBOOK_FILE, `${JSON.stringify(notebook, null, 1)}\n`);
