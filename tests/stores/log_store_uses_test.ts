// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import {
  emptyRecordFields,
  FLAG,
  KIND,
  MOST_USES,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import type { Digest, Limits } from "../../src/stores/store.ts";
import { digestOf, noise, put, remove, textAt } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { placedRecords, saltChecksumOf, snapshotsIn } from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 6, ...options });
}

/** The digests in each record of uses. */
function usesIn(disk: MemoryDisk): Digest[][] {
  const bytes = disk.read(PATH);
  return placedRecords(bytes).filter(({ kind }) => kind === KIND.uses).map(({ payloadAt, end }) =>
    bytes.subarray(payloadAt, end).toHex().match(/.{64}/g) ?? []
  );
}

/** Which of the numbers below 20 there are. */
function numbersIn(store: LogStore): number[] {
  return [...Array(20).keys()].filter((number) => store.has(digestOf(number)));
}

function putEach(store: LogStore, numbers: readonly number[], limits?: Limits): void {
  for (const number of numbers) store.commit([put(number, `${number}`)], { limits });
}

Deno.test("LogStore writes nothing for a hit, nor for a touch, until the next commit", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  putEach(store, [1, 2, 3]);
  assertEquals(usesIn(disk), [], "nobody has asked for limits");
  const before = disk.read(PATH);
  for (let time = 0; time < 50; time++) {
    for (const number of [3, 1, 2, 1]) {
      assertEquals(textAt(store, number), `${number}`);
      store.touch(digestOf(number));
    }
  }
  assertEquals(disk.read(PATH), before);
  store.commit([put(4, "four")]);
  // Once each, the one that was used last at the end, before what the commit does.
  assertEquals(usesIn(disk), [[3, 2, 1].map(digestOf)]);
  assertEquals(placedRecords(disk.read(PATH)).slice(-2).map(({ kind, flags }) => [kind, flags]), [
    [KIND.uses, FLAG.continues],
    [KIND.put, 0],
  ]);
  store.commit([put(5, "five")]);
  assertEquals(usesIn(disk).length, 1, "it was written");
  store.touch(digestOf(2));
  store.commit([]);
  assertEquals(usesIn(disk).at(-1), [digestOf(2)]);
  const { length } = disk.read(PATH);
  store.commit([]);
  assertEquals(disk.read(PATH).length, length);
});

Deno.test("LogStore.touch() notes nothing of what is not there when it is written", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  for (const digest of [digestOf(9), "", "x", digestOf(9).toUpperCase(), `${digestOf(1)}0`]) {
    store.touch(digest);
  }
  store.commit([]);
  assertEquals(disk.files.size, 0, "a note is no reason to begin a file");
  putEach(store, [1, 2]);
  store.touch(digestOf(8));
  store.touch(digestOf(1));
  store.touch(digestOf(2));
  open(disk).commit([remove(1)]);
  store.commit([]);
  assertEquals(usesIn(disk), [[digestOf(2)]]);
  store.touch(digestOf(7));
  const { length } = disk.read(PATH);
  store.commit([]);
  assertEquals(disk.read(PATH).length, length);
});

Deno.test("LogStore.commit() writes any number of uses, as one batch", () => {
  for (const count of [MOST_USES, MOST_USES + 1]) {
    const disk = new MemoryDisk();
    const store = open(disk, { snapshotInterval: 100_000 });
    store.commit(Array.from({ length: count }, (_, number) => put(number, "x")));
    for (let number = count - 1; number >= 0; number--) store.touch(digestOf(number));
    const before = disk.read(PATH);
    store.commit([put(count, "x")]);
    const uses = usesIn(disk);
    assertEquals(uses.length, Math.ceil(count / MOST_USES));
    assertEquals(uses.flat(), Array.from({ length: count }, (_, at) => digestOf(count - 1 - at)));
    // All of it or none.
    const cut = diskWith(disk.read(PATH).slice(0, -1));
    withWarnings(() => open(cut).commit([], { limits: { maxEntries: 1 } }));
    assertEquals(open(cut).has(digestOf(count - 1)), true);
    const whole = diskWith(disk.read(PATH));
    open(whole).commit([], { limits: { maxEntries: 3 } });
    assertEquals(
      [...open(whole).entries()].map(({ digest }) => digest),
      [0, 1, count].map(digestOf),
    );
    assert(before.length < disk.read(PATH).length);
  }
});

