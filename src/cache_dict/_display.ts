// Copyright 2026 the pecapiku authors. MIT license.

import { entriesBundle, failureBundle } from "../display/entries.ts";
import { formatCount } from "../display/format.ts";
import type { MediaBundle } from "../display/html.ts";
import { shownLocation } from "../display/location.ts";
import type { Dictionary } from "./_dictionary.ts";

/** How many entries are shown. */
const MOST_SHOWN = 50;

/**
 * Gives what a notebook shows of a dictionary: a table of its first entries. It never throws: it is what people look at to find out what is
 * wrong.
 *
 * @param name The name of the class.
 * @param dictionary The dictionary.
 * @returns HTML and text.
 */
export function displayDictionary(name: string, dictionary: Dictionary): MediaBundle {
  if (dictionary.isClosed) return failureBundle(name, "its block has been left");
  try {
    const entries = dictionary.shownEntries(MOST_SHOWN);
    const size = Math.max(dictionary.size, entries.length);
    const title = `${name}(${formatCount(size)}) in ${shownLocation(dictionary.location)}`;
    return entriesBundle(title, entries, size - entries.length);
  } catch (error) {
    return failureBundle(`Cannot show ${name}`, error);
  }
}
