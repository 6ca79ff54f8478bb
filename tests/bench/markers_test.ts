// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { replaceBetween } from "../../bench/_markers.ts";

const DOCUMENT = "before\n\n<!-- begin results -->\n\nold\n\n<!-- end results -->\n\nafter\n";

Deno.test("replaceBetween() replaces what is between the markers, and nothing else", () => {
  const replaced = replaceBetween(DOCUMENT, "results", "new | $& $1");
  assertEquals(replaced, DOCUMENT.replace("old", () => "new | $& $1"));
  assertEquals(replaceBetween(replaced, "results", "old"), DOCUMENT);
});

Deno.test("replaceBetween() throws when the markers are not there, once and in order", () => {
  for (
    const document of [
      "",
      DOCUMENT.replace("end results", "end others"),
      DOCUMENT + DOCUMENT,
      "<!-- end results --> <!-- begin results -->",
    ]
  ) {
    assertThrows(
      () => replaceBetween(document, "results", "new"),
      Error,
      "Cannot write results: no such markers: results",
    );
  }
});

Deno.test("bench/README.md has the markers that a run looks for", () => {
  const text = Deno.readTextFileSync(new URL("../../bench/README.md", import.meta.url));
  for (const name of ["results", "peers", "plots"]) replaceBetween(text, name, "");
});
