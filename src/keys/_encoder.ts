// Copyright 2026 the pecapiku authors. MIT license.

import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { writeBuiltin } from "./_builtins.ts";
import { CanonicalWriter, Tag } from "./_canonical_writer.ts";
import { type ClassInfo, classInfo } from "./_classes.ts";
import {
  BufferStorages,
  type Encoding,
  type ListLabel,
  ObjectNumbers,
  SPEAKER,
  Speakers,
  type Task,
  WorkStack,
} from "./_encoding.ts";
import type { EncodingOptions } from "./_encoding_options.ts";
import * as own from "./_platform.ts";
import { isOnlyElements, MANY_ELEMENTS, sortKeys, symbolText } from "./_property_keys.ts";

const ObjectPrototype = Object.prototype;
const ArrayPrototype = Array.prototype;

/** Writes values as canonical bytes. It does so with a stack of its own: no depth is too deep. */
export class Encoder implements Encoding {
  readonly writer: CanonicalWriter = new CanonicalWriter();
  readonly storages: BufferStorages = new BufferStorages();
  readonly #numbers = new ObjectNumbers();
  readonly #stack = new WorkStack();
  readonly #speakers = new Speakers();
  readonly #slots = own.slotTests;
  #options: EncodingOptions = {};
  #keepOrder = false;
  #root: string | number = "key";

  /**
   * Begins anew.
   *
   * @param options How to encode.
   */
  begin(options: EncodingOptions): void {
    this.#options = options;
    this.#keepOrder = options.keyOrder === "keep";
    this.writer.reset();
  }

  /** Lets go of all values. */
  end(): void {
    this.#options = {};
    this.#numbers.clear();
    this.#stack.clear();
    this.storages.clear();
    this.#speakers.clear();
  }

