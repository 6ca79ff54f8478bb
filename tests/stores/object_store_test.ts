// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AwsClient } from "aws4fetch";
import { CacheError } from "../../src/errors/cache_error.ts";
import { OBJECT_CLIENT, objectStore } from "../../src/stores/object_store.ts";
import type {
  ObjectClientLike,
  ObjectStoreOptions,
} from "../../src/stores/object_store_options.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { importMapArguments } from "../_deno.ts";
import { digestOf, noise, put, remove, valueOf } from "./_changes.ts";
import { ObjectServer } from "./_object_server.ts";

let server: ObjectServer;
let aws: AwsClient;
let prefixes = 0;
Deno.test.beforeAll(async () => {
  server = await ObjectServer.start();
  aws = new AwsClient({
    accessKeyId: "S3RVER",
    secretAccessKey: "S3RVER",
    service: "s3",
    region: "us-east-1",
    retries: 0,
  });
});
Deno.test.afterAll(() => server[Symbol.asyncDispose]());

/** Registers a test that may leave a connection open for the next one. */
function serverTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Sends a request as the tests would. */
const send: Send = (url, init) => aws.fetch(url, init);

/** A store whose requests go through a function. */
function over(fetch: Send, options: Partial<ObjectStoreOptions> = {}) {
  const { bucket, endpoint } = server.options;
  const client: ObjectClientLike = { fetch };
  return objectStore({ bucket, endpoint, client, prefix: `${prefixes++}/`, ...options });
}

/** Adds what the server does not have: conditions of a PUT, and what else happens just before one. */
function conditional(before: (url: string) => Promise<void> = async () => {}): Send {
  return async (url, init) => {
    if (init.method !== "PUT") return await send(url, init);
    await before(url);
    const headers = new Headers(init.headers);
    const head = await send(url, { method: "HEAD" });
    const tag = head.status === 200 ? head.headers.get("ETag") : null;
    const wanted = headers.get("If-Match");
    if (headers.get("If-None-Match") === "*" ? tag !== null : wanted !== null && tag !== wanted) {
      return new Response(null, { status: 412 });
    }
    return await send(url, init);
  };
}

const LATER = { writtenAt: 1_800_000_000_000 };

Deno.test("objectStore() loads the client that the tests are run with", () => {
  const text = Deno.readTextFileSync(new URL("../../deno.json", import.meta.url));
  assertEquals(OBJECT_CLIENT, JSON.parse(text).imports.aws4fetch);
});

serverTest("objectStore() needs no permission but that of the network", async () => {
  const source = `
    import { objectStore } from ${JSON.stringify(import.meta.resolve("../../src/stores/mod.ts"))};
    const store = objectStore(${JSON.stringify({ ...server.options, prefix: "permission/" })});
    console.log(await store.count(), await store.get("0".repeat(64)));`;
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/main.ts`, source);
    const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--no-config", `--allow-net=${new URL(server.endpoint).host}`],
        ...importMapArguments(),
        `${directory}/main.ts`,
      ],
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout),
      "0 undefined\n",
      new TextDecoder().decode(stderr),
    );
    assertEquals(code, 0);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

serverTest("objectStore() keeps an entry in one object under prefix and digest", async () => {
  const store = over(send, { prefix: "here/it-is." });
  await store.commit([put(1, [noise(10, 1), noise(3_000_000, 2)])]);
  assertEquals((await send(`${store.location}${digestOf(1)}`, { method: "HEAD" })).status, 200);
  assertEquals(store.location, `${server.endpoint}/test/here/it-is.`);
  assertEquals((await store.get(digestOf(1)))!.parts[1], noise(3_000_000, 2));
});

/** Gives lists of objects in pages of three: this server can't under Deno, where the cipher of its tokens is not to be had. */
function inPages(tokens: (string | null)[]): Send {
  return async (url, init) => {
    const { searchParams } = new URL(url);
    if (!searchParams.has("list-type")) return await send(url, init);
    const token = searchParams.get("continuation-token");
    tokens.push(token);
    const whole = new URL(url);
    whole.searchParams.delete("continuation-token");
    const text = await (await send(whole.href, init)).text();
    const items = text.match(/<Contents>.*?<\/Contents>/gs) ?? [];
    const from = Number(token?.slice(2) ?? 0);
    const next = `<NextContinuationToken>&lt;&#38;${from + 3}</NextContinuationToken>`;
    const end = from + 3 < items.length ? `<IsTruncated>true</IsTruncated>${next}` : "";
    return new Response(`<ListBucketResult>${items.slice(from, from + 3).join("")}${end}`);
  };
}

