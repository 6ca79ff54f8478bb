// Copyright 2026 the pecapiku authors. MIT license.

import traverse, { type Scope } from "@babel/traverse";
import * as t from "@babel/types";
import { type ParsedFunction, parseFunction, printFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";

/** Some of them mean something as a property, or to an object that is used as a table. */
const NAMES = [
  ..."abcdefghijklmnopqrstuvwxyz",
  ..."name stack message constructor toString hasOwnProperty valueOf __proto__ length prototype"
    .split(" "),
  ..."café ℵ $ _ $0 _1 of get set async from as type any item total index value result Ω".split(
    " ",
  ),
];

/**
 * Renames all parameters, locals and labels, as Babel sees scopes.
 *
 * @param parsed The function. Its tree is changed.
 * @param random Chooses the names.
 * @returns The changed text; `undefined` if it has none, or Babel got it wrong: then other names are free than before.
 */
export function renameAll(parsed: ParsedFunction, random: Random): string | undefined {
  const { file, node } = parsed;
  const free = freeNames(file);
  const names = freshNames(file, random);
  let count = 0;
  traverse(file, {
    Scope: {
      exit({ scope }) {
        for (const name of Object.keys(scope.bindings)) {
          scope.rename(name, names.next().value);
          count++;
        }
      },
    },
    LabeledStatement({ node: labeled }) {
      renameLabel(labeled, names.next().value);
      count++;
    },
  });
  if (count === 0) return undefined;
  const text = printFunction(node);
  const again = parseFunction(text);
  const isSame = again !== undefined && freeNames(again.file).join() === free.join();
  return isSame ? text : undefined;
}

/** Names that stand nowhere in a file, in random order, without end. */
function* freshNames(file: t.File, random: Random): Generator<string, never> {
  const taken = new Set<string>();
  t.traverseFast(file, (node) => {
    if (t.isIdentifier(node)) taken.add(node.name);
  });
  const left = NAMES.filter((name) => !taken.has(name));
  while (left.length > 0) yield left.splice(Math.floor(random() * left.length), 1)[0]!;
  for (let index = 0;; index++) {
    if (!taken.has(`v${index}`)) yield `v${index}`;
  }
}

function freeNames(file: t.File): string[] {
  let scope: Scope | undefined;
  traverse(file, {
    Program(path) {
      scope = path.scope;
      path.stop();
    },
  });
  return Object.keys((scope as unknown as { globals: object }).globals).sort();
}

function renameLabel(labeled: t.LabeledStatement, name: string): void {
  const old = labeled.label.name;
  t.traverseFast(labeled, (node) => {
    const isIts = t.isBreakStatement(node) || t.isContinueStatement(node) || node === labeled;
    const label = isIts ? (node as t.BreakStatement).label : undefined;
    if (label?.name === old) label.name = name;
  });
}
