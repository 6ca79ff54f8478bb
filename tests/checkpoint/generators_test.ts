// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  AutoFunctionCallIdentifier,
  checkpoint,
  DecoratorCheckpoint,
  InMemoryLruCache,
} from "@pecapiku/cache/checkpoint";
import { importMapArguments } from "../_deno.ts";

Deno.test("DecoratorCheckpoint throws a TypeError when it is put on a generator function", () => {
  const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
  assertThrows(() => cached(function* words() {}), TypeError, "has no place: words");
  assertThrows(() => cached(async function* words() {}), TypeError, "generator function");
});

Deno.test("checkpoint() gives the chunks of a generator function again", () => {
  const words = checkpoint(function* words(text: string, separator = " ") {
    yield* text.split(separator);
    return text.length;
  }, { directory: Deno.makeTempDirSync(), onError: "raise" });
  for (let i = 0; i < 2; i++) {
    assertEquals([...words("to be")], ["to", "be"]);
    assert(words.has("to be", " "));
    assertEquals(words.has("to be", ""), false);
    assert(words.explain("to be").isHit);
  }
});

Deno.test("checkpoint() evaluates generator functions and streams again when their code changes", async () => {
  const directory = Deno.makeTempDirSync();
  const script = `${directory}/script.ts`;
  const entry = JSON.stringify(new URL("../../src/checkpoint/mod.ts", import.meta.url).href);
  const run = async (suffix: string, comment: string): Promise<string> => {
    Deno.writeTextFileSync(
      script,
      `import { checkpoint } from ${entry};
      const options = { directory: ${JSON.stringify(directory)}, onError: "raise" } as const;
      const mark = (text: string) => text + ${JSON.stringify(suffix)};
      const words = checkpoint(function* words(text: string) {
        ${comment}
        for (const word of text.split(" ")) { said.push(word); yield mark(word); }
      }, { ...options, uses: () => ({}) });
      const later = checkpoint(async function* later(text: string) {
        for (const word of text.split(" ")) { said.push(word); yield mark(await word); }
      }, { ...options, uses: () => ({}) });
      const stream = checkpoint((text: string) => {
        said.push(text);
        return ReadableStream.from(text.split(" ").map(mark));
      }, { ...options, uses: () => ({}) });
      const said: string[] = [];
      const given = [...words("a b"), ...await Array.fromAsync(later("c d")), ...await Array.fromAsync(stream("e f"))];
      console.log(given.join(), said.join());`,
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ...importMapArguments(), script],
    }).output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout).trim() || decoder.decode(stderr);
  };
  assertEquals(await run("!", ""), "a!,b!,c!,d!,e!,f! a,b,c,d,e f");
  assertEquals(await run("!", "// a comment"), "a!,b!,c!,d!,e!,f!");
  assertEquals(await run("?", ""), "a?,b?,c?,d?,e?,f? a,b,c,d,e f");
});
