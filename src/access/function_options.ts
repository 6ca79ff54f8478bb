// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store } from "../stores/store.ts";
import type { AnyFunction } from "./cached_function.ts";
import { assertOneOf } from "./storage_options.ts";

/**
 * Tells whether a call is cached: it is called with the same arguments and the same `this` as the function.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type WhenOf } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const isLarge: WhenOf<(n: number) => number> = (n) => n >= 1_000;
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const double = CacheDict.decorate((n: number) => n * 2, { filePath, when: isLarge });
 * assertEquals([double(2), double(1_000)], [4, 2_000]);
 * assertEquals([double.has(2), double.has(1_000)], [false, true]);
 * ```
 */
export type WhenOf<F extends AnyFunction> = (
  this: ThisParameterType<F>,
  ...args: Parameters<F>
) => boolean;

/**
 * Where the results of a function can be stored: of one that returns promises, in a store of either kind; of any other one, in a
 * store whose answers are there at once.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type StoreOf } from "@pecapiku/cache";
 * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store: StoreOf<(x: number) => Promise<number>> = toAsyncStore(new MemoryStore());
 * const square = CacheDict.decorate(async (x: number) => await Promise.resolve(x * x), { store });
 * assertEquals(await square(3), 9);
 * ```
 */
export type StoreOf<F extends AnyFunction> = ReturnType<F> extends PromiseLike<unknown>
  ? Store | AsyncStore
  : Store;

/**
 * Which calls of a function are cached, and what of them is.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type FunctionOptions } from "@pecapiku/cache";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const options: FunctionOptions<(path: string) => string> = {
 *   when: (path) => !path.startsWith("/tmp/"),
 *   cacheErrors: (error) => error instanceof RangeError,
 * };
 * let evaluations = 0;
 * const load = CacheDict.decorate((path: string): string => {
 *   evaluations++;
 *   throw new RangeError(`too long: ${path}`);
 * }, { filePath: Deno.makeTempDirSync() + "/a.cache", ...options });
 *
 * assertThrows(() => load("/a"), RangeError, "too long: /a");
 * assertThrows(() => load("/a"), RangeError, "too long: /a"); // the stored error
 * assertEquals(evaluations, 1);
 * ```
 *
 * @example Several draws at random
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const draw = CacheDict.decorate(() => Math.random(), { filePath, samples: 2 });
 * const [first, second, third] = [draw(), draw(), draw()];
 * assertEquals(first === second, false);
 * assertEquals(third, first);
 * ```
 */
export interface FunctionOptions<F extends AnyFunction = () => unknown> {
  /**
   * Whether a call is cached; a function is asked at each call, with its arguments and its `this`. For a call that is not, no
   * key is made, and nothing is read or written: the function just runs, by `rerun` too. The other handles are explicit
   * requests, and work all the same: `get`, `has`, `delete`, `prime` and `keyFor`, and `explain` of a checkpoint, which does not
   * ask. What the function throws passes through, and anything but a boolean is a `TypeError`. It goes with `e`: who may not
   * evaluate gets a `CacheMissError`.
   *
   * @default {true}
   */
  readonly when?: boolean | WhenOf<F> | undefined;
  /**
   * Which errors are stored: of what the function throws, or rejects with, those for which this gives `true`. They are thrown
   * again at the next call, equal, with the stack of the first time. `get` and `has` know nothing of them, `rerun` evaluates
   * again, and `delete` removes them. A result that is stored takes the place of an error, and an error that of a result, unless
   * that was stored since the evaluation began.
   *
   * What is thrown is stored by the codec `"structured"`, whatever `codec` says. What that can't give back equal, such as an
   * instance of a class of your own that is not registered with `registerType`, passes through, and is not stored; a warning
   * says so once, and so it does where what is asked throws, or gives no boolean. An error is an entry for `maxEntries`. A
   * look-up that finds no result looks for an error, too, which costs some 10 µs.
   *
   * @default {No error is stored}
   */
  readonly cacheErrors?: ((error: unknown) => boolean) | undefined;
  /**
   * How many results are kept for each key, and served in turn: for functions that draw at random. In each process, the first
   * call of a key asks for its first sample, the next one for the second, and so on, and then for the first again; one that is
   * not there is evaluated and stored. So a script that is started again sees the same sequence. Concurrent calls of an async
   * function ask for different samples.
   *
   * `get`, `has` and `prime` are about the sample whose turn it is, and the turn stays; `rerun` is a call, which always evaluates;
   * `delete` removes all samples. Each sample is an entry of its own for `maxEntries`. Whose turn it is takes some 100 bytes of
   * memory a key. It is known of the 250,000 keys called last; others begin with their first sample again.
   *
   * @default {1}
   */
  readonly samples?: number | undefined;
  /**
   * Of concurrent calls with the same key, who evaluates an async function. With `"process"`, one call of this process does, and
   * those that come meanwhile wait for its result. With `"store"`, one of all processes and machines that share the store
   * does: it takes a lease, which it renews while it works; the others wait for the value, and take over when the holder
   * dies or fails. With `false`, every call evaluates for itself.
   *
   * This only saves work, and the result is right without it: a call that can't get a lease, or has waited three times and
   * found nothing, evaluates for itself. `"store"` needs a function that is declared `async`, and a store with leases; for a
   * local file, the leases are locked files beside it, which are there only while something is computed. A miss costs two to
   * three more questions to the store, or some 100 µs with a file; a hit costs nothing more.
   *
   * @default {"store" for a store over the network that has leases, otherwise "process"}
   */
  readonly singleFlight?: "process" | "store" | false | undefined;
  /**
   * With `singleFlight: "store"` over the network, after how many milliseconds a lease ends unless it is renewed: so long others
   * wait at the most for a process that has died. It is renewed three times in that time; a function that keeps the
   * process busy for longer loses it, and may be evaluated by another one, too. From 100 on.
   *
   * @default {10_000}
   */
  readonly leaseDuration?: number | undefined;
}

