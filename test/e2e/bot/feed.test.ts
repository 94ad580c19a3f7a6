import { describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const adminToken = "an-admin-token-of-24-characters";
const sim = await startSim({ env: { ADMIN_TOKEN: adminToken, LOG_LEVEL: "error" } });
const grace = sim.as("grace.h");
const channels = { general: "1100000000000000111", news: "1100000000000000112", accueil: "1100000000000000211" };

/** Returns the messages of a channel as text, the newest last. */
function messagesIn(channelId: string): string[] {
  return [...(sim.discord.world.messages.get(channelId)?.values() ?? [])].map(({ content }) => content);
}
const count = (channelId: string, text: string) => messagesIn(channelId).filter((one) => one.includes(text)).length;

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  sim.fetch(`/admin/api/events/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json", ...headers },
    body,
  });

async function redis(...command: string[]): Promise<unknown> {
  const headers = { Authorization: "Bearer sim-redis-token" };
  const response = await fetch(sim.redis.url, { method: "POST", headers, body: JSON.stringify(command) });
  return ((await response.json()) as { result: unknown }).result;
}

describe("/feed", () => {
  it("lets a channel follow a topic, posts to every follower, and unfollows", async () => {
    const followed = await grace.command("/feed follow topic:releases channel:#news");
    expect(followed.text).toContain(`#${channels.news} now follows releases.`);
    await grace.command("/feed follow topic:releases");
    expect(count(channels.news, "This channel now follows **releases**")).toBe(1);
    const listed = await grace.command("/feed list");
    for (const shown of [`releases in #${channels.general}`, `releases in #${channels.news}`])
      expect(listed.text).toContain(shown);

    expect((await grace.command("/feed publish topic:releases text:Version 2 is out")).text).toContain(
      "Posted to releases.",
    );
    for (const channel of [channels.news, channels.general]) {
      await expect.poll(() => count(channel, "Version 2 is out\n-# releases"), { timeout: 5_000 }).toBe(1);
    }
    expect(await grace.complete("/feed unfollow topic:re")).toEqual(["releases"]);
    expect((await grace.command("/feed unfollow topic:releases channel:#news")).text).toContain(
      `#${channels.news} no longer follows`,
    );
    await grace.command("/feed publish topic:releases text:Version 3 is out");
    await expect.poll(() => count(channels.general, "Version 3 is out"), { timeout: 5_000 }).toBe(1);
    expect(count(channels.news, "Version 3 is out")).toBe(0);
    expect((await grace.command("/feed unfollow topic:nonsense")).text).toContain("No channel here follows nonsense.");
  });

  it("delivers a post that another system sends over HTTP once per key", async () => {
    await grace.command("/feed follow topic:shop.orders channel:#news");
    const order = JSON.stringify({ title: "Order 7", text: "Two buckets", url: "https://shop.example/7" });
    for (let time = 0; time < 3; time++) {
      const answer = await post("feed.shop.orders", order, { "Idempotency-Key": "order-7" });
      expect([200, 202]).toContain(answer.status);
    }
    await expect
      .poll(() => count(channels.news, "**Order 7**\nTwo buckets\nhttps://shop.example/7"), { timeout: 5_000 })
      .toBe(1);
    await post("feed.shop.orders", JSON.stringify({ sum: 3, items: ["a"] }));
    await expect.poll(() => count(channels.news, '"sum": 3'), { timeout: 5_000 }).toBe(1);
    expect(count(channels.news, "Order 7")).toBe(1);
    const refused = await grace.command("/feed publish topic:shop.orders text:Free buckets!");
    expect(refused.text).toContain("topics with a dot in their name are posted to over HTTP");
  });

  it("refuses a post that is not JSON, not signed or too large, and says why", async () => {
    expect(await (await post("feed.x", "{nope")).json()).toMatchObject({
      error: expect.stringContaining("is not JSON"),
    });
    expect((await post("feed.x", "1", { Authorization: "Bearer wrong-wrong-wrong-wrong-wrong" })).status).toBe(401);
    expect((await post("feed.x", `"${"x".repeat(70_000)}"`)).status).toBe(413);
    expect((await sim.fetch("/admin/api/events")).status).toBe(401);
  });

  it("shows a post once although Discord's answer was lost", async () => {
    await grace.command("/feed follow topic:tides channel:#general");
    sim.discord.setRestFault({ status: 502, times: 2, isAfter: true, path: "/messages" });
    await grace.command("/feed publish topic:tides text:High at noon");
    await expect.poll(() => count(channels.general, "High at noon"), { timeout: 8_000 }).toBe(1);
  });

  it("keeps a topic of one server from the channels of another, whatever name they guess", async () => {
    const other = sim.as("grace.h").in("#accueil");
    await grace.command("/feed follow topic:harbour");
    await other.command("/feed follow topic:harbour");
    await other.command("/feed follow topic:@1100000000000000100.harbour");
    await grace.command("/feed publish topic:harbour text:Ours alone");
    await expect.poll(() => count(channels.general, "Ours alone"), { timeout: 5_000 }).toBe(1);
    await other.command("/feed publish topic:harbour text:Theirs alone");
    await expect.poll(() => count(channels.accueil, "Theirs alone"), { timeout: 5_000 }).toBe(1);
    expect([count(channels.accueil, "Ours alone"), count(channels.general, "Theirs alone")]).toEqual([0, 0]);
  });

  it("names a channel in which the bot cannot write, and says what a topic may be called", async () => {
    const refused = await grace.command("/feed follow topic:quiet channel:#moderators");
    expect(refused.text).toContain("The bot cannot write in #1100000000000000113.");
    expect((await grace.command("/feed follow topic:Not A Topic")).text).toContain("A topic's name has");
    expect((await sim.as("robin").command("/feed follow topic:x")).text).toContain("You need Manage Guild for this");
  });

  it("shows this server's failed deliveries as they are now, whatever fails elsewhere, and tries them again", async () => {
    expect((await grace.command("/feed failed")).text).toContain("Everything was delivered.");
    const failure = { id: "m1", topic: "@1100000000000000100.tides", channelId: channels.general, data: "Found again" };
    const own = {
      ...failure,
      guildId: "1100000000000000100",
      tries: 5,
      reason: "HTTP 503",
      at: Date.now(),
      isGivenUp: true,
    };
    await redis("HSET", "sp:fd:1100000000000000100", "m1", JSON.stringify(own));
    await redis("HSET", "sp:fd:1100000000000000200", "m2", JSON.stringify({ ...own, id: "m2", data: "Not yours" }));
    const failed = await grace.command("/feed failed");
    expect(failed.text).toMatch(/tides to #\d+ .*, 5 tries, given up: HTTP 503/);
    expect(failed.text.match(/HTTP 503/g)).toHaveLength(1);
    expect((await grace.command("/feed retry")).text).toContain("Trying 1 again.");
    await expect.poll(() => count(channels.general, "Found again"), { timeout: 5_000 }).toBe(1);
    expect(count(channels.general, "Not yours")).toBe(0);
    expect((await grace.command("/feed failed")).text).toContain("Everything was delivered.");
  });

  it("makes the instance that delivers a member", async () => {
    await grace.command("/feed follow topic:presence");
    await grace.command("/feed publish topic:presence text:Here");
    await expect
      .poll(async () => (await grace.command("/cluster")).text)
      .toMatch(/last worked \d+ s ago · answers you/);
  });

  it("forgets deleted channels", async () => {
    const key = "sp:f:@1100000000000000100.ghosts";
    await redis("HSET", key, "1100000000000000999", "1100000000000000100");
    await grace.command("/feed publish topic:ghosts text:Boo");
    await expect.poll(() => redis("HLEN", key), { timeout: 5_000 }).toBe(0);
  });
});
