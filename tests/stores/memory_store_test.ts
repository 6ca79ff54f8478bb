// Copyright 2026 the pecapiku authors. MIT license.

import { MemoryStore } from "../../src/stores/memory_store.ts";
import { testStore } from "../../src/stores/testing.ts";

testStore({ name: "MemoryStore", open: () => new MemoryStore() });
