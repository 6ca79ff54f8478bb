// Copyright 2026 the pecapiku authors. MIT license.

import type { VerifyReport } from "../errors/verify_report.ts";
import { formatBytes } from "../display/format.ts";
import { verify as verifyFile } from "../stores/verify.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { many } from "./_numbers.ts";
import type { Output } from "./_output.ts";

/** How many damaged ranges, and entries in doubt, are told. */
const MOST_TOLD = 20;

/** Checks every byte of a file. */
export const verify = command({
  name: "verify",
  usage: "FILE",
  args: [1, 1],
  summary: "check every byte of a file",
  details: [
    "Nothing is changed. The exit code is 1 if anything is damaged or in doubt; repair puts that right.",
    "--json gives the whole report, as verify() of @pecapiku/cache/stores has it.",
  ],
  options: {},
  examples: [["verify primes.cache", "what is live, dead and damaged"]],
  run({ args: [file], values, session }) {
    const report = verifyFile(session.file(file!));
    if (values.json) session.out.json(report);
    else writeReport(session.out, report);
    return report.isSound ? EXIT.done : EXIT.found;
  },
});

/** Writes what was found, for people. */
export function writeReport(out: Output, report: VerifyReport): void {
  const { live, dead, index, other, damaged, doubtful, unfinished } = report;
  out.facts([
    ["File", report.path],
    ["Size", `${formatBytes(report.size)}, format version ${report.formatVersion}`],
    ["Live", `${many(live.entries, "entry", "entries")}, ${formatBytes(live.bytes)}`],
    ["Dead", `${many(dead.records, "record")}, ${formatBytes(dead.bytes)}`],
    ["Index", formatBytes(index.bytes)],
    ["Other", formatBytes(other.bytes)],
    ["Unfinished", unfinished.bytes > 0 ? formatBytes(unfinished.bytes) : undefined],
    [
      "Damaged",
      damaged.count === 0
        ? "nothing"
        : `${many(damaged.count, "range")}, ${formatBytes(damaged.bytes)}, ${
          many(damaged.lostEntries, "entry", "entries")
        } known to be lost`,
    ],
    ["In doubt", doubtful.count > 0 ? many(doubtful.count, "entry", "entries") : undefined],
  ]);
  if (damaged.count > 0) out.line();
  for (const { offset, length, what, loses, digest, key } of damaged.ranges.slice(0, MOST_TOLD)) {
    const whose = key ?? digest?.slice(0, 16);
    out.line(
      `at ${offset}, ${formatBytes(length)}: ${what}, loses ${loses}${whose ? `: ${whose}` : ""}`,
      2,
    );
  }
  tellMore(out, damaged.count);
  if (doubtful.count > 0) out.line();
  for (const { digest, key } of doubtful.entries.slice(0, MOST_TOLD)) {
    out.line(`in doubt: ${key ?? digest}`, 2);
  }
  tellMore(out, doubtful.count);
}

function tellMore(out: Output, count: number): void {
  if (count > MOST_TOLD) out.line(`and ${many(count - MOST_TOLD, "other")} (--json has them)`);
}
