// Copyright 2026 the pecapiku authors. MIT license.

import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { testStore } from "../../src/stores/testing.ts";

testStore({
  name: "DirectoryStore",
  open: () => new DirectoryStore(Deno.makeTempDirSync({ prefix: "pecapiku_stores_" })),
  reopen: ({ location }) => new DirectoryStore(location),
  remove: ({ location }) => Deno.removeSync(location, { recursive: true }),
  isAtomic: false,
  isOrdered: false,
});
