// Copyright 2026 the pecapiku authors. MIT license.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { join } from "@std/path";
import type { Project } from "./_project.ts";

const NAME = "@cases/pkg";
const VERSIONS = ["1.0.0", "1.0.1"];

/** A registry of this machine that has one package, `@cases/pkg`, in two versions: `h` gives 2 in 1.0.0, and 3 in 1.0.1. */
export class Registry implements AsyncDisposable {
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => this.#answer(new URL(request.url).pathname),
  );

  /** The text of an `.npmrc` that takes the packages of this scope from here. */
  get npmrc(): string {
    return `@cases:registry=${this.#url}\n`;
  }

  /**
   * Gives the text of a `deno.lock`.
   *
   * @param specifier The range.
   * @param version What it is resolved to.
   * @returns The text.
   */
  lock(specifier: string, version: string): string {
    return JSON.stringify({
      version: "5",
      specifiers: { [specifier]: version },
      npm: {
        [`${NAME}@${version}`]: {
          integrity: integrity(version),
          tarball: this.#tarball(version),
        },
      },
    });
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  #tarball(version: string): string {
    return `${this.#url}${NAME}/${version}.tgz`;
  }

  /** The URL of a module that says no version. */
  get module(): string {
    return `${this.#url}h.ts`;
  }

  /** The host, which a script has to be allowed to import from. */
  get host(): string {
    return new URL(this.#url).host;
  }

  #answer(path: string): Response {
    if (path === "/h.ts") {
      const headers = { "content-type": "application/typescript" };
      return new Response("export const h = (x: number): number => x * 2;", { headers });
    }
    const version = VERSIONS.find((version) => path.endsWith(`/${version}.tgz`));
    if (version !== undefined) return new Response(tarball(version));
    const versions = VERSIONS.map((version) => {
      const dist = { tarball: this.#tarball(version), integrity: integrity(version) };
      return [version, { name: NAME, version, dist }];
    });
    return Response.json({
      name: NAME,
      "dist-tags": { latest: VERSIONS.at(-1) },
      versions: Object.fromEntries(versions),
    });
  }

  /** Stops, and takes what Deno has kept of it out of Deno's own directory. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] })
      .output();
    const { modulesCache, npmCache } = JSON.parse(new TextDecoder().decode(stdout));
    const port = String(this.#server.addr.port);
    for (
      const folder of [join(npmCache, port), join(modulesCache, "http", `127.0.0.1_PORT${port}`)]
    ) {
      try {
        Deno.removeSync(folder, { recursive: true });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
}

/** The files of a version of the package. */
function content(version: string): Record<string, string> {
  return {
    "package.json": JSON.stringify({ name: NAME, version, type: "module", exports: "./index.js" }),
    "index.js": `export const h = (x) => x * ${version === "1.0.0" ? 2 : 3};`,
  };
}

function integrity(version: string): string {
  return `sha512-${createHash("sha512").update(tarball(version)).digest("base64")}`;
}

/** The files of a version of the package, as `npm pack` gives them. */
function tarball(version: string): Uint8Array<ArrayBuffer> {
  const parts = Object.entries(content(version)).flatMap(([name, text]) => {
    const bytes = new TextEncoder().encode(text);
    const header = new Uint8Array(512);
    const put = (text: string, at: number) =>
      new TextEncoder().encodeInto(text, header.subarray(at));
    put(`package/${name}`, 0);
    for (const [text, at] of [["0000644", 100], ["0000000", 108], ["0000000", 116]] as const) {
      put(text, at);
    }
    put(bytes.length.toString(8).padStart(11, "0"), 124);
    put("0".repeat(11), 136);
    // The sum of a header takes its own place for spaces.
    put(" ".repeat(8), 148);
    put("0", 156);
    put("ustar", 257);
    put("00", 263);
    const sum = header.reduce((sum, byte) => sum + byte, 0);
    put(`${sum.toString(8).padStart(6, "0")}\0`, 148);
    return [header, bytes, new Uint8Array((512 - bytes.length % 512) % 512)];
  });
  const size = parts.reduce((size, part) => size + part.length, 1024);
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(gzipSync(all));
}

/**
 * Puts a version of the package into the `node_modules` of a project, in place of the one that is there.
 *
 * @param project The project.
 * @param version The version.
 */
export function putPackage(project: Project, version: string): void {
  const folder = join(project.folder, "node_modules", NAME);
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(content(version))) {
    Deno.writeTextFileSync(join(folder, name), text);
  }
}
