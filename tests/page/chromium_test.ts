// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { putCall, putValue, Served, writeFile } from "./_served.ts";

const CHROMIUM = "/usr/bin/chromium";

const HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
const ESCAPES = "\x1b[31m\x07\u202etxt.exe";

const isThere = await Deno.stat(CHROMIUM).then(() => true, () => false);
if (!isThere) console.log(`Skipped: the tests of the page in a browser, there is no ${CHROMIUM}`);

/** 250 calls, and hostile entries. */
function changes() {
  return [
    ...Array.from(
      { length: 250 },
      (_, n) =>
        putCall(n, n % 2 === 0 ? "even" : "odd", `${n}`, "v".repeat(n), { writtenAt: n * 1_000 }),
    ),
    putValue(300, HOSTILE, HOSTILE, { writtenAt: 300_000 }),
    putCall(301, ESCAPES, ESCAPES, `${ESCAPES}\nsecond line`, { writtenAt: 301_000 }),
    putCall(302, HOSTILE, HOSTILE, { [HOSTILE]: HOSTILE }, { writtenAt: 302_000 }),
  ];
}

type Step = (context: BrowserContext, served: Served, path: string) => Promise<void>;

/** What is tested. */
const steps: [name: string, step: Step][] = [];

/** Adds a test, with a page of a file of its own. */
function browserTest(name: string, step: Step): void {
  steps.push([name, step]);
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens the page, and notes what goes wrong in it. */
async function open(context: BrowserContext, url: URL): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("dialog", (dialog) => {
    errors.push(dialog.message());
    dialog.dismiss();
  });
  await page.goto(url.href);
  await page.waitForSelector("#map svg");
  return { page, errors };
}

function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

/** Does something, and waits for the rows that it leads to. */
async function rowsAfter(page: Page, step: () => Promise<unknown>): Promise<string[]> {
  const answered = page.waitForResponse((response) => response.url().includes("/api/entries?"));
  await step();
  const { rows } = await (await answered).json();
  const first = rows[0]?.digest;
  await page.waitForFunction(
    "([first, count]) => {" +
      "const rows = document.querySelectorAll('#rows tr');" +
      "return rows.length === count && rows[0]?.dataset.digest === first; }",
    [first, rows.length],
  );
  return await texts(page, "#rows td.key");
}

browserTest(
  "the page shows, sorts, searches, filters and pages entries",
  async (context, served) => {
    const { page, errors } = await open(context, served.page.url);
    assertEquals(await page.title(), "a.cache - pecapiku");
    assert((await page.textContent("#summary"))!.startsWith("253 entries"));
    assertEquals((await texts(page, "#rows td.key")).length, 100);
    assertEquals(await page.textContent("#range"), "1 to 100 of 253");

    const bySize = await rowsAfter(page, () => page.click("th[data-sort=size] button"));
    assertEquals(await page.getAttribute("th[data-sort=size]", "aria-sort"), "descending");
    assertEquals(await page.getAttribute("th[data-sort=written]", "aria-sort"), "none");
    assert(bySize.slice(0, 5).includes("odd(249)"), bySize.slice(0, 5).join());
    const back = await rowsAfter(page, () => page.click("th[data-sort=size] button"));
    assertEquals(await page.getAttribute("th[data-sort=size]", "aria-sort"), "ascending");
    assertEquals(back[0], "even(0)");

    await rowsAfter(page, () => page.click("#last"));
    assertEquals(await page.textContent("#range"), "201 to 253 of 253");
    assert(await page.isDisabled("#next"));
    await rowsAfter(page, () => page.click("#previous"));
    assertEquals(await page.textContent("#range"), "101 to 200 of 253");

    const found = await rowsAfter(page, () => page.fill("#search", "EVEN 24"));
    assertEquals(
      found.sort(),
      ["even(124)", "even(224)", "even(24)", "even(240)", "even(242)"].concat(
        ["even(244)", "even(246)", "even(248)"],
      ),
    );
    assertEquals(await rowsAfter(page, () => page.fill("#search", "nothing like it")), []);
    assert(await page.isVisible("#nothing"));
    await rowsAfter(page, () => page.fill("#search", ""));

    // By the keyboard.
    await page.focus("#map .head[aria-label^='Show only odd']");
    const odd = await rowsAfter(page, () => page.keyboard.press("Enter"));
    assert(odd.every((key) => key.startsWith("odd(")));
    assertEquals(await page.textContent("#range"), "1 to 100 of 125");
    await rowsAfter(page, () => page.click("#filter"));
    await page.focus("#rows tr:first-child td.key button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#details[open]");
    await page.keyboard.press("Escape");
    assertEquals(await page.locator("#details[open]").count(), 0);
    assertEquals(errors, []);
  },
);

browserTest(
  "the page runs nothing of what is in entries, and shows controls",
  async (context, served) => {
    const { page, errors } = await open(context, served.page.url);
    const keys = await texts(page, "#rows td.key");
    assertEquals(keys[0], `${HOSTILE}(${HOSTILE})`);
    assertEquals(keys[1], "␛[31m␇⟨U+202E⟩txt.exe(␛[31m␇⟨U+202E⟩txt.exe)");
    for (const row of [1, 2, 3]) {
      await page.click(`#rows tr:nth-child(${row}) td.key button`);
      await page.waitForSelector("#details[open]");
      const value = await page.textContent("#details-value");
      if (row === 2) assertEquals(value, "␛[31m␇⟨U+202E⟩txt.exe\nsecond line");
      else assert(value!.includes("<script>"), value!);
      await page.click("#details-close");
    }
    await rowsAfter(page, () => page.fill("#search", "<script>"));
    await rowsAfter(page, () => page.click("#rows tr:first-child td.function button"));
    assertEquals(await page.locator("script").count(), 1);
    assertEquals(await page.locator("img").count(), 0);
    assertEquals(await page.title(), "a.cache - pecapiku");
    assertEquals(errors, []);
  },
);

