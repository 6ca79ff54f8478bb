// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The part of `node:path` that {@link ./path.ts} needs where the separator is a slash: to load that
 * module takes longer than a script with a cache hit may.
 *
 * @module
 */

/** The parts of a path without `.`, and without `..` where there is something to leave. */
function partsOf(path: string): string[] {
  const isRooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isRooted) parts.push(part);
  }
  return parts;
}

/** The last part of a path; empty when there are slashes only. */
export function basename(path: string): string {
  const end = lengthWithoutSlashes(path);
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/** All but the last part of a path. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf("/", lengthWithoutSlashes(path) - 1);
  if (slash === -1) return path.startsWith("/") ? "/" : ".";
  return path.slice(0, Math.max(lengthWithoutSlashes(path.slice(0, slash)), 1));
}

function lengthWithoutSlashes(path: string): number {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end;
}

/** The extension of a path, with its dot; a name that begins with its only dot has none. */
export function extname(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  return dot < 1 || name === ".." ? "" : name.slice(dot);
}

/** Joins the parts that are not empty, and normalizes the path they make. */
export function join(...paths: string[]): string {
  return normalize(paths.filter((path) => path !== "").join("/"));
}

/** Takes `.`, `..` and repeated slashes out of a path. */
export function normalize(path: string): string {
  const normal = partsOf(path).join("/");
  const end = path.endsWith("/") ? "/" : "";
  if (path.startsWith("/")) return normal === "" ? "/" : `/${normal}${end}`;
  return (normal || ".") + end;
}

/** The way from one path to another. */
export function relative(from: string, to: string): string {
  const start = partsOf(resolve(from));
  const goal = partsOf(resolve(to));
  let shared = 0;
  while (shared < start.length && shared < goal.length && start[shared] === goal[shared]) shared++;
  return [...start.slice(shared).fill(".."), ...goal.slice(shared)].join("/");
}

/** Resolves parts from right to left until the path is absolute, at last against the current directory. */
export function resolve(...paths: string[]): string {
  const rooted = paths.findLastIndex((path) => path.startsWith("/"));
  const reached = rooted === -1 ? [Deno.cwd(), ...paths] : paths.slice(rooted);
  return `/${partsOf(reached.join("/")).join("/")}`;
}
