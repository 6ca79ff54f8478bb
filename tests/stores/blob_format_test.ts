// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import Keyv from "keyv";
import { createStorage } from "unstorage";
import { frontIn } from "../../src/stores/_blob_entries.ts";
import { encodeEntry, HEAD_LENGTH, readHead } from "../../src/stores/_redis_entry.ts";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import { fromKeyv } from "../../src/stores/from_keyv.ts";
import { fromUnstorage } from "../../src/stores/from_unstorage.ts";
import { objectStore } from "../../src/stores/object_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { infoOf, noise, put, valueOf } from "./_changes.ts";
import { goldenBytes } from "./_golden.ts";
import { ObjectServer } from "./_object_server.ts";

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

/** The bytes in the document, and those of the generation in them. */
const GOLDEN = goldenBytes("redis");
const GENERATION = GOLDEN.slice(20, 28);

Deno.test("encodeEntry() writes the entry in the document, byte for byte, where all is in one place", () => {
  const { head, chunks } = encodeEntry(ENTRY, GENERATION, Infinity);
  assertEquals([head.toHex(), chunks], [GOLDEN.toHex(), []]);
});

Deno.test("encodeEntry() writes an entry of any length in one piece, which is no entry in Redis", () => {
  const change = put(1, [noise(2_500_000, 1), noise(1_500_000, 2)]);
  const { head, chunks } = encodeEntry(change, GENERATION, Infinity);
  assertEquals(chunks, []);
  assertEquals(head.subarray(8, 12), new Uint8Array(4));
  const front = frontIn(change.digest, head, head.length);
  assert(typeof front === "object");
  assertEquals(front.value(head.subarray(HEAD_LENGTH + front.frontLength)), valueOf(change));
  assertEquals(readHead(head), undefined);
  const split = encodeEntry(change, GENERATION);
  assertEquals(frontIn(change.digest, split.head, head.length), undefined);
});

/** Checks that a store reads the entry in the document where it is said to be, and puts it there. */
async function assertKept(
  store: AsyncStore,
  isThere: () => Promise<boolean>,
): Promise<void> {
  assertEquals(await store.get(ENTRY.digest), valueOf(ENTRY));
  assertEquals(await Array.fromAsync(store.entries()), [infoOf(ENTRY)]);
  await store.commit([{ type: "delete", digest: ENTRY.digest }]);
  assertEquals(await isThere(), false);
  await store.commit([ENTRY]);
  assertEquals(await isThere(), true);
  await store.close();
}

Deno.test("fromUnstorage() reads the entry in the document from the item that is named there", async () => {
  const storage = createStorage();
  await storage.setItemRaw(`pecapiku:${ENTRY.digest}`, GOLDEN);
  await assertKept(fromUnstorage(storage), () => storage.hasItem(`pecapiku:${ENTRY.digest}`));
});

Deno.test("fromKeyv() reads the entry in the document from the text that is named there", async () => {
  const keyv = new Keyv({ throwOnErrors: true });
  await keyv.set(ENTRY.digest, GOLDEN.toBase64());
  await assertKept(fromKeyv(keyv), () => keyv.has(ENTRY.digest));
});

Deno.test({
  name: "objectStore() reads the entry in the document from the object that is named there",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = await ObjectServer.start();
    const store = objectStore({ ...server.options, client: { fetch }, credentials: undefined });
    const url = `${server.endpoint}/test/pecapiku/${ENTRY.digest}`;
    await (await fetch(url, { method: "PUT", body: GOLDEN })).body?.cancel();
    await assertKept(store, async () => (await fetch(url, { method: "HEAD" })).status === 200);
  },
});
