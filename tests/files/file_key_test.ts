// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import {
  CacheDict,
  CacheError,
  FileKey,
  fileKey,
  type FileKeyOptions,
  UncacheableKeyError,
} from "@pecapiku/cache";
import { runScript } from "../access/_run_script.ts";

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const UNIX = Deno.build.os !== "windows";

/** A temporary folder with a file. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "file_key" });

  write(name: string, text: string): string {
    const path = join(this.path, name);
    Deno.writeTextFileSync(path, text);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

Deno.test("fileKey() tells the absolute path, the digest and the size of a file", () => {
  using folder = new Folder();
  const path = folder.write("a b.txt", "abc");
  const key = fileKey(path);
  assert(key instanceof FileKey);
  assertEquals({ ...key }, { path, sha256: ABC, size: 3 });
  assertEquals({ ...fileKey(toFileUrl(path)) }, { ...key });
  assertEquals({ ...fileKey(`${folder.path}/./x/../a b.txt`) }, { ...key });
});

Deno.test("fileKey() sees a change that sets the time of modification back", () => {
  using folder = new Folder();
  const path = folder.write("a.txt", "abd");
  Deno.utimeSync(path, 1_000_000, 1_000_000);
  const before = fileKey(path).sha256;
  Deno.writeTextFileSync(path, "abc");
  Deno.utimeSync(path, 1_000_000, 1_000_000);
  assertEquals([before === ABC, fileKey(path).sha256], [false, ABC]);
});

Deno.test("fileKey() sees a rename over a file, and the new name of one", () => {
  using folder = new Folder();
  const [old, fresh] = [folder.write("a.txt", "old"), folder.write("b.txt", "abc")];
  fileKey(old);
  Deno.renameSync(fresh, old);
  assertEquals(fileKey(old).sha256, ABC);
  assertThrows(() => fileKey(fresh), CacheError, "no such file");
});

Deno.test({
  name: "fileKey() follows hard and symbolic links, also once they lead elsewhere",
  ignore: !UNIX,
  fn() {
    using folder = new Folder();
    const [path, other] = [folder.write("a.txt", "abc"), folder.write("b.txt", "else")];
    Deno.linkSync(path, `${path}.hard`);
    Deno.symlinkSync(path, `${path}.soft`);
    assertEquals(fileKey(`${path}.hard`).sha256, ABC);
    assertEquals(fileKey(`${path}.soft`).sha256, ABC);
    Deno.writeTextFileSync(`${path}.hard`, "abd");
    assertEquals(fileKey(path).sha256 === ABC, false);
    Deno.removeSync(`${path}.soft`);
    Deno.symlinkSync(other, `${path}.soft`);
    assertEquals(fileKey(`${path}.soft`).sha256, fileKey(other).sha256);
  },
});

Deno.test({
  name: "fileKey() refuses what has no content of its own, and never waits for it",
  ignore: !UNIX,
  fn() {
    using folder = new Folder();
    const pipe = `${folder.path}/pipe`;
    assert(new Deno.Command("mkfifo", { args: [pipe] }).outputSync().success);
    assertThrows(() => fileKey(pipe), CacheError, `not a regular file: ${pipe}`);
    assertThrows(() => fileKey("/dev/zero"), CacheError, "not a regular file: /dev/zero");
    assertThrows(() => fileKey(folder.path), CacheError, `it is a directory: ${folder.path}`);
    Deno.symlinkSync(`${folder.path}/loop`, `${folder.path}/loop`);
    assertThrows(() => fileKey(`${folder.path}/loop`), CacheError, "Cannot make file key");
    if (Deno.build.os === "linux") {
      assertThrows(() => fileKey("/proc/self/status"), CacheError, "no file with a size");
    }
  },
});

Deno.test("fileKey() refuses what is no path and no option", () => {
  for (const path of ["", "a\0b", "https://example.com/a", new URL("https://example.com/"), 7]) {
    assertThrows(() => fileKey(path as string), TypeError, "Cannot make file key: ");
  }
  for (const options of [null, "disk", { remember: true }, { remember: "memory" }]) {
    assertThrows(() => fileKey("/x", options as FileKeyOptions), TypeError, "Cannot make file key");
  }
  const error = assertThrows(() => fileKey("/no/such/file"), CacheError, "/no/such/file");
  assertEquals(error.filePath, "/no/such/file");
});

Deno.test("fileKey() makes equal content the same argument, wherever it is", () => {
  using folder = new Folder();
  const paths = [folder.write("a.txt", "abc"), folder.write("b.txt", "abc")] as const;
  const read: string[] = [];
  const load = CacheDict.decorate((file: FileKey) => {
    read.push(file.path);
    return Deno.readTextFileSync(file.path);
  }, { filePath: `${folder.path}/c.cache` });
  for (const path of paths) assertEquals(load(fileKey(path)), "abc");
  assertEquals(read, [paths[0]]);
  Deno.writeTextFileSync(paths[0], "abd");
  assertEquals(load(fileKey(paths[0])), "abd");
  using cache = new CacheDict(`${folder.path}/c.cache`);
  const [first] = [...cache.keys()];
  assertMatch(`${first}`, /^.*\(FileKey\("a\.txt", sha256:ba7816bf…\)\) \[/);
});

Deno.test("fileKey() makes dictionary keys by innerKey, which come back as they were", () => {
  using folder = new Folder();
  const path = folder.write("a.txt", "abc");
  const filePath = `${folder.path}/c.cache`;
  const size = CacheDict.decorate((path: string) => Deno.statSync(path).size, {
    filePath,
    innerKey: (path) => ["size", fileKey(path)],
  });
  assertEquals([size(path), size(path)], [3, 3]);
  using cache = new CacheDict(filePath);
  const [key] = [...cache.keys()] as [string, FileKey][];
  assert(key![1] instanceof FileKey);
  assertEquals({ ...key![1] }, { path, sha256: ABC, size: 3 });
  assertEquals(cache.get(key), 3);
});

Deno.test("fileKey() is refused as a dictionary key by msgpack, and its digest is not", () => {
  using folder = new Folder();
  const key = fileKey(folder.write("a.txt", "abc"));
  using cache = new CacheDict(`${folder.path}/c.cache`, { codec: "msgpack" });
  assertThrows(() => cache.set(key, 1), UncacheableKeyError, "pecapiku.FileKey");
  assertEquals(cache.set(key.sha256, 1).get(key.sha256), 1);
});

/** A large file that nobody has changed just now. */
const LARGE = JSON.stringify(Deno.execPath());

