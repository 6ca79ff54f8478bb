// Copyright 2026 the pecapiku authors. MIT license.

import { isDigest } from "./_digest_table.ts";
import { codecNumber, LONGEST_CODEC_NAME } from "./_record_meta.ts";
import { show } from "../_show.ts";
import type { CommitOptions, StoreChange } from "./store.ts";

/**
 * Checks what changes say, so that nothing is written that can't be read.
 *
 * @param changes The changes.
 * @throws {TypeError} If a digest or the name of a codec can't be one.
 */
export function checkChanges(changes: readonly StoreChange[]): void {
  for (const change of changes) {
    if (!isDigest(change.digest)) {
      throw new TypeError(
        `Cannot commit: not a digest of 64 lowercase hexadecimal digits: ${
          JSON.stringify(change.digest)
        }`,
      );
    }
    if (change.type === "put" && codecNumber(change.codec) === 0 && !isCodecName(change.codec)) {
      throw new TypeError(
        `Cannot commit: not the name of a codec, 1 to ${LONGEST_CODEC_NAME} characters: ${
          JSON.stringify(change.codec)
        }`,
      );
    }
  }
}

function isCodecName(name: string): boolean {
  return typeof name === "string" && name !== "" && name.length <= LONGEST_CODEC_NAME &&
    name.isWellFormed();
}

/**
 * Checks how a commit is to be made, before anything is changed.
 *
 * @param options The options.
 * @throws {TypeError} If one can't be meant.
 */
export function checkOptions({ limits, sync }: CommitOptions): void {
  if (sync !== undefined && sync !== "none" && sync !== "commit") {
    throw new TypeError(`Cannot commit: not "none" or "commit" as sync: ${show(sync)}`);
  }
  if (limits === undefined) return;
  const { functionName, maxEntries, maxBytes, writtenSince } = limits;
  if (functionName !== undefined && typeof functionName !== "string") {
    throw new TypeError(`Cannot commit: not a function's name: ${show(functionName)}`);
  }
  for (const [name, limit] of [["maxEntries", maxEntries], ["maxBytes", maxBytes]] as const) {
    if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) {
      throw new TypeError(`Cannot commit: not a number from 0 on as ${name}: ${show(limit)}`);
    }
  }
  if (
    writtenSince !== undefined && !(typeof writtenSince === "number" && !Number.isNaN(writtenSince))
  ) {
    throw new TypeError(`Cannot commit: not a time as writtenSince: ${show(writtenSince)}`);
  }
}
