// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { parseUnit } from "../../src/code/_parse.ts";
import { analyzeScopes } from "../../src/code/_scopes.ts";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";
import type { Unit } from "../../src/code/unit.ts";

function analyze(text: string): Unit {
  const unit = analyzeUnit(text, "function");
  assert(unit !== undefined, `not parsed: ${text}`);
  return unit;
}

/** Functions of many kinds, to rename locals in. */
const SAMPLES = [
  "(a, b) => { const c = a + b; let d = c; d += 1; return { a, b, c: d } }",
  "function f({ a, b: [c, ...d] }, ...e) { for (const g of d) { if (g) continue; c.push(g, a, e) } return f(c) }",
  "async function f(a) { try { await a() } catch (b) { var b = 1, c; return b + c } finally { a = null } }",
  "function (a, b = a, c = () => a + b) { { let a = 1; b = a } return c(a, b) }",
  "function f() { class A { static a = A; m(a) { return new A(a, f) } } function g(a) { return g(A, a) } return g }",
  "m(a) { l: for (let i = 0, n = a.length; i < n; i++) for (const x of a) { if (x) continue l; this.k(i, x, free) } }",
  "(a) => { switch (a) { case 1: { const b = 2; return b } default: let c = a; return () => c++ } }",
  "(a) => { const { b, c: { d = a } = {}, ...e } = a; ({ b: a, c: [a] } = e); return [b, d, `${e}`] }",
];

Deno.test("analyzeUnit() gives the same normal form and another named form when locals are renamed", () => {
  fc.assert(
    fc.property(fc.constantFrom(...SAMPLES), fc.infiniteStream(fc.nat(1e6)), (text, numbers) => {
      const renamed = renameLocals(text, numbers);
      const [before, after] = [analyze(text), analyze(renamed)];
      assertEquals(after.normal, before.normal, renamed);
      assertEquals(after.free.map(({ name }) => name), before.free.map(({ name }) => name));
      assertNotEquals(after.named, before.named);
    }),
  );
});

/** Gives each variable of a function a new name. */
function renameLocals(text: string, numbers: Iterator<number>): string {
  const parsed = parseUnit(text, "function")!;
  const scopes = analyzeScopes(parsed.program);
  const edits: { start: number; end: number; text: string }[] = [];
  for (const [index, variable] of scopes.variables.entries()) {
    if (
      variable.kind === "arguments" ||
      variable.definitions.includes(parsed.root) && variable.kind === "function"
    ) {
      continue;
    }
    const name = `v${numbers.next().value}_${index}`;
    const identifiers = new Set([
      ...variable.declarations,
      ...variable.references.map(({ identifier }) => identifier),
    ]);
    for (const identifier of identifiers) {
      const parent = scopes.parentOf(identifier);
      const value = parent?.type === "AssignmentPattern" && parent.left === identifier
        ? parent
        : identifier;
      const holder = scopes.parentOf(value);
      const isShort = holder?.type === "Property" && holder.shorthand;
      edits.push({
        start: identifier.start,
        end: identifier.end,
        text: isShort ? `${identifier.name}: ${name}` : name,
      });
    }
  }
  let result = parsed.text;
  for (const edit of edits.sort((one, other) => other.start - one.start)) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  // A method was parsed in what it stands in.
  return parsed.member === undefined ? result : result.slice("({".length, -"\n})".length);
}
