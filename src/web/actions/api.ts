import { Hono } from "hono/tiny";
import { readLimited } from "../../platform/index.ts";
import { isStreamId } from "../../pubsub/index.ts";
import { mayWrite } from "../login/form-token.ts";
import { hasAdminToken, loginOf, nameOf, type Who } from "../login/who.ts";
import type { AdminServices } from "../services.ts";
import type { ActionInput } from "./action.ts";
import { act, isActionName } from "./actions.ts";
import { readAudit } from "./audit.ts";
import { groupOf } from "./letters.ts";

interface Environment {
  Bindings: AdminServices;
  Variables: { who: Who };
}

/** The largest body of an action, in bytes. */
export const maxActionBytes = 8 * 1024;

/** A request's sender, if it may do what it asks: a login that writes proves that its own page asks. */
async function callerOf(request: Request, services: AdminServices): Promise<Who | undefined> {
  if (await hasAdminToken(request, services.adminToken)) return { by: "token" };
  const login = await loginOf(request, services);
  if (!login || request.method === "GET" || request.method === "HEAD") return login;
  const token = request.headers.get("X-Form-Token") ?? "";
  return (await mayWrite(request, login.formToken, token)) ? login : undefined;
}

/** Returns whether a request may use the API. Cost: 1 command, 1 round trip; 0 with the admin token or without a cookie. */
export const mayUseApi = async (request: Request, services: AdminServices): Promise<boolean> =>
  (await callerOf(request, services)) !== undefined;

/**
 * Makes the routes under `/admin/api` that look at jobs, dead letters and the audit, and do actions. They take the admin token, or
 * a login: with `X-Form-Token` and from its own page where it writes.
 */
export function createActionsApi(): Hono<Environment> {
  const app = new Hono<Environment>();

  app.use(async (c, next) => {
    const who = await callerOf(c.req.raw, c.env);
    if (!who) {
      return c.json({ error: "send Authorization: Bearer and the admin token, or log in at /admin" }, 401, {
        "WWW-Authenticate": "Bearer",
      });
    }
    c.set("who", who);
    return next();
  });

  app.get("/jobs", async (c) => c.json(await c.env.jobs.page(pageOf(c.req.query("from")))));
  app.get("/dead-jobs", async (c) => c.json(await c.env.jobs.deadPage(pageOf(c.req.query("from")))));
  app.get("/audit", async (c) => c.json({ entries: await readAudit(c.env, 100) }));
  app.get("/dead-letters/:group", async (c) => {
    const group = groupOf(c.env, { group: c.req.param("group") });
    const after = c.req.query("after");
    if (!group || (after !== undefined && !isStreamId(after))) return c.json({ error: "no such group or id" }, 400);
    const [total, letters] = await Promise.all([
      group.deadLetterCount(),
      group.deadLetters({ count: 50, ...(after !== undefined && { after }) }),
    ]);
    return c.json({ total, letters });
  });

  app.post("/actions/:name", async (c) => {
    const name = c.req.param("name");
    if (!isActionName(name)) return c.json({ error: `there is no action ${JSON.stringify(name)}` }, 404);
    const input = readInput(await readLimited(c.req.raw, maxActionBytes));
    if (!input) return c.json({ error: 'send a JSON object of texts, such as {"id": "…"}' }, 400);
    const result = await act(c.env, nameOf(c.get("who")), name, input);
    if (result.is === "done") return c.json({ count: result.count, text: result.text });
    if (result.is === "refused") return c.json({ error: result.error }, result.status);
    const { count, question } = result;
    return c.json({ error: `${question} Send it again with "confirm": "${count}".`, count }, 409);
  });

  // Not left to the pages, which would ask a program to log in.
  app.all("*", (c) => c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404));

  return app;
}

/** Returns a page of a long list, by the number of those before it. */
export function pageOf(from = "", count = 50): { from: number; count: number } {
  return { from: /^\d{1,9}$/.test(from) ? Number(from) : 0, count };
}

// --- Internal helpers ---

function readInput(body: Uint8Array | undefined): ActionInput | undefined {
  try {
    const given: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
    const entries = Object.entries(given);
    const isRight = entries.every(([, value]) => typeof value === "string" || Number.isSafeInteger(value));
    return isRight ? Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) : undefined;
  } catch {
    return undefined;
  }
}
