// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a file: does nothing but open it.

Deno.openSync(Deno.args[0]!).close();
