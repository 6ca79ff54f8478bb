// Copyright 2026 the pecapiku authors. MIT license.

import { importMapArguments } from "../_deno.ts";

/** How a script is run. */
export interface RunOptions {
  /** The permission flags. */
  readonly permissions?: readonly string[];
  /** The arguments of the script. */
  readonly args?: readonly string[];
  /** The only environment variables that the script has. */
  readonly env?: Record<string, string>;
  /** The current directory. */
  readonly cwd?: string;
}

/** What came of it. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script in a process of its own.
 *
 * @param source The script; the package's entry point is imported as `cache`.
 * @param options How to run it.
 * @returns What it printed, and how it ended.
 */
export async function runScript(source: string, options: RunOptions = {}): Promise<RunResult> {
  const { permissions = [], args = [], env, cwd } = options;
  const script = Deno.makeTempFileSync({ suffix: ".ts" });
  const entry = JSON.stringify(new URL("../../mod.ts", import.meta.url).href);
  Deno.writeTextFileSync(script, `import * as cache from ${entry};\n${source}`);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const kept: Record<string, string> = { NO_COLOR: "1" };
  for (const name of ["DENO_DIR", "HOME", "PATH"]) {
    const value = Deno.env.get(name);
    if (value !== undefined) kept[name] = value;
  }
  // Deno finds what it has downloaded by the environment, which is about to change.
  kept.DENO_DIR ??= `${kept.HOME}/.cache/deno`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--no-prompt",
      "--config",
      config,
      ...importMapArguments(),
      ...permissions,
      script,
      ...args,
    ],
    clearEnv: env !== undefined,
    env: { ...kept, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout).trim(), stderr: decoder.decode(stderr).trim() };
}
