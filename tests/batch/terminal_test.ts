// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";

const PYTHON = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    return new Deno.Command(python, { args: ["-c", "import pty, termios"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
});

const [TERMINAL, SCRIPT] = ["_terminal.py", "_terminal_script.ts"]
  .map((name) => fromFileUrl(new URL(name, import.meta.url))) as [string, string];

/** Runs the script in a terminal, and gives all that it wrote from its first bar on. */
async function inTerminal(columns: number, mode: string, env: Record<string, string> = {}) {
  const { stdout, stderr, success } = await new Deno.Command(PYTHON!, {
    args: [
      ...[TERMINAL, String(columns), Deno.execPath(), "run", "--no-check", "--no-prompt"],
      ...[...importMapArguments(), SCRIPT, mode],
    ],
    env: { TERM: "xterm-256color", NO_COLOR: "", ...env },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(success, text + new TextDecoder().decode(stderr));
  return text.slice(text.indexOf("\r\x1b[K"));
}

// deno-lint-ignore no-control-regex
const COLOR = /\x1b\[(?:3[12]|39)m/g;

Deno.test({
  name: "map() draws one line in a terminal again and again, however narrow it is",
  ignore: isWithoutTerminal(),
  async fn() {
    for (const columns of [80, 40, 12]) {
      const text = (await inTerminal(columns, "finish")).replaceAll(COLOR, "");
      const [begin, ...drawn] = text.split("\r\x1b[K");
      assertEquals(begin, "");
      const [last, ...others] = drawn.pop()!.split("\r\n");
      assertEquals(others, ["the end", ""]);
      assert(drawn.length >= 2, text);
      for (const line of [...drawn, last!]) {
        assert(line.length < columns, `${line.length}: ${line}`);
        assertMatch(line, /^[\x20-\x7e]+$/);
      }
      assertMatch(last!, /24\/24/);
      if (columns === 80) {
        assertMatch(last!, /^100% {2}\[=+\] {2}24\/24 {2}3 cached {2}21 computed /);
      }
      if (columns === 40) assertMatch(last!, /^100% {2}24\/24 {2}3 cached {2}in 0:0\d$/);
    }
  },
});

Deno.test({
  name:
    "map() leaves its line in a terminal when it stops, and draws below what the function prints",
  ignore: isWithoutTerminal(),
  async fn() {
    const [failed, aborted, printed] = await Promise.all(
      ["fail", "abort", "print"].map((mode) => inTerminal(60, mode, { NO_COLOR: "1" })),
    ) as [string, string, string];
    assertMatch(failed, /1 failed {2}stopped after 0:0\d\r\ncaught out of order\r\n$/);
    assertMatch(aborted, /stopped after 0:0\d\r\ncaught enough\r\n$/);
    assertStringIncludes(printed, " from the function\r\n\r\x1b[K");
    for (const text of [failed, aborted, printed]) {
      // Nothing but the sequence that erases, and no colour.
      assertEquals(text.replaceAll("\r\x1b[K", "").includes("\x1b"), false);
    }
  },
});

Deno.test({
  name: "map() has colours in a terminal unless NO_COLOR is set",
  ignore: isWithoutTerminal(),
  async fn() {
    assertStringIncludes(await inTerminal(80, "finish"), "\x1b[32m[=====");
  },
});

function isWithoutTerminal(): boolean {
  if (PYTHON !== undefined) return false;
  console.log("The bar in a terminal is not tested: no python3 with pty here");
  return true;
}
