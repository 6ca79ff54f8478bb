// Copyright 2026 the pecapiku authors. MIT license.

let known: boolean | undefined;

/**
 * Tells whether this process evaluates lines or cells one by one, as the REPL and a notebook do. There, a top-level
 * `using` is never disposed.
 *
 * @returns Whether it does.
 */
export function isInteractive(): boolean {
  return known ??= hasInteractiveMain() || hasJupyter();
}

function hasInteractiveMain(): boolean {
  try {
    return /[\\/]\$deno\$(?:repl|jupyter)[^\\/]*$/.test(Deno.mainModule);
  } catch {
    // A worker may have no main module to tell of; it is not interactive either.
    return false;
  }
}

function hasJupyter(): boolean {
  try {
    return Reflect.get(Deno, "jupyter") !== undefined;
  } catch {
    // Outside of a notebook, asking for the namespace throws.
    return false;
  }
}
