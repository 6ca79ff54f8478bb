// Copyright 2026 the pecapiku authors. MIT license.

import type { CodeIdentity, FunctionCode } from "../code/function_code.ts";
import type { EncodingOptions } from "../keys/_encoding_options.ts";
import { previewArguments } from "../keys/_preview.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { StoredKey } from "../stores/store.ts";
import type { CheckpointCall } from "./_checkpoint_keys.ts";
import { argumentName, type Signature } from "./_effective_arguments.ts";
import type { ExplainedPart } from "./explanation.ts";

/** A part as it is stored with an entry: its kind, its name, and the beginning of its digest. */
export type StoredPart = readonly [kind: string, name: string, digest: string];

/** How many hexadecimal digits of a digest are stored: they only tell people what changed. */
export const STORED_DIGITS = 16;

/** How many parts of the code, and how many others, are stored at the most. */
const MOST_PARTS = 40;
const MOST_NAME = 100;

/**
 * Gives the parts of the code.
 *
 * @param identity The code.
 * @returns The parts; the function's own code comes first.
 */
export function codeParts({ parts }: CodeIdentity): readonly ExplainedPart[] {
  return parts.map(({ kind, name, digest }) => ({ kind, name, digest }));
}

/**
 * Gives the parts that differ from call to call: the arguments in effect, `this`, and what `uses` gave.
 *
 * @param call The call.
 * @param args The arguments, as they were given.
 * @param code The function.
 * @param signature How its arguments count.
 * @param options How values are encoded.
 * @returns The parts.
 */
export function ownParts(
  { effective, self, used }: CheckpointCall,
  args: readonly unknown[],
  code: FunctionCode,
  signature: Signature,
  options: EncodingOptions,
): ExplainedPart[] {
  const digestOf = (value: unknown): string => digestKey(value, options);
  const parts: ExplainedPart[] = [];
  if (self !== undefined) parts.push({ kind: "this", name: "this", digest: digestOf(self.value) });
  (effective?.values ?? args).forEach((value, index) => {
    const name = argumentName(signature, index);
    if (effective?.computed.includes(index)) {
      const { digest } = code.identifyDefault(index);
      parts.push({ kind: "default", name, digest });
    } else {
      parts.push({ kind: "argument", name, digest: digestOf(value) });
    }
  });
  if (used !== undefined) {
    for (const [name, value] of namedValues(used.value)) {
      parts.push({ kind: "uses", name, digest: digestOf(value) });
    }
  }
  return parts;
}

/**
 * Encodes what is kept of a call: older versions read its name and preview, and pass over the parts.
 *
 * @param name The function's name.
 * @param args The arguments.
 * @param identity The code.
 * @param own The other parts.
 * @returns The encoded key.
 */
export function storedCall(
  name: string,
  args: readonly unknown[],
  identity: CodeIdentity,
  own: readonly ExplainedPart[],
): StoredKey {
  const start = JSON.stringify({ name, preview: previewArguments(args) }).slice(0, -1);
  const parts = [storedCode(identity), storedText(own)].filter((text) => text !== "").join(",");
  return { kind: "call", parts: [new TextEncoder().encode(`${start},"parts":[${parts}]}`)] };
}

/**
 * Shortens parts to what is stored of them.
 *
 * @param parts The parts.
 * @returns What is stored.
 */
export function storedParts(parts: readonly ExplainedPart[]): StoredPart[] {
  const kept = parts.length <= MOST_PARTS ? parts : parts.slice(0, MOST_PARTS - 1);
  const stored = kept.map(({ kind, name, digest }): StoredPart => [
    kind,
    name.length <= MOST_NAME ? name : `${name.slice(0, MOST_NAME - 1)}…`.toWellFormed(),
    digest.slice(0, STORED_DIGITS),
  ]);
  if (kept.length < parts.length) {
    const others = parts.slice(kept.length);
    const digest = digestKey(others.map((part) => [part.kind, part.name, part.digest]));
    stored.push([others[0]!.kind, `${others.length} more`, digest.slice(0, STORED_DIGITS)]);
  }
  return stored;
}

/**
 * Reads the parts of an entry, which may come from an older version, or from anybody.
 *
 * @param key The entry's key.
 * @returns The parts; `undefined` if there are none.
 */
export function readParts({ kind, parts }: StoredKey): StoredPart[] | undefined {
  if (kind !== "call") return undefined;
  let stored: unknown;
  try {
    stored = JSON.parse(new TextDecoder().decode(parts[0]))?.parts;
  } catch {
    // What can't be read explains nothing; that the entry is damaged is said where its value is looked up.
    return undefined;
  }
  return Array.isArray(stored) && stored.every(isStoredPart) ? stored : undefined;
}

function isStoredPart(part: unknown): part is StoredPart {
  return Array.isArray(part) && part.length === 3 && part.every((one) => typeof one === "string");
}

const codeTexts = new WeakMap<CodeIdentity, string>();

function storedCode(identity: CodeIdentity): string {
  let text = codeTexts.get(identity);
  if (text === undefined) codeTexts.set(identity, text = storedText(codeParts(identity)));
  return text;
}

function storedText(parts: readonly ExplainedPart[]): string {
  return JSON.stringify(storedParts(parts)).slice(1, -1);
}

// Of `{ limit, rate }`, each of the two by itself. Nothing of the user's is run: what has a getter can't be a part of a key.
function namedValues(value: unknown): (readonly [string, unknown])[] {
  if (
    typeof value !== "object" || value === null ||
    Object.getPrototypeOf(value) !== Object.prototype || Symbol.for("pecapiku.key") in value
  ) {
    return [["uses", value]];
  }
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(value));
  return descriptors.map(([name, descriptor]) => [name, descriptor.value]);
}
