// Copyright 2026 the pecapiku authors. MIT license.

import { analyzeUnit } from "./analyze_unit.ts";
import { FORM_VERSION } from "./_form.ts";
import type { ModuleSummary } from "./module_summary.ts";
import { OWN_VERSION } from "./_own_package.ts";
import { summarizeModule } from "./summarize_module.ts";
import { type Language, toJavaScript } from "./_to_javascript.ts";
import type { Unit, UnitKind } from "./unit.ts";

/** What finds out what is known of code from its text alone. */
export interface Analysis {
  /** The version of what is found out: another one for whatever may give another result for the same text. */
  readonly version: string;

  /**
   * Analyses a piece of code.
   *
   * @param text The code.
   * @param kind What it is.
   * @returns What is known of it; `undefined` if it can't be parsed.
   */
  unit(text: string, kind: UnitKind): Unit | undefined;

  /**
   * Analyses a module.
   *
   * @param text Its JavaScript.
   * @returns What is known of it; `undefined` if it can't be parsed.
   */
  summary(text: string): ModuleSummary | undefined;

  /**
   * Gives the JavaScript that Deno makes of a module.
   *
   * @param source The text of the module.
   * @param language Its language.
   * @returns The JavaScript.
   * @throws {SyntaxError} If it can't be parsed.
   */
  javaScript(source: string, language: Language): string;
}

/** The one that is used. The parser is loaded at the first use. */
export const ANALYSIS: Analysis = {
  version: `${FORM_VERSION} ${OWN_VERSION}`,
  unit: analyzeUnit,
  summary: summarizeModule,
  javaScript: toJavaScript,
};
