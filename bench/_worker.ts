// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the name of the file of a peer: does what it is told on its standard input, a line each time,
// and answers on its standard output. Each peer has such a process, so that none has the others' memory, or ends with them.

import { WORK, type WorkName } from "./_workload.ts";
import { changeByte, judge } from "./_flip.ts";
import { isEqual } from "./_is_equal.ts";
import { ARGUMENT_BYTES, isWholeText } from "./_workload.ts";
import type { Memoised, Opened, Peer } from "./peers/_peer.ts";
import type { Answer, Order, Orders } from "./_orders.ts";

const [file] = Deno.args as [string];
const { peer } = await import(new URL(`peers/${file}`, import.meta.url).href) as { peer: Peer };

let opened: Opened | undefined;
const memoised = new Map<WorkName, Memoised>();

async function memoise(name: WorkName): Promise<Memoised> {
  if (opened === undefined) throw new Error("Nothing is open");
  let memo = memoised.get(name);
  if (memo === undefined) memoised.set(name, memo = await opened.memoise(WORK[name]));
  return memo;
}

async function close(): Promise<void> {
  memoised.clear();
  const last = opened;
  opened = undefined;
  await last?.close();
}

let argument: Float64Array | undefined;

function argumentsOf(name: WorkName, id: number): unknown[] {
  if (name !== "first") return [id];
  return [argument ??= new Float64Array(ARGUMENT_BYTES / 8).map((_, index) => index)];
}

const doing: {
  [Name in Order]: (order: Orders[Name]["order"]) => Promise<Orders[Name]["answer"]>;
} = {
  async open({ directory }) {
    await close();
    opened = await peer.open(directory);
  },

  close,

  async fill({ work, from, to }) {
    const memo = await memoise(work);
    const start = performance.now();
    await memo.fill(
      Array.from({ length: to - from }, (_, index) => argumentsOf(work, from + index)),
    );
    return performance.now() - start;
  },

  async compare({ work, id }) {
    const memo = await memoise(work);
    const args = argumentsOf(work, id);
    const value = await memo.call(...args);
    return isEqual(value, (WORK[work] as (...args: unknown[]) => unknown)(...args));
  },

  async time({ work, ids, times }) {
    const { call } = await memoise(work);
    const { first, step = 1, size = Infinity } = ids;
    const all = Array.from(
      { length: times },
      (_, index) => argumentsOf(work, (first + index * step) % size),
    );
    const start = performance.now();
    for (let time = 0; time < times; time++) {
      const given = call(...all[time]!);
      // To await what is no promise would cost those who need none.
      if (given instanceof Promise) await given;
    }
    return performance.now() - start;
  },

  async flip({ source, directory, trial, records }) {
    await close();
    changeByte(source, directory, trial);
    let evaluations = 0;
    const record = (id: number): unknown => {
      evaluations++;
      return WORK.record(id);
    };
    try {
      opened = await peer.open(directory);
      const memo = await opened.memoise(record);
      const values = [];
      for (let id = 0; id < records; id++) values.push(await memo.call(id));
      return judge(values, evaluations);
    } catch (error) {
      return { outcome: "raised", message: String(error) };
    } finally {
      await close().catch(() => {});
    }
  },

  async crowd({ keys, rounds, seed }) {
    const { call, rerun } = await memoise("text");
    let wrong = 0;
    let raised = "";
    for (let round = 0; round < rounds; round++) {
      for (let index = 0; index < keys; index++) {
        // Each process in an order of its own, so that they meet.
        const key = (index * (2 * seed + 1) + round) % keys;
        try {
          await rerun(key);
          const other = (key + round + seed) % keys;
          if (!isWholeText(other, await call(other))) wrong++;
        } catch (error) {
          raised ||= String(error);
        }
      }
    }
    return { wrong, raised };
  },
};

async function answer(line: string): Promise<Answer> {
  const { order, ...given } = JSON.parse(line) as { order: Order };
  try {
    return { answer: await (doing[order] as (given: unknown) => unknown)(given) };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

const encoder = new TextEncoder();
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
let rest = "";
for await (const chunk of lines) {
  const whole = (rest + chunk).split("\n");
  rest = whole.pop()!;
  for (const line of whole) {
    Deno.stdout.writeSync(encoder.encode(`\n@ ${JSON.stringify(await answer(line))}\n`));
  }
}
await close();
