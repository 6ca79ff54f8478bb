// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The command line: lists, shows, serves, checks, prunes and compares cache files.
 *
 * ```sh
 * deno run -RW jsr:@pecapiku/cache/cli help
 * ```
 *
 * Nothing is written unless the command says so, and nothing removed without a question or `--yes`. Commands that only read need `-R` alone, `serve` (a
 * page of a file, in the browser) `--allow-net=127.0.0.1` as well. No permission is ever asked for.
 *
 * @example From a program
 * ```ts
 * import { main } from "@pecapiku/cache/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const io = { stdout: () => {}, stderr: () => {}, now: () => Date.now() };
 * assertEquals(await main(["ls", "/tmp/none.cache"], io), 3);
 * ```
 *
 * @module
 */

import { main } from "./main.ts";

export type { CliIo } from "./cli_io.ts";
export { main } from "./main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
