// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../src/cli/_commands.ts";
import { bytesOf, digestOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, makeFile, runCli } from "./_run_cli.ts";

/** How each command is called with a file. */
const CALLED: Readonly<Record<string, (path: string) => string[]>> = {
  ls: (path) => ["ls", path],
  show: (path) => ["show", path],
  stats: (path) => ["stats", path],
  serve: (path) => ["serve", path],
  diff: (path) => ["diff", path, path],
  export: (path) => ["export", path],
  verify: (path) => ["verify", path],
  repair: (path) => ["repair", path],
  compact: (path) => ["compact", path],
  prune: (path) => ["prune", path, "--max-entries", "1", "--yes"],
  rm: (path) => ["rm", path, "load(1)", "--yes"],
};

Deno.test("each command but where is tried with bad files", () => {
  assertEquals(
    Object.keys(CALLED).sort(),
    COMMANDS.map(({ name }) => name).filter((name) => name !== "where").sort(),
  );
});

Deno.test("each command says in a line what is wrong with a file, and leaves it as it is", async () => {
  await withDirectory(async (directory) => {
    const sample = Deno.readFileSync(makeFile(`${directory}/sample`, CALLS));
    const changed = (at: number, byte: number): Uint8Array => sample.with(at, byte);
    const bad: [name: string, content: Uint8Array, message: RegExp][] = [
      ["text", bytesOf("not a cache file, but notes of somebody\n"), /not a cache file: /],
      ["zeros", new Uint8Array(4096), /not a cache file: /],
      ["magic", changed(0, 0), /not a cache file: /],
      ["header", changed(14, sample[14]! ^ 1), /damaged file header/],
      ["newer", newerVersion(sample), /file format 2 is newer than 1, /],
    ];
    for (const [name, content, message] of bad) {
      const path = `${directory}/${name}`;
      Deno.writeFileSync(path, content);
      for (const [command, argsOf] of Object.entries(CALLED)) {
        // A damaged header is what these two are for.
        if (name === "header" && ["verify", "repair"].includes(command)) continue;
        if (name === "magic" && ["verify", "repair"].includes(command)) continue;
        const { code, stdout, stderr } = await runCli(argsOf(path));
        assertEquals([code, stdout], [3, ""], `${command} ${name}`);
        assertMatch(stderr, message);
        assertMatch(stderr, /^Cannot [a-z ]+: [^\n]*\n$/);
        assertEquals(Deno.readFileSync(path), content);
      }
    }
  });
});

