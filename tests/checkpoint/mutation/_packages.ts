// Copyright 2026 the pecapiku authors. MIT license.

/** A package whose functions are read. Nothing of it is a dependency: it is data, pinned to a version. */
export interface CorpusPackage {
  /** Its name. */
  readonly name: string;
  /** Its version. The list of equivalent mutants has to be looked at anew when it changes. */
  readonly version: string;
  /**
   * Where a name that one of its functions uses is exported: parts to try. Only of packages whose functions set no timers and
   * keep nothing.
   */
  readonly homes?: ((name: string) => readonly string[]) | undefined;
  /** Whether its functions are not in strict mode. */
  readonly sloppy?: true;
}

/** Code of many hands: numbers, text, dates, parsers, classes, promises, schemas; as written, as compiled, and minified. */
export const PACKAGES: readonly CorpusPackage[] = [
  { name: "acorn", version: "8.19.0" },
  { name: "d3-array", version: "3.2.5", homes: () => [""] },
  { name: "d3-format", version: "3.1.3", homes: () => [""] },
  { name: "d3-shape", version: "3.2.1" },
  { name: "date-fns", version: "4.4.0", homes: () => ["", "/constants"] },
  { name: "decimal.js", version: "10.6.0" },
  { name: "es-toolkit", version: "1.53.2" },
  { name: "fraction.js", version: "5.3.4" },
  { name: "immer", version: "11.2.10" },
  { name: "js-yaml", version: "5.5.0" },
  { name: "lodash-es", version: "4.18.1", homes: (name) => [`/_${name}.js`, `/${name}.js`] },
  { name: "luxon", version: "3.7.2" },
  { name: "marked", version: "18.2.1" },
  { name: "ms", version: "2.1.3", sloppy: true },
  { name: "p-queue", version: "10.0.0" },
  { name: "radash", version: "12.1.1" },
  { name: "remeda", version: "2.61.0", homes: () => [""] },
  { name: "semver", version: "7.8.6", homes: () => [""] },
  { name: "simple-statistics", version: "7.12.1", homes: () => [""] },
  { name: "validator", version: "13.15.35" },
  { name: "zod", version: "4.6.7" },
];

/**
 * Loads a package, or a part of it.
 *
 * @param from The package.
 * @param part What follows its version in the specifier.
 * @returns What it exports.
 */
export async function loadPackage(from: CorpusPackage, part = ""): Promise<object> {
  return await import(`npm:${from.name}@${from.version}${part}`);
}
