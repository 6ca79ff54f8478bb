// Copyright 2026 the pecapiku authors. MIT license.

import { shownName } from "../access/_commits.ts";
import { digestWithin, isInstance } from "../access/_entries.ts";
import { functionSource } from "../access/cache_function.ts";
import type { CallKeys, Located } from "../access/cache_plan.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { warnOnce } from "../access/storage_options.ts";
import type { CodeIdentity, FunctionCode } from "../code/function_code.ts";
import { CacheError } from "../errors/cache_error.ts";
import { CheckpointFailedError } from "../errors/checkpoint_failed_error.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { digestCall } from "../keys/digest_call.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { Digest, StoredKey } from "../stores/store.ts";
import { codeParts, ownParts, storedCall } from "./_call_parts.ts";
import type { Callers, CodeSource } from "./_code_source.ts";
import {
  type EffectiveArguments,
  effectiveArguments,
  type Signature,
  signatureOf,
} from "./_effective_arguments.ts";
import { FunctionBytes } from "./_function_bytes.ts";
import { UnseenError } from "./_unseen_error.ts";
import type { ExplainedPart } from "./explanation.ts";

/** What the keys of a checkpointed function are made of. */
export interface CheckpointSubject {
  /** The function, as a person wrote it. */
  readonly fn: AnyFunction;
  /** Its name. */
  readonly name: string;
  /** Whether `this` counts at every call, not only where it is an instance. */
  readonly isMethod: boolean;
  /** What tells the code of functions. */
  readonly source: CodeSource;
  /** Who made the checkpoint. */
  readonly callers: Callers;
  /** What counts beside the code and the arguments. */
  readonly uses: (() => unknown) | undefined;
  /** What keeps the function apart from others. */
  readonly namespace?: string | undefined;
  /** Whether the order of properties counts. */
  readonly keyOrder: "sort" | "keep";
}

/** A value that is there, be it `undefined`. */
export interface Given {
  readonly value: unknown;
}

/** A call, and what its key is made of. */
export interface CheckpointCall extends Located {
  /** The code of the function. */
  readonly identity: CodeIdentity;
  /** The arguments in effect, where they are not the given ones. */
  readonly effective: EffectiveArguments | undefined;
  /** The `this` of the call, where it counts. */
  readonly self: Given | undefined;
  /** What `uses` gave. */
  readonly used: Given | undefined;
}

/** What can be told of a call without evaluating it. */
export interface ExaminedCall {
  /** Its digest; `undefined` if it has none, and then `problem` says why. */
  readonly digest: Digest | undefined;
  /** Why it has no digest. */
  readonly problem: CacheError | undefined;
  /** The code of the function; `undefined` if it can't be read. */
  readonly identity: CodeIdentity | undefined;
  /** What the identity is made of, as far as that is known. */
  readonly parts: readonly ExplainedPart[];
}

/** The keys of a checkpointed function: made of its code and all that this reaches, and the arguments in effect. */
export class CheckpointKeys implements CallKeys {
  readonly #subject: CheckpointSubject;
  readonly #functions: FunctionBytes;
  #code: FunctionCode | undefined;
  #signature: Signature | undefined;
  #named: CodeIdentity | undefined;
  #name = "";
  #mentionsThis: boolean | undefined;

  /**
   * Makes the keys of a function. Its code is read at the first call.
   *
   * @param subject The function.
   */
  constructor(subject: CheckpointSubject) {
    this.#subject = subject;
    this.#functions = new FunctionBytes(subject.source, subject.callers, subject.keyOrder);
  }

  /** The code of the function. */
  get code(): FunctionCode {
    return this.#code ?? this.#read();
  }

