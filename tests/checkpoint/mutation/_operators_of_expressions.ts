// Copyright 2026 the pecapiku authors. MIT license.

import type { NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import type { Mutant, MutantMaker, Operator } from "./_mutant.ts";

/** An operator for another, where Stryker has none or another one. */
const OTHER_OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "+": ["*"],
  "-": ["/"],
  "*": ["**"],
  "/": ["%"],
  "%": ["/"],
  "**": ["*"],
  "&": ["|", "&&"],
  "|": ["&", "||"],
  "^": ["|"],
  "<<": [">>"],
  ">>": [">>>", "<<"],
  ">>>": [">>"],
  "==": ["==="],
  "!=": ["!=="],
  "===": ["=="],
  "!==": ["!="],
  in: ["instanceof"],
  instanceof: ["in"],
  "&&": ["??", "&"],
  "||": ["??", "|"],
  "??": ["||"],
  "=": ["+=", "??="],
  "+=": ["="],
  "-=": ["="],
  "*=": ["**="],
  "|=": ["||="],
  "&=": ["&&="],
  "||=": ["??=", "="],
  "&&=": ["="],
  "??=": ["||=", "="],
  ">>=": [">>>="],
  ">>>=": [">>="],
  "<<=": ["<<="],
};

/** Changes in expressions. */
export const EXPRESSION_OPERATORS: readonly Operator[] = [
  numbers,
  strings,
  regularExpressions,
  operators,
  operands,
  branches,
  calls,
  members,
  unaries,
  lists,
  functions,
];

function* numbers({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isNumericLiteral(node)) {
    yield make.express("Number", node, `${node.value + 1}`);
    yield make.express("Number", node, `${-node.value || "-0"}`);
    yield make.express("Number", node, `${node.value}n`);
  } else if (t.isBigIntLiteral(node)) {
    yield make.express("Number", node, `${BigInt(node.value) + 1n}n`);
  } else if (t.isNullLiteral(node)) {
    yield make.replace("Null", node, "undefined");
  } else if (t.isThisExpression(node)) {
    yield make.express("This", node, "void 0");
  }
}

function* strings({ node, parent }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isStringLiteral(node)) {
    yield make.replace("String", node, JSON.stringify(`${node.value}x`));
    yield make.replace("String", node, JSON.stringify(node.value.toUpperCase()));
    yield make.replace("String", node, JSON.stringify(`${node.value}\ud800`));
  } else if (t.isTemplateElement(node)) {
    yield make.replace("Template", node, `${make.text(node)} `);
  } else if (t.isTemplateLiteral(node) && !t.isTaggedTemplateExpression(parent)) {
    // The pieces move from before a value to behind it.
    const [quasi] = node.quasis;
    const [value] = node.expressions;
    if (quasi === undefined || value === undefined || quasi.value.raw === "") return;
    const rest = make.between(node.quasis[1]!.start!, node.end!);
    yield make.replace("Template", node, `\`\${${make.text(value)}}${make.text(quasi)}${rest}`);
  } else if (t.isDirective(node)) {
    yield make.remove("Directive", node);
  }
}

function* regularExpressions({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isRegExpLiteral(node)) return;
  for (const flag of ["i", "g", "m"]) {
    const flags = node.flags.includes(flag) ? node.flags.replace(flag, "") : node.flags + flag;
    yield make.replace("RegExpFlags", node, `/${node.pattern}/${flags}`);
  }
  yield make.replace("RegExp", node, `/${node.pattern}x/${node.flags}`);
}

