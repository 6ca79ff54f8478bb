// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What an example that starts another one has to pass on: the import map in use, where the registry can't be reached.
 *
 * @returns Arguments for `deno run`.
 */
export function denoArguments(): string[] {
  const importMap = Deno.env.get("PECAPIKU_IMPORT_MAP");
  return importMap === undefined ? [] : ["--import-map", importMap];
}
