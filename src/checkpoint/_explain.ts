// Copyright 2026 the pecapiku authors. MIT license.

import { hasAlive } from "../access/_entries.ts";
import { storedName } from "../access/_commits.ts";
import { errorDigest, SampleTurns } from "../access/entry_parts.ts";
import type { FunctionControl } from "../access/function_options.ts";
import { isAlive, type Storage, type StorePlace } from "../access/storage_options.ts";
import type { Digest } from "../stores/store.ts";
import { readParts, STORED_DIGITS, type StoredPart, storedParts } from "./_call_parts.ts";
import type { CheckpointKeys, ExaminedCall } from "./_checkpoint_keys.ts";
import { UnseenError } from "./_unseen_error.ts";
import type { ExplainedChange, ExplainedKind, ExplainedPart, Explanation } from "./explanation.ts";

/** What a checkpointed function is explained from. */
export interface ExplainedFunction {
  /** Its name. */
  readonly name: string;
  /** What keeps it apart from others of its name. */
  readonly namespace: string | undefined;
  /** What makes its keys. */
  readonly keys: CheckpointKeys;
  /** Where its results are. */
  readonly place: StorePlace;
  /** How old they may be. */
  readonly storage: Storage;
  /** What of its calls is cached. */
  readonly control: FunctionControl;
}

/** What is stored of a call. */
interface Stored {
  /** What the call would be answered with. */
  readonly answer: "result" | "error" | undefined;
  /** Which sample's turn it is, and of how many; `undefined` if there is one only. */
  readonly turn: string | undefined;
  /** Whether the call has an entry of its own, although it may not be the one whose turn it is. */
  readonly isKnown: boolean;
}

/**
 * Explains a call. Nothing is evaluated or written.
 *
 * @param fn The function.
 * @param self The `this` of the call.
 * @param args The arguments.
 * @returns The explanation.
 * @throws {CacheError} If the store can't be read.
 */
export function explainCall(
  fn: ExplainedFunction,
  self: unknown,
  args: readonly unknown[],
): Explanation {
  const call = fn.keys.examine(self, args);
  const stored = storedOf(fn, call.digest);
  const isSearched = call.digest !== undefined && stored.answer === undefined && !stored.isKnown;
  const changed = isSearched ? changesSinceNearest(fn, call.parts) : [];
  return new CallExplanation(fn.name, call, stored, changed);
}

function storedOf(fn: ExplainedFunction, digest: Digest | undefined): Stored {
  if (digest === undefined) return { answer: undefined, turn: undefined, isKnown: false };
  const { place, storage, control: { samples, cacheErrors } } = fn;
  const { store } = place;
  const own = new SampleTurns(samples, place).locate({ digest, key: digest }, false);
  const answer = hasAlive(store, own.digest, storage)
    ? "result"
    : cacheErrors !== undefined && hasAlive(store, errorDigest(own.digest), storage)
    ? "error"
    : undefined;
  const index = own.sample.index;
  return {
    answer,
    turn: samples === 1 ? undefined : `sample ${index + 1} of ${samples}`,
    isKnown: index > 0 && hasAlive(store, digest, storage),
  };
}

class CallExplanation implements Explanation {
  readonly functionName: string;
  readonly key: string | undefined;
  readonly isHit: boolean;
  readonly parts: readonly ExplainedPart[];
  readonly unseen: readonly string[];
  readonly refusal: string | undefined;
  readonly problem: string | undefined;
  readonly changed: readonly ExplainedChange[];
  readonly #stored: Stored;

  constructor(
    functionName: string,
    { digest, parts, identity, problem }: ExaminedCall,
    stored: Stored,
    changed: readonly ExplainedChange[],
  ) {
    this.functionName = functionName;
    this.key = digest;
    this.isHit = stored.answer !== undefined;
    this.#stored = stored;
    this.parts = parts;
    this.unseen = problem instanceof UnseenError ? problem.unseen : identity?.unseen ?? [];
    this.refusal = identity?.refusal;
    this.problem = problem?.message;
    this.changed = changed;
  }

