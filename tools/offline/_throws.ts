// Copyright 2026 the pecapiku authors. MIT license.

import process from "node:process";
import { AssertionError, suffix } from "./_assertion_error.ts";

// deno-lint-ignore no-explicit-any -- the constructor of a class, whatever it takes
type AnyClass<T> = abstract new (...args: any[]) => T;

/** Asserts that a value is an error, of a class and with a message that is or has the given. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: AnyClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(`Expected "error" to be an Error object${suffix(msg)}`);
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    const name = (error as Error).constructor?.name;
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${name}"${suffix(msg)}`,
    );
  }
  if (!msgMatches) return;
  const message = withoutEscapes(error.message);
  const isWanted = typeof msgMatches === "string"
    ? message.includes(withoutEscapes(msgMatches))
    : msgMatches.test(message);
  if (isWanted) return;
  const wanted = typeof msgMatches === "string" ? JSON.stringify(msgMatches) : `${msgMatches}`;
  throw new AssertionError(
    `Expected error message to include ${wanted}, but got ${JSON.stringify(error.message)}` +
      suffix(msg),
  );
}

/** As the original does it: by the same expression, which Node has, too, and takes 20 ms to load. */
function withoutEscapes(text: string): string {
  // deno-lint-ignore no-control-regex -- escape sequences begin with control characters
  if (!/[\x1b\x9b]/.test(text)) return text;
  return process.getBuiltinModule("node:util").stripVTControlCharacters(text);
}

/** What {@linkcode assertThrows} and {@linkcode assertRejects} are asked for. */
interface Expected<E extends Error> {
  ErrorClass: AnyClass<E> | undefined;
  msgIncludes: string | undefined;
  msg: string | undefined;
}

function isErrorClass(value: unknown): boolean {
  const prototype = (value as { prototype?: unknown }).prototype;
  return prototype instanceof Error || prototype === Error.prototype;
}

/** Asserts that a function throws; gives what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Asserts that a function throws an error of a class, whose message has the given text. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: AnyClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClassOrMsg?: AnyClass<E> | string,
  msgIncludesOrMsg?: string,
  msg?: string,
): E | Error | unknown {
  const expected = expectation(errorClassOrMsg, msgIncludesOrMsg, msg);
  if (expected.ErrorClass === undefined && typeof errorClassOrMsg === "function") {
    expected.msg = msgIncludesOrMsg;
  }
  try {
    fn();
  } catch (error) {
    checkThrown(error, expected, "thrown");
    return error;
  }
  throw new AssertionError(`Expected function to throw${suffix(expected.msg)}`);
}

/** Asserts that a function gives a promise that rejects; gives the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Asserts that it rejects with an error of a class, whose message has the given text. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: AnyClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClassOrMsg?: AnyClass<E> | string,
  msgIncludesOrMsg?: string,
  msg?: string,
): Promise<E | Error | unknown> {
  const expected = expectation(errorClassOrMsg, msgIncludesOrMsg, msg);
  let isPromise = false;
  try {
    const promise = fn();
    isPromise = promise && typeof promise === "object" && typeof promise.then === "function";
    if (isPromise) await promise;
  } catch (error) {
    if (isPromise) {
      checkThrown(error, expected, "rejected");
      return error;
    }
  }
  throw new AssertionError(
    isPromise
      ? `Expected function to reject${suffix(expected.msg)}`
      : `Function throws when expected to reject${suffix(expected.msg)}`,
  );
}

function expectation<E extends Error>(
  errorClassOrMsg: AnyClass<E> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): Expected<E> {
  if (typeof errorClassOrMsg === "string") {
    return { ErrorClass: undefined, msgIncludes: undefined, msg: errorClassOrMsg };
  }
  const isClass = errorClassOrMsg !== undefined && isErrorClass(errorClassOrMsg);
  return { ErrorClass: isClass ? errorClassOrMsg : undefined, msgIncludes, msg };
}

function checkThrown<E extends Error>(error: unknown, expected: Expected<E>, how: string): void {
  if (expected.ErrorClass === undefined) return;
  if (!(error instanceof Error)) {
    throw new AssertionError(`A non-Error object was ${how}${suffix(expected.msg)}`);
  }
  assertIsError(error, expected.ErrorClass, expected.msgIncludes, expected.msg);
}
