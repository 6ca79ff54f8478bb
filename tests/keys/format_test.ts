// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { canonicalCall, digestCall, type KeyedCall } from "../../src/keys/digest_call.ts";
import {
  canonicalDerivation,
  type Derivation,
  deriveDigest,
} from "../../src/keys/derive_digest.ts";
import { canonicalKey, digestKey } from "../../src/keys/digest_key.ts";

/** The document that specifies the bytes. */
const DOCUMENT = new URL("../../docs/format.md", import.meta.url);

interface Vector {
  readonly kind: string;
  readonly expression: string;
  readonly bytes: string;
  readonly digest: string;
}

function vectors(): Vector[] {
  const text = Deno.readTextFileSync(DOCUMENT);
  return [...text.matchAll(/```text vectors=([a-z ]+)\n(.*?)\n```/gs)].flatMap(([, kind, body]) =>
    body!.split("\n\n").map((lines) => {
      const [expression, bytes, digest] = lines.split("\n");
      return { kind: kind!, expression: expression!, bytes: bytes!, digest: digest! };
    })
  );
}

Deno.test("the document has test vectors of keys and calls", () => {
  const kinds = vectors().map(({ kind }) => kind);
  assert(kinds.filter((kind) => kind === "key").length >= 40);
  assert(kinds.includes("key keep"));
  assert(kinds.includes("call"));
  assert(kinds.includes("derivation"));
});

for (const { kind, expression, bytes, digest } of vectors()) {
  Deno.test(`the test vector of a ${kind} holds: ${expression}`, () => {
    // What is in the project's own document is as good as its code.
    const make = new Function(`return (${expression});`);
    const options = { keyOrder: kind.endsWith("keep") ? "keep" : "sort" } as const;
    if (kind === "call") {
      assertEquals(canonicalCall(make() as KeyedCall)?.toHex(), bytes);
      assertEquals(digestCall(make() as KeyedCall), digest);
    } else if (kind === "derivation") {
      assertEquals(canonicalDerivation(make() as Derivation)?.toHex(), bytes);
      assertEquals(deriveDigest(make() as Derivation), digest);
    } else {
      assertEquals(canonicalKey(make(), options)?.toHex(), bytes);
      assertEquals(digestKey(make(), options), digest);
    }
  });
}
