import { describe, expect, it } from "vitest";
import { slashWith } from "../../../support/payloads.ts";
import { channels, harbour, ids, phare, pingedBy, startTown } from "../support.ts";

const adminToken = "an-admin-token-of-24-characters";
const town = await startTown({ env: { ADMIN_TOKEN: adminToken } });
const grace = town.as("grace.h");
const sailors = "1100000000000000102";

const posts = (channelId: string, text: string) =>
  town.messagesIn(channelId).filter(({ content }) => content.includes(text));
const count = (channelId: string, text: string) => posts(channelId, text).length;

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  town.fetch(`/admin/api/events/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${adminToken}`, "Content-Type": "application/json", ...headers },
    body,
  });

const settings = (value: object) => town.redisCommand("SET", `sp:g:${harbour}`, JSON.stringify(value));

it("makes the instance that delivers a member, and leaves no work to a tick", async () => {
  await grace.command("/feed follow topic:presence");
  await grace.command("/feed publish topic:presence text:Here");
  await town.pass(1_000);
  // All is delivered, so that no tick is woken for it.
  expect(await town.redisCommand("ZSCORE", "sp:j:due", "~feeds")).toBeNull();
  expect((await grace.command("/cluster")).text).toMatch(/last worked \d+ s ago · answers you/);
  await grace.command("/feed unfollow topic:presence");
});

