import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Feature } from "../../../../src/runtime/index.ts";
import { sessionKind } from "../../../../src/sessions/index.ts";
import type { TestBotOptions } from "../../../support/bot.ts";
import { createTestIsolate as createSessionsOf } from "../../sessions/support.ts";
import { createConsole, type TestConsole } from "../console.ts";

const ada = "1100000000000000011";
const grace = "1100000000000000012";
const note = sessionKind({ name: "note", schema: v.object({}) });
const later = () => Date.now() + 3_600_000;

/** Discord takes a reminder at once, so that no action waits for another try. */
const delivering: TestBotOptions = {
  env: { DISCORD_BOT_TOKEN: "bot-token" },
  fetch: async (input, init) =>
    new Request(input, init).url.startsWith("http://127.0.0.1:9/") ? Response.json({ id: "1" }) : fetch(input, init),
};

/** Keeps a job past the Worker. */
async function addJob({ database }: TestConsole, id: string, dueAt = later()): Promise<void> {
  const record = JSON.stringify([
    id,
    "remind",
    ada,
    dueAt,
    0,
    Date.now(),
    { about: "tea", channelId: "1100000000000000200" },
  ]);
  await database.raw("HSET", "sp:j:jobs", id, record);
  await database.raw("ZADD", "sp:j:due", dueAt, id);
  await database.raw("ZADD", `sp:j:of:${ada}`, dueAt, id);
}

async function addDeadJobs({ database }: TestConsole, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const record = JSON.stringify([`d${index}`, "remind", ada, 1, 5, 1, { about: "tea" }]);
    await database.raw("HSET", `sp:j:dead:${ada}`, `d${index}`, JSON.stringify([index, "no", record]));
    await database.raw("ZADD", "sp:j:dead", index, `${ada}\nd${index}`);
  }
}

/** Adds messages that "feeds" gave up, about a topic that no channel follows. */
async function addLetters({ database }: TestConsole, count: number): Promise<string[]> {
  const fields = ["c", "feed.news", "t", "message", "d", "1", "s", "x", "b", "1-1", "r", "no", "n", 5];
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    ids.push(String(await database.raw("XADD", "sp:bd:main:feeds", "*", "i", `m${index}`, ...fields)));
  }
  return ids;
}

describe("a job", () => {
  it("is moved, run now, and cancelled, and a missing one is a 404", async () => {
    const world = await createConsole(delivering);
    await addJob(world, "a");
    const moved = await world.api("actions/move-job", { id: "a", at: "2030-01-02T03:04" });
    expect(moved).toEqual({ status: 200, body: { count: 1, text: "A remind job was moved to 2030-01-02 03:04 UTC." } });
    expect(await world.database.raw("ZSCORE", "sp:j:due", "a")).toBe(String(Date.UTC(2030, 0, 2, 3, 4)));
    await world.api("actions/move-job", { id: "a", at: "2030-01-02T03:04+02:00" });
    expect(await world.database.raw("ZSCORE", "sp:j:due", "a")).toBe(String(Date.UTC(2030, 0, 2, 1, 4)));
    expect((await world.api("actions/run-job", { id: "a" })).body).toMatchObject({ text: "A remind job runs now." });
    await addJob(world, "b");
    expect((await world.api("actions/cancel-job", { id: "b" })).status).toBe(200);
    expect(await world.database.raw("HEXISTS", "sp:j:jobs", "b")).toBe(0);
    for (const name of ["run-job", "cancel-job"]) {
      expect((await world.api(`actions/${name}`, { id: "b" })).status).toBe(404);
    }
  });

  it("that runs is not run a second time beside it, and one whose claim has ended is", async () => {
    const world = await createConsole(delivering);
    await addJob(world, "a");
    await world.database.raw("ZADD", "sp:j:due", `${Date.now() + 15_000}.0009765625`, "a");
    const running = { status: 400, body: { error: "This job is running already." } };
    expect(await world.api("actions/run-job", { id: "a" })).toEqual(running);
    await world.database.raw("ZADD", "sp:j:due", `${Date.now() - 1_000}.0009765625`, "a");
    expect((await world.api("actions/run-job", { id: "a" })).status).toBe(200);
  });

  it.each([
    "",
    "soon",
    "2001-01-01T00:00",
    "2030-13-01T00:00",
    "2030-02-31T00:00",
    "NaN",
    "1e400",
    "hello 2030",
    "+275760-09-12T23:59",
    2030,
    1_893_456_000_000,
  ])("is moved to no time such as %j", async (at) => {
    const world = await createConsole();
    await addJob(world, "a");
    expect((await world.api("actions/move-job", { id: "a", at })).status).toBe(400);
    expect(await world.database.raw("ZSCORE", "sp:j:due", "a")).toMatch(/^\d{13}$/);
  });

  it("is looked at in pages", async () => {
    const world = await createConsole();
    for (const id of ["a", "b"]) await addJob(world, id);
    expect((await world.api("jobs")).body).toMatchObject({ total: 2, jobs: [{ id: "a" }, { id: "b" }] });
    expect((await world.api("jobs?from=1")).body).toMatchObject({ total: 2, jobs: [{ id: "b" }] });
    for (const from of ["-1", "x", "1.5", "1".repeat(10), ""]) {
      expect((await world.api(`jobs?from=${from}`)).body["jobs"], from).toMatchObject([{ id: "a" }, { id: "b" }]);
    }
  });
});