Deno.test("LogStore goes by touches that were written without limits, when there are some again", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  putEach(store, [1, 2, 3], { maxEntries: 9 });
  store.touch(digestOf(1));
  putEach(store, [4]);
  store.touch(digestOf(2));
  open(disk).commit([put(5, "5")]);
  store.commit([], { limits: { maxEntries: 4 } });
  for (const each of [store, open(disk)]) assertEquals(numbersIn(each), [1, 2, 4, 5]);
  store.commit([], { limits: { maxEntries: 2 } });
  for (const each of [store, open(disk)]) assertEquals(numbersIn(each), [2, 5]);
});

Deno.test("LogStore goes by who was written when, in a file that was made without limits", () => {
  const disk = new MemoryDisk();
  const writer = open(disk);
  putEach(writer, [1, 2, 3, 4, 1]);
  assert(snapshotsIn(disk).length === 0);
  putEach(writer, [5, 6]);
  assert(snapshotsIn(disk).length > 0, "which has not all that limits go by");
  const store = open(disk);
  store.commit([put(7, "7")], { limits: { maxEntries: 5 } });
  assertEquals(numbersIn(store), [1, 4, 5, 6, 7]);
  assertEquals(usesIn(disk), [[]], "from here on it counts who is used");
  open(disk).commit([put(8, "8")], { limits: { maxEntries: 4 } });
  assertEquals(numbersIn(open(disk)), [5, 6, 7, 8]);
  assertEquals(usesIn(disk), [[]]);
  assertEquals(writer.size, 4);
});

Deno.test("LogStore.commit() evicts no more and no less than what is over the limits, to the byte", () => {
  const changes = [
    put(1, [noise(500, 1)]),
    put(2, [noise(7, 2), noise(900, 3)]),
    put(3, "", { functionName: "é", codec: "my codec" }),
  ];
  const disk = new MemoryDisk();
  open(disk).commit(changes);
  const [one, two, three] = placedRecords(disk.read(PATH)).slice(-3).map(({ offset, end }) =>
    end - offset
  ) as [number, number, number];
  for (
    const [maxBytes, expected] of [
      [one + two + three, [1, 2, 3]],
      [one + two + three - 1, [2, 3]],
      [two + three, [2, 3]],
      [two + three - 1, [3]],
      [three, [3]],
      [three - 1, []],
    ] as const
  ) {
    for (const isNew of [false, true]) {
      const copy = isNew ? new MemoryDisk() : diskWith(disk.read(PATH));
      const store = open(copy);
      withWarnings(() => store.commit(isNew ? changes : [], { limits: { maxBytes } }));
      assertEquals(numbersIn(store), [...expected], `${maxBytes} ${isNew}`);
      assertEquals([open(copy).size, store.size], [expected.length, expected.length]);
    }
  }
});

Deno.test("LogStore.commit() keeps no entry that is too large, nor the one it was to replace, and says so once", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  putEach(store, [1, 2, 3], { maxBytes: 1000 });
  const { warnings } = withWarnings(() => {
    for (let time = 0; time < 3; time++) {
      store.commit([put(2, [noise(2000, time)]), put(4 + time, "x")], {
        limits: { maxBytes: 1000 },
      });
    }
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, `maxBytes 1000: ${digestOf(2)} in ${PATH}`);
  for (const each of [store, open(disk)]) assertEquals(numbersIn(each), [1, 3, 4, 5, 6]);
  assert(
    !placedRecords(disk.read(PATH)).some(({ payloadLength }) =>
      payloadLength > 1999 && payloadLength < 2001
    ),
  );
});

Deno.test("LogStore.commit() writes its touches later, and keeps to its limits, when it failed", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  const limits = { maxEntries: 3 };
  putEach(store, [1, 2, 3], limits);
  store.touch(digestOf(1));
  disk.space = 50;
  assertThrows(
    () => store.commit([put(4, "four"), put(5, "five")], { limits }),
    CacheError,
    "No space",
  );
  disk.space = Infinity;
  assertEquals(numbersIn(store), [1, 2, 3]);
  store.commit([put(6, "six")], { limits });
  for (const each of [store, open(disk)]) assertEquals(numbersIn(each), [1, 3, 6]);
  assertEquals(usesIn(disk), [[], [digestOf(1)]]);
});

