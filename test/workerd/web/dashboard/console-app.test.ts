import { describe, expect, it } from "vitest";
import { createConsole, type TestConsole } from "../console.ts";

const ada = "1100000000000000011";

async function addDeadJobs({ database }: TestConsole, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const record = JSON.stringify([`d${index}`, "digest", ada, 1, 5, 1, null]);
    await database.raw("HSET", `sp:j:dead:${ada}`, `d${index}`, JSON.stringify([index, "no", record]));
    await database.raw("ZADD", "sp:j:dead", index, `${ada}\nd${index}`);
  }
}

/** A console with a login, and the forms of its pages. */
async function createPages() {
  const world = await createConsole();
  const { cookie, formToken } = await world.logIn();
  const headers = { Cookie: cookie };
  return {
    ...world,
    page: async (path: string) => {
      const response = await world.get(path, headers);
      return { status: response.status, text: await response.text() };
    },
    submit: async (name: string, fields: Record<string, string>, more: Record<string, string> = {}) => {
      const response = await world.post(`/admin/${name}`, { formToken, ...fields }, { ...headers, ...more });
      return { status: response.status, to: response.headers.get("Location"), text: await response.text() };
    },
  };
}

describe("a request without a login", () => {
  it("does nothing where it writes, and says so", async () => {
    const { post, database } = await createConsole();
    for (const path of ["/admin/actions/invalidate", "/admin/logout", "/admin/actions/launch"]) {
      const response = await post(path, { everything: "yes" });
      expect([response.status, await response.text()]).toEqual([
        401,
        expect.stringContaining("Your login has ended, and nothing was done."),
      ]);
    }
    expect(await database.raw("KEYS", "sp:*")).toEqual([]);
  });

  it("is asked to log in where it reads, and goes on to where it was going", async () => {
    const { get, fetch } = await createConsole();
    const response = await get("/admin/jobs?from=50");
    const text = await response.text();
    expect([response.status, text.includes("has ended")]).toEqual([401, false]);
    expect(text).toContain('name="next" value="/admin/jobs?from=50"');
    const head = await fetch(new Request("https://bot.test/admin/jobs", { method: "HEAD" }));
    expect(head.status).toBe(401);
  });
});

describe("an action of a page", () => {
  it("leads back to the page, which says what was done", async () => {
    const { page, submit } = await createPages();
    for (const [back, to] of [
      ["/admin/jobs", /^\/admin\/jobs\?did=\d+-\d+$/],
      ["/admin/dead-letters?group=feeds", /^\/admin\/dead-letters\?group=feeds&did=\d+-\d+$/],
      ["https://elsewhere.test", /^\/admin\?did=\d+-\d+$/],
    ] as const) {
      const done = await submit("actions/invalidate", { everything: "yes", back });
      expect([done.status, done.to]).toEqual([303, expect.stringMatching(to)]);
      const { status, text } = await page(done.to ?? "");
      expect([status, text.includes("The cache has forgotten everything.")]).toEqual([200, true]);
    }
    expect((await page("/admin/jobs?did=1-1")).text).not.toContain("The cache has forgotten everything.");
    expect((await page("/admin/jobs")).text).not.toContain("The cache has forgotten everything.");
  });

  it("asks before it does something to many, with the number to confirm", async () => {
    const world = await createPages();
    await addDeadJobs(world, 2);
    const asked = await world.submit("actions/drop-job", { back: "/admin/dead-jobs" });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain("Drop 2 dead jobs?");
    expect(asked.text).toContain('name="confirm" value="2"');
    expect(asked.text).toContain('href="/admin/dead-jobs"');
    expect(await world.database.raw("ZCARD", "sp:j:dead")).toBe(2);
    const done = await world.submit("actions/drop-job", { back: "/admin/dead-jobs", confirm: "2" });
    expect(done.status).toBe(303);
    expect(await world.database.raw("ZCARD", "sp:j:dead")).toBe(0);
  });

  it.each([
    ["invalidate", { guild: "x" }, 400, "A server&#39;s id has 17 to 20 digits."],
    ["cancel-job", { id: "x" }, 404, "There is no such job"],
    ["launch", {}, 404, "There is no action"],
    ["constructor", {}, 404, "There is no action"],
  ])("says why %s with %j was not done", async (name, fields, status, text) => {
    const { submit } = await createPages();
    const refused = await submit(`actions/${name}`, fields);
    expect([refused.status, refused.to]).toEqual([status, null]);
    expect(refused.text).toContain(text);
  });

  it("is refused from elsewhere, with another token, and in a form that is too large", async () => {
    const { submit, database } = await createPages();
    const before = await database.raw("KEYS", "sp:v:*");
    for (const [fields, headers] of [
      [{}, { "Sec-Fetch-Site": "same-site" }],
      [{ formToken: "x" }, {}],
      [{ long: "x".repeat(9_000) }, {}],
    ] as [Record<string, string>, Record<string, string>][]) {
      const refused = await submit("actions/invalidate", { everything: "yes", ...fields }, headers);
      expect([refused.status, refused.to]).toEqual([403, null]);
      expect(refused.text).toContain("nothing was done");
    }
    expect(await database.raw("KEYS", "sp:v:*")).toEqual(before);
  });
});

describe("the pages", () => {
  it("show dead jobs by fifty, and logins with one's own", async () => {
    const world = await createPages();
    await addDeadJobs(world, 52);
    const idsIn = (text: string) => new Set([...text.matchAll(/value="(d\d+)"/g)].map(([, id]) => id)).size;
    expect(idsIn((await world.page("/admin/dead-jobs")).text)).toBe(50);
    expect(idsIn((await world.page("/admin/dead-jobs?from=50")).text)).toBe(2);
    expect((await world.page("/admin/logins")).text).toMatch(/, this one/);
  });

  it("show the last twelve events and actions", async () => {
    const { page, database, api } = await createPages();
    const fields = ["e", JSON.stringify(["token", "invalidate", "Done.", 1])];
    for (let index = 0; index < 13; index++) {
      await database.raw("XADD", "sp:a:audit", "*", ...fields);
      await api("events/shop", { index });
    }
    const { text } = await page("/admin");
    expect([text.match(/<li data-id=/g)?.length, text.match(/>Done\.</g)?.length]).toEqual([12, 12]);
  });

  it("answer 404 to other paths, and take a slash at the end", async () => {
    const { page } = await createPages();
    const other = await page("/admin/other");
    expect([other.status, other.text]).toEqual([
      404,
      JSON.stringify({ error: "there is nothing at GET /admin/other" }),
    ]);
    expect((await page("/admin/jobs/")).status).toBe(200);
  });
});

describe("logging out", () => {
  it("ends the login, takes the cookie back, and leads to the login page", async () => {
    const { submit, page } = await createPages();
    const refused = await submit("logout", {}, { "Sec-Fetch-Site": "cross-site" });
    expect([refused.status, refused.to]).toEqual([403, null]);
    expect((await page("/admin")).status).toBe(200);
    const out = await submit("logout", {});
    expect([out.status, out.to]).toEqual([303, "/admin"]);
    expect((await page("/admin")).status).toBe(401);
  });
});
