// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects } from "@std/assert";
import { Turns } from "../../src/stores/_turns.ts";

/** Steps that end when the test says so. */
class Steps {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, PromiseWithResolvers<string>>();

  step(name: string): () => Promise<string> {
    const end = Promise.withResolvers<string>();
    this.#ends.set(name, end);
    return () => {
      this.begun.push(name);
      return end.promise;
    };
  }

  /** Ends a step, and waits until all that waited for it has begun. */
  async end(name: string, error?: Error): Promise<void> {
    const { resolve, reject } = this.#ends.get(name)!;
    if (error === undefined) resolve(name);
    else reject(error);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

Deno.test("Turns has writings of one digest wait for all before, and readings for writings", async () => {
  const turns = new Turns();
  const steps = new Steps();
  turns.read(["a"], steps.step("r1"));
  turns.read(["a"], steps.step("r2"));
  turns.write(["a"], steps.step("w1"));
  turns.read(["a"], steps.step("r3"));
  turns.read(["a"], steps.step("r4"));
  turns.write(["a", "b"], steps.step("w2"));
  turns.write(["b"], steps.step("w3"));
  turns.read(["c"], steps.step("other"));
  assertEquals(steps.begun, ["r1", "r2", "other"]);
  await steps.end("r2");
  assertEquals(steps.begun.length, 3);
  await steps.end("r1");
  assertEquals(steps.begun.slice(3), ["w1"]);
  await steps.end("w1");
  assertEquals(steps.begun.slice(4), ["r3", "r4"]);
  await steps.end("r3");
  await steps.end("r4");
  assertEquals(steps.begun.slice(6), ["w2"]);
  await steps.end("w2");
  assertEquals(steps.begun.slice(7), ["w3"]);
});

Deno.test("Turns has a list wait for writings before it, and writings after it wait for it", async () => {
  const turns = new Turns();
  const steps = new Steps();
  turns.write(["a"], steps.step("w1"));
  turns.list(steps.step("list"));
  turns.write(["b"], steps.step("w2"));
  turns.read(["c"], steps.step("r"));
  assertEquals(steps.begun, ["w1", "r"]);
  await steps.end("w1");
  assertEquals(steps.begun.slice(2), ["list"]);
  await steps.end("list");
  assertEquals(steps.begun.slice(3), ["w2"]);
});

Deno.test("Turns goes on after a step that failed, and gives its error to whoever asked", async () => {
  const turns = new Turns();
  const steps = new Steps();
  const failing = turns.write(["a"], steps.step("w1"));
  const reading = turns.read(["a"], steps.step("r1"));
  const failed = assertRejects(() => failing, Error, "no");
  await steps.end("w1", new Error("no"));
  await failed;
  await steps.end("r1");
  assertEquals(await reading, "r1");
});

Deno.test("Turns.settled() waits for all that was begun", async () => {
  const turns = new Turns();
  const steps = new Steps();
  turns.write(["a"], steps.step("w1"));
  turns.read(["a"], steps.step("r1"));
  let isSettled = false;
  const settled = turns.settled().then(() => isSettled = true);
  await steps.end("w1");
  assertEquals(isSettled, false);
  await steps.end("r1");
  await settled;
});
