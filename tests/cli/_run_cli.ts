// Copyright 2026 the pecapiku authors. MIT license.

import { type CliIo, main } from "@pecapiku/cache/cli";
import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import type { PutChange } from "@pecapiku/cache/stores";
import { bytesOf, put } from "../stores/_changes.ts";

/** What the clock of a test says: a day after the entries of {@linkcode put}. */
export const NOW = 1_700_000_000_000 + 86_400_000;

/** What a command did. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes of all that came, where they are no text. */
  readonly bytes: Uint8Array;
  /** What was asked. */
  readonly questions: readonly string[];
}

/** The world of a command: by default no terminal, and nobody to ask. */
export interface CliWorld extends Partial<Pick<CliIo, "columns" | "color">> {
  readonly now?: number;
  /** What the person at the terminal types, one question after another; `null` ends the input. */
  readonly answers?: readonly (string | null)[];
}

/** Runs a command in this process. What goes on until it is interrupted is, as soon as it has said something. */
export async function runCli(args: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const chunks: Uint8Array[] = [];
  let stderr = "";
  const questions: string[] = [];
  const { answers, now = NOW, columns, color } = world;
  const interruption = new AbortController();
  const code = await main(args, {
    stdout: (data) => {
      chunks.push(typeof data === "string" ? bytesOf(data) : data.slice());
      interruption.abort();
    },
    signal: interruption.signal,
    stderr: (text) => void (stderr += text),
    now: () => now,
    columns,
    color,
    ask: answers && ((question) => {
      questions.push(question);
      return answers[questions.length - 1] ?? null;
    }),
  });
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  return { code, stdout: new TextDecoder().decode(bytes), stderr, bytes, questions };
}

/** The lines of what a command gave. */
export function linesOf({ stdout }: CliResult): string[] {
  return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
}

/** What a command gave as JSON, a line each. */
// deno-lint-ignore no-explicit-any
export function jsonOf(result: CliResult): any[] {
  return linesOf(result).map((line) => JSON.parse(line));
}

/** A change that puts the result of a call. */
export function call(
  number: number,
  name: string,
  value: string,
  more: Partial<PutChange> & { readonly preview?: string; readonly part?: object } = {},
): PutChange {
  const { preview = `${number}`, part = {}, ...options } = more;
  const text = JSON.stringify({ ...part, name, preview });
  return put(number, value, {
    key: { kind: "call", parts: [bytesOf(text)] },
    functionName: name,
    ...options,
  });
}

/** Makes a cache file of changes. */
export function makeFile(path: string, changes: readonly PutChange[]): string {
  const store = new LogStore(path);
  store.commit(changes);
  store.close();
  return path;
}

/** Makes a cache file of a dictionary. */
export function makeDict(path: string, entries: readonly (readonly [unknown, unknown])[]): string {
  using cache = new CacheDict(path);
  for (const [key, value] of entries) cache.set(key, value);
  return path;
}

/** Five results of two functions: of different sizes, ages and times. */
export const CALLS: readonly PutChange[] = [
  call(1, "load", '"one"', { duration: 50, writtenAt: 1_700_000_000_000 }),
  call(2, "load", `"${"two".repeat(100)}"`, { duration: 1500, writtenAt: 1_700_000_003_000 }),
  call(3, "count", "3", { duration: 0, writtenAt: 1_700_000_001_000 }),
  call(4, "count", "44", { duration: 7, writtenAt: 1_700_000_004_000 }),
  call(5, "load", "[5,5]", { duration: 200, writtenAt: 1_700_000_002_000 }),
];

/** Flips a bit of a file. */
export function damage(path: string, offset: number): string {
  const bytes = Deno.readFileSync(path);
  bytes[offset < 0 ? bytes.length + offset : offset]! ^= 1;
  Deno.writeFileSync(path, bytes);
  return path;
}
