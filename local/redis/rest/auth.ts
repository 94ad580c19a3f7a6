import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * The token a request carries: `?_token=` wins over the header, which may hold `Bearer TOKEN` or the bare token.
 * `undefined` when there is none.
 */
export function readToken(request: IncomingMessage): string | undefined {
  const url = request.url ?? "";
  if (url.includes("_token=")) {
    const token = new URLSearchParams(url.slice(url.indexOf("?"))).get("_token");
    if (token !== null) return token;
  }
  return request.headers.authorization?.replace(/^Bearer +/i, "");
}

/** Compares without telling by its duration how much was right. */
export function createTokenCheck(expected: string): (token: string) => boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = digest(expected);
  return (token) => timingSafeEqual(digest(token), wanted);
}
