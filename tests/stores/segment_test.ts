// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  entriesOfPage,
  ENTRY_LENGTH,
  filterChecksumOf,
  filterLength,
  homePages,
  IN_PAGE,
  mayHave,
  PAGE_CAPACITY,
  PAGE_LENGTH,
  placeSeed,
  readSixBytes,
  writeSixBytes,
} from "../../src/stores/_segment.ts";
import { EntryList } from "../../src/stores/_segment_builder.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { randomNumbers } from "./_changes.ts";
import {
  digestOfHash,
  digestOfWords,
  documentedHashes,
  filterOf,
  foldOf,
  listOf,
  lookUp,
  pageAt,
  type PlacedSegment,
  randomDigest,
  randomEntry,
  type SegmentEntry,
  segmentOf,
  soughtOf,
  wordsOf,
} from "./_segment_entries.ts";

const SALT = 0x89abcdef;

/** Checks that a segment tells of each digest of a model what that does. */
function assertTells(segment: PlacedSegment, model: ReadonlyMap<string, SegmentEntry>): void {
  const filter = filterOf(segment);
  assertEquals(segment.entryCount, model.size);
  for (const entry of model.values()) {
    const { found } = lookUp(segment, entry.digest);
    if (
      typeof found === "number" || found.offset !== entry.offset || found.length !== entry.length
    ) {
      assertEquals(found, entry);
    }
    assert(mayHave(filter, soughtOf(entry.digest, segment.saltChecksum)), entry.digest);
  }
}

/** Gives of some entries the one that twelve bytes in a page are of. */
function byFold(entries: readonly SegmentEntry[]): (bytes: Uint8Array) => SegmentEntry {
  const known = new Map(entries.map((entry) => [foldOf(entry.digest), entry]));
  return (bytes) => known.get(bytes.toHex())!;
}

/** The entries of all pages, as they come. */
function allEntries(segment: PlacedSegment): Uint8Array[] {
  return Array.from({ length: segment.pageCount }, (_, number) => {
    const { saltChecksum, offset } = segment;
    const entries = entriesOfPage(
      pageAt(segment, number),
      saltChecksum,
      offset + number * PAGE_LENGTH,
    );
    assert(entries !== undefined);
    return entries;
  });
}

Deno.test("buildSegment() finds all that it was given, and nothing else, at any size", () => {
  for (const size of [0, 1, 2, 31, 32, 33, 42, 43, 84, 85, 1000, 10_000]) {
    const random = randomNumbers(size + 1);
    const entries = Array.from({ length: size }, () => randomEntry(random));
    const segment = segmentOf(entries, { saltChecksum: SALT });
    assertTells(segment, new Map(entries.map((entry) => [entry.digest, entry])));
    assert(segment.pageCount >= homePages(size));
    assertEquals(segment.bytes.length, segment.pageCount * PAGE_LENGTH + filterLength(size));
    let pages = 0;
    for (let miss = 0; miss < 1000; miss++) {
      const { found, pages: looked } = lookUp(segment, randomDigest(random));
      assertEquals(found, IN_PAGE.absent);
      pages += looked;
    }
    assert(pages < 1100, `${size}: ${pages} pages for 1,000 misses`);
  }
});

