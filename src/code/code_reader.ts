// Copyright 2026 the pecapiku authors. MIT license.

import type { Callers } from "./callers.ts";
import type { CodeMemo } from "./code_memo.ts";
import type { CodeIdentity, FunctionCode } from "./function_code.ts";
import { globalValue } from "./_global_values.ts";
import { LiveCode, type Met } from "./_live_code.ts";
import { ModuleGraph } from "./module_graph.ts";
import type { Site } from "./module_summary.ts";
import { nativeName, sourceOf } from "./_native_code.ts";
import { isOwn } from "../_own_functions.ts";
import { isPlatformsOwn } from "./_platform_names.ts";
import { sessionModules } from "./_session_modules.ts";
import { ProgramView } from "./_program_view.ts";
import { StaticCode } from "./_static_code.ts";
import { textDigest } from "./text_digest.ts";
import type { Unit } from "./unit.ts";
import { digestKey } from "../keys/digest_key.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";

/** Options of a {@linkcode CodeReader}. */
export interface CodeReaderOptions {
  /** Finds the function that a person wrote, behind caches around it. */
  readonly originalOf?: (fn: object) => object;
  /**
   * The URL of the main module.
   *
   * @default {Deno.mainModule}
   */
  readonly main?: string | undefined;
}

/** Reads the code of functions, and of all that they reach. */
export class CodeReader {
  readonly #memo: CodeMemo;
  readonly #graph: ModuleGraph;
  readonly #originalOf: (fn: object) => object;
  readonly #known = new WeakMap<object, FunctionCode>();
  #view: ProgramView | undefined;

  /**
   * Makes a reader. Nothing is read yet.
   *
   * @param memo What remembers analyses.
   * @param options What it needs of its surroundings.
   */
  constructor(memo: CodeMemo, options: CodeReaderOptions = {}) {
    this.#memo = memo;
    this.#graph = new ModuleGraph(memo, "main" in options ? { main: options.main } : {});
    this.#originalOf = options.originalOf ?? ((fn) => fn);
  }

  /**
   * Reads the modules of a program, as they are now. The sooner that is, the surer it is that they are what runs.
   *
   * @param callers Who called.
   */
  load(callers: Callers): void {
    const graph = this.#graph.load(callers.modules);
    if (this.#view === undefined || this.#view.modules.length !== graph.modules.length) {
      this.#view = new ProgramView(graph, (name, unseen) => this.#digestGlobal(name, unseen));
    }
  }

  /**
   * Reads the code of a function or class.
   *
   * @param fn The function.
   * @param callers Who made it a checkpoint.
   * @returns What is known of it.
   */
  read(fn: object, callers: Callers): FunctionCode {
    const original = this.#originalOf(fn);
    let code = this.#known.get(original);
    if (code === undefined) {
      code = this.#read(original, callers);
      this.#known.set(original, code);
    }
    return code;
  }

  #read(fn: object, callers: Callers): FunctionCode {
    const met = this.#meet(fn, callers);
    switch (met.kind) {
      case "live": {
        const captured = this.#captured(fn, met.unit, callers);
        return new LiveCode({ ...met, captured }, (other) => this.#meetAgain(other, callers));
      }
      case "static":
        return met.code;
      case "known":
        return fixedCode(met.identity, nameOf(fn));
      case "unseen": {
        const identity = {
          digest: textDigest(met.reason),
          parts: [],
          readsFunctions: true,
          refusal: undefined,
        };
        return fixedCode({ ...identity, unseen: [`the function, ${met.reason}`] }, nameOf(fn));
      }
    }
  }

  // Of what is among values, what is static is only its identity.
  #meetAgain(fn: object, callers: Callers): Met {
    const original = this.#originalOf(fn);
    const met = this.#meet(original, callers);
    if (met.kind === "live") {
      return { ...met, captured: this.#isTopLevel(original) ? NOTHING : undefined };
    }
    if (met.kind !== "static") return met;
    return { kind: "known", identity: this.read(original, callers).identifyWhole() };
  }

