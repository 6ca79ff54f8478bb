// Copyright 2026 the pecapiku authors. MIT license.

import type { Changes, EffectPlace } from "./_changes.ts";
import type { Definition, Linked, Node } from "./_linked.ts";
import { LoadOrder } from "./_load_order.ts";
import type { LoadedModule } from "./loaded_module.ts";
import type { Slice } from "./module_summary.ts";
import {
  type BindingPlace,
  exportOf,
  exportsOf,
  keyOf,
  memberOf,
  type Origin,
  originOf,
} from "./_origins.ts";
import { changesOf, handOversOf } from "./_changed_bindings.ts";
import { mayChange } from "./_mutations.ts";
import type { OutsideFinder } from "./_outside.ts";
import { isGlobalObject, reachesAll, touches } from "./_patches.ts";
import type { FreeName, Unit, Use } from "./unit.ts";

/** Names that no module is known to hide behind one of its own, so that they are what they say also where the module is not known. */
const LANGUAGE: ReadonlySet<string> = new Set(
  ("undefined NaN Infinity Object Array String Number Boolean BigInt Symbol Math JSON Map Set WeakMap WeakSet Promise Date RegExp " +
    "Error TypeError RangeError Reflect parseInt parseFloat isNaN isFinite structuredClone console Uint8Array Float64Array")
    .split(" "),
);

/**
 * Follows code to all that it reaches, and numbers that in order of appearance: so that neither names nor places nor the order of
 * declarations matter.
 */
export class Linker {
  readonly #changes: Changes;
  readonly #outside: OutsideFinder;
  readonly #nodes: Node[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #unseen = new Set<string>();
  readonly #globals = new Set<string>();
  readonly #modules = new Set<LoadedModule>();
  readonly #order = new LoadOrder();
  /** The part that is being followed; −1 where it does not matter what leads there. */
  #at = -1;
  #isNamed = false;
  #isRaw = false;

  /**
   * Begins.
   *
   * @param changes What is done to the modules' names.
   * @param outside What looks outside.
   */
  constructor(changes: Changes, outside: OutsideFinder) {
    this.#changes = changes;
    this.#outside = outside;
  }

