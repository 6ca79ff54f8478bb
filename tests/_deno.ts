// Copyright 2026 the pecapiku authors. MIT license.

import { fromFileUrl } from "@std/path";

/**
 * The arguments by which a child process resolves `@std` as this one does: an import map where this process runs on one.
 *
 * @returns `["--import-map", path]` or nothing.
 */
export function importMapArguments(): string[] {
  if (!import.meta.resolve("@std/path").startsWith("file:")) return [];
  const named = Deno.env.get("PECAPIKU_IMPORT_MAP");
  if (named !== undefined && named !== "") return ["--import-map", named];
  return [
    "--import-map",
    fromFileUrl(new URL("../tools/offline/import_map.json", import.meta.url)),
  ];
}
