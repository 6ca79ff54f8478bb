// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file and a number; without the number, it opens the file without a use
// of the modules that it has imported. Prints how much memory it had at the most, in kilobytes.

import { CacheDict } from "@pecapiku/cache";

const [path, number] = Deno.args as [string, string | undefined];
if (number === undefined) {
  Deno.openSync(path).close();
} else {
  const value = new CacheDict<string>(path, { access: "r" }).get(Number(number));
  if (!String(value).endsWith(`.${number}`)) throw new Error(`Not the value: ${String(value)}`);
}
console.log(mostMemory());

function mostMemory(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss / 1024;
  const [, kilobytes] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s*(\d+) kB/)!;
  return Number(kilobytes);
}
