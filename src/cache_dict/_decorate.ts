// Copyright 2026 the pecapiku authors. MIT license.

import { ArgumentKeys, ConstantKey, type InnerKey, InnerKeys } from "../access/_entries.ts";
import { parseAccess } from "../access/cache_access.ts";
import type { Decorate } from "../access/cache_decorator.ts";
import {
  assertCacheableFunction,
  cacheFunction,
  functionName,
  functionSource,
  originalOf,
} from "../access/cache_function.ts";
import type { CallKeys } from "../access/cache_plan.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { checkNamespace, parseFunctionOptions } from "../access/function_options.ts";
import {
  type Bounds,
  parseStorage,
  type Storage,
  StorePlace,
  warnOnce,
} from "../access/storage_options.ts";
import { isAbsolutePath, joinPath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import type { DecorateOptions } from "./cache_dict_options.ts";

/** The file that is used where no path is given. */
export const DEFAULT_FILE = "_comp_cache.cache";

/** Options for a function of any type. */
export type Options = DecorateOptions<never>;

/** What a dictionary gives to the functions that it makes cached. */
export interface Inherited {
  /** Its options. */
  readonly options: Options;
  /** Where its entries are. */
  readonly place: StorePlace;
  /** Whether that is the default file. */
  readonly isShared: boolean;
  /** What it keeps them within. */
  readonly bounds: Bounds;
}

/**
 * Checks the options of a `decorate` method. What can be refused without the function is refused here.
 *
 * @param given The options.
 * @param inherited What a dictionary gives, where it is its method.
 * @returns What makes a function cached.
 * @throws {TypeError} If an option is not what it may be.
 */
export function prepareDecorate(given: Options, inherited?: Inherited): Decorate {
  const options = { ...inherited?.options, ...given };
  const { access, innerKey, outerKey, namespace } = options;
  const rights = parseAccess(access);
  const storage = parseStorage(options);
  const control = parseFunctionOptions(options);
  checkNamespace(namespace);
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
  if (namespace !== undefined && (innerKey !== undefined || outerKey !== undefined)) {
    throw new TypeError(
      `Cannot set namespace: ${
        innerKey === undefined ? "outerKey" : "innerKey"
      } is given, too, which makes the dictionary's own key: ${show(namespace)}`,
    );
  }
  const { place, isShared, ...bounds } = placeOf(given, storage, inherited);
  return (fn, isMethod) => {
    assertCacheableFunction(fn);
    const keys = keysOf(fn, isMethod, options, storage, isShared);
    const isNameless = keys instanceof ArgumentKeys && functionName(fn) === "";
    if (isNameless && storage.onError !== "ignore") warnOfSecondNameless(fn, place, namespace);
    return cacheFunction(fn, { rights, storage, place, keys, control, namespace, ...bounds });
  };
}

interface Place {
  readonly place: StorePlace;
  readonly isShared: boolean;
  readonly bounds: Bounds;
  readonly outerBounds?: Bounds;
}

// In the dictionary's own file, what the dictionary is kept within is for all entries, as it is for the dictionary itself:
// what the function is kept within by itself is only what its own options say.
function placeOf(given: Options, storage: Storage, inherited: Inherited | undefined): Place {
  const { filePath, store } = given;
  if (inherited === undefined || filePath !== undefined || store !== undefined) {
    const path = filePath === undefined && store === undefined ? DEFAULT_FILE : filePath;
    return {
      place: new StorePlace(path, store),
      isShared: path !== undefined && isDefaultFile(path),
      bounds: storage,
    };
  }
  const { place, isShared, bounds: outer } = inherited;
  const bounds = parseStorage(given);
  return {
    place,
    isShared,
    bounds,
    outerBounds: given.ttl === undefined ? outer : { ...outer, ttl: Infinity },
  };
}

/**
 * Tells whether a path is that of the default file, also where it is written out. An absolute path is somebody's own
 * choice: where the cache directory is, is not known yet.
 *
 * @param path The path.
 * @returns Whether it is.
 */
export function isDefaultFile(path: string | URL): boolean {
  return typeof path === "string" && !isAbsolutePath(path) &&
    joinPath("/", path) === joinPath("/", DEFAULT_FILE);
}

function keysOf(
  fn: AnyFunction,
  isMethod: boolean,
  { innerKey, outerKey, namespace }: Options,
  storage: Storage,
  isShared: boolean,
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
  const source = isShared ? sourceInDefaultFile(fn, name) : undefined;
  return new ArgumentKeys(name, source, isMethod, keys, namespace);
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

/** Of how many files it is known which function without a name they have. */
const MOST_FILES = 1000;

/** The source of the function without a name, by the store or the path and the namespace. */
const inStores = new WeakMap<object, Map<string, string>>();
const inFiles = new Map<string, string>();

/**
 * Warns of a second function without a name in one place: its calls have the same keys as those of the first one. The same text
 * may come again, as in a cell of a notebook that is run once more.
 *
 * @param fn A function without a name.
 * @param place Where its results are.
 * @param namespace What keeps it apart from others.
 */
function warnOfSecondNameless(
  fn: AnyFunction,
  place: StorePlace,
  namespace: string | undefined,
): void {
  const { id } = place;
  const key = typeof id === "string" ? JSON.stringify([id, namespace]) : namespace ?? "";
  const sources = typeof id === "string" ? inFiles : sourcesIn(id);
  const source = functionSource(originalOf(fn)) ?? "";
  const first = sources.get(key);
  if (first === undefined) {
    if (sources.size >= MOST_FILES) sources.clear();
    sources.set(key, source);
  } else if (first !== source) {
    const shown = typeof id === "string" ? id : id.location;
    warnOnce(
      "Cannot tell functions without a name apart, they give each other's results (name them, or give each a " +
        `namespace, an innerKey or a file of its own): ${shown}`,
    );
  }
}

function sourcesIn(store: object): Map<string, string> {
  let sources = inStores.get(store);
  if (sources === undefined) inStores.set(store, sources = new Map());
  return sources;
}

// White space and comments, which may stand between any two tokens.
const GAP = String.raw`(?:\s|/\*[^]*?\*/|//[^\n\r\u2028\u2029]*)*`;

/**
 * Makes a callable of an expression over a function's parameters. The expression is evaluated as code.
 *
 * @param expression The expression. It sees the parameters of the function by name, `args`, `self` and all globals.
 * @param fn The function.
 * @returns A callable over the same arguments and the same `this`.
 * @throws {TypeError} If it is not an expression, or the function's parameters can't be made out.
 */
export function compileExpression(expression: string, fn: AnyFunction): InnerKey {
  // Both: "1) + (2" would pass in parentheses; and who writes "a, b", means both, and not b.
  for (const code of [`return (${expression}\n)`, `return { [${expression}\n]: 0 }`]) {
    const error = parse(code);
    if (error !== undefined) {
      throw new TypeError(
        `Cannot set innerKey: not one expression (several are [a, b]): ${
          JSON.stringify(expression)
        }`,
        { cause: error },
      );
    }
  }
  const parameters = parametersOf(fn);
  const compiled = new Function(
    "args",
    "self",
    `"use strict"; return (function (${parameters}) { return (${expression}\n) }).apply(self, args)`,
  );
  return function (this: unknown, ...args: unknown[]): unknown {
    return compiled(args, this);
  };
}

/**
 * Finds the parameter list of a function in its source, by asking the engine what parses: the list ends at the first
 * closing parenthesis with which it is one.
 *
 * @param fn The function.
 * @returns The text between the parentheses; empty for a native function.
 */
function parametersOf(fn: AnyFunction): string {
  const source = functionSource(fn);
  if (source === undefined) return "";
  const { bareArrow, arrowHead, arrowTail } = expressions ??= makeExpressions();
  const bare = bareArrow.exec(source)?.[1];
  if (bare !== undefined) return bare;
  for (let start = source.indexOf("("); start >= 0; start = source.indexOf("(", start + 1)) {
    const head = source.slice(0, start);
    if (!arrowHead.test(head) && !isHead(head)) continue;
    for (let end = source.indexOf(")", start); end >= 0; end = source.indexOf(")", end + 1)) {
      const parameters = source.slice(start + 1, end);
      if (parse(`(function (${parameters}) {})`) !== undefined) continue;
      if (arrowHead.test(head) && !isHead(head) && !arrowTail.test(source.slice(end + 1))) break;
      return parameters;
    }
  }
  throw new TypeError(
    `Cannot set innerKey: the parameters can't be made out, use a callable: ${functionName(fn)}`,
  );
}

interface Expressions {
  readonly bareArrow: RegExp;
  readonly arrowHead: RegExp;
  readonly arrowTail: RegExp;
}

let expressions: Expressions | undefined;

// Made late: few programs need them, and those with classes of Unicode take long.
function makeExpressions(): Expressions {
  const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;
  return {
    bareArrow: new RegExp(String.raw`^${GAP}(?:async${GAP}(?<=[\s/]))?(${name})${GAP}=>`, "u"),
    arrowHead: new RegExp(`^${GAP}(?:async${GAP})?$`),
    arrowTail: new RegExp(`^${GAP}=>`),
  };
}

// Of a function expression, or of a method, which may be private.
function isHead(head: string): boolean {
  return parse(`(${head}() {})`) === undefined || parse(`(class { ${head}() {} })`) === undefined ||
    parse(`({ ${head}() {} })`) === undefined;
}

// Nothing is run: a function is made, and not called.
function parse(code: string): unknown {
  try {
    new Function(`"use strict"; ${code}`);
    return undefined;
  } catch (error) {
    return error;
  }
}
