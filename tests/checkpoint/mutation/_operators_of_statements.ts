// Copyright 2026 the pecapiku authors. MIT license.

import type { NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import type { Mutant, MutantMaker, Operator } from "./_mutant.ts";

/** Changes of statements. */
export const STATEMENT_OPERATORS: readonly Operator[] = [
  removal,
  order,
  results,
  conditions,
  loops,
  jumps,
  tries,
  switches,
  declarations,
  classMembers,
];

function* removal({ node, parent, listKey }: NodePath, make: MutantMaker): Generator<Mutant> {
  const isListed = listKey === "body" || listKey === "consequent";
  if (!t.isStatement(node) || t.isBlockStatement(node)) return;
  if (isListed) yield make.remove("StatementDrop", node);
  else if (!t.isFor(parent)) yield make.replace("StatementDrop", node, ";");
  // What is in a block is the same without it only where nothing is declared in it.
  if (t.isIfStatement(node) || t.isLoop(node)) {
    const body = t.isIfStatement(node) ? node.consequent : node.body;
    yield make.replace("HeadDrop", node, make.text(body));
  }
}

function* order(path: NodePath, make: MutantMaker): Generator<Mutant> {
  const { node, listKey, key, container } = path;
  if (!t.isStatement(node) || !Array.isArray(container) || typeof key !== "number") return;
  if (listKey !== "body" && listKey !== "consequent") return;
  const next = container[key + 1];
  // Where a function declaration stands does not count.
  if (!t.isStatement(next) || t.isFunctionDeclaration(node) || t.isFunctionDeclaration(next)) {
    return;
  }
  yield make.swap("StatementSwap", node, next);
  // Into and out of the branch before it.
  if (t.isIfStatement(node) && t.isBlockStatement(node.consequent) && node.alternate == null) {
    const body = make.between(node.consequent.start!, node.consequent.end! - 1);
    const text = make.between(node.start!, node.consequent.start!) + body;
    yield make.splice("IntoBranch", node.start!, next.end!, `${text}\n${make.text(next)}\n}`);
    const last = node.consequent.body.at(-1);
    if (last !== undefined) {
      const rest = make.between(node.start!, last.start!);
      yield make.replace("OutOfBranch", node, `${rest}}\n${make.text(last)}`);
    }
  }
}

function* results({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isReturnStatement(node)) {
    if (node.argument != null) {
      yield make.replace("ReturnEmptied", node, "return;");
      yield make.replace("ReturnDrop", node, `${make.text(node.argument)};`);
      yield make.replace("ReturnToThrow", node, `throw ${make.text(node.argument)};`);
    } else {
      yield make.replace("ReturnFilled", node, "return null;");
    }
  } else if (t.isThrowStatement(node)) {
    yield make.replace("ThrowToReturn", node, `return ${make.text(node.argument)};`);
    yield make.replace("ThrowDrop", node, `${make.text(node.argument)};`);
  } else if (t.isExpressionStatement(node)) {
    yield make.replace("ReturnMade", node, `return ${make.text(node)}`);
  }
}

function* conditions({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isIfStatement(node)) return;
  const { test, consequent, alternate } = node;
  yield make.express("Condition", test, `!(${make.text(test)})`);
  if (alternate != null) {
    const head = make.between(node.start!, consequent.start!);
    const swapped = `${head}{ ${make.text(alternate)} } else { ${make.text(consequent)} }`;
    yield make.replace("BranchSwap", node, swapped);
    yield make.splice("ElseDrop", consequent.end!, alternate.end!, "");
    yield make.splice("ElseWordDrop", consequent.end!, alternate.start!, "\n");
  } else {
    // `if (a) if (b) x; else y`: whose the `else` is.
    yield make.splice("ElseAdd", node.end!, node.end!, " else { return; }");
  }
}

function* loops({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isForOfStatement(node)) {
    const head = make.between(node.left.end!, node.right.start!);
    yield make.splice("LoopKind", node.left.end!, node.right.start!, head.replace("of", "in"));
  } else if (t.isForInStatement(node)) {
    const head = make.between(node.left.end!, node.right.start!);
    yield make.splice("LoopKind", node.left.end!, node.right.start!, head.replace("in", "of"));
  } else if (t.isWhileStatement(node)) {
    yield make.replace(
      "LoopKind",
      node,
      `do ${make.text(node.body)} while (${make.text(node.test)});`,
    );
    yield make.replace("LoopToIf", node, `if (${make.text(node.test)}) ${make.text(node.body)}`);
  } else if (t.isDoWhileStatement(node)) {
    yield make.replace("LoopKind", node, `while (${make.text(node.test)}) ${make.text(node.body)}`);
  } else if (t.isForStatement(node)) {
    if (node.update != null) yield make.remove("LoopUpdateDrop", node.update);
    if (node.init != null) yield make.remove("LoopStartDrop", node.init);
    if (node.test != null) yield make.remove("LoopTestDrop", node.test);
    if (node.update != null && node.test != null) {
      yield make.swap("LoopSwap", node.test, node.update);
    }
  }
}

function* jumps({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isBreakStatement(node)) {
    yield make.replace("Jump", node, "continue;");
    if (node.label != null) yield make.replace("Label", node, "break;");
  } else if (t.isContinueStatement(node)) {
    yield make.replace("Jump", node, "break;");
    if (node.label != null) yield make.replace("Label", node, "continue;");
  } else if (t.isLabeledStatement(node)) {
    const { body, label } = node;
    if (!t.isLoop(body) || !t.isBlockStatement(body.body)) return;
    // The label moves to what is in the loop.
    const at = body.body.start! + 1;
    const head = make.between(body.start!, at);
    const rest = make.between(at, node.end!);
    yield make.replace("Label", node, `${head} ${label.name}: ${rest.trimStart()}`);
  }
}

function* tries({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isTryStatement(node)) return;
  yield make.replace("TryDrop", node, make.text(node.block));
  if (node.handler != null) {
    yield make.replace("CatchEmptied", node.handler.body, "{ }");
    yield make.replace("CatchThrows", node.handler.body, "{ throw 0; }");
    if (node.finalizer != null) yield make.remove("CatchDrop", node.handler);
    else {yield make.replace(
        "CatchToFinally",
        node.handler,
        `finally ${make.text(node.handler.body)}`,
      );}
  }
  if (node.finalizer != null) {
    const from = (node.handler ?? node.block).end!;
    yield make.splice("FinallyDrop", from, node.finalizer.end!, "");
  }
}

function* switches({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isSwitchStatement(node)) return;
  for (const [index, one] of node.cases.entries()) {
    const next = node.cases[index + 1];
    yield make.remove("CaseDrop", one);
    if (next !== undefined) yield make.swap("CaseSwap", one, next);
    if (one.test != null) yield make.splice("CaseToDefault", one.start!, one.test.end!, "default");
  }
}

function* declarations({ node, parent }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isVariableDeclaration(node)) {
    // `const` and `let` are the same where nothing is assigned. That is no change that this test may claim to be one.
    const other = node.kind === "var" ? "let" : "var";
    yield make.splice("Kind", node.start!, node.start! + node.kind.length, other);
    for (const [index, one] of node.declarations.entries()) {
      const next = node.declarations[index + 1];
      if (next !== undefined) {
        yield make.swap("DeclaratorSwap", one, next);
        yield make.splice("DeclaratorDrop", one.start!, next.start!, "");
      }
      if (one.init != null && !t.isFor(parent)) {
        yield make.splice("InitialiserDrop", one.id.end!, one.init.end!, "");
      }
    }
    if (!t.isFor(parent) && node.declarations.length === 1 && node.declarations[0]!.init != null) {
      // An assignment of what is outside, or of nothing.
      yield make.replace("DeclarationToAssignment", node, `(${make.text(node.declarations[0]!)});`);
    }
  } else if (t.isFunctionDeclaration(node)) {
    yield make.replace("Kind", node, `var ${node.id!.name} = ${make.text(node)};`);
  }
}

function* classMembers({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isClass(node)) {
    if (node.superClass != null) {
      const from = node.id?.end ?? node.start! + "class".length;
      yield make.splice("SuperDrop", from, node.superClass.end!, "");
    }
    for (const [index, one] of node.body.body.entries()) {
      const next = node.body.body[index + 1];
      yield make.remove("MemberDrop", one);
      if (next !== undefined) yield make.swap("MemberSwap", one, next);
    }
  } else if (node !== make.parsed.node && (t.isClassMethod(node) || t.isClassProperty(node))) {
    const text = make.text(node);
    if (/^static\s/.test(text)) yield make.replace("Static", node, text.replace(/^static\s+/, ""));
    else yield make.replace("Static", node, `static ${text}`);
    if (t.isClassMethod(node) && node.kind === "get") {
      yield make.replace("Getter", node, text.replace(/\bget\s+/, ""));
    }
    if (t.isClassProperty(node) && node.value != null) {
      yield make.splice("InitialiserDrop", node.key.end!, node.value.end!, "");
    }
  }
}