/** Tells whether a call is cached; what it gives may not be a boolean. */
export type When = (this: unknown, ...args: never[]) => unknown;

/** The options, checked. */
export interface FunctionControl {
  /** Tells whether a call is cached; `undefined` if all are. */
  readonly when: When | undefined;
  /** Tells whether an error is stored; `undefined` if none is. What it gives may not be a boolean. */
  readonly cacheErrors: ((error: unknown) => unknown) | undefined;
  /** How many results are kept for each key. */
  readonly samples: number;
  /** Who evaluates, of concurrent calls; `undefined` if that is left to the kind of the store. */
  readonly singleFlight: "process" | "store" | false | undefined;
  /** For how long a lease is taken, in milliseconds. */
  readonly leaseDuration: number;
}

const DEFAULT_LEASE = 10_000;
const SHORTEST_LEASE = 100;
/** The longest time that timers take, in milliseconds. */
const LONGEST_LEASE = 2 ** 31 - 1;

/**
 * Checks the options of a function and fills in the defaults.
 *
 * @param options What a person gave.
 * @returns All of them.
 * @throws {TypeError} If one of them is not what it may be.
 */
export function parseFunctionOptions(options: FunctionOptions<never>): FunctionControl {
  const { when = true, cacheErrors, samples = 1, singleFlight } = options;
  const { leaseDuration = DEFAULT_LEASE } = options;
  if (typeof when !== "boolean") assertPredicate("when", when, "a boolean or a function");
  if (cacheErrors !== undefined) {
    assertPredicate("cacheErrors", cacheErrors, "a function");
    assertNoErrorClass(cacheErrors);
  }
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new TypeError(`Cannot set samples: expected a positive integer: ${show(samples)}`);
  }
  if (singleFlight !== undefined) {
    assertOneOf("singleFlight", singleFlight, ["process", "store", false]);
  }
  const isTime = typeof leaseDuration === "number" && leaseDuration >= SHORTEST_LEASE &&
    leaseDuration <= LONGEST_LEASE;
  if (!isTime) {
    throw new TypeError(
      `Cannot set leaseDuration: expected a number of milliseconds from ${SHORTEST_LEASE} on: ${
        show(leaseDuration)
      }`,
    );
  }
  return {
    when: when === true ? undefined : when === false ? () => false : when as When,
    cacheErrors,
    samples,
    singleFlight,
    leaseDuration,
  };
}

/**
 * Tells whether a call is cached, as the option `when` says.
 *
 * @param control The options.
 * @param shown The function's name, for the message.
 * @param self The `this` of the call.
 * @param args Its arguments.
 * @returns Whether it is.
 * @throws {TypeError} If `when` gives no boolean.
 */
export function isSwitchedOn(
  { when }: FunctionControl,
  shown: string,
  self: unknown,
  args: readonly unknown[],
): boolean {
  if (when === undefined) return true;
  const answer: unknown = Reflect.apply(when, self, args);
  if (typeof answer === "boolean") return answer;
  throw new TypeError(`Cannot call ${shown}: expected a boolean of when: ${show(answer)}`);
}

/** Of how many UTF-16 units a namespace may be: with the function's name, it has to fit where names are stored. */
const LONGEST_NAMESPACE = 200;

/**
 * Checks a namespace.
 *
 * @param namespace What a person gave.
 * @throws {TypeError} If it is no text, or empty, too long or not well-formed.
 */
export function checkNamespace(namespace: unknown): void {
  if (namespace === undefined) return;
  const isName = typeof namespace === "string" && namespace !== "" &&
    namespace.length <= LONGEST_NAMESPACE && namespace.isWellFormed();
  if (isName) return;
  throw new TypeError(
    `Cannot set namespace: expected 1 to ${LONGEST_NAMESPACE} characters of text: ${
      show(namespace)
    }`,
  );
}

// A class of errors takes no question, or answers it with an error.
function assertNoErrorClass(given: unknown): void {
  const { name, prototype } = given as { name?: unknown; prototype?: unknown };
  if (prototype !== Error.prototype && !(prototype instanceof Error)) return;
  throw new TypeError(
    `Cannot set cacheErrors: a class, give (error) => error instanceof ${name}: ${name}`,
  );
}

// An async function gives a promise, which would count as `true`.
function assertPredicate(name: string, given: unknown, expected: string): void {
  if (typeof given !== "function") {
    throw new TypeError(`Cannot set ${name}: expected ${expected}: ${show(given)}`);
  }
  const tag = Object.prototype.toString.call(given);
  if (tag !== "[object Function]") {
    throw new TypeError(`Cannot set ${name}: it must answer at once: ${tag.slice(8, -1)}`);
  }
}