  /**
   * Follows a function.
   *
   * @param unit Its code.
   * @param label What it is called.
   * @param definition Where it is defined.
   * @param isWhole Whether the defaults of its parameters count.
   * @returns What was found.
   */
  link(unit: Unit, label: string, definition: Definition, isWhole: boolean): Linked {
    this.#unit(unit, label, "", definition, isWhole);
    this.#globalEffects();
    this.#order.write(this.#nodes);
    // What Deno makes of the same text hangs on the compiler options.
    const emits = new Set(Array.from(this.#modules, ({ emit }) => emit ?? ""));
    emits.delete("");
    if (emits.size > 0) this.#nodes[0]!.content.push("emit", ...emits);
    return {
      form: this.#isRaw ? "raw" : this.#isNamed ? "named" : "normal",
      nodes: this.#nodes,
      unseen: [...this.#unseen],
      globals: [...this.#globals],
      modules: this.#modules,
    };
  }

  #unit(
    unit: Unit,
    label: string,
    name: string,
    definition: Definition,
    isWhole: boolean,
    kind: "code" | "effect" = "code",
  ): number {
    const content: (string | number)[] = [];
    const index = this.#nodes.push({ label, name, unit, kind, content }) - 1;
    this.#order.lead(this.#at, index);
    const around = this.#at;
    this.#at = index;
    const { module } = definition;
    if (module !== undefined) this.#modules.add(module);
    this.#isNamed ||= unit.readsNames;
    this.#isRaw ||= unit.readsText;
    for (const text of unit.unseen) this.#miss(`${text}, in ${label}`);
    for (const free of unit.free) content.push(...this.#free(free, unit, definition, label));
    for (const specifier of unit.dynamicImports) {
      const found = module?.resolveSpecifier(specifier);
      if (found === undefined) this.#miss(`import("${specifier}"), in ${label}`);
      else content.push("import", ...this.#origin(memberOf(found, "*"), specifier, WHOLE, label));
    }
    if (unit.readsSuper) {
      const { superClass } = definition;
      if (module === undefined || superClass === undefined) this.#miss(`super, in ${label}`);
      else content.push("super", this.#slice(module, superClass, `super of ${label}`, ""));
    }
    if (isWhole || content.includes("itself")) {
      this.#defaults(unit, definition, label, content);
    }
    this.#at = around;
    return index;
  }

  #defaults(
    unit: Unit,
    definition: Definition,
    label: string,
    content: (string | number)[],
  ): void {
    for (const [index, { default: value, name }] of unit.parameters.entries()) {
      if (value === undefined) continue;
      content.push("default", index);
      if ("literal" in value) content.push(JSON.stringify(value.literal));
      else {
        content.push(
          this.#unit(value.unit, `default of ${name} of ${label}`, "", definition, true),
        );
      }
    }
  }

  #free(
    { name, uses }: FreeName,
    unit: Unit,
    { module, captured }: Definition,
    label: string,
  ): (string | number)[] {
    if (captured.has(name)) {
      this.#miss(`${name}, a variable of the function around ${label}`);
      return ["unseen"];
    }
    const origin = module === undefined ? undefined : originOf(module, name);
    // The name of a function expression is its own, whatever the module calls so.
    if (name === unit.selfName && !isDeclaredAs(origin, unit)) return ["itself"];
    if (origin !== undefined) {
      if (origin.kind === "binding") {
        for (const text of handOversOf(origin, name, uses, module!)) this.#miss(text);
        this.#readsCode(origin, unit, uses);
      } else if (origin.kind === "namespace") {
        for (const [member, inner] of membersOf(uses) ?? []) {
          const found = exportOf(origin.module, member);
          if (found?.kind === "binding") this.#readsCode(found, unit, inner);
        }
      }
      return this.#origin(origin, name, uses, label);
    }
    if (module === undefined && !LANGUAGE.has(name)) {
      this.#miss(`${name}, which ${label} uses, and whose module is not known`);
      return ["unseen"];
    }
    if (module !== undefined && module.summary === undefined) {
      this.#miss(`${name}, of ${module.name}: ${module.problem}`);
      return ["unseen"];
    }
    // What is reached by way of the global object is a global name, too.
    if (isGlobalObject(name)) {
      for (const { path } of uses) if (path[0] !== undefined) this.#globals.add(path[0]);
      if (
        uses.some(({ path, form }) =>
          path.length === 0 && form !== "computed" && form !== "read"
        ) &&
        !unit.unseen.some((text) => text.startsWith(`${name}[`))
      ) {
        this.#miss(`${name} as a whole, in ${label}`);
      }
    }
    this.#globals.add(name);
    return ["global", name];
  }

  // The name or the text of a function may be a part of the result.
  #readsCode({ binding }: BindingPlace, unit: Unit, uses: readonly Use[]): void {
    if (binding.kind === "value" && !binding.callable) return;
    if (uses.some(({ form, path }) => form === "computed" && path.length === 0)) {
      this.#isNamed = true;
    }
    const isText = uses.some(({ form, path }) =>
      path.length === 0
        ? form === "read" && unit.readsTextOfValues
        : path.length === 1 && path[0] === "toString"
    );
    if (isText) this.#isRaw = true;
  }

  #origin(
    origin: Origin,
    name: string,
    uses: readonly Use[],
    label: string,
  ): (string | number)[] {
    switch (origin.kind) {
      case "binding":
        return ["code", this.#binding(origin, uses)];
      case "namespace":
        return this.#namespace(origin.module, name, uses, label);
      case "file":
        return ["file", this.#leaf("file", origin.name, origin.digest())];
      case "package":
        return ["package", this.#leaf("package", origin.name, origin.name)];
      case "own":
        return ["own", origin.name];
      case "unknown":
        this.#miss(`${name}, ${origin.reason}`);
        return ["unseen"];
    }
  }

  #leaf(kind: "package" | "file", label: string, digest: string): number {
    const key = `${kind}\n${digest}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const index = this.#nodes.push({ label, name: "", kind, content: [digest] }) - 1;
    this.#numbers.set(key, index);
    return index;
  }

  // Only what is used of it, where that can be told.
  #namespace(
    module: LoadedModule,
    name: string,
    uses: readonly Use[],
    label: string,
  ): (string | number)[] {
    if (module.summary === undefined) {
      this.#miss(`${name}, of ${module.name}: ${module.problem}`);
      return ["unseen"];
    }
    const members = membersOf(uses);
    const content: (string | number)[] = [members === undefined ? "namespace" : "members"];
    for (
      const [member, inner] of members ?? exportsOf(module).map((each) => [each, WHOLE] as const)
    ) {
      const origin = exportOf(module, member);
      content.push(member);
      if (origin === undefined) content.push("none");
      else content.push(...this.#origin(origin, `${name}.${member}`, inner, label));
    }
    return content;
  }

  #binding(place: BindingPlace, uses: readonly Use[]): number {
    const { module, name, binding } = place;
    for (const text of changesOf(place, uses, this.#changes)) this.#miss(text);
    const key = keyOf(place);
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#order.lead(this.#at, known);
      return known;
    }
    const label = `${name} (${module.name})`;
    const content: (string | number)[] = [];
    const unit = binding.code === undefined ? undefined : module.unit(binding.code);
    const index = this.#nodes.push({ label, name, kind: "code", content }) - 1;
    this.#numbers.set(key, index);
    this.#modules.add(module);
    this.#order.lead(this.#at, index);
    const around = this.#at;
    this.#at = index;
    if (binding.code !== undefined && unit === undefined) {
      this.#miss(`${name}, in ${module.name}: it can't be parsed`);
    }
    if (binding.kind === "value") content.push(binding.index);
    if (unit !== undefined) {
      if (runsAtLoad(binding)) {
        const position = this.#changes.positionOf(module, binding.order);
        this.#order.run(index, position, binding.kind === "value" && binding.hoisted);
        const found = this.#outside.find(module, unit);
        if (found !== undefined) {
          this.#miss(`${name}, which ${module.name} computes from ${found} when it is loaded`);
        }
      }
      content.push(this.#unit(unit, label, name, { module, captured: NOTHING }, true));
    }
    // What is done to it does not come with what it is made of.
    this.#at = -1;
    for (const effect of this.#changes.effectsOn(place)) {
      content.push(...this.#effect(effect, place, index));
    }
    this.#at = around;
    return index;
  }

  #effect(effect: EffectPlace, place: BindingPlace, changed: number): (string | number)[] {
    const { module, local } = effect;
    const unit = module.unit(effect.effect.code);
    if (unit !== undefined && !mayChange(module, unit, local)) return [];
    if (!this.#changes.isBeforeCalls(effect)) {
      this.#miss(`${place.name}, which ${module.name} may change after the first call`);
    }
    const index = this.#effectCode(effect);
    this.#order.change(index, changed);
    return ["effect", index];
  }

  #effectCode({ module, effect: { code }, local, position }: EffectPlace): number {
    const index = this.#slice(module, code, `what ${module.name} does to ${local}`, "", "effect");
    if (index >= 0) this.#order.run(index, position);
    return index;
  }

  #slice(
    module: LoadedModule,
    slice: Slice,
    label: string,
    name: string,
    kind: "code" | "effect" = "code",
  ): number {
    const key = `${module.url}\n${slice.start}\n${slice.end}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      this.#order.lead(this.#at, known);
      return known;
    }
    const unit = module.unit(slice);
    if (unit === undefined) {
      this.#miss(`${label}: it can't be parsed`);
      return -1;
    }
    this.#numbers.set(key, this.#nodes.length);
    const found = this.#outside.find(module, unit);
    if (found !== undefined) this.#miss(`${label}, which hangs on ${found}`);
    return this.#unit(unit, label, name, { module, captured: NOTHING }, true, kind);
  }

  // What is done to the platform may be seen by any code.
  #globalEffects(): void {
    for (const effect of this.#changes.globalEffects) {
      if (!touches(effect, this.#globals)) continue;
      if (!this.#changes.isBeforeCalls(effect)) {
        this.#miss(`${effect.local}, which ${effect.module.name} may change after the first call`);
      }
      this.#order.changeAll(this.#effectCode(effect));
    }
    for (const [name, changer] of this.#changes.changedGlobals) {
      if (isGlobalObject(name)) continue;
      if (this.#globals.has(name) || reachesAll(name)) {
        this.#miss(`${name}, which ${changer} changes`);
      }
    }
  }

  #miss(text: string): void {
    this.#unseen.add(text);
  }
}

function isDeclaredAs(origin: Origin | undefined, unit: Unit): boolean {
  return origin?.kind === "binding" && origin.binding.kind !== "value" &&
    origin.binding.code.digest === unit.raw;
}

const NOTHING: ReadonlySet<string> = new Set();
const WHOLE: readonly Use[] = [{ path: [], form: "escape", now: false }];

// What is used of a namespace, and how; `undefined` if that may be all of it.
function membersOf(
  uses: readonly Use[],
): (readonly [string, readonly Use[]])[] | undefined {
  if (uses.length === 0 || uses.some(({ path }) => path.length === 0)) return undefined;
  const names = [...new Set(uses.map(({ path }) => path[0]!))].sort();
  return names.map((name) => [
    name,
    uses.filter(({ path }) => path[0] === name).map((use) => ({
      ...use,
      path: use.path.slice(1),
      form: use.path.length === 1 && use.form === "method" ? "call" : use.form,
    })),
  ]);
}

// A function or class expression itself does nothing before it is called.
function runsAtLoad(binding: BindingPlace["binding"]): boolean {
  return binding.kind === "class" || (binding.kind === "value" && !binding.callable);
}