serverTest("objectStore() lists its own objects only, page by page", async () => {
  const tokens: (string | null)[] = [];
  const store = over(inPages(tokens), { prefix: "pages/" });
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  await store.commit(numbers.map((number) => put(number, "x")));
  for (const name of ["readme.txt", `sub/${digestOf(8)}`, `${digestOf(9)}.old`, "0"]) {
    await send(`${store.location}${name}`, { method: "PUT", body: "theirs" });
  }
  assertEquals(await store.count(), 7);
  assertEquals(tokens, [null, "<&3", "<&6", "<&9"]);
  const infos = await Array.fromAsync(store.entries());
  assertEquals(infos.map(({ digest }) => digest), numbers.map(digestOf));
});

Deno.test("objectStore() rejects when a list goes on without end, or does not say where", async () => {
  for (const next of ["", "<NextContinuationToken>5</NextContinuationToken>"]) {
    const text = `<ListBucketResult><IsTruncated>true</IsTruncated>${next}</ListBucketResult>`;
    const client = { fetch: () => Promise.resolve(new Response(text)) };
    const store = objectStore({ bucket: "test", client });
    await assertRejects(() => store.count(), CacheError, "does not say where");
  }
});

Deno.test("objectStore() takes an object without bytes for damaged where there is no beginning of it", async () => {
  using warnings = collectWarnings();
  const client = { fetch: () => Promise.resolve(new Response(null, { status: 416 })) };
  assertEquals(await objectStore({ bucket: "test", client }).has(digestOf(1)), false);
  assertEquals(warnings.lines.length, 1);
});

serverTest(
  "objectStore() finds nothing in an object that is damaged or somebody else's, and warns once",
  async () => {
    const store = over(send);
    const change = put(1, [noise(30, 1), noise(50, 2)]);
    const url = `${store.location}${change.digest}`;
    await store.commit([change, put(2, "two")]);
    const bytes = new Uint8Array(await (await send(url, { method: "GET" })).arrayBuffer());
    const theirs = new Uint8Array(
      await (await send(`${store.location}${digestOf(2)}`, {
        method: "GET",
      })).arrayBuffer(),
    );
    using warnings = collectWarnings();
    const damages: Uint8Array<ArrayBuffer>[] = [
      new Uint8Array(),
      bytes.slice(0, 20),
      bytes.slice(0, -1),
      new Uint8Array([...bytes, 0]),
      new TextEncoder().encode("Something else altogether"),
      theirs,
    ];
    for (let at = 0; at < bytes.length; at += 9) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1;
      damages.push(damaged);
    }
    for (const damaged of damages) {
      await (await send(url, { method: "PUT", body: damaged })).body?.cancel();
      assertEquals(await store.get(change.digest), undefined);
    }
    // (This server can't give the beginning of an object without bytes.)
    for (const damaged of damages.slice(1, 6)) {
      await (await send(url, { method: "PUT", body: damaged })).body?.cancel();
      assertEquals(await store.has(change.digest), false);
      assertEquals(await store.getMany!([change.digest, digestOf(2)]), [
        undefined,
        valueOf(put(2, "two")),
      ]);
    }
    assertEquals(warnings.lines, [
      `Found what is no undamaged entry, it counts as not cached: ${
        url.slice(server.endpoint.length + 6)
      }: ${store.location}`,
    ]);
    await store.commit([change]);
    assertEquals(await store.get(change.digest), valueOf(change));
  },
);

serverTest("objectStore() sees by the next call what another store has committed", async () => {
  const prefix = `two${prefixes++}/`;
  const stores = [over(send, { prefix }), over(send, { prefix })] as const;
  for (let number = 0; number < 6; number++) {
    const [writer, reader] = [stores[number % 2]!, stores[1 - number % 2]!];
    const last = put(1000, `last ${number}`);
    await writer.commit([put(number, `${number}`), last]);
    assertEquals(await reader.get(last.digest), valueOf(last));
    assertEquals((await reader.info(last.digest))?.byteLength, 6);
    assertEquals(await reader.count(), number + 2);
  }
  await stores[0].commit([remove(1000), remove(5)]);
  assertEquals(await stores[1].has(digestOf(1000)), false);
  assertEquals(await stores[1].get(digestOf(5)), undefined);
  assertEquals(await stores[1].count(), 5);
});

