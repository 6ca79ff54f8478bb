// Copyright 2026 the pecapiku authors. MIT license.

import type { ClassInfo } from "./_class_info.ts";
import { getSymbols, ownKeys } from "./_primordials.ts";

const PlatformURL = URL;
const PlatformSearchParams = URLSearchParams;
const PlatformException = DOMException;

const samples: Readonly<Record<string, () => object>> = {
  url: () => new PlatformURL("a:"),
  urlSearchParams: () => new PlatformSearchParams(),
  headers: () => {
    const headers = new Headers([["a", "b"]]);
    // The first look at them leaves a property behind.
    for (const _ of headers);
    return headers;
  },
  domException: () => new PlatformException(),
};

const known = new Map<string, ReadonlySet<symbol>>();

/**
 * The keys of what a program added to an object of the platform. The platform keeps the object's state in properties under
 * symbols of its own; their content is read through getters.
 *
 * @param value The object.
 * @param info What is known of its class.
 * @returns The keys.
 */
export function keysOfPlatformObject(value: object, { base }: ClassInfo): (string | symbol)[] {
  let internal = known.get(base!);
  if (internal === undefined) known.set(base!, internal = new Set(getSymbols(samples[base!]!())));
  const symbols = internal;
  return ownKeys(value).filter((key) => typeof key === "string" || !symbols.has(key));
}
