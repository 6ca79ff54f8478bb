// Copyright 2026 the pecapiku authors. MIT license.

import { formatAge, formatBytes, formatDuration } from "../../display/format.ts";
import { byId, element, formatCount, formatPlural, formatTime, visible } from "./dom.js";

// Runs in the browser: see `_assets.ts` for what may be in here.

/** Shows rows in the table, and what belongs to it. */
export function showTable(page, data) {
  const { rows, found, offset } = data;
  page.rows = rows;
  for (const header of document.querySelectorAll("th[data-sort]")) {
    const isSorted = header.dataset.sort === page.query.sort;
    header.setAttribute("aria-sort", isSorted ? page.query.order : "none");
  }
  byId("rows").replaceChildren(...rows.map((row) => makeRow(page, row)));
  byId("nothing").hidden = rows.length > 0;
  byId("nothing").textContent = data.count === 0
    ? "There are no entries."
    : "No entry is like that.";
  const last = Math.max(0, Math.ceil(found / page.query.limit) - 1);
  const at = Math.floor(offset / page.query.limit);
  byId("range").textContent = found === 0
    ? ""
    : `${formatCount(offset + 1)} to ${formatCount(offset + rows.length)} of ${formatCount(found)}`;
  page.lastOffset = last * page.query.limit;
  for (const id of ["first", "previous"]) byId(id).disabled = at === 0;
  for (const id of ["next", "last"]) byId(id).disabled = at >= last;
  byId("pager").hidden = last === 0;
  const isFiltered = page.query.function !== undefined;
  byId("filter").hidden = !isFiltered;
  byId("filter-name").textContent = isFiltered ? visible(page.query.function) || "no function" : "";
  byId("parts").hidden = data.partCount === 0;
  byId("parts-label").textContent = `with ${
    formatPlural(data.partCount, "part", "parts")
  } of results`;
  document.body.classList.toggle("read-only", !data.mayDelete);
  showSelection(page);
}

/** Makes a row of the table. */
export function makeRow(page, row) {
  const key = visible(row.key);
  const select = element("input", {
    type: "checkbox",
    "aria-label": `Select ${key}`,
    change() {
      if (this.checked) page.selected.add(row.digest);
      else page.selected.delete(row.digest);
      showSelection(page);
    },
  });
  select.checked = page.selected.has(row.digest);
  const name = visible(row.functionName);
  const filter = () => page.filter(row.functionName);
  return element(
    "tr",
    { "data-digest": row.digest },
    element("td", { class: "select" }, select),
    element(
      "td",
      { class: "key" },
      element(
        "button",
        { type: "button", class: "link", click: () => page.open(row.digest) },
        element("bdi", {}, key),
      ),
    ),
    element(
      "td",
      { class: "function" },
      name === "" ? "" : element(
        "button",
        { type: "button", class: "link", title: "Show only these", click: filter },
        element("bdi", {}, name),
      ),
    ),
    // The chunks of a stream are entries of their own: its details add them up.
    element("td", { class: "number" }, row.isStream ? "stream" : formatBytes(row.size)),
    element(
      "td",
      { class: "number", title: formatTime(row.writtenAt) },
      formatAge(Date.now() - (row.writtenAt ?? NaN)),
    ),
    element("td", { class: "number duration" }, formatDuration(row.duration)),
  );
}

/** Shows what is selected. */
export function showSelection(page) {
  const count = page.selected.size;
  byId("delete-selected").disabled = count === 0;
  byId("delete-selected").textContent = count === 0 ? "Delete" : `Delete ${formatCount(count)}`;
  const onPage = page.rows.filter(({ digest }) => page.selected.has(digest)).length;
  byId("select-all").checked = onPage > 0 && onPage === page.rows.length;
  byId("select-all").indeterminate = onPage > 0 && onPage < page.rows.length;
}
