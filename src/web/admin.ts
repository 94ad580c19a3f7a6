import type { Context, MiddlewareHandler } from "hono";
import { isSameSecret } from "../platform/index.ts";

/**
 * Lets a request pass that sends `Authorization: Bearer <the admin token>`, and answers any other with 401. Answers 404
 * when there is no admin token. `isLoggedIn` lets others pass, such as a browser that logged in. `hono/bearer-auth` would refuse tokens with other than a few characters, and answer a
 * malformed header with 400.
 */
export const admin = (
  tokenOf: (c: Context) => string | undefined,
  isLoggedIn: (c: Context) => Promise<boolean> = async () => false,
): MiddlewareHandler =>
  async function admin(c, next) {
    const token = tokenOf(c);
    if (token === undefined) return c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404);
    const sent = /^Bearer +(\S.*)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    const isToken = sent !== undefined && (await isSameSecret(sent, token));
    if (!isToken && !(await isLoggedIn(c))) {
      return c.json({ error: "send Authorization: Bearer and the admin token" }, 401, { "WWW-Authenticate": "Bearer" });
    }
    return next();
  };
