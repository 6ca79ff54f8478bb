// Copyright 2026 the pecapiku authors. MIT license.

// @ts-types="@types/d3-hierarchy"
import { hierarchy, type HierarchyRectangularNode, treemap } from "d3-hierarchy";
import type { EntryIndex } from "./_entry_index.ts";
import type { Reading } from "./_index_keeper.ts";

/** How many functions and entries have a place of their own. */
const MOST_FUNCTIONS = 30;
const MOST_ENTRIES = 250;

/** The room for the name of a function above its entries, from which height on it has that, and what is between entries, in pixels. */
const LABEL = 20;
const LABELLED = 50;
const GAP = 2;

/** A rectangle of the map. */
export interface TreemapBox {
  /** From the left, in pixels. */
  readonly x: number;
  /** From the top, in pixels. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How many bytes it stands for. */
  readonly bytes: number;
  /** How many entries it stands for. */
  readonly entries: number;
}

/** The entries of a function, or of all functions that have no rectangle of their own. */
export interface TreemapGroup extends TreemapBox {
  /** The function; `undefined` for all others. */
  readonly functionName: string | undefined;
  /** Whether there is room for its name above its entries. */
  readonly hasLabel: boolean;
  /** Its largest entries, and the others together. */
  readonly leaves: readonly TreemapLeaf[];
}

/** An entry, or several together. */
export interface TreemapLeaf extends TreemapBox {
  /** The entry; `undefined` for several. */
  readonly digest: string | undefined;
  /** Its key for people, not escaped. */
  readonly key: string | undefined;
}

interface Node {
  readonly functionName?: string | undefined;
  readonly entry?: number | undefined;
  readonly entries: number;
  readonly bytes: number;
  readonly children?: readonly Node[];
}

/**
 * Lays out where the bytes are: by function, and in it by entry.
 *
 * @param reading What is known of the store.
 * @param width The width, in pixels.
 * @param height The height, in pixels.
 * @returns The functions, the largest first.
 */
export function layOutTreemap(
  { index, queries }: Reading,
  width: number,
  height: number,
): TreemapGroup[] {
  const root = hierarchy<Node>(nodesOf(index, queries.order("size")), ({ children }) => children)
    // What is in several nodes counts once, in the lowest.
    .sum(({ children, bytes }) => children === undefined ? bytes : 0);
  const laidOut = treemap<Node>()
    .size([width, height])
    .paddingInner(GAP)
    .paddingTop((node) => node.depth === 1 && node.y1 - node.y0 >= LABELLED ? LABEL : 0)
    .round(true)(root);
  return (laidOut.children ?? []).map((group) => ({
    ...boxOf(group),
    functionName: group.data.functionName,
    hasLabel: group.y1 - group.y0 >= LABELLED,
    leaves: (group.children ?? []).map((leaf) => {
      const { entry } = leaf.data;
      return {
        ...boxOf(leaf),
        digest: entry === undefined ? undefined : index.digest(entry),
        key: entry === undefined ? undefined : index.keys[entry],
      };
    }),
  }));
}

function boxOf({ x0, x1, y0, y1, data }: HierarchyRectangularNode<Node>): TreemapBox {
  const { bytes, entries } = data;
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0, bytes, entries };
}

function nodesOf(index: EntryIndex, bySize: Uint32Array): Node {
  const numbers = index.functions.map((_, number) => number)
    .filter((number) => index.functions[number]!.bytes > 0)
    .sort((a, b) => index.functions[b]!.bytes - index.functions[a]!.bytes);
  const shown = numbers.length > MOST_FUNCTIONS ? numbers.slice(0, MOST_FUNCTIONS - 1) : numbers;
  const largest = new Map<number, number[]>(shown.map((number) => [number, []]));
  let left = MOST_ENTRIES;
  for (let at = bySize.length - 1; at >= 0 && left > 0; at--) {
    const entry = bySize[at]!;
    if (!index.isLive(entry) || index.sizes[entry] === 0) continue;
    largest.get(index.functionOf[entry]!)?.push(entry);
    left--;
  }
  const groups = shown.map((number) => groupOf(index, number, largest.get(number)!));
  const rest = total(numbers.slice(shown.length).map((number) => index.functions[number]!));
  if (rest.bytes > 0) groups.push({ ...rest, children: [rest] });
  return { ...total(groups), children: groups };
}

function groupOf(index: EntryIndex, number: number, largest: readonly number[]): Node {
  const { name, entries, bytes } = index.functions[number]!;
  const leaves = largest.map((entry): Node => ({ entry, entries: 1, bytes: index.sizes[entry]! }));
  const listed = total(leaves);
  const rest = { entries: entries - listed.entries, bytes: bytes - listed.bytes };
  const children = rest.bytes > 0 ? [...leaves, rest] : leaves;
  return { functionName: name, entries, bytes, children };
}

function total(nodes: readonly Pick<Node, "entries" | "bytes">[]): Node {
  return {
    entries: nodes.reduce((sum, node) => sum + node.entries, 0),
    bytes: nodes.reduce((sum, node) => sum + node.bytes, 0),
  };
}
