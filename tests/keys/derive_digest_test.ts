// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import { deriveDigest, type Purpose } from "../../src/keys/derive_digest.ts";
import { digestCall } from "../../src/keys/digest_call.ts";
import { digestKey } from "../../src/keys/digest_key.ts";

const BASE = digestKey("x");

Deno.test("deriveDigest() gives different digests when any part of a derivation differs", () => {
  const purposes: Purpose[] = ["namespace", "sample", "error", "chunk", "runs", "notice"];
  const digests = purposes.flatMap((purpose) =>
    [BASE, digestKey("y")].flatMap((base) =>
      [[], [0], [1], ["1"], [1, 2], ["1,2"], ["12"], ["1", "2"]].map((details) =>
        deriveDigest({ purpose, base, details })
      )
    )
  );
  assertEquals(new Set(digests).size, digests.length);
});

Deno.test("deriveDigest() gives no digest of a key or a call when these say the same", () => {
  const derived = deriveDigest({ purpose: "sample", base: BASE, details: [1] });
  assertNotEquals(derived, digestKey(["sample", BASE, 1]));
  assertNotEquals(derived, digestCall({ name: "sample", args: [BASE, 1] }));
  assertEquals(derived, deriveDigest({ purpose: "sample", base: BASE, details: [1] }));
});