Deno.test("each command says that there is no file, or that it is a directory", async () => {
  await withDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/folder`);
    for (const [command, argsOf] of Object.entries(CALLED)) {
      for (const missing of [`${directory}/none`, `${directory}/none/a`, `${directory}/folder/a`]) {
        const { code, stdout, stderr } = await runCli(argsOf(missing));
        assertEquals([code, stdout, stderr], [
          3,
          "",
          `Cannot open cache: no such file: ${missing}\n`,
        ]);
      }
      if (command === "ls") continue;
      const { code, stderr } = await runCli(argsOf(`${directory}/folder`));
      assertEquals(code, 3);
      assertMatch(stderr, /^Cannot open cache: a directory \(ls shows what is in it\): /);
    }
    const { code, stdout } = await runCli(["ls", `${directory}/folder`]);
    assertEquals([code, stdout], [0, `No cache files in ${directory}/folder\n`]);
    assertEquals([...Deno.readDirSync(directory)].length, 1);
  });
});

Deno.test({
  name: "each command refuses a pipe, and does not wait for its other end",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withDirectory(async (directory) => {
      const path = `${directory}/pipe`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      for (const argsOf of [...Object.values(CALLED), () => ["rm", path, "--yes"]]) {
        const { code, stdout, stderr } = await runCli(argsOf(path));
        assertEquals([code, stdout, stderr], [3, "", `Cannot open cache: not a file: ${path}\n`]);
      }
      assertEquals((await runCli(["ls", directory])).stdout, `No cache files in ${directory}\n`);
    });
  },
});

Deno.test("ls lists a file that can't be read among the others, and warns of it", async () => {
  await withDirectory(async (directory) => {
    const sample = Deno.readFileSync(makeFile(`${directory}/a`, CALLS));
    Deno.writeFileSync(`${directory}/b`, newerVersion(sample));
    const { code, stdout, stderr } = await runCli(["ls", directory]);
    assertEquals(code, 1);
    assertMatch(stdout, /\n +5 .* a\n +\? .* b\n$/);
    assertMatch(stderr, /^Warning: Cannot open cache: file format 2 is newer than 1, .*\n$/);
  });
});

Deno.test("each command refuses what is no path", async () => {
  for (const argsOf of Object.values(CALLED)) {
    for (const wrong of ["", "https://example.com/a.cache", "a\0b"]) {
      const { code, stdout, stderr } = await runCli(argsOf(wrong));
      assertEquals([code, stdout], [2, ""]);
      assertMatch(stderr, /^Cannot open cache: [^\n]*\n$/);
    }
  }
});

Deno.test("each command takes an empty file as one without entries", async () => {
  await withDirectory(async (directory) => {
    const codes: Record<string, number> = {};
    for (const [command, argsOf] of Object.entries(CALLED)) {
      const path = `${directory}/${command}`;
      Deno.writeFileSync(path, new Uint8Array());
      const { code, stderr } = await runCli(argsOf(path));
      if (code !== 0) assertMatch(stderr, /^Cannot /);
      codes[command] = code;
      assertEquals(Deno.statSync(path).size, 0);
    }
    const all = Object.fromEntries(Object.keys(CALLED).map((command) => [command, 0]));
    assertEquals(codes, { ...all, rm: 1 });
  });
});

Deno.test("each command warns of damage, tells by its exit code, and gives the rest", async () => {
  await withDirectory(async (directory) => {
    const entries = [...CALLS, ...Array.from({ length: 20 }, (_, at) => call(at + 10, "f", '"v"'))];
    const sample = Deno.readFileSync(makeFile(`${directory}/sample`, entries));
    const at = sample.length - 1;
    const damaged = sample.with(at, sample[at]! ^ 1);
    for (const [command, argsOf] of Object.entries(CALLED)) {
      const path = `${directory}/${command}`;
      Deno.writeFileSync(path, damaged);
      const { code, stdout, stderr } = await runCli(argsOf(path));
      assert(!stderr.includes("    at "), stderr);
      switch (command) {
        // They need no value: it is none of theirs to see.
        case "ls":
        case "show":
        case "stats":
        case "serve":
        case "rm":
          assertEquals([command, code, stderr], [command, 0, ""]);
          break;
        case "prune":
          assertEquals(code, 0);
          assertMatch(stderr, /^Warning: Cannot compact cache: damaged at byte \d+, .*\n$/);
          break;
        case "diff":
        case "export":
          assertEquals([command, code], [command, 1]);
          assertMatch(stderr, /^Warning: Cannot read all of cache: damaged at byte \d+/);
          break;
        case "verify":
          assertEquals([code, stderr], [1, ""]);
          assertMatch(
            stdout,
            /Damaged +1 range, .*1 entry known to be lost\n\nat \d+, .*: payload, loses entry: f\(29\)\n$/,
          );
          break;
        case "repair":
          assertEquals([code, stderr], [0, ""]);
          assertMatch(
            stdout,
            /\nRepaired: 24 entries kept\.\n.* set aside in \/.*damaged-[0-9a-f]{8}\n$/,
          );
          assertEquals((await runCli(["verify", path])).code, 0);
          assertEquals((await runCli(["repair", path])).stdout, `Nothing to repair: ${path}\n`);
          break;
        case "compact":
          assertEquals([code, stdout], [3, ""]);
          assertMatch(stderr, /^Cannot compact cache: .*damaged/);
      }
    }
  });
});

Deno.test("each command that reads keys warns when the middle of a file is unreadable", async () => {
  await withDirectory(async (directory) => {
    const entries = Array.from({ length: 40 }, (_, at) => call(at, "f", `"${"v".repeat(50)}"`));
    const path = makeFile(`${directory}/a.cache`, entries);
    const bytes = Deno.readFileSync(path);
    bytes.fill(0, bytes.length / 2, bytes.length / 2 + 300);
    Deno.writeFileSync(path, bytes);
    for (const command of ["ls", "show", "stats", "export"]) {
      const { code, stdout, stderr } = await runCli(CALLED[command]!(path));
      assertEquals([command, code], [command, 1]);
      assertMatch(stderr, /^Warning: Cannot read all of cache: damaged at byte \d+/);
      assert(stdout.length > 0);
    }
    assertMatch((await runCli(["show", path])).stdout, /Damage +seen: verify tells what\n$/);
    assertEquals((await runCli(["verify", path, "--json"])).code, 1);
    assertEquals((await runCli(["show", path, digestOf(0)])).code, 1);
  });
});

Deno.test("verify and compact tell what a sound file is, as text and as JSON", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    makeFile(path, CALLS);
    const { code, stdout } = await runCli(["verify", path]);
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /Live +5 entries, .*\nDead +5 records, .*\nIndex +.*\nDamaged +nothing\n$/s,
    );
    const report = JSON.parse((await runCli(["verify", path, "--json"])).stdout);
    assertEquals([report.isSound, report.live.entries, report.path], [true, 5, path]);
    const { size } = Deno.statSync(path);
    const compacted = JSON.parse((await runCli(["compact", path, "--json"])).stdout);
    assertEquals([compacted.bytesBefore, compacted.bytesAfter < size], [size, true]);
    assertMatch(
      (await runCli(["compact", path])).stdout,
      /^[0-9.]+ k?B before, [0-9.]+ k?B after: \//,
    );
    const repaired = JSON.parse((await runCli(["repair", path, "--json"])).stdout);
    assertEquals([repaired.isChanged, repaired.asidePath], [false, null]);
  });
});

/** A file as a later version might write it: another number, and a checksum that fits. */
function newerVersion(sample: Uint8Array): Uint8Array {
  const bytes = sample.slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 2, true);
  let crc = ~0;
  for (const byte of bytes.subarray(0, 28)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  view.setUint32(28, ~crc >>> 0, true);
  return bytes;
}
