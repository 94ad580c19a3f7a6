import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Returns the token of a request, or `undefined`. `?_token=` wins over the `Authorization` header, which holds `Bearer
 * TOKEN` or the bare token.
 */
export function readToken({ url = "", headers }: IncomingMessage): string | undefined {
  if (url.includes("_token=")) {
    const token = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("_token");
    if (token !== null) return token;
  }
  return headers.authorization?.replace(/^Bearer +/i, "");
}

/** Returns a function that compares a token with `expected` in a time that does not depend on where they differ. */
export function createTokenCheck(expected: string): (token: string) => boolean {
  const wanted = hash("sha256", expected, "buffer");
  return (token) => timingSafeEqual(hash("sha256", token, "buffer"), wanted);
}
