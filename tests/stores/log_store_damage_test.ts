// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, noise, put, remove, textAt } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, NEW, PATH, withNew } from "./_memory_file.ts";
import {
  assertHolds,
  assertRightOrMissing,
  FIRST_RECORD_AT,
  makeSampleFile,
  placesIn,
  type State,
} from "./_sample_file.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

Deno.test("LogStore holds what was committed before the cut, when a file is truncated anywhere", () =>
  withDirectory((directory) => {
    const sample = makeSampleFile();
    for (const length of placesIn(sample.bytes)) {
      const { state, length: end } = sample.history.findLast((past) => past.length <= length) ??
        { state: new Map(), length: 0 };
      const path = `${directory}/${length}/a.cache`;
      Deno.mkdirSync(`${directory}/${length}`);
      Deno.writeFileSync(path, sample.bytes.subarray(0, length));
      const store = new LogStore(path);
      const read = withWarnings(() => assertHolds(store, state));
      assertEquals(read.warnings, [], "the beginning of a batch may be in the making");
      const { warnings } = withWarnings(() => store.commit([NEW]));
      assertHolds(store, withNew(state));
      store.close();
      assertHolds(new LogStore(path), withNew(state));

      const aside = namesIn(`${directory}/${length}`).filter((name) => name !== "a.cache");
      // The file header that was not finished is no loss.
      assertEquals(aside.length, end > 0 && length > end ? 1 : 0, `${length}`);
      assertEquals(warnings.length, aside.length);
      if (aside.length > 0) {
        assertStringIncludes(warnings[0]!, `${directory}/${length}/${aside[0]}: ${path}`);
        assertEquals(
          Deno.readFileSync(`${directory}/${length}/${aside[0]}`),
          sample.bytes.slice(end, length),
        );
      }
      Deno.removeSync(`${directory}/${length}`, { recursive: true });
    }
  }));

Deno.test("LogStore gives the right value or none, when any bit is flipped", () => {
  const sample = makeSampleFile();
  for (
    const bit of placesIn(sample.bytes).flatMap((at) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((of) => 8 * at + of)
    )
  ) {
    const bytes = sample.bytes.slice();
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    const disk = diskWith(bytes);
    const store = new LogStore(PATH, { disk });
    if (bit < 8 * 32) {
      assertThrows(() => store.get(digestOf(1)), CacheFormatError, PATH);
      assertThrows(() => store.has(digestOf(1)), CacheFormatError, PATH);
      assertThrows(() => store.size, CacheFormatError, PATH);
      assertThrows(() => store.entries(), CacheFormatError, PATH);
      assertThrows(() => store.commit([NEW]), CacheFormatError, PATH);
      assertThrows(() => store.commit([remove(1)]), CacheFormatError, PATH);
      assertEquals(disk.read(PATH), bytes);
      assertEquals(disk.files.size, 1);
      assert(!disk.isLocked(PATH));
      continue;
    }
    const { result: found, warnings } = withWarnings(() =>
      assertRightOrMissing(store, sample.state)
    );
    // A flipped bit takes one record with it at the most, that of an entry or one that is of no use any more.
    assert(found.size >= sample.state.size - 1, `${bit}`);
    assert(warnings.length <= 1);
    if (found.size < sample.state.size) assertEquals(warnings.length, 1);

    const later = withWarnings(() => store.commit([NEW]));
    assertEquals(later.warnings, [], "nothing is cut off");
    for (const reader of [store, new LogStore(PATH, { disk })]) {
      const { result: left } = withWarnings(() =>
        assertRightOrMissing(reader, withNew(sample.state))
      );
      assertEquals(left, new Set([...found, NEW.digest]), `${bit}`);
    }
    assertEquals(disk.files.size, 1);
  }
});

Deno.test("LogStore loses no entry but the damaged one, when a commit follows a flip in any header", () => {
  const sample = makeSampleFile();
  // Of batches as well: what is right of them stays.
  for (const { length } of sample.history.slice(0, -1)) {
    const bytes = sample.bytes.slice();
    bytes[length + 12]! ^= 0x40;
    const disk = diskWith(bytes);
    const { warnings } = withWarnings(() => {
      const store = new LogStore(PATH, { disk });
      store.commit([NEW]);
      // What a snapshot covers is looked at when it is needed.
      assertEquals(new Set(Array.from(store.entries(), ({ digest }) => digest)).size, store.size);
    });
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, `damaged at byte ${length}`);
    assertEquals(disk.read(PATH).subarray(0, bytes.length), bytes);
  }
});

