// Copyright 2026 the pecapiku authors. MIT license.

import { markOwn } from "./_own_functions.ts";
import { show } from "./_show.ts";

/** More than the name of a file can have on most systems, but somebody may pass anything off as a path. */
const MAX_NAME = 255;

const ACTION = "Cannot make file key";

/**
 * A file as a part of a key: in keys, only its content counts, not where it is. {@linkcode fileKey} makes one of a file.
 *
 * As the argument of a cached function, it tells the function by {@linkcode FileKey.path} what to read. As a dictionary's
 * own key, the codec `"structured"` gives it back as it was set; for `"msgpack"`, use {@linkcode FileKey.sha256}.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, FileKey, fileKey } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const directory = Deno.makeTempDirSync();
 * Deno.writeTextFileSync(`${directory}/a.txt`, "the same");
 * Deno.writeTextFileSync(`${directory}/b.txt`, "the same");
 *
 * using cache = new CacheDict(`${directory}/lengths.cache`);
 * cache.set(fileKey(`${directory}/a.txt`), 8);
 * assertEquals(cache.get(fileKey(`${directory}/b.txt`)), 8);
 * assert([...cache.keys()][0] instanceof FileKey);
 * ```
 */
export class FileKey {
  /** The absolute path of the file. It does not count in keys. */
  readonly path: string;
  /** The SHA-256 of the file's content: 64 lowercase hexadecimal digits. */
  readonly sha256: string;
  /** How long the content is, in bytes. */
  readonly size: number;

  /**
   * Makes the key of a file whose digest is known already. {@linkcode fileKey} reads the file.
   *
   * @example Usage
   * ```ts
   * import { FileKey } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
   * assertEquals(new FileKey("/data/empty.csv", sha256, 0).size, 0);
   * ```
   *
   * @param path The path of the file; it is kept as it is.
   * @param sha256 The SHA-256 of its content, 64 lowercase hexadecimal digits.
   * @param size The length of its content, in bytes.
   * @throws {TypeError} If one of them can't be what it is to be.
   */
  constructor(path: string, sha256: string, size: number) {
    if (typeof path !== "string" || path === "") {
      throw new TypeError(`${ACTION}: not a path: ${show(path)}`);
    }
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new TypeError(`${ACTION}: not a SHA-256 in lowercase hex: ${show(sha256)}`);
    }
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new TypeError(`${ACTION}: not a number of bytes: ${show(size)}`);
    }
    this.path = path;
    this.sha256 = sha256;
    this.size = size;
    Object.freeze(this);
  }

  /**
   * The name of the file, and the beginning of its digest.
   *
   * @example Usage
   * ```ts
   * import { FileKey } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
   * const key = new FileKey("/data/empty.csv", sha256, 0);
   * assertEquals(`${key}`, 'FileKey("empty.csv", sha256:e3b0c442…)');
   * ```
   *
   * @returns Such as `FileKey("data.csv", sha256:9f86d081…)`.
   */
  toString(): string {
    return fileKeyText(this.path, this.sha256);
  }

  /** What stands for the file in keys: its digest. */
  [Symbol.for("pecapiku.key")](): string {
    return this.sha256;
  }

  /** What the key prints as in `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return inspect(this);
  }

  /** What the key prints as in Node's `util.inspect`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return inspect(this);
  }

  static {
    // A value on the prototype, not a getter: it is the name by which codecs find the type.
    Object.defineProperty(this.prototype, Symbol.toStringTag, {
      value: "pecapiku.FileKey",
      configurable: true,
    });
    // What it does is none of the user's code: a checkpoint that is given one need not look into it.
    markOwn(this);
  }
}

/**
 * Writes a file's key for people to read.
 *
 * @param path The path of the file.
 * @param sha256 The digest of its content.
 * @returns The name of the file, and the beginning of the digest.
 */
export function fileKeyText(path: string, sha256: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .slice(-MAX_NAME);
  return `FileKey(${JSON.stringify(name)}, ${beginningOf(sha256)})`;
}

function inspect({ path, sha256, size }: FileKey): string {
  return `FileKey(${JSON.stringify(path)}, ${size} B, ${beginningOf(sha256)})`;
}

function beginningOf(sha256: string): string {
  return `sha256:${sha256.slice(0, 8)}…`;
}