describe("/feed", () => {
  it("lets a channel follow a topic, posts to every follower, and unfollows", async () => {
    const followed = await grace.command("/feed follow topic:releases channel:#news");
    expect(followed.text).toContain(`#${channels.news} now follows releases.`);
    await grace.command("/feed follow topic:releases");
    const greetings = posts(channels.news, "This channel now follows **releases**");
    expect(greetings.map(pingedBy)).toEqual([[]]);
    const listed = await town.as("robin").command("/feed list");
    expect(listed.isEphemeral).toBe(true);
    for (const shown of [`releases in #${channels.general}`, `releases in #${channels.news}`])
      expect(listed.text).toContain(shown);

    const published = await grace.command("/feed publish topic:releases text:Version 2 is out");
    expect([published.isEphemeral, published.text]).toEqual([true, expect.stringContaining("Posted to releases.")]);
    await town.pass(5_000);
    for (const channel of [channels.news, channels.general])
      expect(count(channel, "Version 2 is out\n-# releases")).toBe(1);
    expect(await grace.complete("/feed unfollow topic:re")).toEqual(["releases"]);
    const stopped = await grace.command("/feed unfollow topic:releases channel:#news");
    expect(stopped.text).toContain(`#${channels.news} no longer follows releases.`);
    await grace.command("/feed publish topic:releases text:Version 3 is out");
    await town.pass(5_000);
    expect([count(channels.general, "Version 3 is out"), count(channels.news, "Version 3 is out")]).toEqual([1, 0]);
    expect(await grace.complete("/feed unfollow topic:x")).toEqual([]);
    const none = await grace.command("/feed unfollow topic:*non*<@1>");
    expect([none.isEphemeral, none.raw.messages[0]?.content]).toEqual([
      true,
      "No channel here follows **non1**. `/feed list` shows what they follow.",
    ]);
  });

  it("posts what it is given and pings no people, whatever mentions are in it", async () => {
    await grace.command("/feed follow topic:loud");
    const loud = `@everyone @here <@${ids.linus}> <@&${sailors}>`;
    await grace.command(`/feed publish topic:loud text:${loud}`);
    await post("feed.loud.more", JSON.stringify({ title: "Loud", text: loud }));
    await grace.command("/feed follow topic:loud.more");
    await post("feed.loud.more", JSON.stringify({ title: "Louder", text: loud }));
    await town.pass(5_000);
    const shown = posts(channels.general, "<@&");
    expect(shown.map(({ content }) => content.split("\n")[0])).toEqual([loud, "**Louder**"]);
    expect(shown.map(pingedBy)).toEqual([[], []]);
  });

  it("posts a text of 1,500 characters whole", async () => {
    await grace.command("/feed follow topic:long");
    const long = "x".repeat(1_500);
    expect((await grace.command(`/feed publish topic:long text:${long}`)).text).toContain("Posted to long.");
    await town.pass(5_000);
    expect(count(channels.general, `${long}\n-# long`)).toBe(1);
  });

  it("lists as many followings as fit into a message, and says how many are left out", async () => {
    const key = `sp:fl:${harbour}`;
    const before = (await town.redisCommand("HGETALL", key)) as string[];
    await town.redisCommand("DEL", key);
    const names = Array.from({ length: 30 }, (_, index) =>
      `${String(index).padStart(2, "0")}${"x".repeat(48)}.a`.slice(0, 50),
    );
    for (const name of names) await town.redisCommand("HSET", key, `${name} ${channels.general}`, "");
    const listed = (await grace.command("/feed list")).raw.messages[0]?.content ?? "";
    const lines = listed.split("\n");
    expect(lines.at(-1)).toBe(`-# and ${30 - (lines.length - 1)} more`);
    // Not one line more has room.
    expect(listed.length + (lines[0]?.length ?? 0) + 1).toBeGreaterThan(2_000);
    expect(listed.length).toBeLessThanOrEqual(2_000);
    await town.redisCommand("DEL", key);
    expect((await grace.command("/feed list")).text).toContain("No channel here follows a topic.");
    for (const length of [2_000, 2_001]) {
      const name = "x".repeat(length - `**** in <#${channels.general}>`.length);
      await town.redisCommand("HSET", key, `${name} ${channels.general}`, "");
      const shown = (await grace.command("/feed list")).raw.messages[0]?.content;
      expect(shown === `**${name}** in <#${channels.general}>`).toBe(length === 2_000);
      await town.redisCommand("DEL", key);
    }
    if (before.length > 0) await town.redisCommand("HSET", key, ...before);
  });

  it("posts once for a command that is delivered twice", async () => {
    await grace.command("/feed follow topic:twice");
    const options = [
      { type: 3, name: "topic", value: "twice" },
      { type: 3, name: "text", value: "Delivered twice" },
    ];
    const payload = slashWith("feed", [{ type: 1, name: "publish", options }]);
    const deliver = async () => {
      const { body } = await town.discord.send(payload);
      expect(JSON.stringify(body)).toContain("Posted to **twice**.");
      // Longer than Discord remembers a nonce.
      await town.pass(5 * 60_000);
      return town.redisCommand("XLEN", "sp:b:main");
    };
    const published = await deliver();
    expect(await deliver()).toBe(published);
    // Nor where the first answer was lost.
    await town.redisCommand("DEL", `sp:i:${payload.id}`);
    await deliver();
    expect(count(channels.general, "Delivered twice")).toBe(1);
  });

  it("follows in the announcement channel where the server has one, and in this one otherwise", async () => {
    await settings({ announcementChannelId: channels.news });
    await grace.command("/feed follow topic:announced");
    await grace.command("/feed follow topic:announced channel:#general");
    expect([count(channels.news, "follows **announced**"), count(channels.general, "follows **announced**")]).toEqual([
      1, 1,
    ]);
    await settings({});
  });

  it("delivers a post that another system sends over HTTP once per key", async () => {
    await grace.command("/feed follow topic:shop.orders channel:#news");
    const order = JSON.stringify({ title: "Order 7", text: "Two buckets", url: "https://shop.example/7" });
    for (let time = 0; time < 3; time++) {
      const answer = await post("feed.shop.orders", order, { "Idempotency-Key": "order-7" });
      expect(answer.status).toBe(time === 0 ? 202 : 200);
    }
    await post("feed.shop.orders", JSON.stringify({ sum: 3, items: ["a"] }));
    await town.pass(5_000);
    expect(count(channels.news, "**Order 7**\nTwo buckets\nhttps://shop.example/7")).toBe(1);
    expect(count(channels.news, '"sum": 3')).toBe(1);
    const refused = await grace.command("/feed publish topic:shop.orders text:Free buckets!");
    expect(refused.text).toContain("topics with a dot in their name are posted to over HTTP");
    await town.pass(5_000);
    expect(count(channels.news, "Free buckets")).toBe(0);
  });

  it("keeps a topic of one server from the channels of another, whatever name they guess", async () => {
    const other = town.as("grace.h").in("#accueil");
    await grace.command("/feed follow topic:harbour");
    await other.command("/feed follow topic:harbour");
    await other.command("/feed follow topic:@1100000000000000100.harbour");
    await grace.command("/feed publish topic:harbour text:Ours alone");
    await other.command("/feed publish topic:harbour text:Theirs alone");
    await town.pass(5_000);
    expect([count(channels.general, "Ours alone"), count(channels.accueil, "Theirs alone")]).toEqual([1, 1]);
    expect([count(channels.accueil, "Ours alone"), count(channels.general, "Theirs alone")]).toEqual([0, 0]);
    await other.command("/feed unfollow topic:harbour");
    expect((await grace.command("/feed list")).text).toContain("harbour in");
  });

  it("names a channel in which the bot cannot write, follows nothing there, and says what a topic may be called", async () => {
    const refused = await grace.command("/feed follow topic:hidden channel:#moderators");
    expect(refused.text).toContain("The bot cannot write in #1100000000000000113.");
    expect((await grace.command("/feed list")).text).not.toContain("hidden");
    expect(await town.redisCommand("EXISTS", `sp:f:@${harbour}.hidden`)).toBe(0);
    const longest = "x".repeat(50);
    expect((await grace.command(`/feed follow topic:${longest}`)).text).toContain("now follows");
    for (const wrong of ["Not A Topic", "-x", ".x", "a/b"])
      expect((await grace.command(`/feed follow topic:${wrong}`)).text).toContain("A topic's name has");
  });
});

