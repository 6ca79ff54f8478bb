// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";

/** What may be in what is shown. Anything else that looks like a tag is an escape that is missing. */
const TAGS = new Set([
  ...["div", "table", "thead", "tbody", "tr", "th", "td"],
  ...["svg", "title", "desc", "rect"],
]);

/**
 * Checks that HTML is well-formed, has no tags or attributes that could do anything, and loads nothing.
 *
 * @param html The HTML.
 * @returns Its text.
 */
export function assertHarmless(html: string): string {
  const open: string[] = [];
  const text = html.replace(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<>]*")*)(\/?)>/g, (...match) => {
    const [, closes, tag, attributes, isEmpty] = match as string[];
    assert(TAGS.has(tag!), tag);
    for (const [, name, value] of attributes!.matchAll(/ ([a-zA-Z:-]+)="([^"]*)"/g)) {
      assert(!/^on|^href$|^src$/i.test(name!), name);
      assert(!/url\(|javascript:|expression\(|@import/i.test(value!), value);
      assert(name === "xmlns" || !/https?:/.test(value!), value);
    }
    if (closes === "/") assertEquals(open.pop(), tag);
    else if (isEmpty !== "/") open.push(tag!);
    return " ";
  });
  assertEquals(open, []);
  assert(!/[<>]/.test(text), text);
  return text;
}
