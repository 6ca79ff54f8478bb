// Copyright 2026 the pecapiku authors. MIT license.

/** More is an endless loop, or as good as one. */
const MOST_STEPS = 3000;

/** Thrown where code does too much: what it did until then is compared. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";
}

/**
 * Stand-ins for what is not there: objects that take any use and write it down. Two pieces of code that do the same to them,
 * in the same order, and with the same results, do the same to any object.
 */
export class Recorder {
  /** What was done, in order. */
  readonly log: string[] = [];
  readonly #seed: number;
  readonly #paths = new WeakMap<object, string>();
  #steps = 0;
  #depth = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Counts a step of a loop. */
  readonly step = (): void => {
    if (++this.#steps > MOST_STEPS) throw new TooLongError();
  };

  /** Makes a stand-in that is called something. */
  standIn(path: string): object {
    // It can be called and constructed, and has no property that a proxy would have to tell.
    const target = function () {}.bind(undefined);
    const known = new Map<PropertyKey, unknown>();
    const proxy: object = new Proxy(target, {
      get: (_, key) => {
        this.#write(`get ${path}.${String(key)}`);
        if (!known.has(key)) known.set(key, this.#property(path, key));
        return known.get(key);
      },
      set: (_, key, value) => {
        this.#write(`set ${path}.${String(key)} = ${this.show(value)}`);
        known.set(key, value);
        return true;
      },
      has: (_, key) => {
        this.#write(`has ${path}.${String(key)}`);
        return this.#choose(`has ${path}.${String(key)}`, 2) === 0;
      },
      deleteProperty: (_, key) => {
        this.#write(`delete ${path}.${String(key)}`);
        return known.delete(key) || true;
      },
      ownKeys: () => {
        this.#write(`keys ${path}`);
        return ["k0", "k1"];
      },
      getOwnPropertyDescriptor: (_, key) => {
        this.#write(`own ${path}.${String(key)}`);
        if (key !== "k0" && key !== "k1") return undefined;
        if (!known.has(key)) known.set(key, this.#property(path, key));
        return { value: known.get(key), writable: true, enumerable: true, configurable: true };
      },
      defineProperty: (_, key, { value }) => {
        this.#write(`define ${path}.${String(key)} = ${this.show(value)}`);
        return false;
      },
      getPrototypeOf: () => {
        this.#write(`prototype ${path}`);
        return Object.prototype;
      },
      apply: (_, self, args) => this.#call(`${path}()`, [self, ...args]),
      construct: (_, args, newTarget): object => {
        const made = this.#call(`new ${path}()`, args);
        if (newTarget !== proxy) return Object.create(newTarget.prototype);
        return typeof made === "object" || typeof made === "function" ? made ?? {} : {};
      },
    });
    this.#paths.set(proxy, path);
    return proxy;
  }

  /** A value, as it can be compared: without the names of functions and without what only the engine says. */
  show(value: unknown, depth = 4): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "symbol") return String(value.description);
    const path = isObject(value) ? this.#paths.get(value) : undefined;
    if (path !== undefined) return `<${path}>`;
    if (typeof value === "function") return "function";
    if (!isObject(value)) return Object.is(value, -0) ? "-0" : String(value);
    if (depth === 0) return "…";
    return this.#showObject(value, depth);
  }

  #showObject(value: object, depth: number): string {
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (value instanceof Error) return showError(value);
    if (value instanceof RegExp) return String(value);
    if (value instanceof Date) return `Date ${value.getTime()}`;
    const items = value instanceof Map || value instanceof Set ? [...value] : [];
    const inner = items.map((item) => this.show(item, depth - 1));
    for (const key of Reflect.ownKeys(value).slice(0, 100)) {
      const { value: held, get } = Object.getOwnPropertyDescriptor(value, key)!;
      const shown = get === undefined ? this.show(held, depth - 1) : "getter";
      inner.push(`${String(key)}: ${shown}`);
    }
    return `${kind} {${inner.join(", ")}}`;
  }

  #write(line: string): void {
    this.step();
    this.log.push(line);
  }

  #call(path: string, args: readonly unknown[]): unknown {
    this.#write(`${path} of ${args.map((one) => this.show(one)).join(", ")}`);
    // What it is given to call is called, as `map` and `then` do, but not without end.
    for (const one of args) {
      if (typeof one !== "function" || this.#paths.has(one) || this.#depth > 3) continue;
      this.#depth++;
      const given = [this.standIn(`${path}.a`), this.#choose(`${path}.b`, 9)];
      this.log.push(`calls it: ${this.attempt(() => one(...given))}`);
      this.#depth--;
    }
    return this.#value(`${path}#${this.log.length}`);
  }

  /** Calls, and says what comes of it. */
  attempt(call: () => unknown): string {
    try {
      const result = call();
      // What comes of it is written down where it is waited for.
      if (result instanceof Promise) result.catch(() => {});
      return `gives ${this.show(result)}`;
    } catch (error) {
      if (error instanceof TooLongError || isOverflow(error)) throw error;
      return `throws ${this.show(error)}`;
    }
  }

  #property(path: string, key: PropertyKey): unknown {
    switch (key) {
      case Symbol.toPrimitive:
        return (hint: string) => {
          this.#write(`${hint} of ${path}`);
          const number = this.#choose(path, 12) - 3;
          return hint === "string" ? `s${number}` : number;
        };
      case Symbol.iterator:
        return () => {
          this.#write(`iterates ${path}`);
          return [this.standIn(`${path}[0]`), this.#choose(path, 5)].values();
        };
      case Symbol.hasInstance:
        return (value: unknown) => {
          this.#write(`${this.show(value)} instanceof ${path}`);
          return this.#choose(`instance ${path}`, 2) === 0;
        };
      case "prototype":
        return this.standIn(`${path}.prototype`);
      case "length":
        return this.#choose(`length ${path}`, 4);
      // What has it is a promise.
      case "then":
        return undefined;
      default:
        return typeof key === "symbol" ? undefined : this.#value(`${path}.${key}`);
    }
  }

  #value(path: string): unknown {
    switch (this.#choose(path, 11)) {
      case 0:
        return undefined;
      case 1:
        return null;
      case 2:
        return true;
      case 3:
        return false;
      case 4:
        return this.#choose(`number ${path}`, 7) - 2;
      case 5:
        return `text ${this.#choose(`text ${path}`, 3)}`;
      default:
        return this.standIn(path);
    }
  }

  /** A number below another, always the same for the same text. */
  #choose(text: string, below: number): number {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ hash >>> 15, 0x2c1b3c6d);
    return ((hash ^ hash >>> 13) >>> 0) % below;
  }
}

/** Says whether the stack was full: how full it was before is not the code's doing. */
export function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

function showError(error: Error): string {
  // Messages of the engine have the names of variables in them.
  const isEngines = error instanceof TypeError || error instanceof ReferenceError;
  const kind = ["TypeError", "RangeError", "ReferenceError", "SyntaxError"].find((name) =>
    error instanceof (globalThis as unknown as Record<string, ErrorConstructor>)[name]!
  );
  return isEngines ? kind! : `${kind ?? "Error"} ${error.message}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null || typeof value === "function";
}