describe("a person who may not manage feeds", () => {
  const orders = [
    "follow topic:mine",
    "unfollow topic:guarded",
    "publish topic:guarded text:Hello all",
    "failed",
    "retry",
  ];

  it("changes, posts and sees nothing, also with roles that /setup does not name", async () => {
    await grace.command("/feed follow topic:guarded");
    await settings({ managerRoleIds: ["1100000000000000104"] });
    const before = await town.redisCommand("HGETALL", `sp:fl:${harbour}`);
    // Robin has no role, Linus has one that is not named.
    for (const user of ["robin", "linus"]) {
      for (const order of orders) {
        const refused = await town.as(user).command(`/feed ${order}`);
        expect([refused.isEphemeral, refused.text]).toEqual([
          true,
          expect.stringContaining("You need Manage Guild for this, or a role that /setup names."),
        ]);
      }
      // Not even the names of topics are suggested.
      expect(await town.as(user).complete("/feed unfollow topic:g")).toEqual([]);
    }
    await town.pass(5_000);
    expect(count(channels.general, "Hello all")).toBe(0);
    expect(await town.redisCommand("HGETALL", `sp:fl:${harbour}`)).toEqual(before);
  });

  it("may with one of the roles that /setup names, in that server alone", async () => {
    await settings({ managerRoleIds: ["1100000000000000104", sailors] });
    const mei = town.as("mei_lin");
    expect((await mei.command("/feed publish topic:guarded text:From a sailor")).text).toContain("Posted to guarded.");
    await town.pass(5_000);
    expect(count(channels.general, "From a sailor")).toBe(1);
    // Her role in the other server manages it: taken away, nothing is left.
    town.discord.world.guilds.get(phare)?.members.get("1100000000000000014")?.roles.splice(0);
    expect((await mei.in("#accueil").command("/feed publish topic:guarded text:Hello")).text).toContain("You need");
    await settings({});
    expect((await mei.command("/feed publish topic:guarded text:Too late")).text).toContain("You need");
  });

  it("may not have the bot write in a channel that they cannot see", async () => {
    await settings({ managerRoleIds: [sailors] });
    const refused = await town.as("mei_lin").command(`/feed follow topic:guarded channel:${channels.moderators}`);
    expect([refused.isEphemeral, refused.text]).toEqual([
      true,
      expect.stringContaining("You cannot see that channel."),
    ]);
    expect(town.messagesIn(channels.moderators)).toEqual([]);
    expect((await grace.command("/feed list")).text).not.toContain(channels.moderators);
    await settings({});
  });
});

