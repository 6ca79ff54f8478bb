// Copyright 2026 the pecapiku authors. MIT license.

import { deleteEntries, showDetails } from "./details.js";
import { formatBytes, formatDuration } from "../../display/format.ts";
import { ask, byId, element, formatCount, formatPlural, formatTime, visible } from "./dom.js";
import { showSelection, showTable } from "./table.js";
import { drawTreemap } from "./treemap.js";

// Runs in the browser: see `_assets.ts` for what may be in here.

/** Makes the page work. */
export function startClient() {
  const page = {
    query: {
      sort: "written",
      order: "descending",
      search: "",
      function: undefined,
      parts: false,
      offset: 0,
      limit: 100,
    },
    selected: new Set(),
    rows: [],
    lastOffset: 0,
    /** Counts what was asked for, so that an answer to an older question is not shown. */
    asked: 0,
    load: (options) => load(page, options),
    /** Asks for other rows. */
    change(query) {
      Object.assign(page.query, { offset: 0 }, query);
      return load(page);
    },
    /** Shows the entries of one function only, or of all. */
    filter: (name) => page.change({ function: name }),
    open: (digest) => showDetails(page, digest).catch(page.fail),
    say(text) {
      byId("said").textContent = text;
    },
    fail(error) {
      byId("problem").textContent = visible(error.message);
      byId("problem").hidden = false;
    },
  };
  listen(page);
  load(page, { redraws: true }).then(showDamage).catch(page.fail);
}

/** Shows what was asked for last. */
export async function load(page, { redraws = false } = {}) {
  const asked = ++page.asked;
  try {
    let data = await ask("entries", page.query);
    while (data.reading !== undefined && asked === page.asked) {
      const { done, total } = data.reading;
      byId("summary").textContent = `Reading: ${formatCount(done)} of ${
        formatCount(total)
      } entries`;
      await new Promise((resolve) => setTimeout(resolve, 300));
      data = await ask("entries", page.query);
    }
    if (asked !== page.asked) return;
    if (data.rows.length === 0 && data.found > 0) {
      // What was on this page is gone.
      const last = Math.floor((data.found - 1) / page.query.limit) * page.query.limit;
      return await page.change({ offset: last });
    }
    byId("problem").hidden = true;
    showSummary(data);
    showTable(page, data);
    if (redraws) await drawTreemap(page);
  } catch (error) {
    page.fail(error);
  }
}

/** Shows what all entries come to. */
export function showSummary(data) {
  const name = data.location.split(/[\\/]/).at(-1);
  document.title = `${visible(name)} - pecapiku`;
  byId("name").textContent = visible(name);
  byId("location").textContent = visible(data.location);
  byId("summary").textContent = [
    formatPlural(data.count - data.partCount, "entry", "entries"),
    ...(data.partCount > 0 ? [formatPlural(data.partCount, "part", "parts")] : []),
    `${formatBytes(data.bytes)} of values`,
    formatPlural(data.functionCount, "function", "functions"),
    ...(data.totals === undefined ? [] : totalsTexts(data.totals)),
  ].join(" \u00b7 ");
  showState(data.isCurrent);
  byId("read-at").textContent = `as of ${formatTime(data.readAt)}`;
  byId("unread").hidden = data.unread === 0;
  byId("unread").textContent = `${
    formatPlural(data.unread, "entry", "entries")
  } could not be read: damaged, or removed meanwhile.`;
}

/** What became of look-ups in all, as programs have told. */
export function totalsTexts({ hits, misses, savedMilliseconds }) {
  return [
    formatPlural(hits, "hit", "hits"),
    formatPlural(misses, "miss", "misses"),
    ...(savedMilliseconds > 0 ? [`${formatDuration(savedMilliseconds)} saved`] : []),
  ];
}

/** Shows whether the file is as it was read. */
export function showState(isCurrent) {
  byId("refresh").textContent = isCurrent ? "Refresh" : "Refresh: it has changed";
  byId("refresh").classList.toggle("due", !isCurrent);
}

/** Shows what of the file is damaged. Where that takes long, it has to be asked for. */
export async function showDamage(asked = undefined) {
  const { isChecked, isCheckable, findings } = await ask("damage", { asked });
  byId("check").hidden = isChecked || !isCheckable;
  byId("damage").hidden = findings.length === 0;
  byId("findings").replaceChildren(...findings.map((text) => element("li", {}, visible(text))));
  if (asked !== undefined && findings.length === 0) byId("said").textContent = "Nothing is damaged";
}

/** Listens to what a person does. */
export function listen(page) {
  for (const header of document.querySelectorAll("th[data-sort]")) {
    header.firstElementChild.addEventListener("click", () => {
      const { sort } = header.dataset;
      const first = sort === "key" || sort === "function" ? "ascending" : "descending";
      const other = page.query.order === "ascending" ? "descending" : "ascending";
      page.change({ sort, order: sort === page.query.sort ? other : first });
    });
  }
  let typing;
  byId("search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => page.change({ search: byId("search").value }), 200);
  });
  byId("filter").addEventListener("click", () => page.filter(undefined));
  byId("with-parts").addEventListener("change", (event) => {
    page.change({ parts: event.target.checked });
  });
  byId("select-all").addEventListener("change", (event) => {
    for (const { digest } of page.rows) {
      if (event.target.checked) page.selected.add(digest);
      else page.selected.delete(digest);
    }
    for (const box of document.querySelectorAll("#rows input")) box.checked = event.target.checked;
    showSelection(page);
  });
  const go = {
    first: () => 0,
    previous: () => page.query.offset - page.query.limit,
    next: () => page.query.offset + page.query.limit,
    last: () => page.lastOffset,
  };
  for (const [id, offset] of Object.entries(go)) {
    byId(id).addEventListener("click", () => {
      page.change({ offset: offset() });
      byId("toolbar").scrollIntoView({ block: "start" });
    });
  }
  byId("refresh").addEventListener("click", () => page.load({ redraws: true }));
  byId("check").addEventListener("click", () => {
    page.say("Checking\u2026");
    showDamage("").catch(page.fail);
  });
  byId("delete-selected").addEventListener("click", () => deleteEntries(page, [...page.selected]));
  byId("details-close").addEventListener("click", () => byId("details").close());
  let resizing;
  addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => drawTreemap(page).catch(page.fail), 200);
  });
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    ask("state").then(({ isCurrent }) => showState(isCurrent)).catch(page.fail);
  }, 5_000);
}
