import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * The token a request carries: `?_token=` wins over the header, which holds `Bearer TOKEN` or the bare token.
 * `undefined` when there is none.
 */
export function readToken(request: IncomingMessage): string | undefined {
  const url = request.url ?? "";
  if (url.includes("_token=")) {
    const token = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("_token");
    if (token !== null) return token;
  }
  return request.headers.authorization?.replace(/^Bearer +/i, "");
}

/** Compares with `expected`, taking as long for a token that is nearly right as for one that is not at all. */
export function createTokenCheck(expected: string): (token: string) => boolean {
  const wanted = hash("sha256", expected, "buffer");
  return (token) => timingSafeEqual(hash("sha256", token, "buffer"), wanted);
}
