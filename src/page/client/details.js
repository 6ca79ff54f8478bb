// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes, formatDuration } from "../../display/format.ts";
import {
  ask,
  askToDelete,
  byId,
  element,
  formatCount,
  formatPlural,
  formatTime,
  visible,
} from "./dom.js";

// Runs in the browser: see `_assets.ts` for what may be in here.

/** Shows an entry in a dialog. */
export async function showDetails(page, digest) {
  const entry = await ask("entry", { digest });
  const { value } = entry;
  const { stream } = value;
  const size = `${formatBytes(entry.size)} (${formatPlural(entry.size, "byte", "bytes")})`;
  const fields = [
    ["Function", visible(entry.functionName) || "none"],
    ["Size", stream?.size ?? size],
    ...(stream === undefined ? [] : [["Stream", stream.what]]),
    ["Written", formatTime(entry.writtenAt)],
    ["Took", entry.duration > 0 ? formatDuration(entry.duration) : "not known"],
    ["Async", entry.promised ? "yes" : "no"],
    ["Codec", visible(entry.codec)],
    ["Digest", entry.digest],
  ];
  byId("details-key").textContent = visible(entry.key);
  byId("details-fields").replaceChildren(
    ...fields.flatMap(([name, text]) => [
      element("dt", {}, name),
      element("dd", {}, element("bdi", {}, text)),
    ]),
  );
  const isThere = value.problem === undefined;
  byId("details-value").hidden = !isThere;
  byId("details-value").textContent = isThere ? visible(value.text, true) : "";
  byId("details-note").textContent = isThere
    ? [
      value.isPlain ? "A text, as it is." : "",
      stream?.problem === undefined ? "" : `Not all of it is there: ${stream.problem}.`,
      value.left > 0 ? `${formatCount(value.left)} more characters are not shown.` : "",
    ].join(" ").trim()
    : `There is no value to see: ${visible(value.problem)}.`;
  byId("details-delete").onclick = async () => {
    if (await deleteEntries(page, [digest])) byId("details").close();
  };
  byId("details").showModal();
  byId("details-body").scrollTop = 0;
}

/** Asks whether to delete entries, and does it. Gives whether they are gone. */
export async function deleteEntries(page, digests) {
  if (!await isConfirmed(digests.length)) return false;
  try {
    const { deleted } = await askToDelete(digests);
    for (const digest of digests) page.selected.delete(digest);
    page.say(`${formatPlural(deleted, "entry", "entries")} deleted`);
    return true;
  } catch (error) {
    page.fail(error);
    return false;
  } finally {
    page.load({ redraws: true });
  }
}

/** Asks whether to delete entries. */
export function isConfirmed(count) {
  const dialog = byId("confirm");
  byId("confirm-question").textContent = `Delete ${formatPlural(count, "entry", "entries")}?`;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), {
      once: true,
    });
  });
}
