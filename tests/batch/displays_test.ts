// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LogLines } from "../../src/batch/_log_lines.ts";
import { type Notebook, NotebookBar } from "../../src/batch/_notebook_bar.ts";
import { TerminalBar } from "../../src/batch/_terminal_bar.ts";
import { assertHarmless } from "../display/_html.ts";
import { settle } from "./_runtime.ts";
import { TestScreen } from "./_screen.ts";

Deno.test("TerminalBar draws ten times a second at the most, and once at the least", () => {
  const screen = new TestScreen();
  const [bar, tally] = [new TerminalBar(screen), screen.tally(1000)];
  tally.active = 1;
  for (let step = 0; step < 1000; step++) {
    tally.settled("cached");
    bar.changed(tally);
    screen.pass(1);
  }
  assertEquals(screen.take().length, 11);
  screen.pass(5_000);
  assertEquals(screen.take().length, 5);
  tally.active = 0;
  screen.pass(5_000);
  assertEquals([screen.take().length, screen.timers], [1, 0]);
  bar.finish(tally, true);
  assertEquals(screen.take(), [
    `\r\x1b[K100%  [${"=".repeat(22)}]  1,000/1,000  1,000 cached  0 computed  in 0:11\n`,
  ]);
  assertEquals(screen.timers, 0);
});

Deno.test("TerminalBar fits into the columns that there are when it draws", () => {
  const screen = new TestScreen();
  const [bar, tally] = [new TerminalBar(screen), screen.tally(10)];
  for (const width of [80, 30, 12, 3, 1, 120]) {
    screen.width = width;
    tally.settled("computed");
    bar.changed(tally);
    const [written] = screen.take();
    const line = written!.slice("\r\x1b[K".length);
    assert(line.length < Math.max(width, 2), line);
    screen.pass(100);
    screen.take();
  }
  bar.finish(tally, false);
  assert(screen.take()[0]!.endsWith("stopped after 0:01\n"));
});

Deno.test("TerminalBar lets one batch within another wait with its line until it ends", () => {
  const screen = new TestScreen();
  const [outer, inner] = [new TerminalBar(screen), new TerminalBar(screen)];
  const [outerTally, innerTally] = [screen.tally(2), screen.tally(3)];
  outerTally.active = 1;
  outer.changed(outerTally);
  inner.changed(innerTally);
  const drawn = screen.take();
  assertEquals([drawn.length, drawn[0]!.includes("0/2")], [1, true]);
  inner.finish(innerTally, true);
  outer.finish(outerTally, true);
  const last = screen.take();
  assertEquals([last.length, last.every((text) => text.endsWith("\n"))], [2, true]);
  const next = new TerminalBar(screen);
  next.changed(innerTally);
  assertEquals(screen.take().length, 1);
  next.finish(innerTally, true);
});

Deno.test("LogLines writes a line every five seconds if something has changed, and one at the end", () => {
  const screen = new TestScreen();
  const [lines, tally] = [new LogLines("load\x1b[2J", screen), screen.tally(100)];
  for (let second = 0; second < 12; second++) {
    tally.begins();
    screen.pass(1_000);
    tally.settled("computed");
    lines.changed(tally);
  }
  const counts = "0 from cache, 4 computed, 0 failed; 48/min; 2:00 left";
  const written = screen.take();
  assertEquals([written.length, written[0]], [2, `load?[2J: 4 of 100 done (4%): ${counts}\n`]);
  screen.pass(3_000);
  assertEquals(screen.take().length, 1);
  screen.pass(60_000);
  assertEquals([screen.take(), screen.timers], [[], 0]);
  lines.finish(tally, false);
  assert(screen.take()[0]!.endsWith("; stopped after 1:15\n"));
});