describe("dead jobs", () => {
  it("are dropped one by one, or all when their number is confirmed", async () => {
    const world = await createConsole();
    await addDeadJobs(world, 70);
    expect((await world.api("actions/drop-job", { id: "d0", owner: ada })).status).toBe(200);
    expect((await world.api("actions/drop-job", { id: "d0", owner: ada })).status).toBe(404);
    expect((await world.api("actions/drop-job", { id: "d1" })).status).toBe(400);
    const asked = await world.api("actions/drop-job", {});
    expect(asked).toMatchObject({ status: 409, body: { count: 69 } });
    expect((await world.api("actions/drop-job", { confirm: "70" })).status).toBe(409);
    expect((await world.api("dead-jobs")).body["total"]).toBe(69);
    const dropped = await world.api("actions/drop-job", { confirm: 69 });
    expect(dropped.body).toEqual({ count: 69, text: "69 dead jobs dropped." });
    expect((await world.api("dead-jobs")).body).toEqual({ total: 0, dead: [] });
    expect((await world.api("actions/drop-job", {})).status).toBe(404);
  });

  it("are tried again, each once by two who press at once", async () => {
    const runs: string[] = [];
    const reminders: Feature = { name: "reminders", jobs: { remind: async ({ id }) => void runs.push(id) } };
    const world = await createConsole({ features: [reminders] });
    await addDeadJobs(world, 2);
    const revive = () => world.api("actions/revive-job", { id: "d0", owner: ada });
    expect((await Promise.all([revive(), revive()])).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 404,
    ]);
    expect(runs).toEqual(["d0"]);
    expect((await world.api("dead-jobs")).body).toMatchObject({ total: 1, dead: [{ job: { id: "d1" } }] });
  });
});

