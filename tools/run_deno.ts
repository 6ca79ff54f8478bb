// Copyright 2026 the pecapiku authors. MIT license.

/** The subcommands that take an import map. */
const TAKES_IMPORT_MAP = ["check", "doc", "eval", "run", "test"];

/** Refuses at once, where a registry that can't be reached would be waited for. */
const NO_REGISTRY = "http://127.0.0.1:0/";

/** The signals that are passed on to the process that runs. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/**
 * Runs this same `deno` with the terminal, the signals and the exit code of this process.
 *
 * With an import map, it and the processes that it starts find its path in `PECAPIKU_IMPORT_MAP`,
 * and ask no registry for modules. Needs `--allow-run` and `--allow-read`.
 *
 * @param args A subcommand and its arguments.
 * @param importMap The absolute path of the import map to use, if there is one.
 * @param cwd Where to run it.
 * @param turn If it is given, what the process prints is held back until this is settled, so that
 * several can run at once; and it has no standard input.
 * @returns The exit code.
 */
export async function runDeno(
  args: readonly string[],
  importMap: string | undefined,
  cwd: string | URL,
  turn?: Promise<unknown>,
): Promise<number> {
  const [subcommand = "", ...rest] = args;
  const takesMap = importMap !== undefined && TAKES_IMPORT_MAP.includes(subcommand);
  // Before it starts: who sees it running may send a signal.
  const listeners = SIGNALS.map((signal) => [signal, () => forward(child, signal)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  const child = new Deno.Command(Deno.execPath(), {
    args: takesMap ? [subcommand, "--import-map", importMap, ...rest] : [subcommand, ...rest],
    cwd,
    env: environment(importMap),
    stdin: turn === undefined ? "inherit" : "null",
    stdout: turn === undefined ? "inherit" : "piped",
    stderr: turn === undefined ? "inherit" : "piped",
  }).spawn();
  if (turn !== undefined) await printInTurn(child, turn);
  const { code } = await child.status;
  for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  return code;
}

async function printInTurn(child: Deno.ChildProcess, turn: Promise<unknown>): Promise<void> {
  const [stdout, stderr] = await Promise.all([child.stdout.bytes(), child.stderr.bytes()]);
  await turn;
  for (const [bytes, stream] of [[stdout, Deno.stdout], [stderr, Deno.stderr]] as const) {
    for (let at = 0; at < bytes.length;) at += await stream.write(bytes.subarray(at));
  }
}

function environment(importMap: string | undefined): Record<string, string> {
  if (importMap === undefined) return { PECAPIKU_STD: "jsr" };
  // `deno lint` takes no import map, and asks the registry for what deno.json names.
  return { PECAPIKU_IMPORT_MAP: importMap, JSR_URL: NO_REGISTRY };
}

function forward(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It ended a moment ago: there is nobody left to tell.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
