// Copyright 2026 the pecapiku authors. MIT license.

import { cacheFunction, originalOf } from "../access/cache_function.ts";
import { parseAccess } from "../access/cache_access.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import type { CallKeys } from "../access/cache_plan.ts";
import { ArgumentKeys, ConstantKey, type InnerKey, InnerKeys } from "../access/call_keys.ts";
import { compileExpression } from "../access/_expression_key.ts";
import { assertCacheableFunction, functionName, functionSource } from "../access/function_kind.ts";
import type { Decorate } from "../access/decorate_with.ts";
import { parseStorage, type Storage } from "../access/storage_options.ts";
import { StorePlace } from "../access/store_place.ts";
import { show } from "../config/_show.ts";
import type { DecorateOptions } from "./cache_dict_options.ts";

/** The file that is used where no path is given. */
export const DEFAULT_FILE = "_comp_cache.cache";

/** Options for a function of any type. */
export type Options = DecorateOptions<never>;

/**
 * Checks the options of a `decorate` method. What can be refused without the function is refused here.
 *
 * @param options The options.
 * @param ownPlace Where the entries are, if the options do not say it.
 * @returns What makes a function cached.
 * @throws {TypeError} If an option is not what it may be.
 */
export function prepareDecorate(options: Options, ownPlace?: StorePlace): Decorate {
  const { filePath, access, innerKey, outerKey } = options;
  const rights = parseAccess(access);
  const storage = parseStorage(options);
  if (innerKey !== undefined && outerKey !== undefined) {
    throw new TypeError(
      `Cannot decorate: at most one of innerKey and outerKey can be given: ${show(innerKey)}, ${
        show(outerKey)
      }`,
    );
  }
  if (innerKey !== undefined && typeof innerKey !== "string" && typeof innerKey !== "function") {
    throw new TypeError(
      `Cannot set innerKey: expected a callable or an expression: ${show(innerKey)}`,
    );
  }
  const path = filePath === undefined ? DEFAULT_FILE : filePath;
  const place = ownPlace ?? new StorePlace(path);
  return (fn, isMethod) => {
    assertCacheableFunction(fn);
    const keys = keysOf(fn, isMethod, options, storage, path === DEFAULT_FILE);
    return cacheFunction(fn, { rights, storage, place, keys });
  };
}

function keysOf(
  fn: AnyFunction,
  isMethod: boolean,
  { innerKey, outerKey }: Options,
  storage: Storage,
  isDefaultFile: boolean,
): CallKeys {
  const name = functionName(fn);
  const { codec, keys } = storage;
  if (outerKey !== undefined) return new ConstantKey(outerKey, codec, keys);
  if (innerKey !== undefined) {
    const make = typeof innerKey === "string"
      ? compileExpression(innerKey, originalOf(fn))
      : innerKey as InnerKey;
    return new InnerKeys(name, make, codec, keys);
  }
  const source = isDefaultFile ? sourceInDefaultFile(fn, name) : undefined;
  return new ArgumentKeys(name, source, isMethod, keys);
}

// The default file is shared by all scripts of a person: there, a name alone is no identity.
function sourceInDefaultFile(fn: AnyFunction, name: string): string {
  if (name === "") {
    throw new TypeError(
      "Cannot decorate: a function without a name in the default file, give filePath: " + show(fn),
    );
  }
  const source = functionSource(originalOf(fn));
  if (source === undefined) {
    throw new TypeError(
      "Cannot decorate: a native or bound function, whose source can't be seen, in the default file, " +
        `give filePath: ${name}`,
    );
  }
  return source;
}