describe("failed posts", () => {
  const key = `sp:fd:${harbour}`;
  const failure = (id: string, more: object = {}) => ({
    id,
    topic: `@${harbour}.tides`,
    channelId: channels.general,
    guildId: harbour,
    data: `Data of ${id}`,
    tries: 5,
    reason: "HTTP 503 **loud**",
    at: town.clock.now(),
    isGivenUp: true,
    ...more,
  });
  const keep = async (hash: string, ...failures: ReturnType<typeof failure>[]) => {
    for (const one of failures) await town.redisCommand("HSET", hash, one.id, JSON.stringify(one));
  };

  it("are shown for this server, the last first, and those that were given up are tried again", async () => {
    expect((await grace.command("/feed failed")).text).toContain("Everything was delivered.");
    await grace.command("/feed follow topic:tides");
    const at = town.clock.now();
    await keep(key, failure("m1", { at: at - 60_000, reason: "HTTP 500" }), failure("m2"));
    await keep(key, failure("m3", { at: at - 30_000, isGivenUp: false, reason: `HTTP 502 ${"x".repeat(142)}` }));
    await keep(`sp:fd:${phare}`, failure("m9", { data: "Not yours", reason: "HTTP 599" }));
    await town.redisCommand("HSET", key, "m4", "{", "m5", "null", "m6", '{"id":"m6"}');
    const failed = await grace.command("/feed failed");
    expect(failed.isEphemeral).toBe(true);
    const shown = failed.raw.messages[0]?.content ?? "";
    expect(shown).toContain(String.raw`5 tries, given up: HTTP 503 \*\*loud\*\*`);
    expect(shown).toMatch(/HTTP 503[^]*still being tried: HTTP 502[^]*given up: HTTP 500/);
    // 150 characters of a reason.
    expect(shown).toContain(`HTTP 502 ${"x".repeat(140)}…`);
    expect(shown).not.toContain("HTTP 599");
    expect((await grace.command("/feed retry")).text).toContain("Trying 2 again.");
    await town.pass(5_000);
    expect(["m1", "m2", "m3"].map((id) => count(channels.general, `Data of ${id}`))).toEqual([1, 1, 0]);
    expect(count(channels.general, "Not yours")).toBe(0);
    const left = await grace.command("/feed failed");
    expect(left.text).toContain("HTTP 502");
    expect(left.text).not.toContain("HTTP 503");
    expect((await grace.command("/feed retry")).text).toContain("There are no posts to try again here.");
    await town.redisCommand("DEL", key);
  });

  it("are shown in 1,900 characters at most, with when each failed, to the second", async () => {
    const at = Math.floor(town.clock.now() / 1_000) * 1_000 + 999;
    const rest = ` to <#${channels.general}> <t:${Math.floor(at / 1_000)}:R>, 5 tries, given up: no`;
    for (const length of [1_900, 1_901]) {
      const name = "x".repeat(length - rest.length - 4);
      await keep(key, failure("m8", { topic: `@${harbour}.${name}`, reason: "no", at }));
      const shown = (await grace.command("/feed failed")).raw.messages[0]?.content.split("\n")[0];
      expect(shown === `**${name}**${rest}`).toBe(length === 1_900);
    }
    await town.redisCommand("DEL", key);
  });

  it("are left to a tick after 15 seconds where the invocation that tries them again does not get to it", async () => {
    await grace.command("/feed follow topic:tides");
    await keep(key, failure("m10"));
    await town.redisCommand("ZREM", "sp:j:due", "~feeds");
    town.discord.setRestFault({ status: 500, times: 100, path: "/channels/" });
    const askedAt = town.clock.now();
    await grace.command("/feed retry");
    const wakesAfterMs = Number(await town.redisCommand("ZSCORE", "sp:j:due", "~feeds")) - askedAt;
    expect(wakesAfterMs).toBeGreaterThanOrEqual(15_000);
    expect(wakesAfterMs).toBeLessThan(17_000);
    town.discord.setRestFault(undefined);
    await town.pass(2 * 60_000);
    await town.redisCommand("DEL", key);
  });

  it("are posted once, however often they are tried again", async () => {
    for (let time = 0; time < 2; time++) {
      await keep(key, failure("m7"));
      await grace.command("/feed retry");
      await town.pass(5_000);
    }
    expect(count(channels.general, "Data of m7")).toBe(1);
  });
});