Deno.test("LogStore loses no entry, when a record of uses is damaged, or is none", () => {
  const start = new MemoryDisk();
  const first = open(start);
  putEach(first, [1, 2, 3], { maxEntries: 9 });
  first.touch(digestOf(1));
  first.commit([put(4, "four")]);
  const whole = start.read(PATH);
  const { offset, end } = placedRecords(whole).findLast(({ kind }) => kind === KIND.uses)!;
  for (let bit = 8 * (offset + 5); bit < 8 * end; bit += 7) {
    const bytes = whole.slice();
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    const disk = diskWith(bytes);
    withWarnings(() => {
      open(disk).commit([], { limits: { maxEntries: 3 } });
      // As if it were not there; a bit of its header can be put right.
      const isRight = bit < 8 * (offset + RECORD_HEADER_LENGTH);
      assertEquals(numbersIn(open(disk)), isRight ? [1, 3, 4] : [2, 3, 4], `${bit}`);
    });
  }
  const other = whole.slice();
  other.set(Uint8Array.fromHex(digestOf(2)), end - 32);
  const spoilt = diskWith(other);
  open(spoilt).commit([], { limits: { maxEntries: 2 } });
  assertEquals(numbersIn(open(spoilt)), [3, 4], "who it names was not used");
  for (const length of [1, 31, 33, 32 * MOST_USES + 32, 1_000_001]) {
    const bytes = new Uint8Array(whole.length + RECORD_HEADER_LENGTH + length);
    bytes.set(whole);
    // The longest one names an entry again and again.
    const payload = length % 32 > 0
      ? noise(length, 1)
      : Uint8Array.fromHex(digestOf(2).repeat(length / 32));
    bytes.set(payload, whole.length + RECORD_HEADER_LENGTH);
    const fields = {
      ...emptyRecordFields(),
      kind: KIND.uses,
      payloadLength: length,
      payloadChecksum: crc32(payload),
    };
    writeRecordHeader(
      bytes,
      new DataView(bytes.buffer),
      whole.length,
      NO_DIGEST,
      fields,
      saltChecksumOf(whole),
      whole.length,
    );
    const disk = diskWith(bytes);
    open(disk).commit([], { limits: { maxEntries: 3 } });
    assertEquals(numbersIn(open(disk)), [1, 3, 4]);
  }
});

Deno.test("LogStore evicts nothing for entries that are lost", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { snapshotInterval: 1000 });
  putEach(store, [1, 2, 3, 4, 5], { maxEntries: 9 });
  putEach(store, [1]);
  const gap = placedRecords(disk.read(PATH)).at(-1)!;
  putEach(store, [6]);
  store.touch(digestOf(2));
  putEach(store, [7]);
  disk.files.get(PATH)!.bytes.fill(0xaa, gap.offset, gap.offset + 40);
  withWarnings(() => {
    // Nobody knows which of the first five was replaced; nor does it matter that one of them was used later.
    const late = open(disk, { snapshotInterval: 1000 });
    late.commit([put(8, "8")], { limits: { maxEntries: 3, maxBytes: 10_000 } });
    assertEquals(numbersIn(late), [6, 7, 8]);
    late.commit([put(9, "9")], { limits: { maxEntries: 4 } });
    assertEquals(late.size, 4);
    // One that turns out to be damaged when it is read: it is the last in the file.
    const { bytes } = disk.files.get(PATH)!;
    bytes[bytes.length - 1]! ^= 1;
    assertEquals(textAt(late, 9), undefined);
    late.commit([put(10, "10")], { limits: { maxEntries: 4 } });
    assertEquals(numbersIn(late), [6, 7, 8, 10]);
  });
});

Deno.test("LogStore.commit() keeps damage that can't be set aside where it is, with limits as well", () => {
  const start = new MemoryDisk();
  open(start).commit([put(1, "one")]);
  const { length: end } = start.read(PATH);
  open(start).commit([put(2, "two".repeat(200))]);
  start.files.get(PATH)!.bytes.fill(0xaa, end, end + 60);
  const before = start.read(PATH);
  for (const limits of [undefined, { maxEntries: 9 }]) {
    const disk = diskWith(before);
    const store = open(disk);
    const { warnings } = withWarnings(() => {
      disk.onCall = (name, path) => {
        if (name === "open" && path !== PATH) throw new Deno.errors.PermissionDenied("Refused");
      };
      store.commit([put(3, "three")], { limits });
      disk.onCall = () => {};
      assertEquals([1, 3].map((number) => textAt(open(disk), number)), ["one", "three"]);
    });
    assertStringIncludes(warnings[0]!, "are passed over");
    // What is damaged may be worth something to somebody: a repair sets it aside.
    assertEquals(disk.read(PATH).subarray(0, before.length).toHex(), before.toHex());
  }
});
