// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { digestOf } from "../stores/_changes.ts";
import { putValue, sendRaw, Served } from "./_served.ts";

function filled(): MemoryStore {
  const store = new MemoryStore();
  store.commit([putValue(1, "secret key", "secret value")]);
  return store;
}

Deno.test("startPage() gives an address on 127.0.0.1 with a token of 256 bits, another one each time", async () => {
  await using one = new Served(filled());
  await using two = new Served(filled());
  assertMatch(one.page.url.href, /^http:\/\/127\.0\.0\.1:\d+\/[A-Za-z0-9_-]{43}\/$/);
  assert(one.page.url.pathname !== two.page.url.pathname);
});

Deno.test("startPage() answers who does not know the token with nothing, whatever is asked for", async () => {
  await using served = new Served(filled());
  const { origin, pathname } = served.page.url;
  const token = pathname.slice(1, -1);
  const wrong = [
    "",
    "A".repeat(43),
    token.slice(0, -1),
    `${token}A`,
    `${token.slice(0, -1)}${token.endsWith("A") ? "E" : "A"}`,
    token.toLowerCase(),
    `x/${token}`,
    `%00${token}`,
  ];
  const heads = new Set<string>();
  for (const given of wrong) {
    for (
      const path of ["", "page.js", "api/entries?offset=0&limit=1", "api/delete", "favicon.ico"]
    ) {
      for (const method of ["GET", "POST", "PUT"]) {
        const response = await fetch(`${origin}/${given}/${path}`, { method });
        assertEquals([response.status, await response.text()], [404, ""]);
        heads.add([...response.headers.keys()].join());
      }
    }
  }
  for (const path of ["", "/", `/${token}`, "/favicon.ico", "/api/entries", "//"]) {
    const response = await fetch(`${origin}${path}`, { redirect: "manual" });
    assertEquals([path, response.status, await response.text()], [path, 404, ""]);
  }
  assertEquals(heads.size, 1);
});

Deno.test("startPage() answers no request to another host name, with the token as well", async () => {
  await using served = new Served(filled());
  const { url } = served.page;
  const send = (...hosts: string[]) =>
    sendRaw(url, [`GET ${url.pathname} HTTP/1.1`, ...hosts.map((host) => `Host: ${host}`)]);
  for (
    const host of [
      `evil.example:${url.port}`,
      "evil.example",
      "127.0.0.1",
      "127.0.0.1:1",
      `127.0.0.1.evil.example:${url.port}`,
      `[::1]:${url.port}`,
      `0.0.0.0:${url.port}`,
      "",
    ]
  ) {
    const { status, body } = await send(host);
    assert(status === 403 || status === 400, `${host}: ${status}`);
    assert(!body.includes("html"), host);
  }
  assertEquals((await send(`127.0.0.1:${url.port}`)).status, 200);
  assertEquals((await send(`localhost:${url.port}`)).status, 200);
  // Of two names none counts.
  assert((await send(`127.0.0.1:${url.port}`, "evil.example")).status >= 400);
});

Deno.test("startPage() answers no other site, but to a visit by a link", async () => {
  await using served = new Served(filled());
  const { origin } = served.page.url;
  const entries = "api/entries?offset=0&limit=1";
  const refused: [string, string, Record<string, string>][] = [
    ["GET", entries, { origin: "http://evil.example" }],
    ["GET", entries, { origin: "null" }],
    ["GET", entries, { origin: origin.replace("127.0.0.1", "localhost") }],
    ["GET", entries, { "sec-fetch-site": "cross-site" }],
    ["GET", entries, { "sec-fetch-site": "same-site" }],
    ["GET", "page.js", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["GET", "", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" }],
    ["POST", "", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
  ];
  for (const [method, path, headers] of refused) {
    const response = await served.fetch(path, { method, headers });
    assertEquals([path, headers, response.status], [path, headers, 403]);
    assert(!(await response.text()).includes("secret"));
  }
  for (const headers of [{ origin: "http://evil.example" }, { "sec-fetch-site": "same-site" }]) {
    const response = await served.delete([digestOf(1)], headers);
    assertEquals(response.status, 403);
    await response.body?.cancel();
  }
  assertEquals((await served.rows()).count, 1);

  const visit = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  const page = await served.fetch("", { headers: visit });
  assertEquals(page.status, 200);
  await page.body?.cancel();
  const own = await served.delete([digestOf(1)], { origin, "sec-fetch-site": "same-origin" });
  assertEquals(await own.json(), { deleted: 1, parts: 0 });
});

Deno.test("startPage() answers only to the method that belongs to a thing", async () => {
  await using served = new Served(filled());
  const cases: [string, string][] = [
    ["GET", "api/delete"],
    ["POST", "api/entries?offset=0&limit=1"],
    ["POST", `api/entry?digest=${digestOf(1)}`],
    ["DELETE", `api/entry?digest=${digestOf(1)}`],
    ["PUT", "api/delete"],
    ["OPTIONS", "api/delete"],
    ["PATCH", ""],
  ];
  for (const [method, path] of cases) {
    const response = await served.fetch(path, { method });
    assertEquals([method, path, response.status], [method, path, 405]);
    assertEquals(response.headers.get("access-control-allow-origin"), null);
    await response.body?.cancel();
  }
  assertEquals((await served.rows()).count, 1);
});

Deno.test("startPage() forbids the page all that it does not need, and tells nobody its address", async () => {
  await using served = new Served(filled());
  for (
    const path of ["", "page.js", "page.css", "icon.svg", "api/state", "nothing", "api/nothing"]
  ) {
    const response = await served.fetch(path);
    await response.body?.cancel();
    const policy = response.headers.get("content-security-policy") ?? "";
    assert(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), path);
    assert(policy.includes("frame-ancestors 'none'") && policy.includes("base-uri 'none'"), path);
    assert(!policy.includes("unsafe"), path);
    for (
      const [name, value] of [
        ["cache-control", "no-store"],
        ["referrer-policy", "no-referrer"],
        ["x-content-type-options", "nosniff"],
        ["cross-origin-resource-policy", "same-origin"],
        ["access-control-allow-origin", null],
        ["set-cookie", null],
      ] as const
    ) assertEquals([path, name, response.headers.get(name)], [path, name, value]);
  }
});

Deno.test("startPage() serves a page that loads nothing from elsewhere", async () => {
  await using served = new Served(filled());
  for (const path of ["", "page.js", "page.css"]) {
    const text = await (await served.fetch(path)).text();
    const urls = text.match(/\w+:\/\/[^\s"'`]+/g) ?? [];
    assertEquals(urls.filter((url) => !url.startsWith("http://www.w3.org/")), []);
    assert(!text.includes(served.page.url.pathname));
  }
  assert(!(await (await served.fetch("page.js")).text()).includes("innerHTML"));
});
