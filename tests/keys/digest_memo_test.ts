// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { DigestMemo } from "../../src/keys/_digest_memo.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("DigestMemo finds what was added, by all of its bytes", () => {
  const memo = new DigestMemo();
  for (let i = 0; i < 10_000; i++) memo.add(bytesOf(`key ${i}`), `digest ${i}`);
  let found = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = bytesOf(`key ${i}`);
    const digest = memo.find(bytes, bytes.length);
    if (digest === undefined) continue;
    found++;
    assertEquals(digest, `digest ${i}`);
  }
  assert(found > 2000 && found <= 4096);
});

Deno.test("DigestMemo takes the beginning of a buffer only", () => {
  const memo = new DigestMemo();
  memo.add(bytesOf("ab"), "digest");
  assertEquals(memo.find(bytesOf("abc"), 2), "digest");
  assertEquals(memo.find(bytesOf("abc"), 3), undefined);
  assertEquals(memo.find(bytesOf("abc"), 1), undefined);
});

Deno.test("DigestMemo keeps bytes of its own", () => {
  const memo = new DigestMemo();
  const bytes = bytesOf("ab");
  memo.add(bytes, "digest");
  bytes[0] = 0;
  assertEquals(memo.find(bytesOf("ab"), 2), "digest");
  assertEquals(memo.find(bytes, 2), undefined);
});

Deno.test("DigestMemo keeps at most 1 MiB of bytes, and none that are long", () => {
  const memo = new DigestMemo();
  memo.add(new Uint8Array(5000), "digest");
  assertEquals(memo.find(new Uint8Array(5000), 5000), undefined);
  const make = (i: number) => new Uint8Array(4000).fill(i, 0, 1).fill(i >> 8, 1, 2);
  for (let i = 0; i < 1000; i++) memo.add(make(i), `${i}`);
  const found = Array.from({ length: 1000 }, (_, i) => memo.find(make(i), 4000)).filter((digest) =>
    digest !== undefined
  );
  assert(found.length > 0 && found.length * 4000 <= 1024 * 1024);
});