  /**
   * Writes a value and all that it reaches.
   *
   * @param value The value.
   * @param root What it is called in errors; a number `n` for `args[n]`.
   * @throws {UncacheableKeyError} If a part of it has no canonical form.
   */
  value(value: unknown, root: string | number): void {
    this.#root = root;
    if (this.#leaf(value)) return;
    try {
      this.#enter(value as object);
      for (let task = this.#stack.top; task !== undefined; task = this.#stack.top) {
        if (this.#advance(task)) continue;
        if (task.kind === "list" && task.label === "spoken") this.#speakers.leave();
        this.#stack.pop();
      }
    } catch (error) {
      if (error instanceof UncacheableKeyError) throw error;
      this.refuse(`a value that can't be looked into (${reasonOf(error)})`, error);
    }
  }

  /**
   * Gives up, naming the path.
   *
   * @param what What can't be a part of a key.
   * @param cause The error that led to it.
   * @throws {UncacheableKeyError} Always.
   */
  refuse(what: string, cause?: unknown): never {
    const message = `Cannot make key: ${what} at ${this.#path()}`;
    throw new UncacheableKeyError(message, cause === undefined ? {} : { cause });
  }

  classes({ classes }: ClassInfo): void {
    this.writer.varuint(classes.length);
    for (const { name, constructor } of classes) {
      if (this.#options.encodeFunction !== undefined) this.#code(constructor);
      this.writer.string(name);
    }
  }

  queueValues(target: object, values: readonly unknown[], label: ListLabel): void {
    const task = this.#stack.push("list", target, values.length);
    task.values = values;
    task.label = label;
  }

  queueProperties(target: object, keys: (string | symbol)[]): void {
    if (!this.#keepOrder) sortKeys(keys);
    this.#stack.push("properties", target, keys.length).keys = keys;
  }

  #path(): string {
    return this.#stack.path(typeof this.#root === "number" ? `args[${this.#root}]` : this.#root);
  }

  // Writes whatever has no parts.
  #leaf(value: unknown): boolean {
    switch (typeof value) {
      case "string":
        this.writer.string(value);
        return true;
      case "number":
        this.writer.number(value);
        return true;
      case "boolean":
        this.writer.byte(value ? Tag.true : Tag.false);
        return true;
      case "undefined":
        this.writer.byte(Tag.undefined);
        return true;
      case "bigint":
        this.writer.bigint(value);
        return true;
      case "symbol":
        this.#symbol(value);
        return true;
      default:
        if (value !== null) return false;
        this.writer.byte(Tag.null);
        return true;
    }
  }

  #symbol(value: symbol): void {
    const name = own.WELL_KNOWN.get(value);
    if (name !== undefined) {
      this.writer.byte(Tag.wellKnownSymbol);
      this.writer.string(name);
      return;
    }
    const key = own.symbolKey(value);
    if (key === undefined) this.refuse(`the unique symbol ${symbolText(value)}`);
    this.writer.byte(Tag.registeredSymbol);
    this.writer.string(key);
  }

  #enter(value: object): void {
    if (this.#slots().isProxy(value)) this.refuse("a proxy");
    const number = this.#numbers.numberOf(value);
    if (number >= 0) {
      this.writer.byte(Tag.reference);
      this.writer.varuint(number);
      return;
    }
    if (typeof value === "function") return this.#function(value);
    const prototype = own.getPrototypeOf(value);
    if (own.isArray(value)) {
      if (prototype === ArrayPrototype && !(SPEAKER in value)) return this.#array(value, undefined);
    } else if (prototype === ObjectPrototype && !(SPEAKER in value)) {
      return this.#object(value, Tag.object);
    }
    const info = classInfo(prototype);
    if (info.open && SPEAKER in value) return this.#speak(value, info);
    if (info.refusal !== undefined) this.refuse(info.refusal);
    if (own.isArray(value)) {
      if (info.base !== "array") this.refuse("an array with the prototype of something else");
      this.#array(value, info);
    } else if (info.base === "array") {
      this.refuse("an object with the prototype of Array that is none");
    } else if (info.base === "null") {
      this.#object(value, Tag.nullObject);
    } else if (info.base === "object") {
      this.#object(value, Tag.instance, info);
    } else {
      writeBuiltin(this, value, info);
    }
  }

  #object(value: object, tag: number, info?: ClassInfo): void {
    const foreign = own.describeForeign(value);
    if (foreign !== undefined) this.refuse(foreign);
    this.writer.byte(tag);
    if (info !== undefined) this.classes(info);
    const names: (string | symbol)[] = own.getNames(value);
    const symbols = own.getSymbols(value);
    for (let i = 0; i < symbols.length; i++) names.push(symbols[i]!);
    this.queueProperties(value, names);
  }

