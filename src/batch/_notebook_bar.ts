// Copyright 2026 the pecapiku authors. MIT license.

import { escapeHtml, escapeText } from "../display/escape.ts";
import { Paced } from "./_paced.ts";
import type { BatchProgress } from "./batch_progress.ts";
import type { ProgressDisplay, Screen } from "./_progress_display.ts";
import { type Ending, plainLine } from "./_progress_text.ts";
import type { Tally } from "./_tally.ts";

/** How long it is from one drawing to the next, at least and at most, in milliseconds. */
const LEAST_MS = 200;
const MOST_MS = 1_000;

// Colours are those of the page, light or dark, where it says them.
const COMPUTED = "var(--jp-brand-color1, #2f7ed8)";
const CACHED = `color-mix(in srgb, ${COMPUTED} 55%, transparent)`;
const FAILED = "var(--jp-error-color1, #d32f2f)";
const TRACK =
  "display: flex; max-width: 40em; height: 0.5em; margin: 0.3em 0; border-radius: 0.25em; " +
  "overflow: hidden; background: color-mix(in srgb, currentColor 18%, transparent)";

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
    const text = escapeText(name) + plainLine(progress, ending);
    const data = { "text/plain": text, "text/html": htmlOf(text, progress, ending) };
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

// Drawn by hand: browsers draw a `<progress>` for light pages, where a page does not tell them that it is dark.
function htmlOf(text: string, progress: BatchProgress, ending: Ending): string {
  const { done, cached, computed, failed } = progress;
  const total = progress.total ?? (ending === undefined ? undefined : done);
  const parts = total === undefined ? [] : total === 0 ? [fill(COMPUTED, 1)] : [
    fill(CACHED, cached / total),
    fill(COMPUTED, computed / total),
    fill(FAILED, failed / total),
  ];
  const value = total === undefined
    ? ""
    : ` aria-valuemin="0" aria-valuemax="${total || 1}" aria-valuenow="${total === 0 ? 1 : done}"`;
  return `<div style="color: var(--jp-content-font-color1, inherit)">` +
    `<div role="progressbar"${value} aria-label="${escapeHtml(text)}" style="${TRACK}">` +
    `${parts.join("")}</div>` +
    `<div style="font-variant-numeric: tabular-nums">${escapeHtml(text)}</div></div>`;
}

function fill(background: string, share: number): string {
  if (share === 0) return "";
  const width = Number((100 * share).toFixed(2));
  return `<div style="width: ${width}%; background: ${background}"></div>`;
}
