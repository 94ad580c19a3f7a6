import { expect, it } from "vitest";
import { createLogins } from "../../../../src/web/login/logins.ts";
import { createFleet } from "../../sessions/support.ts";

const hour = 3_600_000;
const adminToken = "an-admin-token-of-24-characters-or-more";

/** Logins of one isolate on a clock that is moved by hand. */
function createWorld() {
  const { time, first, database } = createFleet(1);
  const logins = createLogins({
    adminToken,
    clock: time,
    sessions: first.invocation(),
    cooldowns: { use: async () => ({ isAllowed: true }) },
  });
  const enter = async () => {
    const result = await logins.enter(new Request("https://bot.test"), adminToken);
    return result.is === "in" ? result.cookie : "";
  };
  return { time, first, database, logins, enter };
}

it("gives a login a new secret once an hour, where the response can set the cookie", async () => {
  const { time, logins, enter } = createWorld();
  const cookie = await enter();
  expect((await logins.find(cookie, true))?.cookie).toBeUndefined();
  time.at += hour;
  expect((await logins.find(cookie))?.cookie).toBeUndefined();
  const next = (await logins.find(cookie, true))?.cookie ?? "";
  expect(next).toMatch(/^admin-/);
  time.at += 11_000;
  expect([await logins.find(cookie), (await logins.find(next, true))?.cookie]).toEqual([undefined, undefined]);
  expect(await logins.find(next)).toMatchObject({ session: { data: { label: "A browser" } } });
});

it("gives the next secret an hour after the one before, and not earlier", async () => {
  const { time, logins, enter } = createWorld();
  let cookie = await enter();
  for (let round = 1; round <= 3; round++) {
    time.at += hour - 1;
    expect((await logins.find(cookie, true))?.cookie, `round ${round}`).toBeUndefined();
    time.at += 1;
    cookie = (await logins.find(cookie, true))?.cookie ?? "";
    expect(cookie, `round ${round}`).toMatch(/^admin-/);
    expect((await logins.find(cookie, true))?.cookie).toBeUndefined();
  }
});

it("is ended by its id, for logins of this admin token alone, and lists those that last", async () => {
  const { logins, enter } = createWorld();
  const [one, other] = [await enter(), await enter()];
  const id = one.split(".")[1] ?? "";
  expect(new Set((await logins.list()).map((login) => login.id))).toEqual(
    new Set([one, other].map((cookie) => cookie.split(".")[1])),
  );
  expect([await logins.end("x"), await logins.end(id), await logins.end(id)]).toEqual([false, true, false]);
  expect([await logins.find(one), (await logins.list()).length]).toEqual([undefined, 1]);
  expect(await logins.find(other)).toBeDefined();
});

it("asks how often a network tried before it looks at the token, ten times in a quarter of an hour", async () => {
  const { time, first } = createWorld();
  const asked: unknown[] = [];
  const use = async (...given: unknown[]) => {
    asked.push(given);
    return { isAllowed: false as const, retryAfterMs: 7 };
  };
  const logins = createLogins({ adminToken, clock: time, sessions: first.invocation(), cooldowns: { use } });
  const request = new Request("https://bot.test", { headers: { "CF-Connecting-IP": "192.0.2.1" } });
  expect(await logins.enter(request, adminToken)).toEqual({ is: "limited", retryAfterMs: 7 });
  expect(asked).toEqual([[expect.stringMatching(/^login:[\w-]{22}$/), 10, 900_000]]);
});

it("takes no cookie of another admin token, or of none", async () => {
  const { time, first, logins, enter } = createWorld();
  const cookie = await enter();
  const others = createLogins({
    adminToken: `${adminToken}x`,
    clock: time,
    sessions: first.invocation(),
    cooldowns: { use: async () => ({ isAllowed: true }) },
  });
  expect(await others.find(cookie)).toBeUndefined();
  expect(await others.list()).toEqual([]);
  expect(await others.end(cookie.split(".")[1] ?? "")).toBe(false);
  const [owner, id, secret] = cookie.split(".");
  for (const wrong of [
    "",
    owner ?? "",
    `${owner}.${id}`,
    `${owner}.${id}.`,
    `${owner}.${id}.${secret}x`,
    `${owner}x.${id}.${secret}`,
  ]) {
    expect(await logins.find(wrong), wrong).toBeUndefined();
  }
});

it("gives one new secret to requests that come at once, and it outlives the overlap", async () => {
  const { time, logins, enter } = createWorld();
  const cookie = await enter();
  time.at += hour;
  const found = await Promise.all(Array.from({ length: 5 }, () => logins.find(cookie, true)));
  expect(found.every((one) => one !== undefined)).toBe(true);
  const given = found.flatMap((one) => one?.cookie ?? []);
  expect(given).toHaveLength(1);
  time.at += 11_000;
  expect(await logins.find(given[0] ?? "")).toBeDefined();
});

it("ends a login twelve hours after its last use, and a week after it was made", async () => {
  const { time, first, database, logins, enter } = createWorld();
  const cookie = await enter();
  const [, id = ""] = cookie.split(".");
  const life = Number(await database.raw("PTTL", `t:s:${id}`));
  expect([life > 12 * hour - 60_000, life <= 12 * hour]).toEqual([true, true]);
  const startedAt = time.at;
  for (let day = 1; day < 7; day++) {
    time.at = startedAt + day * 24 * hour;
    expect(await logins.find(cookie)).toBeDefined();
    await first.settled();
  }
  time.at = startedAt + 7 * 24 * hour;
  expect(await logins.find(cookie)).toBeUndefined();
});

it("costs one command to find a login, and none for a cookie of another admin token", async () => {
  const { database, first, logins, enter } = createWorld();
  const cookie = await enter();
  await first.settled();
  expect(await database.cost(() => logins.find(cookie))).toEqual({ requests: 1, MGET: 1 });
  expect(await database.cost(() => logins.find(cookie.replace("admin-", "admin-x")))).toEqual({ requests: 0 });
});
