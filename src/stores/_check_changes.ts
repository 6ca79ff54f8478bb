// Copyright 2026 the pecapiku authors. MIT license.

import { isDigest } from "./_digest_table.ts";
import { codecNumber, LONGEST_CODEC_NAME } from "./_record_meta.ts";
import type { StoreChange } from "./store.ts";

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
