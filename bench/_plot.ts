// Copyright 2026 the pecapiku authors. MIT license.

import { formatRatio, formatValue } from "./_table.ts";
import { FLOOR, OURS, type Row } from "./_row.ts";
import { load } from "./peers/_peer.ts";

/** Draws SVG without a browser. Only who runs the benchmark fetches it. */
const VEGA = "npm:vega@6.4.0";

interface Vega {
  parse(spec: unknown): unknown;
  View: new (runtime: unknown, options: { renderer: string }) => {
    toSVG(): Promise<string>;
    finalize(): void;
  };
}

/** In the middle between black and white, so that it can be read on either. */
const TEXT = "#7d858f";

const COLORS = { ours: "#2f81f7", floor: "#7d858f", peer: "#c08a3e" } as const;

/** From this ratio of the longest bar to the shortest on, lengths are logarithms. */
const LOGARITHMIC = 12;

/** A bar of a plot. */
export interface Bar {
  /** Whose it is. */
  readonly name: string;
  /** Where it ends. */
  readonly value: number;
  /** What is written behind it. */
  readonly label: string;
  /** What it is filled with. */
  readonly color: string;
}

/**
 * Gives the bars of a row, the shortest first.
 *
 * @param row The row.
 * @returns The bars of those who have a value.
 */
export function barsOf({ unit, cells }: Row): Bar[] {
  return [...cells].flatMap(([name, { value, ratio }]) => {
    if (value === undefined) return [];
    const label = formatValue(value, unit);
    return [{
      name,
      value: Math.max(value, 0),
      label: name === OURS || ratio === undefined ? label : `${label} (${formatRatio(ratio)})`,
      color: name === OURS ? COLORS.ours : name === FLOOR ? COLORS.floor : COLORS.peer,
    }];
  }).sort((a, b) => a.value - b.value);
}

/**
 * Draws a row.
 *
 * @param row The row.
 * @returns The text of an SVG document.
 */
export async function drawRow(row: Row): Promise<string> {
  const { parse, View } = await load<Vega>(VEGA);
  const view = new View(parse(specOf(row.title, barsOf(row))), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** What is drawn, in the words of Vega. */
function specOf(title: string, bars: readonly Bar[]): unknown {
  const least = Math.min(...bars.map(({ value }) => value).filter((value) => value > 0));
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const isLogarithmic = most / least > LOGARITHMIC;
  // A logarithm has no place for nought: that is as little as there is room for.
  const from = isLogarithmic ? least / 2 : 0;
  const values = bars.map((bar) => ({ ...bar, value: Math.max(bar.value, from) }));
  const text = { fill: { value: TEXT }, font: { value: "sans-serif" }, fontSize: { value: 11 } };
  const middle = { scale: "name", field: "name", band: 0.5 };
  return {
    width: 300,
    height: bars.length * 18,
    padding: { left: 104, right: 120, top: 26, bottom: 4 },
    autosize: "none",
    title: {
      text: title + (isLogarithmic ? " (logarithmic)" : ""),
      color: TEXT,
      font: "sans-serif",
      fontSize: 12,
      anchor: "start",
      frame: "group",
      dx: -100,
    },
    data: [{ name: "bars", values }],
    scales: [
      {
        name: "value",
        type: isLogarithmic ? "log" : "linear",
        domain: [from, most],
        range: "width",
        nice: false,
      },
      {
        name: "name",
        type: "band",
        domain: bars.map(({ name }) => name),
        range: "height",
        padding: 0.2,
      },
    ],
    marks: [{
      type: "rect",
      from: { data: "bars" },
      encode: {
        enter: {
          x: { value: 0 },
          x2: { scale: "value", field: "value" },
          y: { scale: "name", field: "name" },
          height: { scale: "name", band: 1 },
          fill: { field: "color" },
        },
      },
    }, {
      type: "text",
      from: { data: "bars" },
      encode: {
        enter: {
          ...text,
          x: { value: -6 },
          y: middle,
          align: { value: "right" },
          baseline: { value: "middle" },
          text: { field: "name" },
        },
      },
    }, {
      type: "text",
      from: { data: "bars" },
      encode: {
        enter: {
          ...text,
          x: { scale: "value", field: "value", offset: 4 },
          y: middle,
          baseline: { value: "middle" },
          text: { field: "label" },
        },
      },
    }],
  };
}
