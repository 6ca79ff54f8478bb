// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Replaces what is between two markers of a document, which are comments on lines of their own.
 *
 * @param document The document.
 * @param name The name of the markers.
 * @param content What is to be between them.
 * @returns The document with it.
 * @throws {Error} If the markers are not there, once and in order.
 */
export function replaceBetween(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const parts = document.split(begin);
  const after = parts[1]?.split(end);
  if (parts.length !== 2 || after?.length !== 2) {
    throw new Error(`Cannot write results: no such markers: ${name}`);
  }
  return `${parts[0]}${begin}\n\n${content}\n\n${end}${after[1]}`;
}
