// Copyright 2026 the pecapiku authors. MIT license.

/** What the page may do: load what this server gives, and nothing else. Trusted types make `innerHTML` an error where they are known. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A request that can't be answered as it is. */
export class RequestError extends Error {
  /** The status of the answer. */
  readonly status: number;

  /** Makes the error. */
  constructor(status: number, message: string) {
    super(message);
    this.name = "RequestError";
    this.status = status;
  }
}

/** Answers with a text of a type. */
export function textResponse(text: string, type: string): Response {
  return new Response(text, { headers: { ...HEADERS, "content-type": `${type}; charset=utf-8` } });
}

/** Answers with data. */
export function jsonResponse(data: unknown, status = 200): Response {
  return new Response(JSON.stringify(data), {
    status,
    headers: { ...HEADERS, "content-type": "application/json; charset=utf-8" },
  });
}

/** Answers with nothing: what has no right to an answer is not even told what this is. */
export function emptyResponse(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
