// Copyright 2026 the pecapiku authors. MIT license.

// Registers the tests of the stores that docs/stores.md has people write, out of the very code of the page.

import { toFileUrl } from "@std/path";
import { blockOf, ROOT, textOf } from "./_pages.ts";

const { name, exports } = JSON.parse(textOf("deno.json"));

for (const store of ["own-store", "own-bytes"]) {
  const blocks = [`ts ${store}`, `ts ignore ${store}`].map((info) =>
    blockOf("docs/stores.md", info)
  );
  // It is loaded into this process, from a place where the names of packages mean nothing.
  const code = blocks.join("\n").replaceAll(/(?<= from ")@[^"]+(?=";$)/gm, (specifier) => {
    const path: string | undefined = exports[specifier.replace(name, ".")];
    return path === undefined ? import.meta.resolve(specifier) : new URL(path, ROOT).href;
  });
  const path = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(path, code);
    await import(toFileUrl(path).href);
  } finally {
    Deno.removeSync(path);
  }
}
