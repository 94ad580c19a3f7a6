import { describe, expect, it } from "vitest";
import { ada, counters, createFleet, minute } from "./support.ts";

describe("bearers", () => {
  it("opens a bearer's session with the whole token only, and stores no secret", async () => {
    const { first, database } = createFleet(1);
    const bearers = () => first.invocation().bearers(counters);
    const { token, session } = await bearers().issue({ count: 1 }, { owner: "admin" });
    const [owner, id = "", secret = ""] = token.split(".");
    expect([owner, id, secret.length]).toEqual(["admin", session.id, 43]);
    expect((await bearers().verify(token)).found).toBe(true);
    const wrong = [
      `admin.${id}.${secret.slice(0, -1)}x`,
      `admin.${id}.`,
      `admin.${id}`,
      `robin.${id}.${secret}`,
      "",
      "..",
      `.${id}.${secret}`,
      `${token}.x`,
    ];
    for (const [index, one] of wrong.entries()) {
      const cost = await database.cost(async () => {
        expect(await bearers().verify(one)).toEqual({ found: false, reason: "gone" });
      });
      // Only what may be a token is looked for.
      expect(cost.requests).toBe([0, 3].includes(index) ? 1 : 0);
    }
    expect(await database.raw("GET", `t:s:${id}`)).not.toContain(secret);
    expect(await first.invocation().store(counters).find({ id, owner: "admin" })).toEqual({
      found: false,
      reason: "gone",
    });
    expect(JSON.stringify(await first.invocation().list("admin"))).not.toContain("secret");
  });

  it("lists an owner's sessions of the kind with their data, and no session of another kind", async () => {
    const { first, database } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    await bearers.issue({ count: 1 }, { owner: "admin" });
    await first.invocation().store(counters).create({ count: 5 }, { owner: "admin" });
    await bearers.issue({ count: 2 }, { owner: "admin" });
    await first.settled();
    const cost = await database.cost(async () => {
      expect((await bearers.list("admin")).map(({ data }) => data.count)).toEqual([1, 2]);
    });
    expect(cost).toEqual({ requests: 2, GET: 1, MGET: 1 });
    expect(await bearers.list("robin")).toEqual([]);
  });

  it("rotates to a new token, and accepts the old one for ten seconds more", async () => {
    const { first, time } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token } = await bearers.issue({ count: 1 }, { owner: "admin" });
    const rotated = await bearers.rotate(token);
    const next = rotated.found ? rotated.token : "";
    expect(next).not.toBe(token);
    expect([(await bearers.verify(token)).found, (await bearers.verify(next)).found]).toEqual([true, true]);
    time.at += 10_000;
    expect([(await bearers.verify(token)).found, (await bearers.verify(next)).found]).toEqual([false, true]);
    expect((await bearers.rotate(token)).found).toBe(false);
    expect([await bearers.end(token), await bearers.end(next), await bearers.end(next)]).toEqual([false, true, false]);
  });

  it("revokes a bearer's sessions with all the owner's", async () => {
    const { first } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token } = await bearers.issue({ count: 1 }, { owner: ada });
    await first.invocation().endAll(ada);
    expect((await bearers.verify(token)).found).toBe(false);
    expect((await bearers.rotate(token)).found).toBe(false);
  });

  it("belongs to an owner, who can revoke it", async () => {
    const { first } = createFleet(1);
    const issued = first.invocation().bearers(counters).issue({ count: 1 }, { owner: "" });
    await expect(issued).rejects.toThrow("A bearer's session needs an owner, so that it can be revoked.");
  });

  it("opens with no token where the stored secret is missing", async () => {
    const { first, database } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token, session } = await bearers.issue({ count: 1 }, { owner: "admin" });
    const stored = String(await database.raw("GET", `t:s:${session.id}`));
    await database.raw("SET", `t:s:${session.id}`, stored.replace(/,\{"digest":"[^"]+"\}/, ""), "KEEPTTL");
    expect([await bearers.verify(token), await bearers.rotate(token), await bearers.end(token)]).toEqual([
      { found: false, reason: "gone" },
      { found: false, reason: "gone" },
      false,
    ]);
  });

  it("opens with no secret but the last two, however often it rotates", async () => {
    const { first } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const tokens = [(await bearers.issue({ count: 1 }, { owner: "admin" })).token];
    for (let time = 0; time < 2; time++) {
      const rotated = await bearers.rotate(tokens.at(-1) ?? "");
      tokens.push(rotated.found ? rotated.token : "");
    }
    const opened = await Promise.all(tokens.map(async (token) => (await bearers.verify(token)).found));
    expect(opened).toEqual([false, true, true]);
    const [owner, id] = (tokens[2] ?? "").split(".");
    const wrong = `${owner}.${id}.${"x".repeat(43)}`;
    expect([(await bearers.rotate(wrong)).found, (await bearers.verify(tokens[2] ?? "")).found]).toEqual([false, true]);
  });

  it("lives for as long as its kind says after it was last verified", async () => {
    const { first, time, database } = createFleet(1);
    const bearers = first.invocation().bearers(counters);
    const { token, session } = await bearers.issue({ count: 1 }, { owner: "admin" });
    const leftMs = async () => Number(await database.raw("PTTL", `t:s:${session.id}`));
    await database.raw("PEXPIRE", `t:s:${session.id}`, minute);
    time.at += 5 * minute;
    await bearers.verify(token);
    await first.settled();
    expect(await leftMs()).toBeGreaterThan(9.9 * minute);
    expect(await leftMs()).toBeLessThanOrEqual(10 * minute);
    await database.raw("PEXPIRE", `t:s:${session.id}`, minute);
    await bearers.rotate(token);
    expect(await leftMs()).toBeGreaterThan(9.9 * minute);
    expect(await leftMs()).toBeLessThanOrEqual(10 * minute);
  });
});
