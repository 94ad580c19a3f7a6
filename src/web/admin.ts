import type { Context, MiddlewareHandler } from "hono";

/**
 * Lets through who sends `Authorization: Bearer <the admin token>`. Without a token to compare with there is nothing here
 * (404); with another one, or none, sent: 401.
 */
export const admin = (tokenOf: (c: Context) => string | undefined): MiddlewareHandler =>
  async function admin(c, next) {
    const token = tokenOf(c);
    if (token === undefined) return c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404);
    const sent = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    if (sent === undefined || !(await isSame(sent, token))) {
      return c.json({ error: "send Authorization: Bearer and the admin token" }, 401, { "WWW-Authenticate": "Bearer" });
    }
    return next();
  };

/** Compares digests, all of them to the end: neither where texts differ nor how long they are shows in the time it takes. */
export async function isSame(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([a, b].map(digest));
  let difference = 0;
  for (const [index, byte] of left?.entries() ?? []) difference |= byte ^ (right?.[index] ?? 0xff);
  return difference === 0;
}

// --- Internal helpers ---

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
