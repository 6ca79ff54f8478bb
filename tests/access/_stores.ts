// Copyright 2026 the pecapiku authors. MIT license.

import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Store } from "../../src/stores/store.ts";

/** A kind of store, for tests that every one of them must pass. */
export interface StoreKind {
  readonly name: string;
  /** Whether it goes through entries in the order in which they were first put. */
  readonly keepsOrder: boolean;
  /** How many runs of a property, of 100, are worth their time. */
  readonly runsOf100: number;
  /** The expression by which a script in a process of its own makes one of its first argument; not where that would be another one. */
  readonly expression?: string;
  /** Makes what opens an empty store; opened again, it is as another process would find it. */
  make(): () => Store;
}

/** All kinds. */
export const STORES: readonly StoreKind[] = [
  {
    name: "MemoryStore",
    runsOf100: 100,
    keepsOrder: true,
    make() {
      const store = new MemoryStore();
      return () => store;
    },
  },
  {
    name: "DirectoryStore",
    runsOf100: 20,
    keepsOrder: false,
    expression: expressionOf("directory_store.ts", "DirectoryStore"),
    make() {
      const path = tempPath();
      return () => new DirectoryStore(path);
    },
  },
  {
    name: "LogStore",
    runsOf100: 60,
    keepsOrder: true,
    expression: expressionOf("log_store.ts", "LogStore"),
    make() {
      const path = tempPath();
      return () => new LogStore(path);
    },
  },
];

function tempPath(): string {
  return `${Deno.makeTempDirSync()}/a`;
}

function expressionOf(file: string, name: string): string {
  const url = new URL(`../../src/stores/${file}`, import.meta.url).href;
  return `new (await import(${JSON.stringify(url)})).${name}(Deno.args[0])`;
}
