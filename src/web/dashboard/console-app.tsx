/** @jsxImportSource hono/jsx */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { readLimited } from "../../platform/index.ts";
import { act, isActionName } from "../actions/actions.ts";
import { createActionsApi, maxActionBytes, pageOf } from "../actions/api.ts";
import { readAudit } from "../actions/audit.ts";
import { cookieFor } from "../login/cookie.ts";
import { isFromOwnPage, mayWrite } from "../login/form-token.ts";
import { logins } from "../login/login-kind.ts";
import { createLogins } from "../login/logins.ts";
import { type LoggedIn, loginOf, nameOf } from "../login/who.ts";
import type { AdminServices } from "../services.ts";
import { type Asset, type AssetPaths, nameAssets } from "./assets.ts";
import { AskPage, LoginPage, LoginsPage } from "./door.tsx";
import { duration } from "./format.ts";
import { headers } from "./headers.ts";
import type { PageContext } from "./layout.tsx";
import { readLetterGroups } from "./letter-groups.ts";
import { DeadJobsPage, DeadLettersPage, JobsPage, perPage } from "./lists.tsx";
import { Overview } from "./overview.tsx";

interface Environment {
  Bindings: AdminServices;
  Variables: { assets: AssetPaths; login: LoggedIn };
}

const eventsShown = 12;
const actionsShown = 12;
/** The overview's commands besides those of the status: the login's, the events' and the audit's. */
const ownCommands = 3;

/**
 * Makes the pages under `/admin` and what their forms do. Without a login every page asks for it, but for the files of the pages.
 * Pages carry no script or style of their own, so that the policy needs no exceptions.
 */
