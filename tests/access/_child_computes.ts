// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the place of the store (a path, or a URL of Redis), the path of a file that evaluations are
// appended to, what the lease lasts, and what to do: "all" calls a function with 50 keys at once, "one" with one of them, and "hang"
// never ends that. It says that it is ready, waits for a line, and then says what it got.

import { CacheDict } from "@pecapiku/cache";
import { redisStore } from "@pecapiku/cache/stores";

const [place, log, lease, work] = Deno.args as [string, string, string, string];

const store = place.startsWith("redis:") ? redisStore({ url: place, timeout: 20_000 }) : undefined;

const compute = CacheDict.decorate(async function compute(key: number): Promise<string> {
  Deno.writeTextFileSync(log, `${key} ${Date.now()}\n`, { append: true });
  if (work === "hang") {
    console.log("hanging");
    await new Promise(() => setTimeout(() => {}, 1e9));
  }
  await new Promise((resolve) => setTimeout(resolve, 40));
  return `value of ${key}`;
}, {
  ...(store === undefined ? { filePath: place } : { store }),
  singleFlight: "store",
  leaseDuration: Number(lease),
});

// What is loaded at the first use is no part of what is compared.
await compute.has(-1);
console.log("ready");
await Deno.stdin.read(new Uint8Array(1));
const keys = work === "all" ? Array.from({ length: 50 }, (_, key) => key) : [0];
const values = await Promise.all(keys.map((key) => compute(key)));
if (values.some((value, key) => value !== `value of ${key}`)) throw new Error(`Wrong: ${values}`);
console.log("done");
await store?.close();
