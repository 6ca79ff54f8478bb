// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { digestKey } from "../../src/keys/digest_key.ts";
import { importMapArguments } from "../_deno.ts";
import { digestsOf } from "./_digest_child.ts";
import { build, describe, graphs } from "./_graphs.ts";

Deno.test("digestKey() gives equal digests to values built alike, whatever the order of properties", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      assertEquals(digestKey(build(nodes, true)), digestKey(build(nodes)));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("digestKey() gives equal digests to equal values only", () => {
  const byDigest = new Map<string, string>();
  const byDescription = new Map<string, string>();
  fc.assert(
    fc.property(graphs, (nodes) => {
      const value = build(nodes);
      const digest = digestKey(value);
      const description = describe(value);
      assertEquals(byDigest.get(digest) ?? description, description);
      assertEquals(byDescription.get(description) ?? digest, digest);
      byDigest.set(digest, description);
      byDescription.set(description, digest);
    }),
    { numRuns: 4000 },
  );
});

Deno.test("digestKey() gives another digest when a part is wrapped", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const value = build(nodes);
      const digests = [
        value,
        [value],
        [[value]],
        { a: value },
        new Map([[value, value]]),
        new Set([value]),
      ];
      assertEquals(new Set(digests.map((value) => digestKey(value))).size, digests.length);
    }),
    { numRuns: 300 },
  );
});

Deno.test("digestKey() tells any two strings, numbers and big integers apart", () => {
  const primitive = fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.bigInt(), fc.integer());
  fc.assert(
    fc.property(primitive, primitive, (a, b) => {
      if (Object.is(a, b)) assertEquals(digestKey(a), digestKey(b));
      else assertNotEquals(digestKey(a), digestKey(b));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("digestKey() tells the bytes of any two buffers apart", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    assertEquals(digestKey(a) === digestKey(b), a.join() === b.join());
    assertEquals(digestKey(a), digestKey(a.slice()));
  }));
});

Deno.test("digestKey() gives the same digests in another process", async () => {
  const seed = 20_240_229;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      ...importMapArguments(),
      new URL("_digest_child.ts", import.meta.url).href,
      `${seed}`,
      "300",
    ],
    env: { TZ: "Asia/Kolkata", LANG: "tr_TR.UTF-8" },
    stderr: "inherit",
  }).output();
  assertEquals(success, true);
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), digestsOf(seed, 300));
});
