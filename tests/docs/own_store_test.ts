// Copyright 2026 the pecapiku authors. MIT license.

// Registers the tests of the stores that docs/stores.md has people write, out of the very code of the page.

import { blockOf, ROOT, textOf } from "./_pages.ts";

const PAGE = "docs/stores.md";

/** Imports what blocks of a page are together, as one module. */
async function importBlocks(...infos: string[]): Promise<void> {
  const { name, exports } = JSON.parse(textOf("deno.json"));
  // Names are resolved as they would be where the module is: outside of the project.
  const code = infos.map((info) => blockOf(PAGE, info)).join("\n").replaceAll(
    /(?<=^(?:import|\}) .*from ")[^"]+(?=";$)/gm,
    (specifier) => {
      const path: string | undefined = exports[specifier.replace(name, ".")];
      return path === undefined ? import.meta.resolve(specifier) : new URL(path, ROOT).href;
    },
  );
  const path = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(path, code);
    await import(`file://${path}`);
  } finally {
    Deno.removeSync(path);
  }
}

await importBlocks("ts own-store", "ts ignore own-store");
await importBlocks("ts own-bytes", "ts ignore own-bytes");
