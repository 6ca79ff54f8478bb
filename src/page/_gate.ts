// Copyright 2026 the pecapiku authors. MIT license.

import { timingSafeEqual } from "node:crypto";
import { emptyResponse, jsonResponse } from "./_responses.ts";

/** How many random bytes the token has. */
const TOKEN_LENGTH = 32;

/**
 * Lets in who knows the token, which is the first part of the path. Who does not gets an answer without content, whatever is asked for.
 *
 * The token is in the path and not in a cookie, since a browser sends the cookies of 127.0.0.1 to all of its ports, and other
 * users of the machine may serve some of those.
 */
export class Gate {
  readonly #host: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #token = crypto.getRandomValues(new Uint8Array(TOKEN_LENGTH))
    .toBase64({ alphabet: "base64url", omitPadding: true });

  /**
   * Makes a gate with a token of its own.
   *
   * @param port The port of the server.
   */
  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    this.#hosts = new Set([this.#host, `localhost:${port}`]);
    if (port === 80) this.#hosts = new Set([...this.#hosts, "127.0.0.1", "localhost"]);
  }

  /** The address of the page, with the token. */
  get url(): URL {
    return new URL(`http://${this.#host}/${this.#token}/`);
  }

  /**
   * Looks at a request.
   *
   * @param request The request.
   * @returns What is asked for, such as `"api/entries"`; or the answer to a request that is not let in.
   */
  admit(request: Request): string | Response {
    const host = request.headers.get("host");
    // Another name that leads here is that of a site which wants to pass for this one.
    if (host === null || !this.#hosts.has(host)) return emptyResponse(403);
    const { pathname } = new URL(request.url);
    const end = pathname.indexOf("/", 1);
    if (end < 0 || !this.#isToken(pathname.slice(1, end))) return emptyResponse(404);
    const path = pathname.slice(end + 1);
    if (request.method !== "GET" && request.method !== "POST") {
      return refusal(405, "Cannot answer: no such method");
    }
    // A link to the page may be anywhere, for instance in a notebook.
    const isVisit = request.method === "GET" && path === "" &&
      (request.headers.get("sec-fetch-mode") ?? "navigate") === "navigate";
    return isVisit || isOwn(request, host)
      ? path
      : refusal(403, "Cannot answer: asked by another site");
  }

  #isToken(given: string): boolean {
    const encoder = new TextEncoder();
    const [bytes, token] = [encoder.encode(given), encoder.encode(this.#token)];
    return bytes.byteLength === token.byteLength && timingSafeEqual(bytes, token);
  }
}

/** Whether a request comes from the page, or from no page at all, as far as a browser tells. */
function isOwn(request: Request, host: string): boolean {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  return (origin === null || origin === `http://${host}`) &&
    (site === null || site === "same-origin" || site === "none");
}

function refusal(status: number, error: string): Response {
  return jsonResponse({ error }, status);
}
