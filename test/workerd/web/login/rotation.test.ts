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