Deno.test("LogStore gives the right value or none, when any run of bytes is overwritten", () => {
  const sample = makeSampleFile();
  for (const run of [2, 5, 80, 200]) {
    for (const fill of [0, 0xf1, undefined]) {
      const step = run > 10 ? 7 : 3;
      const places = placesIn(sample.bytes).filter((at, index) =>
        at >= 32 && at + run <= sample.bytes.length && index % step === 0
      );
      for (const at of places) {
        const bytes = sample.bytes.slice();
        if (fill === undefined) bytes.set(noise(run, at), at);
        else bytes.fill(fill, at, at + run);
        const disk = diskWith(bytes);
        const store = new LogStore(PATH, { disk });
        withWarnings(() => {
          const found = assertTolerable(store, sample, at + run);
          store.commit([NEW]);
          for (const reader of [store, new LogStore(PATH, { disk })]) {
            const left = assertTolerable(reader, sample, at + run);
            assertEquals(textAt(reader, 7), "new");
            left.delete(NEW.digest);
            assertEquals(left, found, `${run} ${fill} ${at}`);
          }
        });
      }
    }
  }

  /** Right, missing, or, where nothing behind the damage is left, as it was before the damage. */
  function assertTolerable(store: LogStore, file: typeof sample, damageEnd: number): Set<string> {
    const last = file.history.at(-1)!;
    // Damage that reaches the last record is an unfinished write, as far as anybody can tell.
    const state = damageEnd > file.history.at(-2)!.length ? undefined : last.state;
    if (state !== undefined) return assertRightOrMissing(store, withNew(state));
    const errors: unknown[] = [];
    for (const past of file.history) {
      try {
        return assertRightOrMissing(store, withNew(past.state));
      } catch (error) {
        errors.push(error);
      }
    }
    throw errors.at(-1);
  }
});

Deno.test("LogStore forgets what came before, when a lost record may have replaced any of it", () => {
  const file = (commits: Parameters<typeof makeSampleFile>[0]) => {
    const { bytes, history } = makeSampleFile(commits);
    bytes.fill(0, history[2]!.length, history[3]!.length);
    return new LogStore(PATH, { disk: diskWith(bytes) });
  };
  const { result: replaced } = withWarnings(() => {
    const store = file([[put(1, "one")], [put(2, "two")], [put(1, "ONE")], [put(3, "three")]]);
    return [1, 2, 3].map((number) => textAt(store, number));
  });
  assertEquals(replaced, [undefined, undefined, "three"]);
  const { result: deleted } = withWarnings(() => {
    const store = file([[put(1, "one")], [put(2, "two")], [remove(1)], [put(3, "three")]]);
    return [1, 2, 3].map((number) => textAt(store, number));
  });
  assertEquals(deleted, [undefined, undefined, "three"]);
  const { result: added } = withWarnings(() => {
    const store = file([[put(1, "one")], [put(2, "two")], [put(4, "four")], [put(3, "three")]]);
    return [1, 2, 3, 4].map((number) => textAt(store, number));
  });
  assertEquals(added, ["one", "two", "three", undefined]);
});

Deno.test("LogStore cuts damage off only where no record follows it, and sets it aside", () => {
  const { bytes, history } = makeSampleFile([[put(1, "one")], [put(2, "two")], [put(3, "three")]]);
  const end = history[2]!.length;
  bytes.fill(0xaa, end, end + 30);
  const disk = diskWith(bytes);
  const store = new LogStore(PATH, { disk });
  const read = withWarnings(() => assertEquals(store.size, 2));
  assertEquals(read.warnings.length, 1);
  assertStringIncludes(read.warnings[0]!, `damaged at byte ${end}`);
  const { warnings } = withWarnings(() => store.commit([NEW]));
  assertEquals(warnings.length, 1);
  const [aside] = [...disk.files.keys()].filter((path) => path !== PATH);
  assertStringIncludes(warnings[0]!, aside!);
  assertEquals(disk.read(aside!), bytes.slice(end));
  assertEquals([1, 2, 3, 7].map((number) => textAt(store, number)), [
    "one",
    "two",
    undefined,
    "new",
  ]);
});

Deno.test("LogStore leaves no part of a file aside, when the disk is too full to set the end aside", () => {
  const { bytes, history } = makeSampleFile([[put(1, "one")], [put(2, "two")]]);
  const cut = bytes.slice(0, -1);
  for (let space = 0; space < cut.length - history[1]!.length; space++) {
    const disk = diskWith(cut);
    disk.space = space;
    const store = new LogStore(PATH, { disk });
    assertThrows(() => store.commit([NEW]), Error, "No space left on device");
    assertEquals([...disk.files.keys()], [PATH]);
    assertEquals(disk.read(PATH), cut);
    disk.space = Infinity;
    withWarnings(() => store.commit([NEW]));
    assertEquals([1, 2, 7].map((number) => textAt(store, number)), ["one", undefined, "new"]);
  }
});

Deno.test("LogStore goes on, when no file can be created beside the cache file", () => {
  const { bytes, history } = makeSampleFile([[put(1, "one")], [put(2, "two")]]);
  const { length: end } = history[1]!;
  const damaged = bytes.slice();
  damaged.fill(0xaa, end, end + 30);
  for (
    const [file, message] of [[bytes.slice(0, -1), "cut off"], [damaged, "passed over"]] as const
  ) {
    const disk = diskWith(file);
    disk.onCall = (name) => {
      if (name === "open" && disk.open > 0) throw new Deno.errors.PermissionDenied("Refused");
    };
    const store = new LogStore(PATH, { disk });
    const { warnings } = withWarnings(() => store.commit([NEW]));
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, message);
    disk.onCall = () => {};
    for (const reader of [store, new LogStore(PATH, { disk })]) {
      withWarnings(() => {
        assertEquals([1, 2, 7].map((number) => textAt(reader, number)), ["one", undefined, "new"]);
        reader.commit([put(8, "more")]);
        assertEquals(textAt(reader, 8), "more");
      });
    }
    assertEquals([...disk.files.keys()], [PATH]);
  }
});