browserTest(
  "the page deletes entries from the file once that is confirmed",
  async (context, served, path) => {
    const { page, errors } = await open(context, served.page.url);
    const left = () => {
      const store = new LogStore(path);
      const { size } = store;
      store.close();
      return size;
    };
    await rowsAfter(page, () => page.fill("#search", "even(2)"));
    await page.click("#rows td.key button");
    await page.waitForSelector("#details[open]");
    await page.click("#details-delete");
    await page.click("#confirm button[value='']");
    assertEquals(left(), 253);
    await page.click("#details-delete");
    assertEquals(await rowsAfter(page, () => page.click("#confirm button[value=delete]")), []);
    const store = new LogStore(path);
    assertEquals([store.size, store.has(digestOf(2))], [252, false]);
    store.close();

    await rowsAfter(page, () => page.fill("#search", "odd(7"));
    await page.check("#select-all");
    assertEquals(await page.textContent("#delete-selected"), "Delete 6");
    await page.click("#delete-selected");
    assertEquals(await rowsAfter(page, () => page.click("#confirm button[value=delete]")), []);
    assertEquals(left(), 246);
    assertEquals(await page.textContent("#said"), "6 entries deleted");
    assertEquals(errors, []);
  },
);

browserTest(
  "the page is nothing without its token, and to other sites",
  async (context, served) => {
    const { url } = served.page;
    const page = await context.newPage();
    for (const path of ["/", `/${"A".repeat(43)}/`, "/api/entries?offset=0&limit=1"]) {
      const response = await page.goto(url.origin + path).catch((error) => error);
      // A browser may show an error of its own in the place of an answer without content.
      assert(!("status" in response) || response.status() === 404);
      const text = await page.textContent("body");
      assert(!text!.includes("pecapiku") && !text!.includes("even("));
    }

    // Another site that even knows the token.
    await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      return new Response("<!doctype html><title>other</title>", {
        headers: { "content-type": "text/html" },
      });
    });
    const digests = JSON.stringify({ digests: [digestOf(2)] });
    for (const host of ["127.0.0.1", "localhost"]) {
      await page.goto(`http://${host}:${other.addr.port}/`);
      // Framed, it would let another site lead a person's clicks. The page may know before we are told.
      const refused = page.waitForEvent("framenavigated", {
        predicate: (frame) => frame.url().startsWith("chrome-error:"),
      });
      const seen = await page.evaluate(
        `(async ([url, body]) => {
        const seen = [];
        const ask = async (path, init) => {
          try {
            const response = await fetch(url + path, init);
            seen.push(response.type + response.status + await response.text());
          } catch {
            seen.push("refused");
          }
        };
        await ask("api/entries?offset=0&limit=1");
        await ask("api/entries?offset=0&limit=1", { mode: "no-cors" });
        for (const type of ["application/json", "text/plain"]) {
          const headers = { "content-type": type };
          await ask("api/delete", { method: "POST", headers, body });
          await ask("api/delete", { method: "POST", headers, body, mode: "no-cors" });
        }
        const frame = document.createElement("iframe");
        frame.src = url;
        const loaded = new Promise((resolve) => frame.onload = resolve);
        document.body.append(frame);
        await loaded;
        try {
          seen.push("frame " + frame.contentDocument?.body.textContent);
        } catch {
          seen.push("frame refused");
        }
        return seen;
      })(${JSON.stringify([url.href, digests])})`,
      ) as string[];
      assertEquals(seen.length, 7);
      await refused;
      for (const text of seen) {
        assert(
          ["refused", "opaque0", "frame undefined", "frame null", "frame refused"].includes(text),
          text,
        );
      }
      assertEquals((await served.rows()).count, 253);
    }
  },
);

browserTest(
  "the page shows streams, and what was counted",
  async (context, served, path) => {
    const store = new LogStore(path);
    store.count([{
      ...{ functionName: "spell", hits: 1, misses: 2, stores: 0, evictions: 0 },
      savedMilliseconds: 65_000,
    }]);
    const spell = CacheDict.decorate(function* spell(word: string) {
      yield* word;
      return HOSTILE;
    }, { store });
    assertEquals([...spell("ab")], ["a", "b"]);
    const { page, errors } = await open(context, served.page.url);
    assert((await page.textContent("#summary"))!.endsWith("1 hit · 2 misses · 1 m 5 s saved"));
    assertEquals((await texts(page, "#rows tr:first-child td.number"))[0], "stream");
    await page.click("#rows tr:first-child td.key button");
    await page.waitForSelector("#details[open]");
    const fields = await page.textContent("#details-fields");
    assert(fields!.includes("Stream2 chunks of a generator, and what it returned"), fields!);
    assertEquals(
      await page.textContent("#details-value"),
      `[0] "a"\n[1] "b"\nreturned ${Deno.inspect(HOSTILE)}\n`,
    );
    assertEquals(await page.textContent("#details-note"), "");
    assertEquals(errors, []);
  },
);

Deno.test({
  name: "startPage() serves a page that works and is safe in Chromium",
  ignore: !isThere,
  // The driver of the browser keeps what it uses until the browser is closed, and some of it longer.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(test) {
    const browser = await launch();
    try {
      for (const [name, step] of steps) {
        await test.step(name, () =>
          withDirectory(async (directory) => {
            const path = `${directory}/a.cache`;
            await using served = new Served(writeFile(path, changes()));
            const context = await browser.newContext();
            await step(context, served, path);
            await context.close();
          }));
      }
    } finally {
      await browser.close();
    }
  },
});
