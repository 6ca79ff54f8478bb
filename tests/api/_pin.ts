// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Writes down what each entry point exports, for `exports_test.ts` to compare: run it when the API is to change, and look at what
 * Git shows of it.
 *
 * ```sh
 * deno run -A --no-config tests/api/_pin.ts
 * ```
 *
 * @module
 */

import { entryPoints, publicApi } from "./_public_api.ts";

const texts = await publicApi();
for (const { name, pinned } of entryPoints()) Deno.writeTextFileSync(pinned, texts.get(name)!);
