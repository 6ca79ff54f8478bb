// Copyright 2026 the pecapiku authors. MIT license.

import type { ObjectStoreOptions } from "../../src/stores/object_store_options.ts";

/** What is used of `npm:@20minutes/s3rver`. */
interface S3Server {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

// Loaded here alone, and not named in deno.json: whoever runs a task would download all that it depends on.
const load = (specifier: string) => import(specifier);
const S3rver: new (options: object) => S3Server =
  (await load("npm:@20minutes/s3rver@5.0.0")).default;

/** A server of the tests' own on a free port of the loopback device, with one bucket, `test`, in a directory of its own. */
export class ObjectServer {
  readonly endpoint: string;
  readonly #server: { close(): Promise<void> };
  readonly #directory: string;

  private constructor(endpoint: string, server: { close(): Promise<void> }, directory: string) {
    this.endpoint = endpoint;
    this.#server = server;
    this.#directory = directory;
  }

  /** Starts a server. */
  static async start(): Promise<ObjectServer> {
    const directory = Deno.makeTempDirSync({ prefix: "pecapiku-objects-" });
    const server = new S3rver({
      address: "127.0.0.1",
      port: 0,
      silent: true,
      directory,
      configureBuckets: [{ name: "test" }],
    });
    const { port } = await server.run();
    return new ObjectServer(`http://127.0.0.1:${port}`, server, directory);
  }

  /** What a store of it is made with. */
  get options(): ObjectStoreOptions {
    return {
      bucket: "test",
      endpoint: this.endpoint,
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    };
  }

  /** Stops it, and removes what it has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await Deno.remove(this.#directory, { recursive: true });
  }
}