Deno.test("buildSegment() lays entries out as the document says", () => {
  const random = randomNumbers(3);
  const entries = Array.from({ length: 700 }, () => randomEntry(random));
  const segment = segmentOf(entries, { saltChecksum: SALT });
  const homes = Math.ceil(700 / 32);
  const hashes: number[] = [];
  const entryOf = byFold(entries);
  allEntries(segment).forEach((bytes, number) => {
    const page = pageAt(segment, number);
    const count = bytes.length / ENTRY_LENGTH;
    assertEquals(page[4]! + 256 * page[5]!, count);
    assert(page.subarray(8 + bytes.length).every((byte) => byte === 0));
    for (let at = 0; at < bytes.length; at += ENTRY_LENGTH) {
      const entry = entryOf(bytes.subarray(at, at + 12));
      const [h, g] = documentedHashes(entry.digest, SALT);
      hashes.push(h);
      const home = Math.floor(h * homes / 2 ** 32);
      assert(home <= number);
      for (let passed = home; passed < number; passed++) {
        assertEquals(pageAt(segment, passed)[6], 1, "it says that there is more");
        assertEquals(pageAt(segment, passed)[4], PAGE_CAPACITY, "for want of room only");
      }
      const filter = filterOf(segment);
      const block = 32 * Math.floor(h * (filter.length / 32) / 2 ** 32);
      for (const bit of [g, g >>> 8, g >>> 16, g >>> 24, h, h >>> 8].map((hash) => hash & 255)) {
        assertEquals(filter[block + (bit >>> 3)]! >>> (bit & 7) & 1, 1);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset + at);
      assertEquals(readSixBytes(view, 12), entry.offset);
      assertEquals(readSixBytes(view, 18), entry.length);
    }
    const crc = crc32(page.subarray(4), placeSeed(SALT, segment.offset + number * PAGE_LENGTH));
    assertEquals(new DataView(page.buffer, page.byteOffset).getUint32(0, true), crc);
  });
  assertEquals(hashes, hashes.toSorted((one, other) => one - other));
  assertEquals(hashes.length, 700);
  assertEquals(filterOf(segment).length, 32 * Math.ceil(7000 / 256));
});

Deno.test("buildSegment() says of no page that there is more behind it, where there is not", () => {
  const random = randomNumbers(4);
  for (const hashes of [[0], [0, 0x8000_0000], [0xffff_ffff], [5, 0x7fff_ffff, 0x8000_0000]]) {
    for (const each of [1, 42, 43, 84, 85]) {
      const entries = hashes.flatMap((hash) =>
        Array.from({ length: each }, () => randomEntry(random, digestOfHash(hash, SALT, random)))
      );
      const segment = segmentOf(entries, { saltChecksum: SALT });
      const homes = homePages(entries.length);
      const needed = new Set<number>();
      const entryOf = byFold(entries);
      allEntries(segment).forEach((bytes, number) => {
        for (let at = 0; at < bytes.length; at += ENTRY_LENGTH) {
          const { digest } = entryOf(bytes.subarray(at, at + 12));
          const home = Math.floor(documentedHashes(digest, SALT)[0] * homes / 2 ** 32);
          for (let passed = home; passed < number; passed++) needed.add(passed);
        }
      });
      const said = Array.from({ length: segment.pageCount }, (_, number) => number)
        .filter((number) => pageAt(segment, number)[6] === 1);
      assertEquals(said, [...needed].sort((one, other) => one - other));
      for (const number of said) assertEquals(pageAt(segment, number)[4], PAGE_CAPACITY);
    }
  }
});

