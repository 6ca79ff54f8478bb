// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Calls a function with a directory of its own, which is removed afterwards.
 *
 * @param step The function.
 * @returns What it returned.
 */
export function withDirectory<T>(step: (directory: string) => T): T {
  const directory = Deno.makeTempDirSync({ prefix: "pecapiku_stores_" });
  const end = () => Deno.removeSync(directory, { recursive: true });
  let result: T;
  try {
    result = step(directory);
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T;
  end();
  return result;
}

/** The names of what is in a directory, in order. */
export function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}
