// Copyright 2026 the pecapiku authors. MIT license.

import { type Command, COMMON_OPTIONS } from "./_command.ts";
import { COMMANDS } from "./_commands.ts";
import { pad } from "./_layout.ts";
import type { Output } from "./_output.ts";

/** How the command line is called. */
function programWith(permissions?: string): string {
  const more = permissions === undefined ? "" : ` ${permissions}`;
  return `deno run -RW${more} jsr:@pecapiku/cache/cli`;
}

/** What the exit codes mean, for people. */
const EXIT_CODES = [
  ["0", "done"],
  ["1", "something was found: damage, a difference, no such key; or the answer was no"],
  ["2", "wrong usage"],
  ["3", "the file can't be read or written, or is no cache file"],
] as const;

/** Writes what there is. */
export function writeHelp(out: Output): void {
  out.heading("The cache files of @pecapiku/cache");
  out.line();
  out.line(`${programWith()} COMMAND …`, 2);
  out.line();
  out.heading("Commands");
  writeList(out, [
    ...COMMANDS.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary] as const),
    ["help [COMMAND]", "tell more of a command"],
  ]);
  out.line();
  out.heading("Examples");
  for (const { examples: [first] } of COMMANDS) out.line(`  ${first![0]}`, 4);
  out.line();
  out.heading("All commands");
  writeOptions(out, COMMON_OPTIONS);
  out.line();
  out.line(
    "where, ls, show, stats, diff, export and verify write nothing, and need -R alone. serve needs --allow-net=127.0.0.1 as well, and writes only what is " +
      "deleted on its page.",
  );
  out.line(
    "A FILE that is a relative path is in the current directory, or else in the cache directory, which where tells.",
  );
  out.line();
  writeExitCodes(out);
}

/** Writes all there is to know of a command. */
export function writeCommandHelp(out: Output, command: Command): void {
  out.heading(`${command.name}: ${command.summary}`);
  out.line();
  out.line(`${programWith(command.permissions)} ${command.name} ${command.usage}`.trim(), 2);
  out.line();
  for (const detail of command.details ?? []) {
    out.line(detail);
    out.line();
  }
  out.heading("Options");
  writeOptions(out, { ...command.options, ...COMMON_OPTIONS });
  out.line();
  out.heading("Examples");
  for (const [line, does] of command.examples) {
    out.line(`  ${line}`, 4);
    out.line(`      ${does}`, 6);
  }
  out.line();
  writeExitCodes(out);
}

function writeOptions(out: Output, options: Command["options"]): void {
  writeList(
    out,
    Object.entries(options).map(([name, { short, value, about }]) => {
      const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
      return [short === undefined ? `    ${long}` : `-${short}, ${long}`, about];
    }),
  );
}

function writeExitCodes(out: Output): void {
  out.heading("Exit codes");
  writeList(out, EXIT_CODES);
}

function writeList(out: Output, items: readonly (readonly [string, string])[]): void {
  const width = Math.max(...items.map(([name]) => name.length)) + 2;
  const isNarrow = out.columns !== undefined && width + 2 > out.columns / 2;
  for (const [name, about] of items) {
    if (!isNarrow) {
      out.line(`  ${pad(name, width, "right")}${about}`, width + 2);
      continue;
    }
    out.line(`  ${name.trimStart()}`, 4);
    out.line(`      ${about}`, 6);
  }
}
