// Copyright 2026 the pecapiku authors. MIT license.

import { type CacheDirChoice, explainCacheDir } from "../config/config.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { placesOf } from "./_session.ts";

/** Tells the cache directory. */
export const where = command({
  name: "where",
  usage: "[FILE]",
  args: [0, 1],
  summary: "tell the cache directory, and why it is that one",
  details: [
    "A FILE that is a relative path is, in all commands, one in the current directory, or else one in the cache directory, as it is in a " +
    "program. where FILE tells which one is meant. A path that begins with a dot is in the current directory only.",
    "A program that is granted more than this command may use another directory: access to environment variables (--allow-env) counts.",
    "--json gives directory, reason, variable, notGranted, and of FILE the places in which it is looked for.",
  ],
  options: {},
  examples: [
    ["where", "the cache directory of programs that are run from here"],
    ["where primes.cache", "which file the name leads to"],
  ],
  run({ args: [given], values, session }) {
    const { out } = session;
    const choice = explainCacheDir();
    const places = given === undefined ? [] : placesOf(given);
    const found = given === undefined ? undefined : session.find(given);
    if (values.json) {
      const { path, reason, variable, notGranted } = choice;
      const directory = { directory: path, reason, variable: variable ?? null, notGranted };
      out.json(given === undefined ? directory : { ...directory, file: found, places });
      return EXIT.done;
    }
    if (found !== undefined) {
      out.line(found);
      return EXIT.done;
    }
    out.line(choice.path);
    out.line();
    out.line(`It is ${reasonOf(choice)}.`);
    if (choice.notGranted.length > 0) {
      const names = choice.notGranted.join(", ");
      out.line(
        `Not looked at, since access is not granted (--allow-env): ${names}. A program that is granted it may use another directory.`,
      );
    }
    return EXIT.done;
  },
});

function reasonOf({ reason, variable }: CacheDirChoice): string {
  switch (reason) {
    case "set":
      return "what config.setCacheDir was told";
    case "variable":
      return `what the environment variable ${variable} says`;
    case "local folder":
      return "a folder .pecapiku in the current directory, which is there";
    case "user":
      return `in the user's cache directory of the system, by the environment variable ${variable}`;
    case "fallback":
      return "a folder .pecapiku in the current directory, since no other place is known";
  }
}
