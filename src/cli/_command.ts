// Copyright 2026 the pecapiku authors. MIT license.

import type { Session } from "./_session.ts";

/** An option of a command. */
export interface CommandOption {
  /** Whether it takes a value. */
  readonly type: "string" | "boolean";
  /** Its one letter. */
  readonly short?: string;
  /** What its value is called in the help; for those that take one. */
  readonly value?: string;
  /** What it does. */
  readonly about: string;
}

/** The options of a command, by name. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What was given of the options. */
export type OptionValues<O extends CommandOptions> = {
  readonly [Name in keyof O]?: (O[Name]["type"] extends "boolean" ? boolean : string) | undefined;
};

/** What a command is called with. */
export interface Invocation<O extends CommandOptions> {
  /** What is not an option, as many as the command takes. */
  readonly args: readonly string[];
  /** What was given of the options. */
  readonly values: OptionValues<O & typeof COMMON_OPTIONS>;
  /** The world around it. */
  readonly session: Session;
}

/** A command. Its help is made of what it says here. */
export interface Command<O extends CommandOptions = CommandOptions> {
  /** Its name. */
  readonly name: string;
  /** What comes behind the name, such as `FILE [KEY]`. */
  readonly usage: string;
  /** How many of these there must be, and how many there may be. */
  readonly args: readonly [least: number, most: number];
  /** What it does, in a line. */
  readonly summary: string;
  /**
   * What it is granted besides files, as options of `deno run`.
   *
   * @default {Nothing}
   */
  readonly permissions?: string;
  /** What else there is to know, a paragraph each. */
  readonly details?: readonly string[];
  /** Its options, but for those that all commands have. */
  readonly options: O;
  /** What is written behind the program's name to use it, and what that does; one at least. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Does it. Gives the exit code. */
  run(invocation: Invocation<O>): number | Promise<number>;
}

/** The options that all commands have. */
export const COMMON_OPTIONS = {
  json: { type: "boolean", about: "JSON for programs instead of text for people" },
  help: { type: "boolean", short: "h", about: "show this help" },
} as const satisfies CommandOptions;

/** The option of commands that remove something. */
export const YES = {
  yes: { type: "boolean", short: "y", about: "don't ask before something is removed" },
} as const satisfies CommandOptions;

/** Keeps what is known of the types of a command's options, for the command only. */
export function command<const O extends CommandOptions>(given: Command<O>): Command {
  return given as unknown as Command;
}