Deno.test("buildSegment() finds entries of equal hashes, however many pages they take", () => {
  const random = randomNumbers(5);
  for (const hash of [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    for (const alike of [2, 42, 43, 200, 300]) {
      const entries = Array.from(
        { length: alike },
        () => randomEntry(random, digestOfHash(hash, SALT, random)),
      );
      // So that there are full pages before and behind.
      const others = Array.from({ length: 200 }, () => randomEntry(random));
      const all = [...entries, ...others];
      const segment = segmentOf(all, { saltChecksum: SALT });
      assertTells(segment, new Map(all.map((entry) => [entry.digest, entry])));
      const [h] = documentedHashes(entries[0]!.digest, SALT);
      assertEquals(h, hash);
      for (let miss = 0; miss < 50; miss++) {
        const { found } = lookUp(segment, digestOfHash(hash, SALT, random));
        assertEquals(found, IN_PAGE.absent);
      }
    }
  }
});

Deno.test("buildSegment() finds all entries, when every home page is full", () => {
  const random = randomNumbers(6);
  // As many as fit, and one more, in each of ten places: each runs over into the next.
  for (const each of [PAGE_CAPACITY, PAGE_CAPACITY + 1, 3 * PAGE_CAPACITY]) {
    const entries: SegmentEntry[] = [];
    const homes = homePages(10 * each);
    for (let place = 0; place < 10; place++) {
      const hash = Math.floor((place + 0.5) * 2 ** 32 / homes);
      for (let count = 0; count < each; count++) {
        entries.push(randomEntry(random, digestOfHash(hash + count, SALT, random)));
      }
    }
    const segment = segmentOf(entries, { saltChecksum: SALT });
    assertTells(segment, new Map(entries.map((entry) => [entry.digest, entry])));
  }
});

Deno.test("buildSegment() takes of a digest the first entry, and drops removals if told to", () => {
  const hash = fc.constantFrom(0, 0x5555_5555, 0xffff_ffff);
  const digest = fc.tuple(hash, fc.nat(20)).map(([h, number]) =>
    digestOfHash(h, SALT, randomNumbers(number))
  );
  const offset = fc.integer({ min: 1, max: 2 ** 40 });
  const entry = fc.record({
    digest,
    offset,
    length: fc.oneof(fc.constant(0), fc.integer({ min: 76, max: 2 ** 32 })),
  });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 150 }), fc.boolean(), (entries, keepsRemovals) => {
      const model = new Map<string, SegmentEntry>();
      for (const each of entries) if (!model.has(each.digest)) model.set(each.digest, each);
      const removed = [...model.values()].filter(({ length }) => length === 0);
      if (!keepsRemovals) { for (const { digest } of removed) model.delete(digest); }
      const segment = segmentOf(entries, { keepsRemovals, saltChecksum: SALT });
      assertTells(segment, model);
      if (keepsRemovals) return;
      for (const { digest } of removed) assertEquals(lookUp(segment, digest).found, IN_PAGE.absent);
    }),
    { numRuns: 60 },
  );
});

Deno.test("buildSegment() knows of a digest twelve bytes, which all of it makes", () => {
  const random = randomNumbers(8);
  const one = randomEntry(random);
  const words = wordsOf(one.digest);
  const alikeOf = (...places: number[]) =>
    digestOfWords(words.map((word, place) => places.includes(place) ? word ^ 0x1000 : word));
  for (const places of [[0, 3], [3, 6], [0, 6], [1, 4], [4, 7], [2, 5]]) {
    const alike = { ...randomEntry(random), digest: alikeOf(...places) };
    const segment = segmentOf([one, alike]);
    assertEquals(segment.entryCount, 1);
    // Whose record it is, the record tells: a reader takes none of another digest.
    assertEquals(lookUp(segment, alike.digest).found, { ...one, digest: alike.digest });
  }
  for (let place = 0; place < 8; place++) {
    assertEquals(lookUp(segmentOf([one]), alikeOf(place)).found, IN_PAGE.absent);
  }
  assertEquals(lookUp(segmentOf([one]), alikeOf(0, 3, 6)).found, IN_PAGE.absent);
});

Deno.test("mayHave() says no to most of what is not in a segment, and never to what is", () => {
  for (const size of [1, 26, 1000, 10_000]) {
    const random = randomNumbers(size);
    const entries = Array.from({ length: size }, () => randomEntry(random));
    const filter = filterOf(segmentOf(entries, { saltChecksum: SALT }));
    for (const { digest } of entries) assert(mayHave(filter, soughtOf(digest, SALT)));
    let mistaken = 0;
    for (let miss = 0; miss < 4000; miss++) {
      if (mayHave(filter, soughtOf(randomDigest(random), SALT))) mistaken++;
    }
    assert(mistaken < 120, `${size}: ${mistaken} of 4,000`);
  }
  assert(!mayHave(filterOf(segmentOf([])), soughtOf("0".repeat(64), SALT)));
});

