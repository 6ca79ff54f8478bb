// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { encodeEntry, HEAD_LENGTH, readFront, readHead } from "../../src/stores/_redis_entry.ts";
import { redisStore } from "../../src/stores/redis_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { infoOf, valueOf } from "./_changes.ts";
import { goldenBytes } from "./_golden.ts";
import { RedisServer, redisTest } from "./_redis_server.ts";

const bytes = (digits: string) => Uint8Array.fromHex(digits.replaceAll(/\s/g, ""));

const ENTRY: PutChange = {
  type: "put",
  digest: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
  codec: "structured",
  key: { kind: "call", parts: [bytes("7b226e616d65223a2266222c2270726576696577223a2231227d")] },
  parts: [bytes("3432")],
  functionName: "f",
  writtenAt: 1750000000000,
  duration: 12.5,
  promised: true,
};

const GENERATION = bytes("01 02 03 04 05 06 07 08");

/** The bytes in the document that specifies them. */
const GOLDEN = goldenBytes("redis");

Deno.test("encodeEntry() writes the entry in the document, byte for byte", () => {
  const { head, chunks, generation } = encodeEntry(ENTRY, GENERATION);
  assertEquals([head.toHex(), chunks, generation], [GOLDEN.toHex(), [], "0102030405060708"]);
});

Deno.test("readFront() reads the entry in the document as it is described there", () => {
  const head = readHead(GOLDEN)!;
  const front = readFront(GOLDEN, head, ENTRY.digest);
  assert(typeof front === "object");
  assertEquals(front.info, infoOf(ENTRY));
  const payload = GOLDEN.subarray(HEAD_LENGTH + front.frontLength);
  assertEquals(front.value(payload), valueOf(ENTRY));
  assertEquals(front.value(payload.subarray(1)), undefined);
  assertEquals(readFront(GOLDEN, head, "f".repeat(64)), undefined);
});

Deno.test("readHead() and readFront() tell that bytes are cut off, and believe none that is damaged", () => {
  for (let length = 0; length < HEAD_LENGTH; length++) {
    assertEquals(readHead(GOLDEN.subarray(0, length)), undefined);
  }
  for (let at = 0; at < HEAD_LENGTH; at++) {
    const damaged = GOLDEN.slice();
    damaged[at]! ^= 0x40;
    assertEquals(readHead(damaged), undefined, `byte ${at}`);
  }
  const head = readHead(GOLDEN)!;
  const whole = readFront(GOLDEN, head, ENTRY.digest);
  assert(typeof whole === "object");
  for (let length = HEAD_LENGTH; length < HEAD_LENGTH + whole.frontLength; length++) {
    const needed = readFront(GOLDEN.subarray(0, length), head, ENTRY.digest);
    assert(typeof needed === "number" && needed > length && needed <= GOLDEN.length);
  }
});

redisTest(
  "redisStore() reads the entry in the document from the key that is named there",
  async () => {
    await using server = await RedisServer.start();
    const key = `pecapiku:{${ENTRY.digest}}`;
    await server.ask("SET", key, GOLDEN);
    const store = redisStore({ url: server.url, timeout: 10_000 });
    assertEquals(await store.get(ENTRY.digest), valueOf(ENTRY));
    assertEquals(await Array.fromAsync(store.entries()), [infoOf(ENTRY)]);
    await store.commit([ENTRY]);
    assertEquals(await server.keys(), [key]);
    await store.close();
  },
);
