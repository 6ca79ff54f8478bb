// Copyright 2026 the pecapiku authors. MIT license.

/** The tests that Keyv publishes for storage adapters. They are written for vitest, from which they use no more than this. */

import { assertEquals } from "@std/assert";
import Keyv from "keyv";
import { keyvAdapter } from "../../src/stores/keyv_adapter.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { tiered } from "../../src/stores/tiered.ts";
import { toAsyncStore } from "../../src/stores/to_async_store.ts";

/** What is used of `expect`. */
interface Expect {
  setState(state: object): void;
  extractExpectedAssertionsErrors(): unknown[];
}

type Step = (context: { expect: Expect }) => unknown;
type Register = (vitest: object, keyv: typeof Keyv, open: () => unknown) => void;

// Loaded here alone, and not named in deno.json: what they depend on (vitest, SQLite) would be downloaded by whoever runs a task,
// and the types that they bring along change those of `globalThis` for all that is checked with them.
const load = (specifier: string) => import(specifier);
const { expect }: { expect: Expect } = await load("npm:expect@30.5.2");
const suite: Record<"default" | "keyvIteratorTests", Register> = await load(
  "npm:@keyv/test-suite@2.1.1",
);

/** The suites of the package that are for adapters: the first one is the API, the values and the namespaces. */
const SUITES = { default: suite.default, keyvIteratorTests: suite.keyvIteratorTests };

for (const place of ["a log file", "a log file behind memory"]) {
  for (const [name, register] of Object.entries(SUITES)) addSuite(place, name, register);
}

function addSuite(place: string, suiteName: string, register: Register): void {
  const directory = Deno.makeTempDirSync({ prefix: "pecapiku-keyv-" });
  Deno.test.afterAll(() => Deno.removeSync(directory, { recursive: true }));
  const stores: LogStore[] = [];
  const open = () => {
    const store = new LogStore(`${directory}/keyv.cache`);
    stores.push(store);
    return keyvAdapter(
      place === "a log file"
        ? store
        : tiered(new MemoryStore(), toAsyncStore(store), { nearTtl: 0 }),
    );
  };
  const before: (() => Promise<void>)[] = [];
  const after: (() => Promise<void>)[] = [];
  const tests: [string, Step][] = [];
  const vitest = {
    beforeEach: (step: () => Promise<void>) => void before.push(step),
    afterEach: (step: () => Promise<void>) => void after.push(step),
    it: (name: string, step: Step) => void tests.push([name, step]),
  };
  register(vitest, Keyv, open);
  for (const [at, [name, step]] of tests.entries()) {
    Deno.test(`keyvAdapter() over ${place} passes ${suiteName} of Keyv, ${at + 1}: ${name}`, async () => {
      for (const each of before) await each();
      expect.setState({ assertionCalls: 0, expectedAssertionsNumber: null });
      await step({ expect });
      assertEquals(expect.extractExpectedAssertionsErrors(), []);
      for (const each of after) await each();
      for (const store of stores.splice(0)) store.close();
    });
  }
}

Deno.test("keyvAdapter() leaves out none of the suites that Keyv has for adapters", () => {
  const parts = ["keyvApiTests", "keyvValueTests", "keyvNamespaceTest"];
  // How values are compressed has nothing to do with where they are.
  const others = ["delay", "keyvCompresstionTests"];
  assertEquals(Object.keys(suite).sort(), [...Object.keys(SUITES), ...parts, ...others].sort());
});
