// Copyright 2026 the pecapiku authors. MIT license.

// Up to here, looking through a list costs less than a map does.
const MAX_LISTED = 12;

/** The objects met so far, in order. */
export class ObjectNumbers {
  // Of a fixed length: to empty an array costs an allocation at its next use.
  readonly #listed: (object | undefined)[] = new Array(MAX_LISTED).fill(undefined);
  #count = 0;
  #numbers: Map<object, number> | undefined;

  /**
   * Looks up an object; one that is new gets the next number.
   *
   * @param object The object.
   * @returns Its number, −1 if it is new.
   */
  numberOf(object: object): number {
    if (this.#numbers === undefined) {
      const count = this.#count;
      for (let i = 0; i < count; i++) if (this.#listed[i] === object) return i;
      if (count < MAX_LISTED) {
        this.#listed[count] = object;
        this.#count = count + 1;
        return -1;
      }
      this.#numbers = new Map();
      for (let i = 0; i < count; i++) this.#numbers.set(this.#listed[i]!, i);
    }
    const number = this.#numbers.get(object);
    if (number !== undefined) return number;
    this.#numbers.set(object, this.#numbers.size);
    return -1;
  }

  /** Forgets all. */
  clear(): void {
    for (let i = 0; i < this.#count; i++) this.#listed[i] = undefined;
    this.#count = 0;
    this.#numbers = undefined;
  }
}
