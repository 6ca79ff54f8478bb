// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";

/** The document that specifies the bytes. */
const DOCUMENT = new URL("../../docs/format.md", import.meta.url);

/** The text of a block of examples in the document. */
export function goldenText(name: string): string {
  const text = Deno.readTextFileSync(DOCUMENT);
  const match = text.match(new RegExp(`\`\`\`[a-z]+ golden=${name}\\n(.*?)\\n\`\`\``, "s"));
  assert(match !== null, `No block golden=${name}`);
  return match[1]!;
}

/** The bytes that such a block stands for. */
export function goldenBytes(name: string): Uint8Array<ArrayBuffer> {
  const digits = goldenText(name).split("\n").map((line) => {
    // What the bytes are is written behind two spaces.
    const [bytes, count] = line.split("  ")[0]!.split(" * ") as [string, string | undefined];
    return bytes.replaceAll(" ", "").repeat(Number(count ?? 1));
  });
  return Uint8Array.fromHex(digits.join(""));
}
