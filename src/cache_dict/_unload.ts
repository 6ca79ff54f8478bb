// Copyright 2026 the pecapiku authors. MIT license.

/** What has something to save before the process ends. */
export interface Unsaved {
  /** Saves it. An error that it throws is printed, and the process fails. */
  saveAtUnload(): void;
}

const unsaved = new Set<Unsaved>();

/**
 * Has something saved when the process unloads, also by `Deno.exit()`.
 *
 * @param item What to save.
 */
export function saveAtUnload(item: Unsaved): void {
  if (unsaved.size === 0) globalThis.addEventListener("unload", saveAll);
  unsaved.add(item);
}

/**
 * Takes something off the list, because it is saved.
 *
 * @param item What is saved.
 */
export function forgetAtUnload(item: Unsaved): void {
  if (unsaved.delete(item) && unsaved.size === 0) {
    globalThis.removeEventListener("unload", saveAll);
  }
}

function saveAll(): void {
  for (const item of [...unsaved]) {
    try {
      item.saveAtUnload();
    } catch (error) {
      // Thrown from here, it would keep the other listeners from being called.
      console.error(error);
      Deno.exitCode ||= 1;
    }
  }
}
