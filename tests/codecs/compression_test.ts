// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type Compression,
  compressionOf,
  compressParts,
  decompressParts,
} from "../../src/codecs/compression.ts";
import type { Parts } from "../../src/stores/store.ts";

const COMPRESSIONS: readonly Compression[] = ["gzip", "deflate"];

/** Bytes that nothing can make shorter, the same at each run. */
function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

function words(length: number): Uint8Array {
  return new TextEncoder().encode("some words, ".repeat(Math.ceil(length / 12))).slice(0, length);
}

/** What a compressed part says: a length, and data. */
function partOf(length: number | bigint, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(data, 8);
  return bytes;
}

function compressedOf(bytes: Uint8Array, compression: Compression): Uint8Array {
  const { codec, parts } = compressParts("own", [bytes], compression);
  assertEquals(codec, `own+${compression}`);
  return parts[0].slice(8);
}

Deno.test("compressParts() compresses what gets shorter, and decompressParts() gives it back", () => {
  for (const compression of COMPRESSIONS) {
    for (const length of [1024, 1025, 70_000, 512 * 1024, 3_000_001]) {
      const given = words(length);
      const { codec, parts } = compressParts("own", [given], compression);
      assertEquals(codec, `own+${compression}`);
      assert(parts[0].length < length / 4);
      assertEquals(decompressParts(parts, compression), [given]);
    }
  }
});

Deno.test("compressParts() leaves what is short, and what does not get shorter by a tenth", () => {
  // Noise of 6 bits a byte gets to 75 % and more; of 7.5 bits, to 94 %.
  const barely = noise(8192).map((byte) => byte % 181);
  for (const compression of COMPRESSIONS) {
    for (
      const given of [
        words(0),
        words(1023),
        noise(1024),
        noise(70_000),
        barely,
        noise(2_000_000),
      ]
    ) {
      const parts: Parts = [given];
      const stored = compressParts("own", parts, compression);
      assertEquals(stored.codec, "own");
      assertStrictEquals(stored.parts, parts);
    }
  }
  assertEquals(
    compressParts("own", [noise(8192).map((byte) => byte & 63)], "gzip").codec,
    "own+gzip",
  );
});

Deno.test("compressParts() tries a sample of all of a large part", () => {
  const length = 4_000_000;
  const given = words(length);
  // At the beginning, in the middle and at the end, where it looks: only when it has seen noise in all places, it gives up.
  for (const place of [0, 1, 2, 3]) {
    assertEquals(compressParts("own", [given], "deflate").codec, "own+deflate");
    given.set(noise(20_000, place), Math.floor((length - 20_000) / 3) * place);
  }
  assertEquals(compressParts("own", [given], "deflate").codec, "own");
});

Deno.test("compressParts() stores a part as it is beside others that get shorter", () => {
  for (const compression of COMPRESSIONS) {
    const given: Parts = [words(70_000), noise(65_536), words(0), words(10), noise(1_000_000)];
    const inner = given.slice(0, 4) as unknown as Parts;
    const { codec, parts } = compressParts("own", inner, compression);
    assertEquals(codec, `own+${compression}`);
    assertEquals(parts.slice(1).map((part) => part.length), [65_544, 8, 18]);
    assertEquals(decompressParts(parts, compression), inner);
    // Together with a long one that does not, it does not pay.
    assertEquals(compressParts("own", given, compression).codec, "own");
  }
});

Deno.test("compressParts() leaves what it was given unchanged, and shares no memory with it", () => {
  const memory = words(5000);
  const copy = memory.slice();
  const given: Parts = [memory.subarray(100, 4000), memory.subarray(4000)];
  const { parts } = compressParts("own", given, "gzip");
  assertEquals(memory, copy);
  memory.fill(0);
  assertEquals(decompressParts(parts, "gzip"), [copy.slice(100, 4000), copy.slice(4000)]);
});

Deno.test("compressParts() writes the same bytes at any time and on any system", () => {
  const { parts } = compressParts("own", [words(2000)], "gzip");
  const header = [...parts[0].subarray(8, 18)];
  assertEquals(header, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, header[8], 255]);
  assertEquals(compressParts("own", [words(2000)], "gzip").parts, parts);
});

