import { createTestBot, type TestBotOptions } from "../../support/bot.ts";

export const adminToken = "an-admin-token-of-24-characters-or-more";
const origin = "https://bot.test";

export type TestConsole = Awaited<ReturnType<typeof createConsole>>;

/** The whole Worker with an admin token, as a browser and as a program see it. */
export async function createConsole({ env, ...options }: TestBotOptions = {}) {
  const bot = await createTestBot({ env: { ADMIN_TOKEN: adminToken, ...env }, ...options });

  const get = (path: string, headers: Record<string, string> = {}) =>
    bot.fetch(new Request(`${origin}${path}`, { headers, redirect: "manual" }));

  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    bot.fetch(
      new Request(`${origin}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { "Sec-Fetch-Site": "same-origin", ...headers },
        body: new URLSearchParams(fields),
      }),
    );

  return {
    ...bot,
    get,
    post,
    /** Logs in, and returns what the browser sends from then on. */
    async logIn(headers: Record<string, string> = {}) {
      const response = await post("/admin/login", { token: adminToken }, headers);
      const cookie = response.headers.get("Set-Cookie")?.split(";")[0] ?? "";
      const page = await (await get("/admin/logins", { Cookie: cookie })).text();
      return { cookie, formToken: /name="formToken" value="([^"]+)"/.exec(page)?.[1] ?? "" };
    },
    /** Sends a request of a program to the API. */
    async api(
      path: string,
      body?: unknown,
      headers: Record<string, string> = { Authorization: `Bearer ${adminToken}` },
    ) {
      const write = body !== undefined && {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
      };
      const response = await bot.fetch(new Request(`${origin}/admin/api/${path}`, { headers, ...write }));
      return { status: response.status, body: await response.json<Record<string, unknown>>() };
    },
  };
}
