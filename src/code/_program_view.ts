// Copyright 2026 the pecapiku authors. MIT license.

import { Changes } from "./_changes.ts";
import { Linker } from "./_linker.ts";
import type { LoadedGraph, LoadedModule } from "./loaded_module.ts";
import type { Site } from "./module_summary.ts";
import { OutsideFinder } from "./_outside.ts";
import type { Candidate, Surroundings } from "./_static_code.ts";
import type { Unit } from "./unit.ts";
import { isRenamed, mayBeDecorated } from "./_written_code.ts";

/** The modules of a program at one time. */
export class ProgramView implements Surroundings {
  readonly modules: readonly LoadedModule[];
  readonly digestGlobal: Surroundings["digestGlobal"];
  readonly #sites = new Map<string, { module: LoadedModule; site: Site }[]>();
  /** Where there is another text at run time. */
  readonly #rewritten: { module: LoadedModule; site: Site }[] = [];
  #changes: Changes | undefined;
  readonly #outside = new OutsideFinder();

  /**
   * Takes the modules that are loaded now.
   *
   * @param graph The modules.
   * @param digestGlobal Makes the digest of the value of a global name.
   */
  constructor(graph: LoadedGraph, digestGlobal: Surroundings["digestGlobal"]) {
    this.modules = [...graph.modules];
    this.digestGlobal = digestGlobal;
    for (const module of graph.modules) {
      for (const site of module.summary?.sites ?? []) {
        addTo(this.#sites, site.digest, { module, site });
        if (site.code !== undefined) this.#rewritten.push({ module, site });
      }
    }
  }

  link(...args: Parameters<Surroundings["link"]>): ReturnType<Surroundings["link"]> {
    this.#changes ??= new Changes({ modules: this.modules });
    return new Linker(this.#changes, this.#outside).link(...args);
  }

  /**
   * Finds where a function may be defined.
   *
   * @param unit What is known of its text.
   * @param name Its name.
   * @returns The places: one of them, if there are any.
   */
  candidates(unit: Unit, name: string): Candidate[] {
    const found = this.#sites.get(unit.raw);
    if (found !== undefined) {
      return found.map(({ module, site }) => {
        // With decorators of the older kind, there is nothing of those of the class itself in its text.
        const code = site.decorated && site.code !== undefined ? module.unit(site.code) : undefined;
        return { ...candidateOf(module, site, name), written: code };
      });
    }
    return this.#rewritten.flatMap(({ module, site }) => {
      if (site.decorated && (!unit.isClass || site.className !== name)) return [];
      const written = module.unit(site.code!);
      if (written === undefined) return [];
      const isRight = site.decorated
        ? mayBeDecorated(unit, written, site.renamed)
        : isRenamed(unit, written, site.renamed);
      return isRight ? [{ ...candidateOf(module, site, name), written }] : [];
    });
  }
}

function candidateOf(module: LoadedModule, site: Site, name: string): Candidate {
  const { className, captured, superClass } = site;
  return {
    module,
    captured: new Set(captured),
    superClass,
    qualifiedName: className === undefined || className === name ? name : `${className}.${name}`,
  };
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