Deno.test("findInPage() and filterChecksumOf() find every flipped bit", () => {
  const random = randomNumbers(10);
  const entries = Array.from({ length: 50 }, () => randomEntry(random));
  const segment = segmentOf(entries, { saltChecksum: SALT });
  assertEquals(segment.pageCount, 2);
  const { offset, bytes, filterChecksum, pageCount } = segment;
  const homeOf = (digest: string) => Math.floor(documentedHashes(digest, SALT)[0] * 2 / 2 ** 32);
  const [inFirst, inSecond] = [0, 1].map((home) =>
    entries.find(({ digest }) => homeOf(digest) === home)!.digest
  );
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const at = bit >>> 3;
    bytes[at]! ^= 1 << (bit & 7);
    if (at < pageCount * PAGE_LENGTH) {
      const number = Math.floor(at / PAGE_LENGTH);
      const [hit, other] = number === 0 ? [inFirst!, inSecond!] : [inSecond!, inFirst!];
      assert(lookUp(segment, hit).found === IN_PAGE.damaged, `${bit}`);
      assert(typeof lookUp(segment, other).found !== "number", `${bit}`);
      assert(
        entriesOfPage(pageAt(segment, number), SALT, offset + number * PAGE_LENGTH) === undefined,
      );
    } else {
      const filterAt = offset + pageCount * PAGE_LENGTH;
      assert(filterChecksumOf(filterOf(segment), SALT, filterAt) !== filterChecksum, `${bit}`);
    }
    bytes[at]! ^= 1 << (bit & 7);
  }
  assert(typeof lookUp(segment, inFirst!).found !== "number");
});

Deno.test("findInPage() takes no page of another place or another file", () => {
  const entry = randomEntry(randomNumbers(11));
  const segment = segmentOf([entry], { saltChecksum: SALT });
  const filter = filterOf(segment);
  const filterAt = segment.offset + PAGE_LENGTH;
  assertEquals(filterChecksumOf(filter, SALT, filterAt), segment.filterChecksum);
  for (const moved of [{ offset: segment.offset + PAGE_LENGTH }, { saltChecksum: SALT ^ 1 }]) {
    const { found } = lookUp({ ...segment, ...moved }, entry.digest);
    assertEquals(found, IN_PAGE.damaged);
    const { offset = segment.offset, saltChecksum = SALT } = moved as Partial<PlacedSegment>;
    assert(filterChecksumOf(filter, saltChecksum, offset + PAGE_LENGTH) !== segment.filterChecksum);
  }
});

Deno.test("findInPage() takes no page that says to hold more than fits", () => {
  const entry = randomEntry(randomNumbers(12));
  const segment = segmentOf([entry], { saltChecksum: SALT });
  const view = new DataView(segment.bytes.buffer);
  for (const count of [PAGE_CAPACITY, PAGE_CAPACITY + 1, 0xffff]) {
    view.setUint16(4, count, true);
    view.setUint32(
      0,
      crc32(segment.bytes.subarray(4, PAGE_LENGTH), placeSeed(SALT, segment.offset)),
      true,
    );
    const { found } = lookUp(segment, entry.digest);
    assertEquals(found, count > PAGE_CAPACITY ? IN_PAGE.damaged : entry);
    const entries = entriesOfPage(pageAt(segment, 0), SALT, segment.offset);
    assertEquals(entries?.length, count > PAGE_CAPACITY ? undefined : count * ENTRY_LENGTH);
  }
});

Deno.test("EntryList keeps what is added, whatever it has room for", () => {
  const random = randomNumbers(13);
  const entries = Array.from({ length: 300 }, () => randomEntry(random));
  const expected = listOf(entries).bytes.toHex();
  for (const capacity of [0, 1, 299, 300, 1000]) {
    const list = new EntryList(capacity);
    assertEquals(list.bytes.length, 0);
    for (const { digest, offset, length } of entries.slice(0, 100)) {
      list.add(Uint32Array.from([7, ...wordsOf(digest), 7]), 1, offset, length);
    }
    list.addBytes(listOf(entries.slice(100)).bytes);
    list.addBytes(new Uint8Array());
    assertEquals(list.count, 300);
    assertEquals(list.bytes.toHex(), expected);
  }
});

Deno.test("readSixBytes() gives what writeSixBytes() wrote, and touches no byte beside", () => {
  const bytes = new Uint8Array(8).fill(0xee);
  const view = new DataView(bytes.buffer);
  for (const value of [0, 1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, 2 ** 48 - 1]) {
    writeSixBytes(view, 1, value);
    assertEquals(readSixBytes(view, 1), value);
    assertEquals([bytes[0], bytes[7]], [0xee, 0xee]);
  }
  writeSixBytes(view, 1, 0x0605_0403_0201);
  assertEquals(bytes.toHex(), "ee010203040506ee");
});
