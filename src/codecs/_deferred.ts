// Copyright 2026 the pecapiku authors. MIT license.

// In a file of their own, a short one: Deno reads the source map of each file that is the first to import something, and
// that takes longer the longer the file is.
import defer * as messagePack from "@std/msgpack";
import defer * as types from "node:util/types";
import defer * as v8 from "node:v8";

/** What takes long to load. It is loaded at the first use of one of its names. */
export { messagePack, types, v8 };