serverTest(
  "objectStore() commits a batch of a hundred changes, and finds all of them together",
  async () => {
    const store = over(send);
    const changes = Array.from({ length: 100 }, (_, at) => put(at, `${at}`));
    await store.commit(changes);
    assertEquals(await store.getMany!(changes.map(({ digest }) => digest)), changes.map(valueOf));
    assertEquals((await Array.fromAsync(store.entries())).length, 100);
    await store.commit(changes.slice(10).map(({ digest }) => ({ type: "delete", digest })));
    assertEquals(await store.count(), 10);
  },
);

serverTest("objectStore() puts over what it has seen, whatever the clock says", async () => {
  const store = over(conditional());
  await store.commit([put(1, "first", LATER)]);
  await store.commit([put(1, "second")]);
  await store.commit([remove(1)]);
  await store.commit([put(1, "third")]);
  assertEquals(await store.get(digestOf(1)), valueOf(put(1, "third")));
});

serverTest(
  "objectStore() leaves a later entry that somebody puts meanwhile, and replaces an earlier one",
  async () => {
    for (const isThere of [false, true]) {
      for (
        const [theirs, expected] of [[LATER, "theirs"], [{}, "ours"], [
          { writtenAt: 5 },
          "ours",
        ]] as const
      ) {
        const prefix = `race${prefixes++}/`;
        const other = over(send, { prefix });
        if (isThere) await other.commit([put(1, "before")]);
        let isFirst = true;
        const store = over(
          conditional(async () => {
            if (isFirst) await other.commit([put(1, "theirs", theirs)]);
            isFirst = false;
          }),
          { prefix },
        );
        await store.commit([put(1, "ours")]);
        assertEquals(new TextDecoder().decode((await store.get(digestOf(1)))!.parts[0]), expected);
      }
    }
  },
);

serverTest("objectStore() puts an entry that somebody removes meanwhile, or damages", async () => {
  for (const meanwhile of ["DELETE", "PUT"]) {
    const prefix = `race${prefixes++}/`;
    await over(send, { prefix }).commit([put(1, "before", LATER)]);
    let isFirst = true;
    const store = over(
      conditional(async (url) => {
        const body = meanwhile === "PUT" ? { body: "theirs" } : {};
        if (isFirst) await (await send(url, { method: meanwhile, ...body })).body?.cancel();
        isFirst = false;
      }),
      { prefix },
    );
    await store.commit([put(1, "ours")]);
    assertEquals(await store.get(digestOf(1)), valueOf(put(1, "ours")));
  }
});

serverTest(
  "objectStore() puts over an object whose tag was made a weak one on its way",
  async () => {
    const store = over(async (url, init) => {
      const response = await conditional()(url, init);
      const headers = new Headers(response.headers);
      const tag = headers.get("ETag");
      if (tag !== null) headers.set("ETag", `W/${tag}`);
      return new Response(response.body, { status: response.status, headers });
    });
    await store.commit([put(1, "one")]);
    await store.commit([put(1, "two")]);
    assertEquals(await store.get(digestOf(1)), valueOf(put(1, "two")));
  },
);

serverTest("objectStore() gives up when others put the same entry again and again", async () => {
  const prefix = `race${prefixes++}/`;
  const other = over(send, { prefix });
  let times = 0;
  const store = over(
    conditional(() => other.commit([put(1, `${times++}`)])),
    { prefix },
  );
  await assertRejects(() => store.commit([put(1, "ours")]), CacheError, "again and again");
  assertEquals(times, 8);
});

