// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type FileKey, fileKey } from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { collectWarnings } from "../_collect_warnings.ts";

const directory = Deno.makeTempDirSync({ prefix: "file_key" });
addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
const data = `${directory}/data.csv`;
const copy = `${directory}/copy.csv`;
let runs = 0;

function loadFile(file: FileKey): string {
  Reflect.apply(count, undefined, []);
  return Deno.readTextFileSync(file.path);
}

function loadData(prefix: string): string {
  Reflect.apply(count, undefined, []);
  return prefix + Deno.readTextFileSync(Reflect.get(globalThis, "dataPath"));
}

function count(): void {
  runs++;
}

Deno.test("checkpoint() takes a FileKey as an argument by its content, and sees all of it", () => {
  using warnings = collectWarnings();
  const load = checkpoint({ directory, uses: () => ({}) })(loadFile);
  const before = runs;
  for (const path of [data, copy]) Deno.writeTextFileSync(path, "abc");
  assertEquals([load(fileKey(data)), load(fileKey(data)), load(fileKey(copy))], [
    "abc",
    "abc",
    "abc",
  ]);
  assertEquals(runs - before, 1);
  Deno.writeTextFileSync(copy, "abd");
  assertEquals([load(fileKey(copy)), load.has(fileKey(data)), runs - before], ["abd", true, 2]);
  assertEquals(warnings.lines.filter((line) => !line.includes("ExpensiveOverhead")), []);
  assertStringIncludes(`${load.explain(fileKey(data))}`, "file");
});

Deno.test("checkpoint() runs again when the content of a file changes that it uses", () => {
  using warnings = collectWarnings();
  Reflect.set(globalThis, "dataPath", data);
  const load = checkpoint({ directory, uses: () => ({ data: fileKey(data) }) })(loadData);
  const before = runs;
  Deno.writeTextFileSync(data, "abc");
  assertEquals([load("1"), load("1")], ["1abc", "1abc"]);
  Deno.writeTextFileSync(data, "abd");
  assertEquals([load("1"), load("1"), runs - before], ["1abd", "1abd", 2]);
  Deno.writeTextFileSync(data, "abc");
  assertEquals([load("1"), runs - before], ["1abc", 2]);
  assertEquals(warnings.lines.filter((line) => !line.includes("ExpensiveOverhead")), []);
});

Deno.test("checkpoint() sees nothing unseen in the class of a FileKey without uses", () => {
  using warnings = collectWarnings();
  const size = checkpoint({ directory })(function size(file: FileKey): number {
    return file.size;
  });
  Deno.writeTextFileSync(data, "abc");
  assertEquals([size(fileKey(data)), size.has(fileKey(data))], [3, true]);
  assertEquals(warnings.lines.filter((line) => !line.includes("ExpensiveOverhead")), []);
});
