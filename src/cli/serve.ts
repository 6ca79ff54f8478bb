// Copyright 2026 the pecapiku authors. MIT license.

import { command } from "./_command.ts";
import { EXIT, UsageError } from "./_exit.ts";
import { count } from "./_numbers.ts";

/** Serves a page of a file. */
export const serve = command({
  name: "serve",
  usage: "FILE",
  args: [1, 1],
  summary: "show a file in the browser, until it is interrupted",
  permissions: "--allow-net=127.0.0.1",
  details: [
    "A table that can be sorted and searched, sizes as a treemap, entries to look into and to delete. The page is on this machine only, and for those " +
    "only who know its address: don't pass it on. Needs --allow-net=127.0.0.1.",
    "Entries can be deleted there where --allow-write is granted, unless --read-only is said; by itself, it writes nothing. What belongs to an entry goes " +
    "with it.",
    "Ctrl+C or SIGTERM ends it, which is no error: the exit code is 0.",
    "--json gives file and url, in one line, once the page can be opened.",
  ],
  options: {
    port: { type: "string", value: "N", about: "the port, instead of any that is free" },
    "read-only": { type: "boolean", about: "let nothing be deleted" },
  },
  examples: [["serve primes.cache", "print the address of a page"]],
  async run({ args: [file], values, session }) {
    const { io, out } = session;
    const port = portOf(values.port);
    const path = session.file(file!);
    const store = session.store(path);
    // It brings in what lays out the treemap.
    const { startPage } = await import("../page/start_page.ts");
    // To ask for the signal is to take Ctrl+C from the process: not before there is something to stop.
    const { signal } = io;
    const page = startPage(store, { access: values["read-only"] ? "read" : "write", port, signal });
    const url = page.url.href;
    if (values.json) out.json({ file: path, url });
    // Not broken into lines: a terminal makes a link of it.
    else out.raw(url);
    try {
      out.flush();
    } catch (error) {
      // Nobody got to know where the page is.
      await page.close();
      throw error;
    }
    await page.finished;
    return EXIT.done;
  },
});

function portOf(text: string | undefined): number {
  const port = count("port", text) ?? 0;
  if (port <= 65535) return port;
  throw new UsageError(`Cannot use --port: expected a port, up to 65535: ${port}`);
}
