// Copyright 2026 the pecapiku authors. MIT license.

import { PLATFORM_NAMES } from "./_platform_names.ts";
import type { Use } from "./unit.ts";

/** Names of the platform whose every use looks at the world outside, or may do so. */
const OUTSIDE: ReadonlySet<string> = new Set(
  ("BroadcastChannel Buffer Cache CacheStorage Crypto Deno EventSource FileReader Function GPU Location Lock LockManager Navigator " +
    "NavigatorUAData Performance PerformanceObserver Storage SubtleCrypto Temporal WebSocket Window Worker alert caches confirm " +
    "crypto eval fetch global globalThis localStorage location navigator performance process prompt self sessionStorage window")
    .split(" "),
);

/**
 * Tells whether a use of a global name looks at the world outside: the clock, chance, files, the environment.
 *
 * @param name The global name.
 * @param use The use.
 * @returns Whether it does, or may.
 */
export function looksOutside(name: string, { path, form }: Use): boolean {
  const member = path[0];
  switch (name) {
    case "Buffer":
      return false;
    case "Math":
      return member === "random" || (member === undefined && form !== "read");
    case "Date":
      return member === undefined
        ? form === "new0" || form === "call" || form === "call0" || form === "escape"
        : member === "now";
    case "Intl":
      return form === "new0" || form === "call0" || member === undefined;
    case "Temporal":
      return member === undefined || member === "Now";
    case "Error":
      return false;
    default:
      // A name that is not the platform's is the program's own, and was set by code that is not looked at.
      return OUTSIDE.has(name) || !PLATFORM_NAMES.has(name);
  }
}

/**
 * Says what looks outside, for people.
 *
 * @param name The global name.
 * @param use The use.
 * @returns Such as `Deno.args`.
 */
export function nameOfUse(name: string, { path, form }: Use): string {
  const text = name +
    path.map((member) => /^\d+$/.test(member) ? `[${member}]` : `.${member}`).join("");
  return form === "new" || form === "new0" ? `new ${text}()` : text;
}