function* operators({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (
    !(t.isBinaryExpression(node) || t.isLogicalExpression(node) || t.isAssignmentExpression(node))
  ) {
    return;
  }
  const { left, right, operator } = node;
  for (const other of OTHER_OPERATORS[operator] ?? []) {
    const target = t.isAssignmentExpression(node) ? make.text(left) : `(${make.text(left)})`;
    yield make.express("Operator", node, `${target} ${other} (${make.text(right)})`);
  }
}

function* operands({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isBinaryExpression(node) || t.isLogicalExpression(node)) {
    const { left, right, operator } = node;
    const [a, b] = [`(${make.text(left)})`, `(${make.text(right)})`];
    yield make.express("OperandSwap", node, `${b} ${operator} ${a}`);
    yield make.express("OperandDrop", node, a);
    yield make.express("OperandDrop", node, b);
    if (t.isBinaryExpression(left) || t.isLogicalExpression(left) && left.operator !== operator) {
      // Other parentheses: `(a + b) + c` becomes `a + (b + c)`.
      const [first, second] = [`(${make.text(left.left)})`, `(${make.text(left.right)})`];
      const regrouped = `${first} ${left.operator} (${second} ${operator} ${b})`;
      yield make.express("Regroup", node, regrouped);
    }
  } else if (t.isAssignmentExpression(node)) {
    yield make.express("OperandDrop", node, make.text(node.right));
  } else if (t.isSequenceExpression(node)) {
    yield make.express("OperandDrop", node, make.text(node.expressions.at(-1)!));
    yield make.swap("OperandSwap", node.expressions[0]!, node.expressions[1]!);
  }
}

function* branches({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isConditionalExpression(node)) return;
  yield make.swap("BranchSwap", node.consequent, node.alternate);
  yield make.express("BranchDrop", node, make.text(node.consequent));
  yield make.express("BranchDrop", node, make.text(node.alternate));
  yield make.express("Condition", node.test, `!(${make.text(node.test)})`);
}

function* calls({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!(t.isCallExpression(node) || t.isNewExpression(node) || t.isOptionalCallExpression(node))) {
    return;
  }
  const { callee } = node;
  const args = node.arguments;
  for (const [index, argument] of args.entries()) {
    const next = args[index + 1];
    if (next !== undefined) {
      yield make.swap("ArgumentSwap", argument, next);
      yield make.splice("ArgumentDrop", argument.start!, next.start!, "");
      // Two arguments are no list of two, and no comma between them.
      yield make.splice(
        "ArgumentMerge",
        argument.start!,
        next.end!,
        `(${make.between(argument.start!, next.end!)})`,
      );
    } else {
      const from = args[index - 1]?.end ?? argument.start!;
      yield make.splice("ArgumentDrop", from, argument.end!, "");
      yield make.splice("ArgumentAdd", argument.end!, argument.end!, ", void 0");
    }
  }
  if (t.isNewExpression(node)) {
    yield make.express("NewDrop", node, make.between(callee.start!, node.end!));
  } else if (t.isCallExpression(node) && t.isMemberExpression(callee)) {
    // Without `this`.
    yield make.express("Receiver", callee, `0, ${make.text(callee)}`);
    yield make.express("CallDrop", node, make.text(callee));
  } else if (t.isCallExpression(node) && t.isIdentifier(callee)) {
    yield make.express("NewAdd", node, `new ${make.text(node)}`);
    yield make.express("CallDrop", node, make.text(callee));
  }
}

function* members({ node, parent }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isMemberExpression(node) || t.isOptionalMemberExpression(node)) {
    const { object, property } = node;
    if (!node.computed && t.isIdentifier(property)) {
      yield make.replace("Property", property, `${property.name}_`);
    }
    yield make.express("PropertyDrop", node, make.text(object));
    if (t.isMemberExpression(node) && !t.isSuper(object) && !t.isPrivateName(property)) {
      const from = node.computed ? object.end! : property.start! - 1;
      const dot = node.computed ? "?." : "?";
      if (make.between(object.end!, from).trim() === "") {
        yield make.splice("OptionalAdd", from, from, dot);
      }
    }
    if (t.isOptionalMemberExpression(node) && t.isOptionalMemberExpression(parent)) {
      // The end of what is left out when there is nothing.
      yield make.replace("ChainEnd", node, `(${make.text(node)})`);
    }
  } else if (t.isObjectProperty(node) && !node.computed && t.isIdentifier(node.key)) {
    const { key, value, shorthand } = node;
    yield make.replace(
      "Key",
      key,
      shorthand ? `${key.name}_: ${make.text(value)}` : `${key.name}_`,
    );
    if (!shorthand) yield make.replace("Key", key, `[${key.name}]`);
  } else if (t.isObjectMethod(node) && t.isIdentifier(node.key) && !node.computed) {
    yield make.replace("Key", node.key, `${node.key.name}_`);
  }
}

