// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

Deno.test({
  name: "deno publish finds nothing wrong, and publishes no test, tool or example",
  // Before it looks at anything, it asks JSR for what the package depends on. Slow types alone are found by `deno lint`, too.
  ignore: import.meta.resolve("@std/assert").startsWith("file:"),
  async fn() {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    const text = decoder.decode(stdout) + decoder.decode(stderr);
    assert(success, text);
    const files = [...text.matchAll(/^ +(file:\S+) \(/gm)].map(([, url]) => url!);
    const tops = new Set(files.map((url) => url.slice(ROOT.href.length).split("/")[0]!));
    assertEquals(tops.difference(new Set(["CHANGELOG.md"])), new Set(TOPS));
    // Named by variables, so that nobody downloads them who does not use those stores.
    assertEquals([...text.matchAll(/^warning\[(.*?)\]/gm)].map(([, code]) => code), DYNAMIC);
  },
});

/** What is published, at the top. */
const TOPS = ["LICENSE", "README.md", "deno.json", "docs", "mod.ts", "src"];

/** What is warned of: the imports of clients in `redisStore` (twice) and `objectStore`. */
const DYNAMIC = Array.from({ length: 3 }, () => "unanalyzable-dynamic-import");
