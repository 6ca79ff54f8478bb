// Copyright 2026 the pecapiku authors. MIT license.

import { FileKey, fileKeyText } from "../file_key.ts";
import { propertyStep, symbolText } from "./_property_keys.ts";
import * as own from "./_platform.ts";

const MAX_BYTES = 1024;
const MAX_UNITS = 1000;
const MAX_STRING = 100;
const MAX_ITEMS = 10;
const MAX_DEPTH = 3;

const mapSize = own.uncurry<number>(Map.prototype, "size");
const setSize = own.uncurry<number>(Set.prototype, "size");
const dateText = own.uncurry<string>(Date.prototype, "toISOString");
const urlHref = own.uncurry<string>(URL.prototype, "href");

/**
 * Writes the arguments of a call for people to read. It runs no code of the user's, and writes only the beginning of what
 * is long.
 *
 * @param args The arguments.
 * @returns At most 1 KiB of UTF-8.
 */
export function previewArguments(args: readonly unknown[]): string {
  let text = "";
  for (let i = 0; i < args.length; i++) {
    if (i > 0) text += ", ";
    text += preview(args[i], 0);
    if (text.length > MAX_UNITS) break;
  }
  return cut(text);
}

function cut(text: string): string {
  // A UTF-16 code unit takes at most three bytes.
  if (text.length * 3 <= MAX_BYTES) return text;
  const room = new Uint8Array(MAX_BYTES - 3);
  const { read } = new TextEncoder().encodeInto(text, room);
  return read === text.length ? text : `${text.slice(0, read)}…`;
}

function preview(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "bigint":
      return previewBigint(value);
    case "symbol":
      return symbolText(value).slice(0, MAX_STRING).toWellFormed();
    case "function":
    case "object":
      if (value === null) return "null";
      try {
        return previewObject(value, depth);
      } catch {
        // What it is can't be told without running code, or it only looks like a built-in object.
        return "[object]";
      }
    default:
      return `${value}`;
  }
}

function quote(value: string): string {
  const shown = value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
  return JSON.stringify(shown);
}

function previewBigint(value: bigint): string {
  // The text of a huge integer takes long to make.
  if (value === BigInt.asIntN(512, value)) return `${value}n`;
  return value < 0n ? "[a large negative bigint]" : "[a large bigint]";
}

function previewObject(value: object, depth: number): string {
  const slots = own.slotTests();
  if (slots.isProxy(value)) return "[Proxy]";
  const name = className(value);
  if (typeof value === "function") return `[Function${ownText(value, "name", " ")}]`;
  if (own.isArray(value)) return previewArray(value, name, depth);
  if (own.isView(value)) {
    const kind = own.typedArrayKind(value);
    const length = kind === undefined ? own.dataViewByteLength(value) : own.typedArrayLength(value);
    return `${name}(${length})`;
  }
  if (slots.isMap(value)) return `${name}(${mapSize(value)})`;
  if (slots.isSet(value)) return `${name}(${setSize(value)})`;
  if (slots.isDate(value)) {
    return Number.isNaN(own.dateTime(value)) ? "Invalid Date" : dateText(value);
  }
  if (slots.isRegExp(value)) {
    return `/${own.regExpSource(value).slice(0, MAX_STRING)}/${own.regExpFlags(value)}`
      .toWellFormed();
  }
  if (own.isError(value)) return `${name}(${ownText(value, "message", "")})`;
  if (own.getPrototypeOf(value) === URL.prototype) return `URL(${quote(urlHref(value))})`;
  if (own.getPrototypeOf(value) === FileKey.prototype) return previewFileKey(value, depth);
  return previewProperties(value, name, depth);
}

function previewFileKey(value: object, depth: number): string {
  const path: unknown = own.getDescriptor(value, "path")?.value;
  const sha256: unknown = own.getDescriptor(value, "sha256")?.value;
  if (typeof path === "string" && typeof sha256 === "string") return fileKeyText(path, sha256);
  return previewProperties(value, "FileKey", depth);
}

function previewArray(value: readonly unknown[], name: string, depth: number): string {
  const prefix = name === "Array" ? "" : `${name} `;
  if (depth >= MAX_DEPTH) return `${prefix}[…]`;
  const items: string[] = [];
  const shown = Math.min(value.length, MAX_ITEMS);
  for (let i = 0; i < shown; i++) items.push(previewProperty(value, i, depth));
  if (value.length > shown) items.push(`… ${value.length - shown} more`);
  return `${prefix}[${items.join(", ")}]`;
}

function previewProperties(value: object, name: string, depth: number): string {
  const prefix = name === "Object" ? "" : `${name} `;
  if (depth >= MAX_DEPTH) return `${prefix}{…}`;
  const keys = own.getEnumerableNames(value);
  const items = keys.slice(0, MAX_ITEMS).map((key) => {
    const step = propertyStep(key.slice(0, MAX_STRING));
    const label = step.startsWith(".") ? step.slice(1) : step.slice(1, -1);
    return `${label}: ${previewProperty(value, key, depth)}`;
  });
  if (keys.length > MAX_ITEMS) items.push(`… ${keys.length - MAX_ITEMS} more`);
  return `${prefix}{${items.join(", ")}}`;
}

function previewProperty(value: object, key: string | number, depth: number): string {
  const descriptor = own.getDescriptor(value, key);
  if (descriptor === undefined) return "<hole>";
  if (descriptor.writable === undefined) return "[Getter/Setter]";
  return preview(descriptor.value, depth + 1);
}

function className(value: object): string {
  const { isProxy } = own.slotTests();
  let at: object | null = own.getPrototypeOf(value);
  for (let steps = 0; at !== null && steps < 100; steps++, at = own.getPrototypeOf(at)) {
    if (isProxy(at)) return "[Proxy]";
    const constructor: unknown = own.getDescriptor(at, "constructor")?.value;
    if (typeof constructor !== "function" || isProxy(constructor)) continue;
    const name = ownText(constructor, "name", "");
    if (name !== "") return name;
  }
  return at === null ? "[null prototype]" : "[object]";
}

function ownText(value: object, key: string, prefix: string): string {
  const text: unknown = own.getDescriptor(value, key)?.value;
  if (typeof text !== "string" || text === "") return "";
  return prefix + text.slice(0, MAX_STRING).toWellFormed();
}
