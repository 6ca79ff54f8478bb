// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes } from "../display/format.ts";
import { repair as repairFile } from "../stores/repair.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { many } from "./_numbers.ts";
import { writeReport } from "./verify.ts";

/** Repairs a file. */
export const repair = command({
  name: "repair",
  usage: "FILE",
  args: [1, 1],
  summary: "keep what is good of a damaged file, and set the rest aside",
  details: [
    "What is damaged or in doubt goes to a file beside it, named FILE.damaged-…; nothing is thrown away. A file without damage is left as it is.",
    "--json gives the whole report, as repair() of @pecapiku/cache/stores has it. Needs --allow-write for the directory.",
  ],
  options: {},
  examples: [["repair primes.cache", "repair it, and tell what was lost"]],
  run({ args: [file], values, session }) {
    const { out } = session;
    const report = repairFile(session.file(file!));
    if (values.json) {
      out.json({ ...report, asidePath: report.asidePath ?? null });
      return EXIT.done;
    }
    if (!report.isChanged) {
      out.line(`Nothing to repair: ${report.path}`);
      return EXIT.done;
    }
    writeReport(out, report.before);
    out.line();
    out.line(`Repaired: ${many(report.after.live.entries, "entry", "entries")} kept.`);
    if (report.asidePath !== undefined) {
      out.line(`${formatBytes(report.asideBytes)} set aside in ${report.asidePath}`);
    }
    return EXIT.done;
  },
});