Deno.test("NotebookBar shows itself once, changes what it has shown, and waits for the last change", async () => {
  const screen = new TestScreen();
  const sent: [string, Record<string, unknown>][] = [];
  const waiting: (() => void)[] = [];
  const notebook: Notebook = {
    broadcast: (type, content) => {
      sent.push([type, content]);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
  const [bar, tally] = [new NotebookBar(notebook, "<b>&", screen), screen.tally(4)];
  tally.active = 1;
  bar.changed(tally);
  screen.pass(1_000);
  // The first one has not arrived: the next one would be late.
  assertEquals(sent.map(([type]) => type), ["display_data"]);
  waiting.shift()!();
  await settle();
  tally.settled("cached");
  bar.changed(tally);
  screen.pass(200);
  assertEquals(sent.map(([type]) => type), ["display_data", "update_display_data"]);
  let isShown = false;
  const finished = bar.finish(tally, false).then(() => isShown = true);
  for (let message = 0; message < 2; message++) {
    assertEquals(isShown, false);
    waiting.shift()!();
    await settle();
  }
  await finished;
  assertEquals([sent.length, screen.timers], [3, 0]);
  const { data, transient } = sent[2]![1] as Record<string, Record<string, string>>;
  assertEquals(transient, sent[0]![1].transient as Record<string, string>);
  const text = "1 of 4 done (25%): 1 from cache, 0 computed, 0 failed; stopped after 0:01";
  assertEquals(data!["text/plain"], `<b>&: ${text}`);
  assertStringIncludes(assertHarmless(data!["text/html"]!), `&lt;b&gt;&amp;: ${text}`);
  assertStringIncludes(data!["text/html"]!, 'aria-valuemax="4" aria-valuenow="1"');
});

Deno.test("NotebookBar draws what came from the cache, what was computed and what failed", async () => {
  const cases: [total: number | undefined, isComplete: boolean, widths: number[]][] = [
    [8, false, [12.5, 25, 12.5]],
    [4, true, [25, 50, 25]],
    [undefined, true, [25, 50, 25]],
  ];
  for (const [total, isComplete, widths] of cases) {
    const { bar, tally, last } = shownBar(total);
    bar.changed(tally);
    assertEquals(widthsIn(last()), []);
    for (const outcome of ["cached", "computed", "computed", "failed"] as const) {
      tally.settled(outcome);
    }
    await bar.finish(tally, isComplete);
    assertEquals(widthsIn(last()), widths);
    assertHarmless(last());
  }
});

Deno.test("NotebookBar is full when there was nothing to do, and empty while nobody knows how much", async () => {
  const none = shownBar(0);
  await none.bar.finish(none.tally, true);
  assertEquals(widthsIn(none.last()), [100]);
  assertStringIncludes(none.last(), 'aria-valuemax="1" aria-valuenow="1"');
  const unknown = shownBar(undefined);
  unknown.tally.settled("computed");
  unknown.bar.changed(unknown.tally);
  assertEquals([widthsIn(unknown.last()), unknown.last().includes("aria-value")], [[], false]);
  await unknown.bar.finish(unknown.tally, false);
  assertEquals(widthsIn(unknown.last()), [100]);
});

function shownBar(total: number | undefined) {
  const screen = new TestScreen();
  const sent: Record<string, unknown>[] = [];
  const notebook: Notebook = {
    broadcast: (_type, content) => {
      sent.push(content);
      return Promise.resolve();
    },
  };
  const last = () => (sent.at(-1)!.data as Record<string, string>)["text/html"]!;
  return { bar: new NotebookBar(notebook, "load", screen), tally: screen.tally(total), last };
}

function widthsIn(html: string): number[] {
  return [...html.matchAll(/width: ([\d.]+)%/g)].map(([, width]) => Number(width));
}

Deno.test("NotebookBar gives up when the notebook has gone", async () => {
  const screen = new TestScreen();
  let calls = 0;
  const notebook: Notebook = {
    broadcast: async () => {
      calls++;
      await Promise.reject(new Error("gone"));
    },
  };
  const [bar, tally] = [new NotebookBar(notebook, "", screen), screen.tally()];
  bar.changed(tally);
  await settle();
  screen.pass(1_000);
  await bar.finish(tally, true);
  assertEquals(calls, 1);
});
