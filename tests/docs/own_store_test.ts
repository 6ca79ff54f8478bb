// Copyright 2026 the pecapiku authors. MIT license.

// Registers the tests of the stores that docs/stores.md has people write, out of the very code of the page.

import { toFileUrl } from "@std/path";
import { blockOf, toModule } from "./_pages.ts";

for (const store of ["own-store", "own-bytes"]) {
  const blocks = [`ts ${store}`, `ts ignore ${store}`].map((info) =>
    blockOf("docs/stores.md", info)
  );
  const path = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(path, toModule(blocks.join("\n")));
    await import(toFileUrl(path).href);
  } finally {
    Deno.removeSync(path);
  }
}
