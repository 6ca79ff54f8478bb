// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { main } from "@pecapiku/cache/cli";
import { fromFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";
import { digestOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { CALLS, jsonOf, makeFile, runCli } from "./_run_cli.ts";

/** Starts `serve` in a process of its own, with nobody to ask. */
function start(permissions: readonly string[], args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--no-prompt"],
      ...["--config", fromFileUrl(new URL("../../deno.json", import.meta.url))],
      ...importMapArguments(),
      ...permissions,
      fromFileUrl(new URL("../../src/cli/mod.ts", import.meta.url)),
      "serve",
      ...args,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads the one line that a process says, and gives what comes behind it once it has ended. */
async function firstLine(child: Deno.ChildProcess): Promise<[string, () => Promise<string>]> {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended: ${text}${await new Response(child.stderr).text()}`);
    text += value;
  }
  const end = text.indexOf("\n");
  const rest = async () => {
    let more = text.slice(end + 1);
    for (let next; !(next = await reader.read()).done;) more += next.value;
    return more;
  };
  return [text.slice(0, end), rest];
}

/** Looks at a page as who knows its address, and as who does not. */
async function look(address: string, mayDelete: boolean): Promise<void> {
  const url = new URL(address);
  assertEquals(url.hostname, "127.0.0.1");
  const page = await fetch(url);
  assertEquals([page.status, (await page.text()).includes("<!doctype html>")], [200, true]);
  const data = await (await fetch(new URL("api/entries?offset=0&limit=9", url))).json();
  assertEquals([data.count, data.mayDelete], [CALLS.length, mayDelete]);
  for (const path of ["/", "/api/entries?offset=0&limit=9", `/${"0".repeat(64)}/`]) {
    const refused = await fetch(new URL(path, url.origin));
    assert(refused.status >= 400, path);
    assertEquals(await refused.text(), "");
  }
}

const PERMISSIONS = ["-R", "--allow-net=127.0.0.1"];

Deno.test("serve needs -R and --allow-net=127.0.0.1 alone, and ends by SIGINT and SIGTERM", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const before = Deno.readFileSync(path);
    const ends: [Deno.Signal, string[]][] = Deno.build.os === "windows"
      ? [["SIGINT", ["--json"]]]
      : [["SIGINT", []], ["SIGTERM", ["--json"]]];
    await Promise.all(ends.map(async ([signal, options]) => {
      const child = start(PERMISSIONS, [path, ...options]);
      const [line, rest] = await firstLine(child);
      const answer = options.length > 0 ? JSON.parse(line) : { file: path, url: line };
      assertEquals(Object.keys(answer), ["file", "url"]);
      assertEquals(answer.file, path);
      await look(answer.url, false);
      child.kill(signal);
      const [{ code, signal: killedBy }, more, errors] = await Promise.all([
        child.status,
        rest(),
        new Response(child.stderr).text(),
      ]);
      if (Deno.build.os === "windows") return;
      assertEquals([code, killedBy, more, errors], [0, null, "", ""]);
    }));
    assertEquals(Deno.readFileSync(path), before);
  });
});

Deno.test("serve without net access is an error that names the flag, and asks nothing", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const denied = [["-R"], ["-RW"], ["-R", "--allow-net=example.com"]];
    const results = await Promise.all(denied.map((flags) => start(flags, [path]).output()));
    for (const { code, stdout, stderr } of results) {
      const decoder = new TextDecoder();
      assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [
        3,
        "",
        "Cannot serve page: no net access, run with --allow-net=127.0.0.1: 127.0.0.1\n",
      ]);
    }
  });
});

/** Serves a file in this process, and looks at it meanwhile. */
async function serving(args: readonly string[], step: (url: URL) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const address = Promise.withResolvers<string>();
  const code = main(["serve", ...args], {
    stdout: (data) => address.resolve(String(data).trim()),
    stderr: (text) => address.reject(new Error(text)),
    now: () => 0,
    // No address is broken into lines.
    columns: 20,
    signal: controller.signal,
  });
  try {
    await step(new URL(await address.promise));
  } finally {
    controller.abort();
  }
  assertEquals(await code, 0);
}

async function deleteFirst(url: URL): Promise<number> {
  const response = await fetch(new URL("api/delete", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ digests: [digestOf(1)] }),
  });
  await response.body?.cancel();
  return response.status;
}

Deno.test("serve lets entries be deleted where that is granted, but for --read-only", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    await serving([path, "--read-only"], async (url) => {
      await look(url.href, false);
      assertEquals(await deleteFirst(url), 403);
    });
    assertEquals(jsonOf(await runCli(["ls", path, "--json"])).length, 5);
    await serving([path], async (url) => {
      await look(url.href, true);
      assertEquals(await deleteFirst(url), 200);
    });
    assertEquals(jsonOf(await runCli(["ls", path, "--json"])).length, 4);
  });
});

Deno.test("serve listens on the port that is asked for, and says if it is taken", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    await serving([path], async ({ port }) => {
      const { code, stdout, stderr } = await runCli(["serve", path, "--port", port]);
      assertEquals([code, stdout], [3, ""]);
      assertMatch(stderr, /^Cannot serve page: [^\n]*\n$/);
    });
    for (const wrong of ["65536", "-1", "80a", "", "1e3", "0x50", "8.5"]) {
      const { code, stdout, stderr } = await runCli(["serve", path, `--port=${wrong}`]);
      assertEquals([wrong, code, stdout], [wrong, 2, ""]);
      assertMatch(stderr, /^Cannot use --port: expected a (?:port|number)[^\n]*\n$/);
    }
  });
});

Deno.test("serve stops when nobody reads where the page is", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    let url: URL | undefined;
    const code = await main(["serve", path], {
      stdout: (data) => {
        url = new URL(typeof data === "string" ? data : new TextDecoder().decode(data));
        throw new Deno.errors.BrokenPipe();
      },
      stderr: () => {},
      now: () => 0,
    });
    assertEquals(code, 0);
    await assertRejects(() => fetch(url!));
  });
});
