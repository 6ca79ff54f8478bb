// Copyright 2026 the pecapiku authors. MIT license.

import type { Encoding } from "./_encoding.ts";
import { apply, getDescriptor, getPrototypeOf } from "./_primordials.ts";

/** The name of the method that speaks for an object. */
export const SPEAKER: unique symbol = Symbol.for("pecapiku.key") as never;

const SPEAKER_TEXT = '[Symbol.for("pecapiku.key")]';

// Objects that speak for themselves can make new ones that do so too, without end.
const MAX_DEPTH = 1000;
const MAX_WITHIN = 1_000_000;

/** Asks objects what to take for them, with a bound on answers that ask for further answers. */
export class Speakers {
  #depth = 0;
  #within = 0;

  /** Forgets what was asked. */
  clear(): void {
    this.#depth = 0;
    this.#within = 0;
  }

  /**
   * Asks an object what to take for it. Until {@linkcode Speakers.leave}, further questions are about the answer.
   *
   * @param encoding The encoding under way.
   * @param value The object, which has the property, itself or from a prototype.
   * @returns What its method returned.
   * @throws {UncacheableKeyError} If it has no such method, or the method throws or returns the object itself, or answers go
   * on without end.
   */
  ask(encoding: Encoding, value: object): unknown {
    if (this.#depth >= MAX_DEPTH) {
      encoding.refuse(`an object whose ${SPEAKER_TEXT}() answer is within ${MAX_DEPTH} others`);
    }
    if (this.#depth > 0 && ++this.#within > MAX_WITHIN) {
      encoding.refuse(`more than ${MAX_WITHIN} answers of ${SPEAKER_TEXT}() within others`);
    }
    const result = answerOf(encoding, value);
    this.#depth++;
    return result;
  }

  /** Says that an answer is written. */
  leave(): void {
    this.#depth--;
  }
}

function answerOf(encoding: Encoding, value: object): unknown {
  let descriptor: PropertyDescriptor | undefined;
  for (let at: object | null = value; at !== null; at = getPrototypeOf(at)) {
    descriptor = getDescriptor(at, SPEAKER);
    if (descriptor !== undefined) break;
  }
  const method: unknown = descriptor?.value;
  if (typeof method !== "function") encoding.refuse(`an object whose ${SPEAKER_TEXT} is no method`);
  let result: unknown;
  try {
    result = apply(method, value, []);
  } catch (error) {
    encoding.refuse(`an object whose ${SPEAKER_TEXT}() threw`, error);
  }
  if (result === value) {
    encoding.refuse(`an object whose ${SPEAKER_TEXT}() returned the object itself`);
  }
  return result;
}
