// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file, a number, and what to print: "memory" for how much it had at the most, in
// kilobytes. With "none" for a number, it opens the file without a use of the modules that it has imported.

import { CacheDict } from "@pecapiku/cache";

const [path, number, print] = Deno.args as [string, string, string | undefined];
if (number === "none") {
  Deno.openSync(path).close();
} else {
  const value = new CacheDict<string>(path, { access: "r" }).get(Number(number));
  if (!String(value).endsWith(`.${number}`)) throw new Error(`Not the value: ${String(value)}`);
}
if (print === "memory") console.log(mostMemory());

function mostMemory(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss / 1024;
  const [, kilobytes] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s*(\d+) kB/)!;
  return Number(kilobytes);
}
