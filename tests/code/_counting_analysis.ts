// Copyright 2026 the pecapiku authors. MIT license.

import type { Analysis } from "../../src/code/_analysis.ts";
import type { ModuleSummary } from "../../src/code/module_summary.ts";
import { textDigest } from "../../src/code/text_digest.ts";
import type { Unit } from "../../src/code/unit.ts";

/** An analysis that tells how often it was asked. */
export class CountingAnalysis implements Analysis {
  version = "1";
  asked: string[] = [];

  unit(text: string, kind: string): Unit | undefined {
    this.asked.push(`${kind} ${text}`);
    if (text === "deep") throw new RangeError("Maximum call stack size exceeded");
    return text === "wrong" ? undefined : unitOf(text);
  }

  summary(text: string): ModuleSummary | undefined {
    this.asked.push(`module ${text}`);
    return text === "wrong" ? undefined : summaryOf(text);
  }

  javaScript(text: string, mediaType: string): string {
    if (text === "refused") throw new SyntaxError("  Unexpected token\n  | more\n");
    if (text === "broken") throw new TypeError("a defect");
    return mediaType === "ts" ? text.replaceAll(": number", "") : text;
  }
}

/**
 * Makes what may be known of a piece of code.
 *
 * @param text The code.
 * @returns Something for each of its properties.
 */
export function unitOf(text: string): Unit {
  const use = { path: ["a"], form: "call", now: true, argument: { of: "f", index: 0 } } as const;
  return {
    normal: textDigest(`normal ${text}`),
    named: textDigest(`named ${text}`),
    raw: textDigest(text),
    free: [{ name: "__proto__", uses: [use] }],
    parameters: [
      {
        name: "p",
        rest: false,
        uses: [],
        default: { literal: { type: "object", value: [["a", { type: "nan" }]] } },
      },
      { name: "q", rest: true, uses: [] },
    ],
    isClass: false,
    readsArguments: false,
    readsNames: true,
    readsText: false,
    readsTextOfValues: false,
    writesThis: false,
    writesClass: false,
    keepsState: false,
    readsSuper: false,
    unseen: ["eval"],
    dynamicImports: [],
    assigns: [],
  };
}

/**
 * Makes what may be known of a module.
 *
 * @param text The text of the module.
 * @returns Something for each of its properties.
 */
export function summaryOf(text: string): ModuleSummary {
  const code = {
    kind: "expression",
    start: 0,
    end: text.length,
    digest: textDigest(text),
  } as const;
  return {
    imports: [{ specifier: "./a.ts", type: "", dynamic: false }],
    bindings: Object.fromEntries([
      ["__proto__", { kind: "import", import: 0, name: "*" }],
      ["f", { kind: "function", code, order: 0 }],
      ["v", {
        kind: "value",
        code,
        index: -1,
        primitive: true,
        callable: false,
        assignable: false,
        hoisted: false,
        order: 1,
      }],
    ]),
    exports: { f: { kind: "local", name: "f" }, g: { kind: "from", import: 0, name: "g" } },
    stars: [0],
    effects: [{ code, order: 1, affects: ["v"], globals: [] }],
    changed: { v: "f" },
    changedGlobals: [],
    aliases: [["a", "b"]],
    methods: {},
    calling: [{ code, order: 2 }],
    sites: [{ digest: code.digest, captured: [], decorated: false, order: 0 }],
  };
}
