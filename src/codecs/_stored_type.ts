// Copyright 2026 the pecapiku authors. MIT license.

/** A class whose instances are stored as something else. */
export interface StoredType {
  /** The name that is stored with each instance. */
  readonly name: string;
  /** What exactly the instances have as their prototype. */
  readonly prototype: object;
  /** Gives what is stored instead of an instance. */
  encode(instance: object): unknown;
  /** Gives the instance back. */
  decode(content: unknown): unknown;
}