  #array(value: readonly unknown[], info: ClassInfo | undefined): void {
    const { length } = value;
    if (
      length > MANY_ELEMENTS && info === undefined && isOnlyElements(value) &&
      own.getEnumerableNames(value).length === length
    ) {
      this.writer.byte(Tag.array);
      this.writer.varuint(length);
      this.#stack.push("visible", value, length);
      return;
    }
    const keys = own.ownKeys(value);
    const isDense = keys[length] === "length";
    // The indices come first, and no index is "length".
    const present = isDense ? length : keys.indexOf("length");
    if (info === undefined && keys.length === present + 1) {
      this.writer.byte(Tag.array);
    } else {
      this.writer.byte(Tag.richArray);
      if (info === undefined) this.writer.varuint(0);
      else this.classes(info);
      this.queueProperties(value, keys.slice(present + 1));
    }
    this.writer.varuint(length);
    if (isDense) {
      this.#stack.push("elements", value, length);
    } else {
      // One step more, for the holes after the last element.
      this.#stack.push("sparse", value, present + 1).keys = keys.slice(0, present);
    }
  }

  #function(value: object): void {
    const info = classInfo(own.getPrototypeOf(value));
    if (info.open && SPEAKER in value) return this.#speak(value, info);
    if (this.#options.encodeFunction === undefined) this.refuse("a function");
    this.#code(value);
  }

  #code(value: object): void {
    this.writer.byte(Tag.function);
    // deno-lint-ignore ban-types -- it may be a class as well
    this.writer.block(this.#options.encodeFunction!(value as Function, this.#path()));
  }

  #speak(value: object, info: ClassInfo): void {
    const result = this.#speakers.ask(this, value);
    this.writer.byte(Tag.spoken);
    this.writer.string(info.baseName);
    this.classes(info);
    this.queueValues(value, [result], "spoken");
  }

  // Goes on with a task until it is done, or until one of its children has tasks of its own.
  #advance(task: Task): boolean {
    switch (task.kind) {
      case "properties":
        return this.#properties(task);
      case "elements":
        return this.#elements(task);
      case "visible":
        return this.#visible(task);
      case "sparse":
        return this.#sparse(task);
      case "list":
        return this.#list(task);
    }
  }

  #child(value: unknown, task: Task): boolean {
    if (this.#leaf(value)) return false;
    this.#enter(value as object);
    return this.#stack.top !== task;
  }

  #properties(task: Task): boolean {
    const { target, keys, end } = task;
    if (task.index < 0) this.writer.varuint(end);
    while (++task.index < end) {
      const key = keys[task.index]!;
      const descriptor = own.getDescriptor(target, key);
      if (descriptor === undefined) return this.refuse("a property that went away meanwhile");
      if (descriptor.writable === undefined) this.refuse("a property with a getter or setter");
      if (!descriptor.enumerable) this.writer.byte(Tag.hidden);
      if (typeof key === "string") this.writer.string(key);
      else this.#symbol(key);
      if (this.#child(descriptor.value, task)) return true;
    }
    return false;
  }

  #elements(task: Task): boolean {
    const { target, end } = task;
    while (++task.index < end) {
      const descriptor = own.getDescriptor(target, task.index);
      if (descriptor === undefined) return this.refuse("an element that went away meanwhile");
      if (this.#element(descriptor, task)) return true;
    }
    return false;
  }

  #visible(task: Task): boolean {
    const { target, end } = task;
    while (++task.index < end) {
      const { index } = task;
      let value: unknown;
      if (own.lookUpGetter.call(target, index) === undefined) value = (target as unknown[])[index];
      if (value === undefined) {
        // It may be `undefined`, or have a getter or setter, or be gone.
        const descriptor = own.getDescriptor(target, index);
        if (descriptor === undefined) return this.refuse("an element that went away meanwhile");
        if (this.#element(descriptor, task)) return true;
      } else if (this.#child(value, task)) {
        return true;
      }
    }
    return false;
  }

  #sparse(task: Task): boolean {
    const { target, keys, end } = task;
    while (++task.index < end) {
      const { index } = task;
      const key = keys[index] as string | undefined;
      const position = key === undefined ? (target as unknown[]).length : Number(key);
      const holes = position - (index > 0 ? Number(keys[index - 1]) + 1 : 0);
      if (holes > 0) {
        this.writer.byte(Tag.holes);
        this.writer.varuint(holes);
      }
      if (key === undefined) return false;
      const descriptor = own.getDescriptor(target, key);
      if (descriptor === undefined) return this.refuse("an element that went away meanwhile");
      if (this.#element(descriptor, task)) return true;
    }
    return false;
  }

  #element(descriptor: PropertyDescriptor, task: Task): boolean {
    if (descriptor.writable === undefined) this.refuse("an element with a getter or setter");
    if (!descriptor.enumerable) this.writer.byte(Tag.hidden);
    return this.#child(descriptor.value, task);
  }

  #list(task: Task): boolean {
    const { values, end } = task;
    while (++task.index < end) if (this.#child(values[task.index], task)) return true;
    return false;
  }
}

// The beginning of the message, without running code of who threw it.
function reasonOf(error: unknown): string {
  if (!own.isError(error)) return typeof error;
  const message: unknown = own.getDescriptor(error as object, "message")?.value;
  return typeof message === "string" ? message.slice(0, 200) : "an error";
}
