// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with a seed and a number: fuzzes so many files. Says how far it is in lines on the standard output, and in
// the last one how much memory it had at the most, in megabytes.

import { fuzzFile } from "../soak/_fuzz.ts";

const [first, count] = Deno.args.map(Number) as [number, number];
for (let index = 0; index < count; index++) {
  if (index % 100 === 0) console.log(`${first + index}`);
  fuzzFile(first + index);
}
console.log(`${Math.ceil(mostMemory() / 1024)} MB`);

function mostMemory(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss / 1024;
  return Number(Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s*(\d+) kB/)![1]);
}