  #meet(fn: object, callers: Callers): Met | { kind: "static"; code: FunctionCode } {
    const native = isOwn(fn) ? "@pecapiku/cache" : nativeName(fn);
    if (native !== undefined) return { kind: "known", identity: nativeIdentity(native) };
    const source = sourceOf(fn);
    if (source === undefined) {
      return { kind: "unseen", reason: "a native or bound function, whose code can't be seen" };
    }
    const unit = this.#memo.unit(source, "function");
    if (unit === undefined) return { kind: "unseen", reason: "whose code can't be parsed" };
    const name = nameOf(fn);
    this.load(callers);
    let candidates = this.#view!.candidates(unit, name);
    if (candidates.length === 0 && callers.inSession) {
      const names = [name, ...unit.free.map((free) => free.name)].filter((each) => each !== "");
      this.load({ ...callers, modules: [...callers.modules, ...sessionModules(names)] });
      candidates = this.#view!.candidates(unit, name);
    }
    if (candidates.length > 0 || !callers.inSession) {
      return { kind: "static", code: new StaticCode(unit, name, candidates, this.#view!) };
    }
    return { kind: "live", fn, unit, name, captured: undefined };
  }

  // What a cell has declared under its own name, be it behind a cache, captures nothing.
  #isTopLevel(fn: object): boolean {
    const found = globalValue(nameOf(fn));
    return typeof found === "function" && this.#originalOf(found) === fn;
  }

  // A function that is made within another one in a cell: what it captures is told by the text of that one.
  #captured(fn: object, unit: Unit, { functions }: Callers): ReadonlySet<string> | undefined {
    if (this.#isTopLevel(fn)) return NOTHING;
    const captured = new Set<string>();
    const makers = functions.map((name) => globalValue(name.split(".").at(-1)!));
    for (const maker of [...makers, ...globalFunctions()]) {
      const isCaller = makers.includes(maker);
      const sites = maker === fn ? [] : this.#sitesWithin(maker, unit);
      if (sites.length === 0 && isCaller) return undefined;
      for (const site of sites) for (const name of site.captured) captured.add(name);
    }
    return captured;
  }

  #sitesWithin(maker: unknown, unit: Unit): readonly Site[] {
    const source = typeof maker === "function" ? sourceOf(maker) : undefined;
    if (source === undefined) return [];
    const { summary } = this.#memo.summary(`(${source})`, "js");
    return summary?.sites.filter(({ digest }) => digest === unit.raw) ?? [];
  }

  #digestGlobal(name: string, unseen: string[]): string {
    const value: unknown = Reflect.get(globalThis, name);
    if (!Reflect.has(globalThis, name)) return "absent";
    const callers: Callers = { modules: [], inSession: false, functions: [] };
    try {
      return digestKey(value, {
        encodeFunction: (fn) => {
          const identity = this.read(fn, callers).identifyWhole();
          unseen.push(...identity.unseen);
          return new TextEncoder().encode(identity.digest);
        },
      });
    } catch (error) {
      if (!(error instanceof UncacheableKeyError)) throw error;
      unseen.push(`${name}, a global whose value can't be compared (${error.message})`);
      return "unseen";
    }
  }
}

const NOTHING: ReadonlySet<string> = new Set();

// Functions that cells declare are properties of the global object.
function globalFunctions(): unknown[] {
  return Object.entries(Object.getOwnPropertyDescriptors(globalThis))
    .filter(([name, { value }]) => typeof value === "function" && !isPlatformsOwn(name))
    .map(([, { value }]) => value);
}

function nameOf(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, "name")?.value;
  return typeof name === "string" ? name : "";
}

function nativeIdentity(name: string): CodeIdentity {
  const digest = textDigest(`native ${name}`);
  return {
    digest,
    parts: [{ kind: "code", name, digest }],
    unseen: [],
    // `String` and such give a function's text.
    readsFunctions: true,
    refusal: undefined,
  };
}

function fixedCode(identity: CodeIdentity, name: string): FunctionCode {
  return {
    parameters: undefined,
    readsArguments: true,
    module: undefined,
    qualifiedName: name,
    identify: () => identity,
    identifyWhole: () => identity,
    identifyDefault: () => identity,
  };
}
