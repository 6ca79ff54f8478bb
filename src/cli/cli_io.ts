// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What the command line reads and writes: that of the process, or what a program or a test gives it.
 *
 * @example Usage
 * ```ts
 * import { type CliIo, main } from "@pecapiku/cache/cli";
 * import { assert, assertEquals } from "@std/assert";
 *
 * let output = "";
 * const io: CliIo = {
 *   stdout: (data) => output += typeof data === "string" ? data : new TextDecoder().decode(data),
 *   stderr: () => {},
 *   now: () => Date.now(),
 * };
 * assertEquals(await main(["where", "--json"], io), 0);
 * assert(JSON.parse(output).directory.length > 0);
 * ```
 */
export interface CliIo {
  /** Takes what a command gives: text, or the bytes of a value. */
  stdout(data: string | Uint8Array): void;
  /** Takes errors, warnings and questions. */
  stderr(text: string): void;
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /**
   * How wide the terminal is that `stdout` goes to, in columns: no line is longer.
   *
   * @default {It is no terminal: lines may have any length, and lists have no end}
   */
  readonly columns?: number | undefined;
  /**
   * Whether output may be coloured.
   *
   * @default {false}
   */
  readonly color?: boolean | undefined;
  /**
   * Asks the person at the terminal, and gives back the line that was typed; `null` at the end of the input.
   *
   * @default {There is nobody to ask: what would need an answer is refused}
   */
  readonly ask?: ((question: string) => string | null) | undefined;
  /**
   * Ends `serve`, which goes on until then.
   *
   * @default {It never ends. The command line itself ends it by SIGINT or SIGTERM}
   */
  readonly signal?: AbortSignal | undefined;
}

/** The width of a terminal that does not tell its own. */
const USUAL_WIDTH = 80;

const encoder = new TextEncoder();

/** The input and output of this process. Needs no permission. */
export function processIo(): CliIo {
  const isTerminal = Deno.stdout.isTerminal();
  return {
    stdout: (data) => write(Deno.stdout, typeof data === "string" ? encoder.encode(data) : data),
    stderr: (text) => write(Deno.stderr, encoder.encode(text)),
    now: () => Date.now(),
    columns: isTerminal ? terminalWidth() : undefined,
    color: isTerminal && !Deno.noColor,
    ask: Deno.stdin.isTerminal() ? ask : undefined,
    get signal() {
      return interruption();
    },
  };
}

/** What tells a process to end. */
const INTERRUPTS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/** A signal that is aborted when the process is told to end, and from then on the process ends when it is told so again. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => {
    for (const name of INTERRUPTS) Deno.removeSignalListener(name, interrupt);
    controller.abort();
  };
  for (const name of INTERRUPTS) Deno.addSignalListener(name, interrupt);
  return controller.signal;
}

interface Writer {
  writeSync(bytes: Uint8Array): number;
}

function write(to: Writer, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) at += to.writeSync(bytes.subarray(at));
}

function terminalWidth(): number {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? columns : USUAL_WIDTH;
  } catch {
    // A terminal need not know how wide it is.
    return USUAL_WIDTH;
  }
}

// Not `confirm`, which writes its question to where the output goes.
function ask(question: string): string | null {
  write(Deno.stderr, encoder.encode(question));
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(256);
  let line = "";
  while (!line.includes("\n")) {
    const read = Deno.stdin.readSync(bytes);
    if (read === null) return line === "" ? null : line;
    line += decoder.decode(bytes.subarray(0, read), { stream: true });
  }
  return line.trim();
}
