// Copyright 2026 the pecapiku authors. MIT license.

/** How many items that count no longer are put up with, beside as many as there are members. */
const SLACK = 64;

const NONE = -1;

/**
 * Members of a group by a key, smallest first. A member that has gone, or whose key has changed, is left where it is,
 * and passed over once it comes first: so to remove one costs nothing. Members are numbers, and a number may be given
 * to another one.
 */
export class LazyHeap {
  readonly #keyOf: (number: number) => number;
  readonly #members: () => Iterable<number>;
  /** A binary heap: neither child of the item at `i`, those at `2i + 1` and `2i + 2`, has a smaller key. */
  #keys: number[] = [];
  #numbers: number[] = [];

  /**
   * Makes a heap without items.
   *
   * @param keyOf Gives the key of a member by now; `NaN` for what is no member.
   * @param members Gives all members.
   */
  constructor(keyOf: (number: number) => number, members: () => Iterable<number>) {
    this.#keyOf = keyOf;
    this.#members = members;
  }

  /** Makes the heap anew, of the members that there are. */
  rebuild(): void {
    this.#keys = [];
    this.#numbers = [];
    for (const number of this.#members()) this.#push(this.#keyOf(number), number);
  }

  /**
   * Adds a member.
   *
   * @param number The member, which {@linkcode LazyHeap}'s `members` gives by now.
   * @param count How many members there are, with this one.
   */
  add(number: number, count: number): void {
    if (this.#keys.length >= 2 * count + SLACK) this.rebuild();
    else this.#push(this.#keyOf(number), number);
  }

  /**
   * Finds the member with the smallest key.
   *
   * @param limit What the key has to be less than.
   * @returns The member; `-1` if there is none.
   */
  firstBelow(limit: number): number {
    while (this.#keys.length > 0) {
      const number = this.#numbers[0]!;
      if (this.#keys[0] === this.#keyOf(number)) return this.#keys[0]! < limit ? number : NONE;
      this.#pop();
    }
    return NONE;
  }

  #push(key: number, number: number): void {
    const keys = this.#keys;
    const numbers = this.#numbers;
    let at = keys.length;
    keys.push(key);
    numbers.push(number);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      numbers[at] = numbers[parent]!;
      at = parent;
    }
    keys[at] = key;
    numbers[at] = number;
  }

  #pop(): void {
    const keys = this.#keys;
    const numbers = this.#numbers;
    const key = keys.pop()!;
    const number = numbers.pop()!;
    const { length } = keys;
    if (length === 0) return;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && keys[child + 1]! < keys[child]!) child++;
      if (keys[child]! >= key) break;
      keys[at] = keys[child]!;
      numbers[at] = numbers[child]!;
      at = child;
    }
    keys[at] = key;
    numbers[at] = number;
  }
}
