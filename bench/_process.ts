// Copyright 2026 the pecapiku authors. MIT license.

import type { Answer, Order, Orders } from "./_orders.ts";
import type { NamedPeer } from "./peers/_all.ts";

/** How long an order may take, in milliseconds, before the process is given up on. */
const PATIENCE = 150_000;

const importMap = Deno.env.get("PECAPIKU_IMPORT_MAP");

/**
 * Gives the arguments of `deno` for a script.
 *
 * @param script The URL of the script.
 * @param args What the script is given.
 * @param flags What `deno run` is told besides.
 * @returns The arguments.
 */
export function denoArgs(
  script: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): string[] {
  return [
    ...["run", "--quiet", "--no-check", "--allow-all", ...flags],
    ...["--config", new URL("../deno.json", import.meta.url).pathname],
    ...importMap === undefined ? [] : ["--import-map", importMap],
    ...[script, ...args],
  ];
}

/** The process of a peer. Once it is gone, every order is answered with the reason. */
export class PeerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  #gone: string | undefined;

  /**
   * Starts it.
   *
   * @param peer The peer.
   */
  constructor({ file, peer }: NamedPeer) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: denoArgs(new URL("_worker.ts", import.meta.url).href, [file], peer.flags),
      stdin: "piped",
      stdout: "piped",
      // Warnings of damaged files and of packages are none of ours; errors come as answers.
      stderr: Deno.env.has("PECAPIKU_BENCH_ERRORS") ? "inherit" : "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
  }

  /**
   * Tells it what to do, and waits until it is done.
   *
   * @param order What to do.
   * @param given What it needs for that.
   * @param patience How long it may take, in milliseconds.
   * @returns What it answers.
   * @throws {Error} If it fails, ends, or takes too long.
   */
  async tell<Name extends Order>(
    order: Name,
    given: Orders[Name]["order"],
    patience = PATIENCE,
  ): Promise<Orders[Name]["answer"]> {
    if (this.#gone !== undefined) throw new Error(this.#gone);
    const text = `${JSON.stringify({ order, ...given })}\n`;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), patience);
    });
    const answered = this.#writer.write(new TextEncoder().encode(text)).then(
      () => this.#answer(),
      () => undefined,
    );
    const answer = await Promise.race([answered, tooLong]);
    clearTimeout(timer);
    if (answer === "late") this.#end(`no answer within ${patience / 1000} s`);
    else if (answer === undefined) this.#end(`its process ended: ${await this.#ending()}`);
    else if ("error" in answer) throw new Error(answer.error);
    else return answer.answer as Orders[Name]["answer"];
    throw new Error(this.#gone);
  }

  /** Whether it has ended, or was ended. */
  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  async #answer(): Promise<Answer | undefined> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) return undefined;
      // Whatever else is printed there is none of ours.
      if (value.startsWith("@ ")) return JSON.parse(value.slice(2)) as Answer;
    }
  }

  async #ending(): Promise<string> {
    const { code, signal } = await this.#child.status;
    return signal ?? `code ${code}`;
  }

  #end(reason: string): void {
    this.#gone ??= reason;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.isGone) await this.tell("close", {}, 60_000);
    } catch {
      // What it could not write any more is of no interest.
    }
    this.#end("it was ended");
    await this.#writer.close().catch(() => {});
    await this.#child.status;
    await this.#lines.return?.();
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream() as never)) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
