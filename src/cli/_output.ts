// Copyright 2026 the pecapiku authors. MIT license.

import { styleText } from "node:util";
import { safeJson, safeLines, safeText } from "../inspect/safe_text.ts";
import type { CliIo } from "./cli_io.ts";
import { pad, wrap } from "./_layout.ts";

/** How much is kept before it is written, in UTF-16 code units. */
const MOST_KEPT = 64 * 1024;

/** What a command says on standard output. Whatever it is given is made safe for a terminal. */
export class Output {
  readonly #io: CliIo;
  #kept = "";

  /** Writes to an `io`, from time to time. */
  constructor(io: CliIo) {
    this.#io = io;
  }

  /** How wide lines may be; `undefined` for any width. */
  get columns(): number | undefined {
    return this.#io.columns;
  }

  /** Writes a text of one line, in several lines if it is too long. */
  line(text = "", indent = 0): void {
    for (const line of wrap(safeText(text), this.columns, indent)) this.#add(line);
  }

  /** Writes a text of several lines. */
  lines(text: string): void {
    for (const line of safeLines(text).split("\n")) {
      for (const part of wrap(line, this.columns)) this.#add(part);
    }
  }

  /** Writes a heading. */
  heading(text: string): void {
    for (const line of wrap(safeText(text), this.columns)) this.#add(this.#styled("bold", line));
  }

  /** Writes names and what they are, one below the other. Those that are `undefined` are left out. */
  facts(facts: readonly (readonly [name: string, what: string | undefined])[]): void {
    const width = Math.max(...facts.map(([name]) => name.length)) + 2;
    for (const [name, what] of facts) {
      if (what !== undefined) this.line(pad(name, width, "right") + what, width);
    }
  }

  /** Writes what is on one line of a terminal already, and safe. */
  raw(line: string, style?: "bold"): void {
    this.#add(style === undefined ? line : this.#styled(style, line));
  }

  /** Writes JSON on one line. */
  json(value: unknown): void {
    this.#add(safeJson(value));
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.flush();
    this.#io.stdout(bytes);
  }

  /** Writes what is kept. */
  flush(): void {
    const kept = this.#kept;
    this.#kept = "";
    if (kept !== "") this.#io.stdout(kept);
  }

  #add(line: string): void {
    this.#kept += `${line}\n`;
    if (this.#kept.length >= MOST_KEPT) this.flush();
  }

  // It is for the io to say whether there is a terminal: nothing is looked at here.
  #styled(style: "bold", text: string): string {
    return this.#io.color === true ? styleText(style, text, { validateStream: false }) : text;
  }
}