describe("dead letters", () => {
  it("are delivered once when two operators replay them at once, one by one or all", async () => {
    const handled: unknown[] = [];
    const feed: Feature = {
      name: "slow",
      feeds: {
        feeds: {
          channels: "feed.*",
          open({ pubsub }) {
            const group = pubsub.group("feeds");
            group.subscribe("feed.*", async ({ id }) => {
              await new Promise((resolve) => setTimeout(resolve, 100));
              handled.push(id);
            });
            return group;
          },
        },
      },
    };
    const world = await createConsole({ features: [feed] });
    const [id = ""] = await addLetters(world, 3);
    const replay = (input: object) => world.api("actions/replay-letter", { group: "feeds", ...input });
    const one = await Promise.all([replay({ id }), replay({ id })]);
    expect(one.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(one.find(({ status }) => status === 400)?.body["error"]).toContain("being replayed right now");
    const all = await Promise.all([replay({ confirm: 2 }), replay({ confirm: 2 })]);
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(new Set(handled)).toEqual(new Set(["m0", "m1", "m2"]));
    expect(handled).toHaveLength(3);
    expect(await world.database.raw("EXISTS", "sp:a:replay:feeds")).toBe(0);
  });

  it("are looked at, replayed, and dropped, one by one or all when their number is confirmed", async () => {
    const world = await createConsole();
    const [first = "", second = ""] = await addLetters(world, 25);
    const looked = await world.api("dead-letters/feeds");
    expect(looked.body).toMatchObject({ total: 25, letters: { length: 25, 0: { id: first, reason: "no" } } });
    expect((await world.api("actions/replay-letter", { group: "feeds", id: first })).body).toMatchObject({ count: 1 });
    expect((await world.api("actions/drop-letter", { group: "feeds", id: second })).body).toMatchObject({ count: 1 });
    for (const name of ["replay-letter", "drop-letter"]) {
      expect((await world.api(`actions/${name}`, { group: "feeds", id: first })).status).toBe(404);
      expect((await world.api(`actions/${name}`, { group: "feeds", id: "" })).status).not.toBe(200);
    }
    expect((await world.api("actions/replay-letter", { group: "feeds" })).status).toBe(409);
    const replayed = await world.api("actions/replay-letter", { group: "feeds", confirm: 23 });
    expect(replayed.body).toMatchObject({ count: expect.any(Number), text: expect.stringContaining("delivered") });
    const left = (await world.api("dead-letters/feeds")).body["total"];
    expect(Number(replayed.body["count"]) + Number(left)).toBe(23);
    if (left !== 0) expect(replayed.body["text"]).toContain(`${String(left)} are left for another go`);
  });

  it("are looked at in pages of fifty, behind an id", async () => {
    const world = await createConsole();
    const ids = await addLetters(world, 52);
    const idsOf = async (query: string) => {
      const { body } = await world.api(`dead-letters/feeds${query}`);
      return [body["total"], ...(body["letters"] as { id: string }[]).map(({ id }) => id)];
    };
    expect(await idsOf("")).toEqual([52, ...ids.slice(0, 50)]);
    expect(await idsOf(`?after=${ids[49]}`)).toEqual([52, ...ids.slice(50)]);
    for (const after of ["", "x", "1", "1-", "1-1-1", "-"]) {
      expect((await world.api(`dead-letters/feeds?after=${after}`)).status, after).toBe(400);
    }
  });

  it("of a group that no feature delivers are dropped, and not replayed", async () => {
    const world = await createConsole();
    for (const count of [3, 1]) {
      await addLetters(world, count);
      await world.database.raw("RENAME", "sp:bd:main:feeds", "sp:bd:main:gone");
      expect((await world.api("actions/replay-letter", { group: "gone", confirm: count })).status).toBe(404);
      expect((await world.api("actions/drop-letter", { group: "gone", confirm: count })).body).toMatchObject({ count });
    }
    expect((await world.api("dead-letters/no%20group")).status).toBe(400);
  });
});

describe("what the bot remembers", () => {
  it("is forgotten by server, by kind, or whole", async () => {
    const world = await createConsole();
    const ask = (body: object) => world.api("actions/invalidate", body);
    expect((await ask({ guild: "1100000000000000100" })).status).toBe(200);
    expect((await ask({ kind: "member" })).status).toBe(200);
    expect((await ask({ everything: "yes" })).status).toBe(200);
    const tags = ["sp:v:guild:1100000000000000100", "sp:v:member", "sp:v:*"];
    expect(await world.database.raw("MGET", ...tags)).toEqual(["1", "1", "1"]);
    for (const body of [{}, { guild: "*" }, { kind: "*" }, { everything: "no" }])
      expect((await ask(body)).status).toBe(400);
  });

  it("of a person's sessions ends when their number is confirmed", async () => {
    const world = await createConsole();
    const end = (body: object) => world.api("actions/end-sessions", body);
    expect([(await end({ owner: ada })).status, (await end({ owner: "admin" })).status]).toEqual([404, 400]);
    const isolate = createSessionsOf({ database: world.database, prefix: "sp:" });
    const notes = isolate.invocation().store(note);
    const [own] = [await notes.create({}, { owner: ada }), await notes.create({}, { owner: ada })];
    const other = await notes.create({}, { owner: grace });
    const asked = {
      status: 409,
      body: { count: 2, error: `End 2 sessions of ${ada}? Send it again with "confirm": "2".` },
    };
    expect(await end({ owner: ada })).toEqual(asked);
    expect(await end({ owner: ada, confirm: 1 })).toEqual(asked);
    const found = (id: string, owner: string) => notes.exists({ id, owner });
    expect(await found(own.id, ada)).toBe(true);
    expect(await end({ owner: ada, confirm: 2 })).toEqual({
      status: 200,
      body: { count: 2, text: `2 sessions of ${ada} ended.` },
    });
    expect([await found(own.id, ada), await found(other.id, grace)]).toEqual([false, true]);
    for (const owner of [undefined, "1".repeat(16), "1".repeat(21), `${ada} `, `x${ada}`]) {
      expect((await end({ owner, confirm: 1 })).status, owner).toBe(400);
    }
  });
});

describe("the audit", () => {
  it("says who did what and when, by token or by login, the newest first, and what failed half-way", async () => {
    const world = await createConsole();
    await addDeadJobs(world, 3);
    await world.api("actions/drop-job", { confirm: 3 });
    const { cookie, formToken } = await world.logIn({ "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });
    await world.post("/admin/actions/invalidate", { formToken, everything: "yes" }, { Cookie: cookie });
    const { body } = await world.api("audit");
    expect(body["entries"]).toMatchObject([
      { who: expect.stringMatching(/^Firefox on Linux \([\w-]{6}\)$/), action: "invalidate", count: 1 },
      { who: "token", action: "drop-job", text: "3 dead jobs dropped.", count: 3, at: expect.any(Number) },
    ]);
    const life = Number(await world.database.raw("PTTL", "sp:a:audit"));
    expect(life).toBeGreaterThan(89 * 86_400_000);
    await addJob(world, "a");
    await world.database.break({ at: "before", do: "status", status: 400, match: "EVAL" });
    expect((await world.api("actions/cancel-job", { id: "a" })).status).toBeGreaterThanOrEqual(500);
    await world.database.mend();
    expect((await world.api("audit")).body["entries"]).toMatchObject([
      { action: "cancel-job", text: expect.stringMatching(/^Failed, perhaps half-way: /), count: 0 },
      {},
      {},
    ]);
  });

  it("that cannot be written leaves an action done, and says so, by the API and on the page", async () => {
    const world = await createConsole();
    const { cookie, formToken } = await world.logIn();
    for (const id of ["a", "b"]) await addJob(world, id);
    await world.database.raw("SET", "sp:a:audit", "x");
    const done = "A remind job was cancelled. The audit could not be written.";
    expect(await world.api("actions/cancel-job", { id: "a" })).toEqual({ status: 200, body: { count: 1, text: done } });
    const page = await world.post("/admin/actions/cancel-job", { formToken, id: "b" }, { Cookie: cookie });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(done)]);
    expect(await world.database.raw("ZCARD", "sp:j:due")).toBe(0);
  });

  it("costs two commands in the action's last request or the one after it", async () => {
    const world = await createConsole();
    await addJob(world, "a");
    const cost = await world.database.cost(() => world.api("actions/cancel-job", { id: "a" }));
    expect(cost).toMatchObject({ HGET: 1, EVAL: 1, ZREM: 2, HDEL: 1, XADD: 1, PEXPIRE: 1, requests: 3 });
  });
});

it.each([
  ["actions/launch", {}, 404],
  ["actions/constructor", {}, 404],
  ["actions/invalidate", "{", 400],
  ["actions/invalidate", [], 400],
])("answers %s with %j by %i", async (path, body, status) => {
  const { api } = await createConsole();
  expect(await api(path, body)).toMatchObject({ status, body: { error: expect.any(String) } });
});

it.each(["", "foo", "1", "1-*", "-", "18446744073709551616-0", "1-99999999999999999999"])(
  "asks Redis for no dead letter under %j, which is no id",
  async (id) => {
    const { api, get, logIn, database } = await createConsole();
    const { cookie } = await logIn();
    for (const action of ["replay-letter", "drop-letter"]) {
      const { status, body } = await api(`actions/${action}`, { group: "feeds", id });
      expect([status, body["error"]]).toEqual([404, expect.stringContaining("This dead letter is gone")]);
    }
    expect((await api(`dead-letters/feeds?after=${id}`)).status).toBe(400);
    expect((await get(`/admin/dead-letters?group=feeds&after=${id}`, { Cookie: cookie })).status).toBe(200);
    expect(await database.raw("EXISTS", "sp:a:audit")).toBe(0);
  },
);

it("takes an object of texts and whole numbers, of eight KiB, and no other body", async () => {
  const { api } = await createConsole();
  const errorOf = async (body: unknown) => (await api("actions/invalidate", body)).body["error"];
  const sized = (bytes: number) => `{"kind":"${"x".repeat(bytes - 11)}"}`;
  expect(await errorOf({ kind: 5 })).toContain('There is no kind "5"');
  expect(await errorOf(sized(8_192))).toContain("There is no kind");
  for (const body of [
    "null",
    "5",
    '"x"',
    "[]",
    "",
    { kind: "x", all: {} },
    { kind: 1.5 },
    { kind: 2 ** 53 },
    sized(8_193),
  ])
    expect(await errorOf(body), JSON.stringify(body).slice(0, 20)).toContain("send a JSON object of texts");
});