  locate(self: unknown, args: readonly unknown[]): CheckpointCall {
    const identity = this.#identify();
    if (identity.refusal !== undefined) throw this.#refused(identity.refusal);
    const effective = effectiveArguments(this.#signature!, args);
    const { uses } = this.#subject;
    const computed = effective === undefined || effective.computed.length === 0
      ? undefined
      : effective.computed.map((index) => this.#code!.identifyDefault(index));
    if (identity.unseen.length > 0 || computed !== undefined) {
      this.#requireSeen(computed === undefined ? [identity] : [identity, ...computed]);
    }
    const used = uses === undefined ? undefined : { value: this.#ask(uses) };
    const counted = this.#counts(self) ? { value: self } : undefined;
    const digest = this.#digest(identity, counted, effective, computed, args, used);
    return { digest, key: digest, identity, effective, self: counted, used };
  }

  describe(located: Located, args: readonly unknown[]): StoredKey {
    const call = located as CheckpointCall;
    const { name, namespace } = this.#subject;
    const shown = shownName(name, namespace);
    return storedCall(shown, args, call.identity, this.#ownParts(call, args));
  }

  says(error: CacheError): boolean {
    if (!(error instanceof UnseenError)) return false;
    warnOnce(error.message, `${this.#code?.module ?? ""}\n${error.message}`);
    return true;
  }

  /**
   * Tells what a call is made of. The function is not evaluated.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @returns What is known.
   */
  examine(self: unknown, args: readonly unknown[]): ExaminedCall {
    let identity: CodeIdentity | undefined;
    try {
      identity = this.#identify();
      const call = this.locate(self, args);
      const parts = [...codeParts(identity), ...this.#ownParts(call, args)];
      return { digest: call.digest, problem: undefined, identity, parts };
    } catch (error) {
      const problem = error instanceof CacheError ? error : this.#failed(error);
      const parts = identity === undefined ? [] : codeParts(identity);
      return { digest: undefined, problem, identity, parts };
    }
  }

  // As for other caches; and where it is a plain object that the function may look at, since that is no namespace then.
  #counts(self: unknown): boolean {
    if (this.#subject.isMethod) return true;
    if (self === undefined) return false;
    if (isInstance(self)) return true;
    if (typeof self !== "object" || self === null || self === globalThis) return false;
    this.#mentionsThis ??= /\b(?:this|super|eval)\b/.test(functionSource(this.#subject.fn) ?? "");
    return this.#mentionsThis && !isModuleNamespace(self);
  }

  #identify(): CodeIdentity {
    const code = this.code;
    // Where arguments count as given, so do the defaults: nobody can tell which of them are in effect.
    return this.#signature!.counted === "in effect" ? code.identify() : code.identifyWhole();
  }

  #read(): FunctionCode {
    const { fn, source, callers } = this.#subject;
    let code: FunctionCode;
    try {
      code = source.read(fn, callers);
    } catch (cause) {
      throw new CheckpointFailedError(`Cannot read code of ${this.#shown}: ${reasonOf(cause)}`, {
        cause,
      });
    }
    this.#signature = signatureOf(code);
    return this.#code = code;
  }

  #requireSeen(identities: readonly CodeIdentity[]): void {
    const refused = identities.find(({ refusal }) => refusal !== undefined);
    if (refused !== undefined) throw this.#refused(refused.refusal!);
    if (this.#subject.uses !== undefined) return;
    const unseen = new Set(identities.flatMap((identity) => identity.unseen));
    if (unseen.size > 0) throw new UnseenError(this.#shown, [...unseen]);
  }

  #ask(uses: () => unknown): unknown {
    let value: unknown;
    try {
      value = uses();
    } catch (cause) {
      throw new CheckpointFailedError(
        `Cannot make key of ${this.#shown}: its uses threw ${reasonOf(cause)}`,
        { cause },
      );
    }
    if (!(value instanceof Promise)) return value;
    throw new CheckpointFailedError(
      `Cannot make key of ${this.#shown}: its uses gave a promise, and must not be async`,
    );
  }

  // How the arguments count is a part of the key, in the place where other calls have their source text: so no two calls
  // with other layouts have one key. `docs/format.md` specifies it.
  #digest(
    identity: CodeIdentity,
    self: Given | undefined,
    effective: EffectiveArguments | undefined,
    computed: readonly CodeIdentity[] | undefined,
    args: readonly unknown[],
    used: Given | undefined,
  ): Digest {
    const name = identity === this.#named ? this.#name : this.#nameBy(identity);
    let source = this.#signature!.counted === "in effect" ? "checkpoint" : "checkpoint arguments";
    let values = effective?.values ?? args;
    if (computed !== undefined) {
      source += ` defaults=${effective!.computed}`;
      values = values.slice();
      computed.forEach(({ digest }, i) => {
        (values as unknown[])[effective!.computed[i]!] = digest;
      });
    }
    if (used !== undefined) {
      source += " uses";
      values = [...values, used.value];
    }
    const call = self === undefined
      ? { name, source, args: values }
      : { name, source, self, args: values };
    const functions = this.#functions;
    let digest: Digest;
    let unseen: readonly string[] | undefined;
    functions.readsFunctions = identity.readsFunctions ||
      (computed !== undefined && computed.some((each) => each.readsFunctions));
    const outer = functions.begin();
    try {
      digest = digestCall(call, functions.options);
    } catch (error) {
      if (used !== undefined) this.#requireEncodable(used.value);
      throw error;
    } finally {
      unseen = functions.end(outer);
    }
    if (unseen !== undefined && used === undefined) {
      throw new UnseenError(this.#shown, [...new Set(unseen)]);
    }
    return digestWithin(this.#subject.namespace, digest);
  }

  // As a string of 32 units below 256, it takes half the time of its hexadecimal digits.
  #nameBy(identity: CodeIdentity): string {
    this.#named = identity;
    return this.#name = String.fromCharCode(...Uint8Array.fromHex(identity.digest));
  }

  // In the error that led here, what `uses` gave is called an argument.
  #requireEncodable(value: unknown): void {
    try {
      digestKey(value, this.#functions.options);
    } catch (cause) {
      throw new UncacheableKeyError(
        `Cannot make key of ${this.#shown}: what its uses gave can't be encoded: ${
          reasonOf(cause)
        }`,
        { cause },
      );
    }
  }

  #ownParts(call: CheckpointCall, args: readonly unknown[]): ExplainedPart[] {
    return ownParts(call, args, this.#code!, this.#signature!, this.#functions.options);
  }

  #refused(refusal: string): CheckpointFailedError {
    return new CheckpointFailedError(`Cannot checkpoint ${this.#shown}: ${refusal}`);
  }

  #failed(cause: unknown): CacheError {
    return new UncacheableKeyError(`Cannot make key of ${this.#shown}: ${reasonOf(cause)}`, {
      cause,
    });
  }

  get #shown(): string {
    return this.#subject.name || "a function without a name";
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "something that is no error";
}

function isModuleNamespace(self: object): boolean {
  return Object.getPrototypeOf(self) === null && !Object.isExtensible(self) &&
    Object.prototype.toString.call(self) === "[object Module]";
}