function* unaries({ node, parent }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (t.isUnaryExpression(node) || t.isAwaitExpression(node) || t.isYieldExpression(node)) {
    const operator = t.isUnaryExpression(node) ? node.operator : node.type;
    if (node.argument != null) {
      yield make.express("UnaryDrop", node, make.text(node.argument));
      if (operator === "YieldExpression") {
        yield make.express("Yield", node, `yield* ${make.text(node.argument)}`);
      }
    }
  } else if (t.isUpdateExpression(node)) {
    const argument = make.text(node.argument);
    const turned = node.prefix ? argument + node.operator : node.operator + argument;
    yield make.express("UpdatePlace", node, turned);
    yield make.express("UpdateDrop", node, argument);
  } else if (t.isExpression(node) && t.isReturnStatement(parent)) {
    yield make.express("UnaryAdd", node, `!(${make.text(node)})`);
    yield make.express("UnaryAdd", node, `+(${make.text(node)})`);
    yield make.express("UnaryAdd", node, `[${make.text(node)}]`);
  }
}

function* lists({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  const items = t.isArrayExpression(node) || t.isArrayPattern(node)
    ? node.elements
    : t.isObjectExpression(node) || t.isObjectPattern(node)
    ? node.properties
    : [];
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (item == null) continue;
    yield make.remove("ItemDrop", item);
    if (next == null) continue;
    yield make.splice("ItemDrop", item.start!, next.start!, "");
    yield make.swap("ItemSwap", item, next);
  }
  if (t.isSpreadElement(node)) yield make.replace("SpreadDrop", node, make.text(node.argument));
  if (t.isRestElement(node)) yield make.replace("SpreadDrop", node, make.text(node.argument));
  if (t.isAssignmentPattern(node)) {
    yield make.replace("DefaultDrop", node, make.text(node.left));
    yield make.replace("DefaultChange", node.right, `[${make.text(node.right)}]`);
  }
}

function* functions({ node }: NodePath, make: MutantMaker): Generator<Mutant> {
  if (!t.isFunction(node)) return;
  const text = make.text(node);
  if (node.async) {
    yield make.replace("AsyncDrop", node, text.replace(/^async\s*/, ""));
  } else if (t.isFunctionExpression(node) || t.isArrowFunctionExpression(node)) {
    yield make.replace("AsyncAdd", node, `async ${text}`);
  }
  if (t.isFunctionExpression(node) && !node.generator && !node.async && node.id == null) {
    const parameters = make.between(node.start!, node.body.start!).replace(/^function\s*/, "");
    yield make.express("ArrowMade", node, `${parameters}=>${make.text(node.body)}`);
  }
  if (t.isArrowFunctionExpression(node) && t.isExpression(node.body)) {
    const head = make.between(node.start!, node.body.start!).replace(/\(\s*$/, "");
    yield make.express("ArrowEmptied", node, `${head}{ ${make.text(node.body)} }`);
  }
  if (t.isFunctionExpression(node) && !node.async) {
    yield make.replace("GeneratorMade", node, text.replace(/^function\s*\*?/, "function*"));
  }
  for (const [index, parameter] of node.params.entries()) {
    const next = node.params[index + 1];
    if (next !== undefined) yield make.swap("ParameterSwap", parameter, next);
  }
}
