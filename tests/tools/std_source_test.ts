// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseStd, type StdSource } from "../../tools/std_source.ts";

const META = { scope: "std", name: "path", latest: "1.0.0", versions: { "1.0.0": {} } };

function chooseWith(env: Record<string, string>, patience = 5_000): Promise<StdSource> {
  return chooseStd({ env: (name) => env[name], patience });
}

/** Chooses beside a registry that answers as it is told. */
async function chooseBeside(answer: (request: Request) => Response): Promise<StdSource> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const source = await chooseWith({ JSR_URL: `http://127.0.0.1:${server.addr.port}` });
  await server.shutdown();
  return source;
}

function assertOffline(source: StdSource, reason: string): void {
  assertStringIncludes(source.message, `Using the offline stand-ins for @std (${reason}`);
  assert(source.importMap !== undefined);
  const { imports } = JSON.parse(Deno.readTextFileSync(source.importMap));
  assertEquals(imports["@std/path"], "./path.ts");
}

Deno.test("chooseStd() takes JSR when it serves", async () => {
  let asked = "";
  const source = await chooseBeside((request) => {
    asked = new URL(request.url).pathname;
    return Response.json(META);
  });
  assertEquals(source, { importMap: undefined, message: "Using @std from JSR" });
  assertEquals(asked, "/@std/path/meta.json");
});

Deno.test("chooseStd() takes the stand-ins when JSR refuses", async () => {
  for (const status of [403, 404, 407, 500]) {
    const source = await chooseBeside(() => new Response("no", { status }));
    assertOffline(source, `JSR can't be used: status ${status}`);
  }
});

Deno.test("chooseStd() takes the stand-ins when another site answers in JSR's place", async () => {
  const pages = ["<html>sign in</html>", "", "null", "[]", "5", JSON.stringify({ name: "path" })];
  for (const page of pages) {
    const source = await chooseBeside(() => new Response(page));
    assertOffline(source, "JSR can't be used: another site answers");
  }
  const redirected = await chooseBeside(({ url }) =>
    url.endsWith("/login") ? new Response("<html>") : Response.redirect(new URL("/login", url))
  );
  assertOffline(redirected, "JSR can't be used: another site answers");
});

Deno.test("chooseStd() takes the stand-ins when nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const source = await chooseWith({ JSR_URL: `http://127.0.0.1:${port}/` });
  assertOffline(source, "JSR can't be used: no connection");
});

Deno.test("chooseStd() takes the stand-ins when packets vanish", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const source = await chooseWith({ JSR_URL: `http://127.0.0.1:${listener.addr.port}/` }, 20);
  assertOffline(source, "JSR can't be used: no answer in 20 ms");
});

Deno.test("chooseStd() takes the stand-ins when an answer breaks off", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const choice = chooseWith({ JSR_URL: `http://127.0.0.1:${listener.addr.port}/` }, 200);
  using connection = await listener.accept();
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
  await connection.write(new TextEncoder().encode(head));
  assertOffline(await choice, "JSR can't be used: no answer in 200 ms");
});

Deno.test("chooseStd() asks nobody when the environment says which", async () => {
  const JSR_URL = "http://127.0.0.1:0/";
  assertEquals((await chooseWith({ PECAPIKU_STD: "jsr", JSR_URL })).importMap, undefined);
  assertOffline(await chooseWith({ PECAPIKU_STD: "offline", JSR_URL }), "PECAPIKU_STD");
  const own = await chooseWith({ PECAPIKU_IMPORT_MAP: "/own/map.json", PECAPIKU_STD: "jsr" });
  assertEquals(own.importMap, "/own/map.json");
});

Deno.test("chooseStd() throws a TypeError when PECAPIKU_STD is something else", async () => {
  await assertRejects(() => chooseWith({ PECAPIKU_STD: "npm" }), TypeError, "npm");
});
