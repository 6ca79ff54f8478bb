// Copyright 2026 the pecapiku authors. MIT license.

/** How a key is made. */
export interface KeyOptions {
  /**
   * Whether the order of an object's properties counts: `"sort"` takes `{ a: 1, b: 2 }` and `{ b: 2, a: 1 }` for equal, as
   * people expect; `"keep"` tells them apart, as code can. The order in an array, a `Map` or a `Set` always counts.
   *
   * @default {"sort"}
   */
  readonly keyOrder?: "sort" | "keep";
}
