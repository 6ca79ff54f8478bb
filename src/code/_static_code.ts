// Copyright 2026 the pecapiku authors. MIT license.

import { identityOf } from "./_code_identity.ts";
import type { CodeIdentity, FunctionCode } from "./function_code.ts";
import type { Definition, Linked } from "./_linked.ts";
import { isPlatformsOwn } from "./_platform_names.ts";
import type { LoadedModule } from "./loaded_module.ts";
import { textDigest } from "./text_digest.ts";
import type { Parameter, Unit } from "./unit.ts";

/** Where a function may be defined, and what it is called there. */
export interface Candidate extends Definition {
  /** The name with that of the class around it. */
  readonly qualifiedName: string;
  /** The code as it is written, where what runs is another text, since there are classes with decorators. */
  readonly written?: Unit | undefined;
}

/** What a function needs to know of the program. */
export interface Surroundings {
  /**
   * Follows code to all that it reaches.
   *
   * @param unit The code.
   * @param label What it is called.
   * @param definition Where it is.
   * @param isWhole Whether the defaults of its parameters count.
   * @returns What was found.
   */
  link(unit: Unit, label: string, definition: Definition, isWhole: boolean): Linked;

  /**
   * Makes the digest of the value of a global name.
   *
   * @param name The name.
   * @param unseen Takes what can't be seen of it.
   * @returns The digest.
   */
  digestGlobal(name: string, unseen: string[]): string;
}

/** A function that is defined in a module: its code is read, and does not change while the program runs. */
export class StaticCode implements FunctionCode {
  readonly parameters: readonly Parameter[] | undefined;
  readonly readsArguments: boolean;
  readonly module: string | undefined;
  readonly qualifiedName: string;
  readonly #unit: Unit;
  readonly #label: string;
  readonly #candidates: readonly Candidate[];
  readonly #surroundings: Surroundings;
  readonly #identities = new Map<string, Changing>();

  /**
   * Makes the code of a function.
   *
   * @param unit What is known of its text.
   * @param name Its name.
   * @param candidates Where it may be defined: one of them; none if that is not known.
   * @param surroundings The program.
   */
  constructor(
    unit: Unit,
    name: string,
    candidates: readonly Candidate[],
    surroundings: Surroundings,
  ) {
    const [first] = candidates;
    this.parameters = unit.isClass ? undefined : unit.parameters;
    this.readsArguments = unit.readsArguments;
    this.module = candidates.length === 1 ? first?.module?.url : undefined;
    this.qualifiedName = first?.qualifiedName ?? name;
    this.#unit = unit;
    this.#label = this.qualifiedName === "" ? "the function" : this.qualifiedName;
    this.#candidates = candidates.length > 0
      ? candidates
      : [{ module: undefined, captured: new Set(), qualifiedName: name }];
    this.#surroundings = surroundings;
  }

  identify(): CodeIdentity {
    return this.#identify("own", whole, this.#label, false);
  }

  identifyWhole(): CodeIdentity {
    return this.#identify("whole", whole, this.#label, true);
  }

  identifyDefault(index: number): CodeIdentity {
    const parameter = this.#unit.parameters[index];
    const value = parameter?.default;
    if (value === undefined || !("unit" in value)) return this.identifyWhole();
    const label = `default of ${parameter!.name} of ${this.#label}`;
    return this.#identify(`default ${index}`, (unit) => defaultOf(unit, index), label, true);
  }

  #identify(
    key: string,
    part: (unit: Unit) => Unit,
    label: string,
    isWhole: boolean,
  ): CodeIdentity {
    let identity = this.#identities.get(key);
    if (identity === undefined) {
      identity = new Changing(this.#fixed(part, label, isWhole), this.#surroundings);
      this.#identities.set(key, identity);
    }
    return identity.now();
  }

  // Where there are several places, it does not matter which one it is if they all come to the same.
  #fixed(part: (unit: Unit) => Unit, label: string, isWhole: boolean): Fixed {
    const found = this.#candidates.map((candidate) => {
      const written = part(candidate.written ?? this.#unit);
      const linked = this.#surroundings.link(written, label, candidate, isWhole);
      return {
        identity: identityOf(linked, refusalOf(written, linked.modules)),
        globals: linked.globals,
      };
    });
    const [first] = found;
    if (new Set(found.map(({ identity }) => identity.digest)).size === 1) return first!;
    const places = this.#candidates.map(({ module }) => module!.name).join(" and ");
    const unseen = `the names in ${label}, whose text is in several places (${places})`;
    return { ...first!, identity: { ...first!.identity, unseen: [unseen] } };
  }
}

function refusalOf(unit: Unit, modules: ReadonlySet<LoadedModule>): string | undefined {
  if (unit.assigns.length > 0) return `it assigns the outer variable ${unit.assigns[0]}`;
  for (const { changed, name } of modules) {
    if (changed) {
      return `${name} was written after the program began, so that it may not be what runs`;
    }
  }
  return undefined;
}

function whole(unit: Unit): Unit {
  return unit;
}

// Where there is none, which should not be, the whole function stands for it.
function defaultOf(unit: Unit, index: number): Unit {
  const value = unit.parameters[index]?.default;
  return value !== undefined && "unit" in value ? value.unit : unit;
}

interface Fixed {
  readonly identity: CodeIdentity;
  readonly globals: readonly string[];
}

/** An identity with the values of the global names that are not the platform's own, which may change. */
class Changing {
  readonly #fixed: Fixed;
  readonly #surroundings: Surroundings;
  #last: CodeIdentity;
  #values = "";

  constructor(fixed: Fixed, surroundings: Surroundings) {
    this.#fixed = fixed;
    this.#surroundings = surroundings;
    this.#last = fixed.identity;
  }

  now(): CodeIdentity {
    const { globals, identity } = this.#fixed;
    let values = "";
    let unseen: string[] | undefined;
    for (let i = 0; i < globals.length; i++) {
      const name = globals[i]!;
      if (isPlatformsOwn(name)) continue;
      values += `${name} ${this.#surroundings.digestGlobal(name, unseen ??= [])}\n`;
    }
    if (values === this.#values && (unseen === undefined || unseen.length === 0)) return this.#last;
    this.#values = values;
    return this.#last = values === "" ? identity : {
      digest: textDigest(`${identity.digest}\n${values}`),
      parts: [...identity.parts, ...partsOf(values)],
      unseen: [...identity.unseen, ...unseen ?? []],
      readsFunctions: identity.readsFunctions,
      refusal: identity.refusal,
    };
  }
}

function partsOf(values: string): CodeIdentity["parts"] {
  return values.trimEnd().split("\n").map((line) => {
    const [name, digest] = line.split(" ");
    return { kind: "global", name: name!, digest: digest! };
  });
}