serverTest(
  "objectStore() writes over what there is where the server knows no conditions",
  async () => {
    const asked: string[] = [];
    const store = over((url, init) => {
      asked.push(init.method!);
      const isAsking = new Headers(init.headers).has("If-None-Match");
      return isAsking ? Promise.resolve(new Response(null, { status: 501 })) : send(url, init);
    });
    await store.commit([put(1, "one")]);
    await store.commit([put(1, "two")]);
    assertEquals(asked, ["HEAD", "PUT", "PUT", "PUT"]);
    assertEquals(await store.get(digestOf(1)), valueOf(put(1, "two")));
  },
);

serverTest(
  "objectStore() rejects with a CacheError when the server refuses or has no such bucket",
  async () => {
    const { credentials, endpoint } = server.options;
    const strangers = [
      objectStore({ bucket: "nowhere", endpoint, credentials }),
      objectStore({
        bucket: "test",
        endpoint,
        credentials: { accessKeyId: "S3RVER", secretAccessKey: "wrong" },
      }),
    ];
    for (
      const [store, code] of [[strangers[0]!, "NoSuchBucket"], [strangers[1]!, "403"]] as const
    ) {
      for (
        const call of [
          () => store.get(digestOf(1)),
          () => store.getMany!([digestOf(1)]),
          () => store.info(digestOf(1)),
          () => store.count(),
          () => Array.fromAsync(store.entries()),
          () => store.commit([put(1, "one")]),
        ]
      ) {
        const error = await assertRejects(call, CacheError, code);
        assert(!error.message.includes("wrong"), error.message);
      }
    }
  },
);

Deno.test("objectStore() rejects within its timeout when no answer comes, and ends the request", async () => {
  const ended: string[] = [];
  const client: ObjectClientLike = {
    fetch: (_url, init) =>
      new Promise((_, reject) => {
        init.signal!.addEventListener("abort", () => {
          ended.push(init.method!);
          reject(init.signal!.reason);
        });
      }),
  };
  const store = objectStore({ bucket: "test", client, timeout: 20 });
  for (
    const call of [
      () => store.get(digestOf(1)),
      () => store.count(),
      () => store.commit([remove(1)]),
    ]
  ) {
    await assertRejects(call, CacheError, "not done within 20 ms");
  }
  await store.close();
  assertEquals(ended, ["GET", "GET", "DELETE"]);
});

Deno.test("objectStore() throws a TypeError when an option is not what it may be", () => {
  const credentials = { accessKeyId: "name", secretAccessKey: "top secret" };
  const good = { bucket: "test", credentials };
  const bad: [unknown, string][] = [
    [undefined, "options"],
    [[], "options"],
    [{ credentials }, "bucket"],
    [{ ...good, bucket: "a/b" }, "bucket"],
    [{ ...good, bucket: ".." }, "bucket"],
    [{ bucket: "test" }, "credentials"],
    [{ ...good, client: { fetch } }, "credentials"],
    [{ ...good, credentials: { accessKeyId: "top secret" } }, "credentials"],
    [{ bucket: "test", client: {} }, "client"],
    [{ ...good, endpoint: "ftp://a" }, "endpoint"],
    [{ ...good, endpoint: "https://name:top secret@a" }, "endpoint"],
    [{ ...good, endpoint: 5 }, "endpoint"],
    [{ ...good, region: "a b" }, "region"],
    [{ ...good, timeout: 0 }, "timeout"],
    [{ ...good, timeout: Infinity }, "timeout"],
    ...["/a", "a//b", "../a/", "a/./b", "a b", "é", "a?b", 5].map((prefix): [unknown, string] => [
      { ...good, prefix },
      "prefix",
    ]),
  ];
  for (const [options, name] of bad) {
    const error = assertThrows(
      () => objectStore(options as ObjectStoreOptions),
      TypeError,
      `Cannot set ${name}: `,
    );
    assert(!error.message.includes("top secret"), error.message);
  }
  for (const prefix of ["", "a", "a/", "a/b.c-d_e/f"]) objectStore({ ...good, prefix });
});

Deno.test("objectStore() refuses limits that it can't keep with a TypeError", async () => {
  const store = objectStore({ bucket: "test", client: { fetch: () => Promise.reject() } });
  for (const limits of [{ maxEntries: 5 }, { maxBytes: 5 }]) {
    await assertRejects(() => store.commit([put(1, "one")], { limits }), TypeError, "evicted");
  }
  await assertRejects(() => store.commit([put(1, "one")], { keepFor: 0 }), TypeError, "keepFor");
});
