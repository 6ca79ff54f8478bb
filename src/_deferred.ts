// Copyright 2026 the pecapiku authors. MIT license.

// In a file of their own, a short one: Deno reads the source map of each file that is the first to import something, and
// that takes longer the longer the file is.
import defer * as stdCrypto from "@std/crypto";
import defer * as messagePack from "@std/msgpack";
import defer * as nodeCrypto from "node:crypto";
import defer * as nodePath from "node:path";
import defer * as process from "node:process";
import defer * as types from "node:util/types";
import defer * as v8 from "node:v8";

/** What takes long to load. It is loaded at the first use of one of its names. */
export { messagePack, nodeCrypto, nodePath, process, stdCrypto, types, v8 };