Deno.test("decompressParts() gives arrays of their own, and no Buffer", () => {
  for (const compression of COMPRESSIONS) {
    const given: Parts = [words(2000), words(3000), noise(100), words(1_100_000)];
    const { parts } = compressParts("own", given, compression);
    const memory = new Uint8Array(parts[0].length + 5);
    memory.set(parts[0], 5);
    const found = decompressParts(
      [memory.subarray(5), ...parts.slice(1)] as unknown as Parts,
      compression,
    );
    assertEquals(found, given);
    for (const [index, part] of found.entries()) {
      assertStrictEquals(Object.getPrototypeOf(part), Uint8Array.prototype);
      if (index > 0) assertEquals(part.buffer.byteLength, part.byteLength);
    }
  }
});

Deno.test("decompressParts() throws when the length is not that of the data", () => {
  for (const compression of COMPRESSIONS) {
    const given = words(5000);
    const data = compressedOf(given, compression);
    assertEquals(decompressParts([partOf(5000, data)], compression), [given]);
    for (
      const length of [
        ...[0, 1, 4999, 5001, data.length - 1, data.length + 1, 1032 * data.length, 2 ** 31],
        ...[2n ** 53n, 2n ** 63n, 2n ** 64n - 1n],
      ]
    ) {
      assertThrows(() => decompressParts([partOf(length, data)], compression), Error);
    }
    // What can't be is not tried at all.
    for (const length of [data.length - 1, 1032 * data.length + 1, 2n ** 64n - 1n]) {
      assertThrows(
        () => decompressParts([partOf(length, data)], compression),
        RangeError,
        `${data.length} bytes can't be`,
      );
    }
    // As long as the data: then they are the part itself.
    assertEquals(decompressParts([partOf(data.length, data)], compression), [data]);
  }
});

Deno.test("decompressParts() throws when the data are cut off, of another format, or none", () => {
  for (const compression of COMPRESSIONS) {
    const other = compression === "gzip" ? "deflate" : "gzip";
    const data = compressedOf(words(5000), compression);
    assertThrows(() => decompressParts([partOf(5000, data)], other), Error);
    for (let length = 0; length < data.length; length++) {
      assertThrows(
        () => decompressParts([partOf(5000, data.subarray(0, length))], compression),
        Error,
      );
    }
    for (let length = 0; length < 8; length++) {
      assertThrows(() => decompressParts([new Uint8Array(length)], compression), RangeError);
    }
    assertEquals(decompressParts([new Uint8Array(8)], compression), [new Uint8Array()]);
  }
});

Deno.test("decompressParts() takes no more memory than the length says", () => {
  for (const compression of COMPRESSIONS) {
    // 100 MB of zeros, of which only some were announced.
    const data = compressedOf(new Uint8Array(100_000_000), compression);
    assert(data.length < 1_000_000);
    const error = assertThrows(
      () => decompressParts([partOf(1_000_000, data)], compression),
      RangeError,
    );
    assertEquals(Reflect.get(error, "code"), "ERR_BUFFER_TOO_LARGE");
  }
});

Deno.test("decompressParts() returns or throws, whatever is changed, and what it returns is of the length that is said", () => {
  const sources = COMPRESSIONS.map((compression) => {
    return { compression, part: partOf(3000, compressedOf(words(3000), compression)) };
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...sources),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
      ({ compression, part }, changes) => {
        const bytes = part.slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        let found: Uint8Array;
        try {
          found = decompressParts([bytes], compression)[0];
        } catch (error) {
          assert(error instanceof Error);
          return;
        }
        const length = new DataView(bytes.buffer).getBigUint64(0, true);
        assertEquals(BigInt(found.length), length);
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("compressParts() and decompressParts() give back any parts", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat({ max: 400 })).map(
      ([bytes, times]) => Uint8Array.from(Array.from({ length: times }, () => [...bytes]).flat()),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...COMPRESSIONS),
      (given, compression) => {
        const parts = given as unknown as Parts;
        const stored = compressParts("own", parts, compression);
        if (stored.codec === "own") return assertStrictEquals(stored.parts, parts);
        const length = (all: Parts): number => all.reduce((sum, { length }) => sum + length, 0);
        assert(length(stored.parts) <= 0.9 * length(parts));
        assertEquals(decompressParts(stored.parts, compression), parts);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("compressionOf() tells by the end of the name", () => {
  assertEquals(compressionOf("structured+gzip"), "gzip");
  assertEquals(compressionOf("a+gzip+deflate"), "deflate");
  for (const name of ["structured", "", "gzip", "a+gzip2", "+gzi", "a+GZIP", "a+br"]) {
    assertEquals(compressionOf(name), undefined);
  }
});
