// Copyright 2026 the pecapiku authors. MIT license.

import type { CanonicalWriter } from "./_canonical_writer.ts";
import type { ClassInfo } from "./_class_info.ts";
import type { BufferStorages } from "./_buffer_storages.ts";

/** What the values on a list are to the object they are of: it names them in the path of an error. */
export type ListLabel = "map" | "set" | "boxed" | "spoken" | "url";

/** An encoding under way, as those see it who write the content of built-in objects. */
export interface Encoding {
  /** Where the bytes go. */
  readonly writer: CanonicalWriter;
  /** The buffers met so far. */
  readonly storages: BufferStorages;
  /**
   * Writes the names of the user's classes.
   *
   * @param info What is known of the object's class.
   */
  classes(info: ClassInfo): void;
  /**
   * Has values encoded next, before what was queued earlier.
   *
   * @param target The object they are of.
   * @param values The values.
   * @param label What they are.
   */
  queueValues(target: object, values: readonly unknown[], label: ListLabel): void;
  /**
   * Has properties encoded next, before what was queued earlier.
   *
   * @param target The object they are of.
   * @param keys The keys of the properties; the array is sorted in place.
   */
  queueProperties(target: object, keys: (string | symbol)[]): void;
  /**
   * Gives up.
   *
   * @param what What can't be a part of a key.
   * @param cause The error that led to it.
   * @throws {UncacheableKeyError} Always.
   */
  refuse(what: string, cause?: unknown): never;
}
