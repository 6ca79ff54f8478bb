// Copyright 2026 the pecapiku authors. MIT license.

/** What a run is told on the command line. */
export interface Options {
  /** Whether it is only to have a look: few entries, few rounds. */
  readonly quick: boolean;
  /** The rows to measure; none for all of them. */
  readonly only: readonly string[];
  /** The peers to measure besides ours and the floor; none for all of them. */
  readonly peers: readonly string[];
}

/** How it is used. */
export const USAGE = "deno task bench [--quick] [--only ROW,…] [--peers NAME,…]";

/**
 * Reads the arguments of the command.
 *
 * @param args The arguments.
 * @returns What they say.
 * @throws {TypeError} If there is one that means nothing.
 */
export function parseOptions(args: readonly string[]): Options {
  let quick = false;
  const lists: Record<string, string[]> = { "--only": [], "--peers": [] };
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = args[index]!.split("=", 2) as [string, string?];
    if (name === "--quick" && inline === undefined) {
      quick = true;
    } else if (Object.hasOwn(lists, name)) {
      const value = inline ?? args[++index];
      if (value === undefined || value === "") throw new TypeError(`Cannot run: no value: ${name}`);
      lists[name]!.push(...value.split(","));
    } else {
      throw new TypeError(`Cannot run: no such option: ${args[index]} (${USAGE})`);
    }
  }
  return { quick, only: lists["--only"]!, peers: lists["--peers"]! };
}

/**
 * Tells whether a row is wanted: `hit` stands for all rows that begin with it, such as `hit-1000`.
 *
 * @param only The rows that are asked for; none for all of them.
 * @param id A row, or what several rows begin with.
 * @returns Whether it is wanted.
 */
export function isWanted(only: readonly string[], id: string): boolean {
  return only.length === 0 ||
    only.some((name) => id === name || id.startsWith(`${name}-`) || name.startsWith(`${id}-`));
}