Deno.test("LogStore refuses to append to half a batch before damage that can't be set aside", () => {
  const { bytes, history } = makeSampleFile([[put(1, "one")], [put(2, "two"), put(3, "three")]]);
  bytes.fill(0xaa, bytes.length - 60);
  bytes.fill(0xaa, history[1]!.length + 120, history[1]!.length + 200);
  const disk = diskWith(bytes);
  disk.onCall = (name) => {
    if (name === "open" && disk.open > 0) throw new Deno.errors.PermissionDenied("Refused");
  };
  const store = new LogStore(PATH, { disk });
  withWarnings(() => {
    const error = assertThrows(() => store.commit([NEW]), Error, "--allow-write=/: /a.cache");
    assert(error.cause instanceof Deno.errors.PermissionDenied);
    assertEquals(textAt(store, 1), "one");
  });
  assertEquals(disk.read(PATH), bytes);
  assert(!disk.isLocked(PATH));
});

Deno.test("LogStore finds no record inside a value that holds a cache file, when the record is damaged", () => {
  const inner = makeSampleFile();
  // Once as the first entry of its own file, so that it has the very salt and offsets of the outer file, once as another's.
  const outer = makeSampleFile([[put(8, [inner.bytes])]]);
  const own = new MemoryDisk();
  own.write(PATH, inner.bytes);
  new LogStore(PATH, { disk: own }).commit([put(8, [inner.bytes, inner.bytes])]);
  for (const file of [outer.bytes, own.read(PATH)]) {
    const start = file.length === outer.bytes.length ? FIRST_RECORD_AT : inner.bytes.length;
    const before = start === FIRST_RECORD_AT ? new Map() : inner.state;
    for (let at = start; at < start + 76; at += 4) {
      const bytes = file.slice();
      bytes.fill(bytes[at]! ^ 0xff, at, at + 4);
      const disk = diskWith(bytes);
      withWarnings(() => {
        assertHolds(new LogStore(PATH, { disk }), before);
        const store = new LogStore(PATH, { disk });
        store.commit([NEW]);
        assertHolds(store, withNew(before));
        assertHolds(new LogStore(PATH, { disk }), withNew(before));
      });
    }
  }
});

Deno.test("LogStore takes no record that was copied to another place or from another file", () => {
  const sample = makeSampleFile();
  const other = makeSampleFile();
  const places = sample.history.map(({ length }) => length);
  for (const source of [sample, other]) {
    for (let from = 0; from + 1 < places.length; from++) {
      for (const to of places) {
        if (source === sample && to === places[from]) continue;
        const record = source.bytes.subarray(places[from], places[from + 1]);
        // In place of what is there, and in between.
        for (const length of [0, record.length]) {
          const bytes = new Uint8Array([
            ...sample.bytes.subarray(0, to),
            ...record,
            ...sample.bytes.subarray(to + length),
          ]);
          const states = sample.history.filter((past) => past.length <= to);
          withWarnings(() => {
            const store = new LogStore(PATH, { disk: diskWith(bytes) });
            if (length === 0 || to + length >= sample.bytes.length) {
              assertHolds(store, states.at(-1)!.state);
            } else if (textAt(store, 6) !== undefined) {
              assertRightOrMissing(store, sample.state);
            } else {
              assert(
                sample.history.some(({ state }) => isRightOrMissing(store, state)),
                `${from} ${to}`,
              );
            }
          });
        }
      }
    }
  }
});

function isRightOrMissing(store: LogStore, state: State): boolean {
  try {
    assertRightOrMissing(store, state);
    return true;
  } catch {
    return false;
  }
}

Deno.test("LogStore.has() agrees with get(), when the payload is damaged", () => {
  const { bytes } = makeSampleFile([[put(1, [noise(200_000, 1)])], [put(2, [noise(50_000, 2)])]]);
  for (const at of [FIRST_RECORD_AT + 76 + 30, FIRST_RECORD_AT + 76 + 150_000, bytes.length - 1]) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1;
    for (const order of ["has", "get"] as const) {
      withWarnings(() => {
        const store = new LogStore(PATH, { disk: diskWith(damaged) });
        const lost = at === bytes.length - 1 ? 2 : 1;
        const results = [
          store[order](digestOf(lost)),
          store[order === "has" ? "get" : "has"](digestOf(lost)),
        ];
        assert(results.every((result) => !result), `${at} ${order}`);
        assert(store.has(digestOf(3 - lost)) && store.get(digestOf(3 - lost)));
        assertEquals(store.size, 1);
        store.commit([put(lost, "again")]);
        assertEquals(textAt(store, lost), "again");
      });
    }
  }
});
