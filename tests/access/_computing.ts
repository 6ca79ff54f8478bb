// Copyright 2026 the pecapiku authors. MIT license.

import { fromFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";

/** A process that computes things by a function that others call, too. */
export class Computing {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  /** Starts it; {@linkcode Computing.until} tells when it is ready. */
  constructor(place: string, log: string, lease: number, work: "all" | "one" | "hang") {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "-A", ...importMapArguments()],
        fromFileUrl(new URL("_child_computes.ts", import.meta.url)),
        ...[place, log, String(lease), work],
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Waits until it has said a line. */
  async until(line: string): Promise<void> {
    while (!this.#text.split("\n").includes(line)) {
      const { done, value } = await this.#lines.read();
      if (done) throw new Error(`It ended before it said ${line}: ${this.#text}`);
      this.#text += value;
    }
  }

  /** Has it begin. */
  async go(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new Uint8Array([10]));
    writer.releaseLock();
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#end();
  }

  /** Waits until it has got what it should, and ends. */
  async done(): Promise<void> {
    await this.until("done");
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.#child.stdin.close().catch(() => {});
    await this.#lines.cancel();
    await this.#child.status;
  }
}

/** What was evaluated: keys, and when. */
export function evaluationsIn(log: string): { key: number; at: number }[] {
  return Deno.readTextFileSync(log).trimEnd().split("\n").map((line) => {
    const [key, at] = line.split(" ").map(Number);
    return { key: key!, at: at! };
  });
}

/** Has eight processes call a function with the same 50 keys at once, and gives the keys that were evaluated, in order. */
export async function crowd(place: string): Promise<number[]> {
  const log = Deno.makeTempFileSync();
  const all = Array.from({ length: 8 }, () => new Computing(place, log, 20_000, "all"));
  await Promise.all(all.map((each) => each.until("ready")));
  await Promise.all(all.map((each) => each.go()));
  await Promise.all(all.map((each) => each.done()));
  const keys = evaluationsIn(log).map(({ key }) => key).sort((a, b) => a - b);
  Deno.removeSync(log);
  return keys;
}

/** Kills a process while it computes what others wait for, and gives the times of the evaluations after that, in milliseconds. */
export async function takeOver(place: string, lease: number): Promise<number[]> {
  const log = Deno.makeTempFileSync();
  const holder = new Computing(place, log, lease, "hang");
  const others = Array.from({ length: 3 }, () => new Computing(place, log, lease, "one"));
  await Promise.all([holder, ...others].map((each) => each.until("ready")));
  await holder.go();
  await holder.until("hanging");
  await Promise.all(others.map((each) => each.go()));
  // Beyond the time of a lease: it is renewed.
  await new Promise((resolve) => setTimeout(resolve, lease * 1.2));
  const before = evaluationsIn(log).length;
  if (before !== 1) throw new Error(`Evaluated while its lease was renewed: ${before}`);
  const killed = Date.now();
  await holder.kill();
  await Promise.all(others.map((each) => each.done()));
  const times = evaluationsIn(log).slice(1).map(({ at }) => at - killed);
  Deno.removeSync(log);
  return times;
}
