// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { inspect } from "node:util";
import { CacheDict, FileKey, registerType } from "@pecapiku/cache";
import { structured } from "../src/codecs/structured.ts";
import { decodeParts } from "../src/codecs/decode_parts.ts";
import { encodeParts } from "../src/codecs/encode_parts.ts";
import { previewArguments } from "../src/keys/_preview.ts";
import { canonicalKey, digestKey } from "../src/keys/digest_key.ts";

const SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const key = new FileKey("/data/ü 1.csv", SHA256, 3);

Deno.test("FileKey can't be changed, and has what it was given", () => {
  assert(Object.isFrozen(key));
  assertEquals(Object.entries(key), [["path", "/data/ü 1.csv"], ["sha256", SHA256], ["size", 3]]);
});

Deno.test("FileKey refuses what can't be a digest of a file", () => {
  const wrong: [unknown, unknown, unknown][] = [
    ["", SHA256, 3],
    [7, SHA256, 3],
    ["/a", SHA256.toUpperCase(), 3],
    ["/a", SHA256.slice(1), 3],
    ["/a", `${SHA256}\n`, 3],
    ["/a", undefined, 3],
    ["/a", SHA256, -1],
    ["/a", SHA256, 1.5],
    ["/a", SHA256, 3n],
  ];
  for (const [path, sha256, size] of wrong) {
    assertThrows(
      () => new FileKey(path as string, sha256 as string, size as number),
      TypeError,
      "Cannot make file key: not a",
    );
  }
});

Deno.test("FileKey prints as its path, its size and the beginning of its digest", () => {
  assertEquals(Deno.inspect([key]), '[ FileKey("/data/ü 1.csv", 3 B, sha256:ba7816bf…) ]');
  assertEquals(inspect(key), 'FileKey("/data/ü 1.csv", 3 B, sha256:ba7816bf…)');
  assertEquals(`${key}`, 'FileKey("ü 1.csv", sha256:ba7816bf…)');
  assertEquals(
    `${new FileKey("C:\\data\\a.csv", SHA256, 3)}`,
    'FileKey("a.csv", sha256:ba7816bf…)',
  );
  assertEquals(`${new FileKey("\x1b[2J", SHA256, 3)}`, 'FileKey("\\u001b[2J", sha256:ba7816bf…)');
});

Deno.test("FileKey counts in keys by its content alone", () => {
  assertEquals(digestKey(key, {}), digestKey(new FileKey("/other", SHA256, 4), {}));
  const others = [SHA256, { ...key }, new FileKey("/data/ü 1.csv", SHA256.replace("b", "c"), 3)];
  for (const other of others) assert(digestKey(key, {}) !== digestKey(other, {}));
});

const DOCUMENT = new URL("../docs/format.md", import.meta.url);

Deno.test("FileKey is stored as the bytes that the document gives", () => {
  const text = Deno.readTextFileSync(DOCUMENT);
  const [, hex] = /```text file-key\n([0-9a-f\s]+)```/.exec(text)!;
  const bytes = Uint8Array.fromHex(hex!.replaceAll(/\s/g, ""));
  const stored = new FileKey("/a", SHA256, 3);
  assertEquals({ ...decodeParts(structured, [bytes]) as FileKey }, { ...stored });
  // V8 may write a newer version of its data some day.
  assertEquals(encodeParts(structured, stored).map(({ length }) => length), [bytes.length]);
});

Deno.test("FileKey enters keys with the bytes that the document gives", () => {
  const text = Deno.readTextFileSync(DOCUMENT);
  const [, sha256, bytes, digest] =
    /^new \(class FileKey .*"([0-9a-f]{64})".*\n([0-9a-f]+)\n([0-9a-f]+)$/m.exec(text)!;
  assertEquals(canonicalKey(new FileKey("/a", sha256!, 3), {})?.toHex(), bytes);
  assertEquals(digestKey(new FileKey("/a", sha256!, 3), {}), digest);
});

Deno.test("FileKey is shown as it prints among the arguments of a call, running no code", () => {
  assertEquals(previewArguments([key, 1]), 'FileKey("ü 1.csv", sha256:ba7816bf…), 1');
  const long = new FileKey(`/${"d/".repeat(500)}${"a".repeat(2000)}.csv`, SHA256, 3);
  assert(previewArguments([long]).startsWith('FileKey("aaaa'));
  assert(previewArguments([long]).endsWith('a.csv", sha256:ba7816bf…)'));
  const fake = Object.create(FileKey.prototype, { path: { get: () => assert(false) } });
  assertEquals(previewArguments([fake]), "FileKey {}");
});

Deno.test("FileKey comes back from the codec, within other values, too", () => {
  const value = { files: [key, key], map: new Map([[key, 1]]) };
  const read = decodeParts(structured, encodeParts(structured, value)) as typeof value;
  assert(read.files[0] instanceof FileKey);
  assertEquals({ ...read.files[0] }, { ...key });
  assert(read.files[0] === read.files[1] && read.map.get(read.files[0]) === 1);
  assert(Object.isFrozen(read.files[0]));
});

Deno.test("FileKey is a built-in type of the codec", () => {
  assertThrows(
    () => registerType(FileKey, { name: "x", encode: () => 1, decode: () => key }),
    TypeError,
    "cached anyway",
  );
  class Mine {}
  assertThrows(
    () =>
      registerType(Mine, { name: "pecapiku.FileKey", encode: () => 1, decode: () => new Mine() }),
    TypeError,
    "built-in",
  );
  class Longer extends FileKey {}
  using cache = new CacheDict(undefined, { access: "e" });
  assertThrows(() => cache.set(1, new Longer("/a", SHA256, 3)), Error, "Longer");
});