/** Counts how often the large file is read. */
const COUNTING = `
  let read = 0;
  const { openSync } = Deno;
  Deno.openSync = (path, options) => {
    const file = openSync(path, options);
    if (path === ${LARGE}) {
      const readSync = file.readSync.bind(file);
      let isRead = false;
      file.readSync = (target) => {
        if (!isRead) read++;
        isRead = true;
        return readSync(target);
      };
    }
    return file;
  };
  const key = (options) => cache.fileKey(${LARGE}, options).sha256.slice(0, 8);`;

Deno.test("fileKey() does not read a large file again in the next process", async () => {
  using folder = new Folder();
  const env = { PECAPIKU_CACHE_DIR: folder.path };
  const run = (...more: string[]) =>
    runScript(`${COUNTING} console.log(key(), key(), read);`, {
      permissions: ["--allow-read", "--allow-env=PECAPIKU_CACHE_DIR", ...more],
      env,
    });
  const [first, second] = [await run("--allow-write"), await run("--allow-write")];
  assertMatch(first.stdout, /^(\w{8}) \1 1$/);
  assertEquals(second, { ...first, stdout: first.stdout.replace(/1$/, "0") });
  assertEquals(first.stderr, "");
  assertEquals(await run(), second);
  const files = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assertEquals(files.filter((name) => name.endsWith(".cache")), ["_file_keys.cache"]);

  // What is there is doubted as any cache file is.
  Deno.writeTextFileSync(`${folder.path}/_file_keys.cache`, "not a cache file");
  const third = await run("--allow-write");
  assertEquals([third.code, third.stdout], [0, first.stdout]);
  assertMatch(third.stderr, /CacheFormatError: .*_file_keys\.cache/);
  assertEquals(
    Deno.readTextFileSync(`${folder.path}/_file_keys.cache`),
    "not a cache file",
  );
});

Deno.test("fileKey() writes nothing, and says nothing, where that is not granted or wanted", async () => {
  using folder = new Folder();
  const granted = ["--allow-read", "--allow-env=PECAPIKU_CACHE_DIR"];
  const unwanted = `console.log(key({ remember: "process" }), key({ remember: false }), read);`;
  const results = [
    await runScript(`${COUNTING} console.log(key(), key(), read);`, {
      permissions: granted,
      env: { PECAPIKU_CACHE_DIR: folder.path },
    }),
    await runScript(`${COUNTING} ${unwanted}`, {
      permissions: [...granted, "--allow-write"],
      env: { PECAPIKU_CACHE_DIR: folder.path },
    }),
  ];
  assertEquals(results.map(({ code, stderr }) => [code, stderr]), [[0, ""], [0, ""]]);
  assertMatch(results[0]!.stdout, /^(\w{8}) \1 1$/);
  assertMatch(results[1]!.stdout, /^(\w{8}) \1 2$/);
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("fileKey() needs access to the file alone, and names the flag for it", async () => {
  using folder = new Folder();
  const path = folder.write("a.txt", "abc");
  const script = `console.log(cache.fileKey(Deno.args[0]).sha256);`;
  const good = await runScript(script, { permissions: [`--allow-read=${path}`], args: [path] });
  assertEquals(good, { code: 0, stdout: ABC, stderr: "" });
  const bad = await runScript(script, { args: [path] });
  assertEquals(bad.code, 1);
  assertMatch(
    bad.stderr,
    /CacheError: Cannot make file key: no read access, run with --allow-read=/,
  );
});