  toString(): string {
    const name = this.functionName || "(anonymous)";
    const lines = [`${name}: ${this.#outcome()}`];
    const width = Math.max(0, ...this.parts.map(({ kind }) => kind.length));
    for (const { kind, name, digest } of this.parts) {
      lines.push(`  ${kind.padEnd(width)}  ${digest.slice(0, STORED_DIGITS)}  ${name}`);
    }
    for (const text of this.unseen) lines.push(`  not seen: ${text}`);
    for (const { kind, name, change } of this.changed) lines.push(`  ${change}: ${kind} ${name}`);
    return lines.join("\n");
  }

  #outcome(): string {
    if (this.key === undefined) return `evaluated and not cached. ${this.problem}`;
    const { answer, turn, isKnown } = this.#stored;
    const key = `${this.key.slice(0, 8)}${turn === undefined ? "" : `, ${turn}`}`;
    if (answer === "error") return `throws an error from the cache [${key}]`;
    if (this.isHit) return `from the cache [${key}]`;
    if (isKnown) return `evaluated, since this sample is not cached [${key}]`;
    return this.changed.length > 0
      ? `evaluated, since something changed [${key}]`
      : `evaluated, since nothing like it is cached [${key}]`;
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function changesSinceNearest(
  { name, namespace, place, storage }: ExplainedFunction,
  parts: readonly ExplainedPart[],
): readonly ExplainedChange[] {
  const functionName = storedName(name, namespace);
  const isCode = ({ kind }: ExplainedPart): boolean => CODE.includes(kind);
  const own = [
    ...storedParts(parts.filter(isCode)),
    ...storedParts(parts.filter((part) => !isCode(part))),
  ];
  let nearest: readonly ExplainedChange[] | undefined;
  let writtenAt = -Infinity;
  for (const info of place.store.entries()) {
    if (info.functionName !== functionName || !isAlive(info.writtenAt, storage)) continue;
    const stored = readParts(info.key);
    if (stored === undefined) continue;
    const changes = changesBetween(stored, own);
    const isNearer = nearest === undefined || changes.length < nearest.length ||
      (changes.length === nearest.length && info.writtenAt >= writtenAt);
    if (isNearer) [nearest, writtenAt] = [changes, info.writtenAt];
  }
  if (nearest === undefined || nearest.length > 0) return nearest ?? [];
  // All parts are there, and the key is another one: how they are put together has changed.
  const first = parts[0];
  return first === undefined ? [] : [{ kind: first.kind, name: first.name, change: "changed" }];
}

const CODE: readonly ExplainedKind[] = ["code", "package", "file", "global"];

/**
 * Compares the parts of two calls. What has another name and the same content has not changed.
 *
 * @param before The parts of the earlier call.
 * @param after Those of the later one.
 * @returns The differences.
 */
export function changesBetween(
  before: readonly StoredPart[],
  after: readonly StoredPart[],
): ExplainedChange[] {
  const old = [...before];
  let fresh = [...after];
  const changes: ExplainedChange[] = [];
  const match = (isSame: (one: StoredPart, other: StoredPart) => boolean, change: boolean) => {
    fresh = fresh.filter((part) => {
      const index = old.findIndex((other) => isSame(part, other));
      if (index < 0) return true;
      old.splice(index, 1);
      if (change) changes.push(changeOf(part, "changed"));
      return false;
    });
  };
  match((one, other) => one.every((text, i) => text === other[i]), false);
  match((one, other) => one[0] === other[0] && one[1] === other[1], true);
  match((one, other) => one[0] === other[0] && one[2] === other[2], false);
  changes.push(...fresh.map((part) => changeOf(part, "added")));
  changes.push(...old.map((part) => changeOf(part, "removed")));
  return changes;
}

function changeOf([kind, name]: StoredPart, change: ExplainedChange["change"]): ExplainedChange {
  return { kind: kind as ExplainedKind, name, change };
}
