// Copyright 2026 the pecapiku authors. MIT license.

import { fromFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";

/** What a child process left behind. */
export interface ChildResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/**
 * A command that runs a module of this directory in a process of its own.
 *
 * @param name The file name of the module.
 * @param permissions The flags that grant it permissions.
 * @param args Its arguments.
 * @param stdin Where it reads from.
 * @returns The command.
 */
export function childCommand(
  name: string,
  permissions: readonly string[],
  args: readonly string[],
  stdin: "null" | "piped" = "null",
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      ...importMapArguments(),
      ...permissions,
      fromFileUrl(new URL(name, import.meta.url)),
      ...args,
    ],
    stdin,
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a module of this directory in a process of its own, to its end. */
export async function runChild(
  name: string,
  permissions: readonly string[],
  args: readonly string[],
): Promise<ChildResult> {
  const { code, stdout, stderr } = await childCommand(name, permissions, args).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout), errors: decoder.decode(stderr) };
}
