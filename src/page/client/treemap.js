// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes } from "../../display/format.ts";
import { ask, byId, element, formatPlural, visible } from "./dom.js";

// Runs in the browser: see `_assets.ts` for what may be in here.

/** Asks where the bytes are, and draws it. */
export async function drawTreemap(page) {
  const place = byId("map");
  // What is hidden has no width.
  byId("sizes").hidden = false;
  const width = Math.max(100, Math.floor(place.clientWidth));
  const height = width < 600 ? 220 : 260;
  const groups = await ask("treemap", { width, height });
  if (!Array.isArray(groups)) return;
  byId("sizes").hidden = groups.length === 0;
  place.replaceChildren(element(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width: `${width}`,
      height: `${height}`,
      role: "group",
      "aria-label":
        "Sizes by function and entry. The table shows the same when it is sorted by size.",
    },
    ...groups.map((group, number) => drawGroup(page, group, number)),
  ));
}

/** Draws a function: its name, and its entries below. */
export function drawGroup(page, group, number) {
  const isOther = group.functionName === undefined;
  const name = isOther ? "other functions" : visible(group.functionName) || "no function";
  const label = `${name}: ${formatBytes(group.bytes)}, ${
    formatPlural(group.entries, "entry", "entries")
  }`;
  const filter = () => page.filter(group.functionName);
  const { x, y, width } = group;
  const head = element(
    "g",
    isOther ? { class: "head" } : {
      class: "head",
      role: "button",
      tabindex: "0",
      "aria-label": `Show only ${label}`,
      click: filter,
      keydown(event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        filter();
      },
    },
    element("title", {}, label),
    drawRectangle({ x, y, width, height: 18 }),
    drawText(label, x + 5, y + 13, width - 8, 6.8),
  );
  return element(
    "g",
    { class: isOther ? "other" : `group-${number % 8}` },
    group.hasLabel ? head : "",
    ...group.leaves.map((leaf) => drawLeaf(page, leaf, group)),
  );
}

/** Draws an entry, or several together. */
export function drawLeaf(page, leaf, { functionName, leaves }) {
  const { x, y, width, height, digest } = leaf;
  const text = digest === undefined
    ? leaves.length === 1
      ? formatPlural(leaf.entries, "entry", "entries")
      : formatPlural(leaf.entries, "other", "others")
    : visible(leaf.key);
  // The function's name is above.
  const call = `${visible(functionName ?? "")}(`;
  const short = text.startsWith(call) && call !== "("
    // What an entry is of another one stays: `5 (sample 1)`.
    ? text.slice(call.length).replace(/\)( \(\w+(?: \d+)?\))?$/, "$1")
    : text;
  const opens = digest === undefined
    ? {}
    : { click: () => page.open(digest), "data-digest": digest };
  return element(
    "g",
    { class: digest === undefined ? "leaf several" : "leaf", ...opens },
    element("title", {}, `${text}: ${formatBytes(leaf.bytes)}`),
    drawRectangle({ x, y, width, height }),
    height < 16 ? "" : drawText(short, x + 4, y + 13, width - 8, 6.8),
  );
}

/** Draws a rectangle. */
export function drawRectangle({ x, y, width, height }) {
  return element("rect", {
    x: `${x}`,
    y: `${y}`,
    width: `${Math.max(0, width)}`,
    height: `${Math.max(0, height)}`,
  });
}

/** Draws as much of a text as there is room for. */
export function drawText(text, x, y, width, letter) {
  const most = Math.floor(width / letter);
  if (most < 3) return "";
  const characters = Array.from(text);
  const shown = characters.length <= most
    ? text
    : characters.slice(0, most - 1).join("") + "\u2026";
  return element("text", { x: `${x}`, y: `${y}` }, shown);
}
