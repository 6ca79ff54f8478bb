// Copyright 2026 the pecapiku authors. MIT license.

import { formatAge, formatBytes, formatDuration } from "../display/format.ts";
import * as details from "./client/details.js";
import * as dom from "./client/dom.js";
import * as main from "./client/main.js";
import * as table from "./client/table.js";
import * as treemap from "./client/treemap.js";
import { DOCUMENT, ICON } from "./_document.ts";
import { textResponse } from "./_responses.ts";
import { STYLE } from "./_style.ts";

/**
 * What runs in the browser, as one script: the functions of the modules, by their own text. (The text of a module can't be had where it comes
 * from a registry: a text import can't be published, and to fetch it would take net access.) So these modules export functions
 * only, which use nothing but each other and those that write sizes and times.
 */
function script(): string {
  const units = { formatAge, formatBytes, formatDuration };
  const modules = [units, dom, table, treemap, details, main];
  const functions = modules.flatMap((module) => Object.values<unknown>(module));
  return `"use strict";\n${functions.map(String).join("\n\n")}\n\nstartClient();\n`;
}

/**
 * Gives a file that the page is made of.
 *
 * @param name Its name; `""` for the page itself.
 * @returns The answer; `undefined` if there is no such file.
 */
export function assetNamed(name: string): Response | undefined {
  switch (name) {
    case "":
      return textResponse(DOCUMENT, "text/html");
    case "page.css":
      return textResponse(STYLE, "text/css");
    case "page.js":
      return textResponse(script(), "text/javascript");
    case "icon.svg":
      return textResponse(ICON, "image/svg+xml");
    default:
      return undefined;
  }
}
