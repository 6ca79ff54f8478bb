// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Makes the golden files of a version of the format, which that version and every later one have to read.
 *
 * **It is never run again for a version that was released**: what users have is what that version wrote, not what this one would write.
 * It refuses to, and files that are there are not touched.
 *
 * When the format gets a new version, run this with it, and commit the new directory beside the old ones; the tests go through all of
 * them. What is to be covered in addition goes into new files, which older directories don't have.
 *
 * ```sh
 * deno run -A tests/golden/_make.ts v2
 * ```
 *
 * The clock stands still; salts, the numbers of runs and how long functions took are others each time.
 *
 * @module
 */

import { GOLDEN_FILES } from "./_golden_files.ts";

const [version] = Deno.args;
if (version === undefined || !/^v\d+$/.test(version)) {
  throw new Error(`Cannot make golden files: expected a version such as v2: ${version}`);
}
const directory = new URL(`${version}/`, import.meta.url).pathname;
Deno.mkdirSync(directory);
for (const { name, make } of GOLDEN_FILES) await make(directory + name);
