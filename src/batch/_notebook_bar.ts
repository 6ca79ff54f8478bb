// Copyright 2026 the pecapiku authors. MIT license.

import { Paced } from "./_paced.ts";
import type { ProgressDisplay, Screen } from "./_progress_display.ts";
import { type Ending, plainLine } from "./_progress_text.ts";
import type { Tally } from "./_tally.ts";

/** How long it is from one drawing to the next, at least and at most, in milliseconds. */
const LEAST_MS = 200;
const MOST_MS = 1_000;

/** What of `Deno.jupyter` is used. */
export interface Notebook {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/**
 * Finds the notebook that this process evaluates the cells of.
 *
 * @returns The notebook, if there is one.
 */
export function notebookOf(): Notebook | undefined {
  try {
    return Reflect.get(Deno, "jupyter");
  } catch {
    // Outside of a notebook, asking for the namespace throws.
    return undefined;
  }
}

/** A bar below a cell of a notebook, which is changed where it stands. */
export class NotebookBar implements ProgressDisplay {
  readonly #notebook: Notebook;
  readonly #name: string;
  readonly #paced: Paced;
  readonly #id = `pecapiku-${crypto.randomUUID()}`;
  #tally: Tally | undefined;
  #isThere = false;
  #sending: Promise<void> | undefined;
  #isBroken = false;

  /** Prepares the bar; nothing is shown yet. */
  constructor(notebook: Notebook, name: string, screen: Pick<Screen, "now" | "later">) {
    this.#notebook = notebook;
    this.#name = name;
    const draw = (): boolean => {
      void this.#show(undefined);
      return this.#tally!.active > 0;
    };
    this.#paced = new Paced(screen, draw, {
      least: LEAST_MS,
      most: MOST_MS,
      isAtOnce: true,
    });
  }

  changed(tally: Tally): void {
    this.#tally = tally;
    this.#paced.changed();
  }

  async finish(tally: Tally, isComplete: boolean): Promise<void> {
    this.#paced.stop();
    this.#tally = tally;
    await this.#sending;
    await this.#show(isComplete ? "complete" : "stopped");
  }

  async #show(ending: Ending): Promise<void> {
    // One at a time, for them to arrive in order; the next one says what this one would.
    if (this.#sending !== undefined || this.#isBroken) return;
    this.#sending = this.#send(ending);
    await this.#sending;
    this.#sending = undefined;
  }

  async #send(ending: Ending): Promise<void> {
    const type = this.#isThere ? "update_display_data" : "display_data";
    this.#isThere = true;
    const progress = this.#tally!.snapshot(ending !== undefined);
    const name = this.#name === "" ? "" : `${this.#name}: `;
    const text = name + plainLine(progress, ending);
    const { done, total } = progress;
    const data = { "text/plain": text, "text/html": htmlOf(text, done, total, ending) };
    try {
      await this.#notebook.broadcast(type, {
        data,
        metadata: {},
        transient: { display_id: this.#id },
      });
    } catch {
      // The notebook has gone. The work that it was told about goes on.
      this.#isBroken = true;
    }
  }
}

// Without colours of its own, but for what the page says of light and dark.
function htmlOf(text: string, done: number, total: number | undefined, ending: Ending): string {
  const isEmpty = total === 0 || (total === undefined && ending !== undefined);
  const value = total === undefined && ending === undefined
    ? ""
    : ` max="${isEmpty ? 1 : total}" value="${isEmpty ? 1 : done}"`;
  return `<div style="color: inherit; font-variant-numeric: tabular-nums">` +
    `<progress${value} style="width: 100%; max-width: 40em; color-scheme: inherit"></progress>` +
    `<div>${escapeHtml(text)}</div></div>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
}
