// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Calls a function with a seed: that of the environment variable `PECAPIKU_SEED`, or a new one. It is in the message of
 * what the function throws.
 *
 * @param step The function.
 * @returns What it returned.
 */
export async function withSeed<T>(step: (seed: number) => T | Promise<T>): Promise<T> {
  const given = Deno.env.get("PECAPIKU_SEED");
  const seed = given ? Number(given) : Math.floor(Math.random() * 1_000_000);
  try {
    return await step(seed);
  } catch (cause) {
    throw new Error(`Failed with PECAPIKU_SEED=${seed}: ${cause}`, { cause });
  }
}