export function createConsoleApp(): Hono<Environment> {
  const app = new Hono<Environment>({ strict: false });
  let named: { paths: AssetPaths; files: ReadonlyMap<string, Asset> } | undefined;

  app.use(async (c, next) => {
    named ??= await nameAssets();
    c.set("assets", named.paths);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    return next();
  });

  app.get("/admin/assets/:name", (c) => {
    const file = named?.files.get(c.req.path);
    if (!file) return c.notFound();
    return c.body(file.text, 200, {
      "Content-Type": file.type,
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });

  app.route("/admin/api", createActionsApi());

  app.post("/admin/login", async (c) => {
    const form = await formOf(c);
    const next = pathIn(form["next"]);
    if (!isFromOwnPage(c.req.raw)) return door(c, 403, next, "This did not come from the login page. Log in here.");
    const result = await createLogins(c.env).enter(c.req.raw, form["token"] ?? "");
    if (result.is === "wrong") return door(c, 401, next, "This is not the admin token.");
    if (result.is === "limited") {
      c.header("Retry-After", String(Math.ceil(result.retryAfterMs / 1_000)));
      return door(c, 429, next, `Too many tries. Try again in ${duration(result.retryAfterMs)}.`);
    }
    setCookie(c, result.cookie);
    return c.redirect(next, 303);
  });

  app.use(async (c, next) => {
    const isReading = c.req.method === "GET" || c.req.method === "HEAD";
    const login = await loginOf(c.req.raw, c.env, isReading);
    if (!login) {
      const { pathname, search } = new URL(c.req.url);
      return isReading
        ? door(c, 401, pathIn(pathname + search))
        : door(c, 401, "/admin", "Your login has ended, and nothing was done. Log in and do it again.");
    }
    if (login.cookie !== undefined) setCookie(c, login.cookie);
    c.set("login", login);
    return next();
  });

  app.get("/admin", async (c) => {
    const { status, pubsub, kinds } = c.env;
    const [fleet, events, audit] = await Promise.all([
      status(),
      pubsub.recent(eventsShown).catch(() => null),
      readAudit(c.env, actionsShown).catch(() => null),
    ]);
    const did = audit?.find(({ id }) => id === c.req.query("did"));
    const context = { ...contextOf(c), did };
    const commands = fleet.reading.commands + ownCommands;
    return show(c, <Overview {...{ context, status: fleet, events, audit, kinds, commands }} />);
  });

  app.get("/admin/jobs", async (c) => {
    const { from } = pageOf(c.req.query("from"));
    const [context, page] = await Promise.all([fullContextOf(c), c.env.jobs.page({ from, count: perPage })]);
    return show(c, <JobsPage {...{ context, page, from }} />);
  });

  app.get("/admin/dead-jobs", async (c) => {
    const { from } = pageOf(c.req.query("from"));
    const [context, page] = await Promise.all([fullContextOf(c), c.env.jobs.deadPage({ from, count: perPage })]);
    return show(c, <DeadJobsPage {...{ context, page, from }} />);
  });

  app.get("/admin/dead-letters", async (c) => {
    const { group, after } = c.req.query();
    const [context, groups] = await Promise.all([fullContextOf(c), readLetterGroups(c.env, group, after)]);
    return show(c, <DeadLettersPage {...{ context, groups }} />);
  });

  app.get("/admin/logins", async (c) => {
    const [context, list] = await Promise.all([fullContextOf(c), createLogins(c.env).list()]);
    return show(c, <LoginsPage context={context} logins={list} ownId={c.get("login").session.id} />);
  });

  app.post("/admin/actions/:name", async (c) => {
    const { formToken = "", back: given, ...input } = await formOf(c);
    const back = pathIn(given);
    const { login } = c.var;
    const ask = (
      status: 200 | 400 | 403 | 404,
      title: string,
      more: { act?: string; fields?: Record<string, string> } = {},
    ) => show(c, <AskPage context={{ ...contextOf(c), path: "" }} title={title} back={back} {...more} />, status);
    if (!(await mayWrite(c.req.raw, login.formToken, formToken))) return ask(403, notOurs);
    const name = c.req.param("name");
    if (!isActionName(name)) return ask(404, `There is no action ${JSON.stringify(name)}.`);
    const result = await act(c.env, nameOf(login), name, input);
    if (result.is === "refused") return ask(result.status, result.error);
    if (result.is === "unconfirmed") {
      return ask(200, result.question, { act: name, fields: { ...input, confirm: String(result.count) } });
    }
    if (result.auditId === undefined) return ask(200, result.text);
    return c.redirect(`${back}${back.includes("?") ? "&" : "?"}did=${result.auditId}`, 303);
  });

  app.post("/admin/logout", async (c) => {
    const { formToken = "" } = await formOf(c);
    const { login } = c.var;
    if (!(await mayWrite(c.req.raw, login.formToken, formToken))) {
      return show(c, <AskPage context={contextOf(c)} title={notOurs} back="/admin" />, 403);
    }
    await createLogins(c.env).end(login.session.id);
    setCookie(c, "");
    return c.redirect("/admin", 303);
  });

  app.notFound((c) => c.json({ error: `there is nothing at ${c.req.method} ${c.req.path}` }, 404));
  app.onError((error, c) => {
    const sentence = c.env.explain(error);
    if (sentence === undefined) throw error;
    if (c.req.path.startsWith("/admin/api/")) return c.json({ error: sentence }, 503);
    return door(c, 503, "/admin", sentence);
  });

  return app;
}

// --- Internal helpers ---

type ConsoleContext = Context<Environment>;

const notOurs = "This did not come from this page, so nothing was done. Go back, reload the page and do it again.";

const door = (
  c: ConsoleContext,
  status: 401 | 403 | 429 | 503,
  next: string,
  problem?: string,
): Response | Promise<Response> =>
  show(c, <LoginPage assets={c.get("assets")} next={next} problem={problem} />, status);

/** Answers with a page. `hono/jsx` writes no doctype, and without one browsers lay pages out as those of 1998. */
const show = async (
  c: ConsoleContext,
  page: string | Promise<string>,
  status: 200 | 400 | 401 | 403 | 404 | 429 | 503 = 200,
) => c.html(`<!doctype html>${await page}`, status);

const setCookie = (c: ConsoleContext, value: string): void =>
  c.header("Set-Cookie", cookieFor(c.req.raw, value, logins.lifetimeMs), { append: true });

/** Returns a path of the console to go on to: any other is its beginning, so that no form leads elsewhere. */
const pathIn = (text = ""): string => (/^\/admin(?:[/?][\w./?=&%:-]*)?$/.test(text) ? text : "/admin");

/** Returns the fields of a form; none of one that is too large. */
async function formOf(c: ConsoleContext): Promise<Record<string, string>> {
  const body = await readLimited(c.req.raw, maxActionBytes);
  return Object.fromEntries(new URLSearchParams(new TextDecoder().decode(body)));
}

function contextOf(c: ConsoleContext): PageContext {
  const path = c.req.path.replace(/\/$/, "");
  const { did: _, ...place } = c.req.query();
  const query = new URLSearchParams(place).toString();
  return {
    assets: c.get("assets"),
    formToken: c.get("login").formToken,
    now: c.env.clock.now(),
    path,
    back: pathIn(query === "" ? path : `${path}?${query}`),
  };
}

/** With what was just done, where an action led here. */
async function fullContextOf(c: ConsoleContext): Promise<PageContext> {
  const id = c.req.query("did");
  if (id === undefined) return contextOf(c);
  const audit = await readAudit(c.env, actionsShown).catch(() => []);
  return { ...contextOf(c), did: audit.find((entry) => entry.id === id) };
}
