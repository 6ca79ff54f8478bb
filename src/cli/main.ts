// Copyright 2026 the pecapiku authors. MIT license.

import { closestMatch } from "leven";
import { parseArgs } from "node:util";
import { CacheError } from "../errors/cache_error.ts";
import { safeLines, safeText } from "../inspect/safe_text.ts";
import { type CliIo, processIo } from "./cli_io.ts";
import {
  type Command,
  type CommandOptions,
  COMMON_OPTIONS,
  type OptionValues,
} from "./_command.ts";
import { COMMANDS } from "./_commands.ts";
import { EXIT, NoSuchKeyError, UsageError } from "./_exit.ts";
import { writeCommandHelp, writeHelp } from "./_help.ts";
import { Session } from "./_session.ts";

/** How many letters of a command's name may be wrong for it to be suggested. */
const MOST_SLIPS = 2;

/**
 * Runs the command line.
 *
 * Exit codes: `0` it is done; `1` something was found (damage, a difference, no such key), or the answer to a question was no; `2` wrong usage;
 * `3` the file can't be read or written, or is no cache file. Errors and warnings go to `io.stderr`, a line each.
 *
 * Needs `--allow-read` for the files, `--allow-write` for commands that write, `--allow-net=127.0.0.1` for `serve`, and never asks for any. `serve`
 * goes on until `io.signal` is aborted.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { main } from "@pecapiku/cache/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempDirSync() + "/a.cache";
 * {
 *   using cache = new CacheDict(path);
 *   cache.set("answer", 42);
 * }
 * let output = "";
 * const code = await main(["export", path], {
 *   stdout: (data) => output += data,
 *   stderr: () => {},
 *   now: () => Date.now(),
 * });
 * assertEquals([code, JSON.parse(output).value], [0, 42]);
 * ```
 *
 * @param args The arguments, as in `Deno.args`.
 * @param io What to read and write.
 * @returns The exit code.
 */
export async function main(args: readonly string[], io: CliIo = processIo()): Promise<number> {
  const session = new Session(io);
  try {
    return await run(args, session);
  } catch (error) {
    return tell(error, session);
  } finally {
    unlessClosed(() => session.close());
  }
}

async function run(args: readonly string[], session: Session): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    writeHelp(session.out);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "help") {
    if (rest[0] === undefined) writeHelp(session.out);
    else writeCommandHelp(session.out, commandNamed(rest[0]));
    return EXIT.done;
  }
  const command = commandNamed(name);
  const { values, positionals } = parse(command, rest);
  if (values.help) {
    writeCommandHelp(session.out, command);
    return EXIT.done;
  }
  const [least, most] = command.args;
  if (positionals.length < least || positionals.length > most) {
    throw new UsageError(
      `Cannot run ${command.name}: expected ${command.usage || "no arguments"}: ${
        positionals.map(safeText).join(" ") || "nothing"
      } (help ${command.name} tells more)`,
    );
  }
  return await command.run({ args: positionals, values, session });
}

function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  // Of a short name, not all letters may be wrong.
  const maxDistance = Math.min(MOST_SLIPS, name.length - 1);
  const meant = closestMatch(name, COMMANDS.map((command) => command.name), { maxDistance });
  const hint = meant === undefined ? "help tells which there are" : `did you mean ${meant}?`;
  throw new UsageError(`Cannot run: no such command: ${safeText(name)} (${hint})`);
}

interface Parsed {
  readonly values: OptionValues<typeof COMMON_OPTIONS>;
  readonly positionals: string[];
}

function parse(command: Command, args: string[]): Parsed {
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {};
  const known: CommandOptions = { ...command.options, ...COMMON_OPTIONS };
  for (const [name, { type, short }] of Object.entries(known)) {
    options[name] = short === undefined ? { type } : { type, short };
  }
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!isParseError(error)) throw error;
    throw new UsageError(
      `Cannot run ${command.name}: ${safeText(error.message)} (help ${command.name} tells more)`,
    );
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS_");
}

function tell(error: unknown, session: Session): number {
  // Whoever reads has read enough: `ls | head`.
  if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
  if (error instanceof UsageError) return say(session, safeLines(error.message), EXIT.usage);
  if (error instanceof NoSuchKeyError) return say(session, safeText(error.message), EXIT.found);
  if (error instanceof CacheError) return say(session, safeText(error.message), EXIT.unreadable);
  throw error;
}

function say(session: Session, message: string, code: number): number {
  unlessClosed(() => session.out.flush());
  session.io.stderr(`${message}\n`);
  return code;
}

function unlessClosed(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
