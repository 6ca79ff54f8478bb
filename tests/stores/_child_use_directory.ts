// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a directory. Says what became of a lookup and of a commit.

import { CacheError } from "../../src/errors/cache_error.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { put, textAt } from "./_changes.ts";

const store = new DirectoryStore(Deno.args[0]!);
attempt("get", () => textAt(store, 1));
attempt("commit", () => store.commit([put(2, "two")]));
attempt("get", () => textAt(store, 2));

function attempt(name: string, step: () => unknown): void {
  try {
    console.log(`${name}: ${step()}`);
  } catch (error) {
    console.log(`${name}: ${error}`, error instanceof CacheError);
  }
}
