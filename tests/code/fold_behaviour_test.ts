// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";
import { tracedRun } from "./_traced_run.ts";

/** What is put into a variable before it is used. */
const VALUES = ["a.k", "f(a)", "b?.k", "x", "(y = a)", "s++", "missing", "(() => a)"];

/** Expressions with places for others. */
const EXPRESSIONS = [
  "($0).k",
  "($0)[$1]",
  "f($0)",
  "a($0)",
  "y($0)",
  "($0).m($1)",
  "($0)($1)",
  "($0 + $1)",
  "($0 < $1)",
  "($0 === $1)",
  "`${$0}`",
  "(-$0)",
  "(!$0)",
  "(typeof $0)",
  "(void $0)",
  "($0 ? $1 : $2)",
  "($0 && $1)",
  "($0 ?? $1)",
  "[$0, $1]",
  "[...$0]",
  "({ k: $0, m: $1 })",
  "({ ...$0 })",
  "(() => $0)",
  "(function () { return $0 })",
  "(($0).k = $1)",
  "(($0).k += $1)",
  "(($0).k++)",
  "(delete ($0).k)",
  "(x++)",
  "(y = $0)",
  "(b = $0)",
  "(($0)?.k)",
  "($0)?.k.m($1)",
  "new ($0)($1)",
  "(($0), $1)",
  "f`${$0}`",
  "($0)`x`",
];

/** Statements with places for expressions. */
const STATEMENTS = [
  "const x = $0;",
  "let y = $0;",
  "const z = $0, s = $1;",
  "var y = $0;",
  "return $0;",
  "return;",
  "$0;",
  "throw $0;",
  "x = $0;",
  "s = s + $0;",
  "s += $0;",
  "s = $0 + s;",
  "const { k } = $0; f(k);",
  "if ($0) return $1; return $2;",
  "if ($0) { return $1 } else { return $2 }",
  "return $0 ? $1 : $2;",
  "if ($0) $1;",
  "if ($0) { f($1) } else g($2);",
  "for (const v of $0) g($1, v);",
  "while (n()) f($0);",
  "for (; n();) { f($0) }",
  "while (n($0)) { const q = $1; f(q) }",
  "try { f($0); throw $1 } catch (e) { g(e) }",
  "switch ($0) { case $1: f($2); default: g() }",
  "{ const x = $0; f(x) }",
  "l: { f($0); break l; }",
];

/** What stands in the places that nothing is put into. */
const FILLERS = ["g(b)", "s", "b.m"];

/** Puts an expression into a place of a text, and something else into the others. */
function fill(text: string, place: number, expression: string): string {
  return text.replace(/\$(\d)/g, (_, digit) => {
    const index = Number(digit);
    return index === place ? expression : FILLERS[index]!;
  });
}

function placesOf(text: string): number[] {
  return [0, 1, 2].filter((place) => text.includes(`$${place}`));
}

function formOf(text: string): string | undefined {
  const unit = analyzeUnit(`function f1(a, b, s) { ${text} }`, "function");
  return unit && [unit.normal, ...unit.free.map(({ name }) => name)].join();
}

/** Statements with one place. */
function* statements(): Generator<string> {
  for (const statement of STATEMENTS) {
    for (const place of placesOf(statement)) yield fill(statement, place, "$0");
  }
  for (const statement of ["return $0;", "$0;", "x = $0;", "s += $0;", "if ($0) f(b);"]) {
    for (const around of EXPRESSIONS) {
      for (const place of placesOf(around)) yield fill(statement, 0, fill(around, place, "$0"));
    }
  }
}

Deno.test("analyzeUnit() gives two texts one normal form only if all that can be seen of them is the same", () => {
  let joined = 0;
  for (const statement of statements()) {
    for (const value of VALUES) {
      const direct = fill(statement, 0, value);
      const indirect = `const q = ${value}; ${fill(statement, 0, "q")}`;
      const form = formOf(direct);
      if (form === undefined || form !== formOf(indirect)) continue;
      joined++;
      for (const mode of [0, 1, 2]) {
        const seen = tracedRun(direct, mode);
        assert(seen !== undefined, direct);
        assertEquals(tracedRun(indirect, mode), seen, `${direct} and ${indirect}`);
      }
    }
  }
  assert(joined > 500, `only ${joined} pairs`);
});
