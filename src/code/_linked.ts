// Copyright 2026 the pecapiku authors. MIT license.

import type { LoadedModule } from "./loaded_module.ts";
import type { Slice } from "./module_summary.ts";
import type { Unit } from "./unit.ts";

/** Where a function is defined. */
export interface Definition {
  /** The module; `undefined` if it is not known. */
  readonly module: LoadedModule | undefined;
  /** The names that it captures. */
  readonly captured: ReadonlySet<string>;
  /** What its class extends, where it is a member of one. */
  readonly superClass?: Slice | undefined;
}

/** A part of the code, numbered. */
export interface Node {
  /** What it is called, for people. */
  readonly label: string;
  /** The name that it has, where names count. */
  readonly name: string;
  /** Its code; none of what is no code. */
  readonly unit?: Unit;
  /** What kind of part it is. */
  readonly kind: "code" | "package" | "file" | "effect" | "global";
  /** What it refers to, and all else that tells it from others. */
  readonly content: (string | number)[];
}

/** What was found of a function's code. */
export interface Linked {
  /** In which form code counts: `"named"` if names may be a part of the result, `"raw"` if texts may be. */
  readonly form: "normal" | "named" | "raw";
  /** Everything reached, numbered in the order of the first visit: the function first. */
  readonly nodes: readonly Node[];
  /** What can't be seen. */
  readonly unseen: readonly string[];
  /** The names of the global object that it uses. */
  readonly globals: readonly string[];
  /** The modules of which something is a part of it. */
  readonly modules: ReadonlySet<LoadedModule>;
}
