// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";

/** Statements of one list; `{` and `}` stand for a list in it. */
type Statements = readonly (string | Statements)[];

const STATEMENTS = [
  "see(typeof g);",
  "see(typeof h);",
  "see(typeof g === 'function' && g());",
  "see(typeof h === 'function' && h());",
  "see(k());",
  "function g() { return 1 }",
  "function g() { return 2 }",
  "function h() { return typeof g }",
  "function h() { see(typeof h); return 3 }",
  "function k() { return typeof g + typeof h }",
  "function a() { return 4 }",
  "see(a);",
  "var g;",
  "var h = 5;",
  "g = 6;",
  "return;",
  "return typeof g;",
  "class g {}",
  "see(see(1) || (see(0) || see(2)));",
];

const { statements } = fc.letrec<{ statements: Statements; one: string | Statements }>((tie) => ({
  statements: fc.array(tie("one"), { minLength: 1, maxLength: 5, depthIdentifier: "depth" }),
  one: fc.oneof(
    { depthIdentifier: "depth", depthSize: "small" },
    fc.constantFrom(...STATEMENTS),
    fc.constantFrom(...STATEMENTS),
    tie("statements"),
  ),
}));

function write(list: Statements): string {
  return list.map((one) => typeof one === "string" ? one : `{ ${write(one)} }`).join("\n");
}

/** Moves one declaration of each list to another place in it. */
function move(list: Statements, to: () => number): Statements {
  const moved = list.map((one) => typeof one === "string" ? one : move(one, to));
  const from = moved.findIndex((one) => typeof one === "string" && one.startsWith("function"));
  const [declaration] = from < 0 ? [] : moved.splice(from, 1);
  if (declaration !== undefined) moved.splice(to() % (moved.length + 1), 0, declaration);
  return moved;
}

function formsOf(body: string): readonly string[] {
  const unit = analyzeUnit(`function f(a) {\n${body}\n}`, "function");
  return unit === undefined ? [] : [unit.normal, unit.named];
}

/** All that a body does; `undefined` if it is no code. */
function run(body: string, directive: string): string | undefined {
  const seen: unknown[] = [];
  const see = (value: unknown) => {
    seen.push(typeof value === "function" ? `${value}` : value);
    return value;
  };
  let given: (see: unknown, a: unknown) => unknown;
  try {
    given = new Function("see", "a", `${directive}\n${body}`) as typeof given;
  } catch {
    return undefined;
  }
  const before = new Set(Reflect.ownKeys(globalThis));
  try {
    seen.push(given(see, 7));
  } catch (error) {
    seen.push(String(error));
  }
  // Out of strict mode, an assignment may have made a global variable, which the next run must not find.
  for (const key of Reflect.ownKeys(globalThis)) {
    if (!before.has(key)) Reflect.deleteProperty(globalThis, key);
  }
  return JSON.stringify(seen);
}

Deno.test("analyzeUnit() gives one form wherever declarations stand, only if that changes nothing in any mode", () => {
  let joined = 0;
  fc.assert(
    fc.property(statements, fc.infiniteStream(fc.nat(9)), (list, places) => {
      const [one, other] = [write(list), write(move(list, () => places.next().value))];
      const [forms, others] = [formsOf(one), formsOf(other)];
      for (const [index, form] of forms.entries()) {
        if (one === other || form !== others[index]) continue;
        joined++;
        for (const directive of ["", '"use strict";']) {
          const seen = run(one, directive);
          if (seen !== undefined) assertEquals(run(other, directive), seen, `${one} and ${other}`);
        }
      }
    }),
    { numRuns: 2000 },
  );
  assert(joined > 100, `only ${joined} pairs`);
});

Deno.test("analyzeUnit() gives one form when a body that is code in strict mode is written otherwise", () => {
  const table = [
    ["see(g()); return; function g() { return 1 }", "function g() { return 1 } see(g());"],
    ["see(a || (see(0) || a))", "see(a || see(0) || a)"],
  ] as const;
  for (const [one, other] of table) {
    assertEquals(formsOf(one)[0], formsOf(other)[0], one);
    assertEquals(run(one, '"use strict";'), run(other, '"use strict";'), one);
  }
});
