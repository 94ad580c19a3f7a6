import type { APIMessage } from "discord-api-types/v10";
import { describe, expect, it } from "vitest";
import { channels, harbour, ids, pingedBy, startTown } from "../support.ts";

const town = await startTown();
const minute = 60_000;
const suppressEmbeds = 4;

const about = (messages: readonly APIMessage[], text: string) =>
  messages.filter(({ content }) => content.includes(`⏰ ${text}`));
/** A text that would ping Linus, a role and everyone. */
const loud = "@everyone @here <@1100000000000000013> <@&1100000000000000102> https://x.y";

/** Has Discord refuse the next direct message, and with `times` what follows it. */
const refuse = (times = 1, status = 403) => town.discord.setRestFault({ status, times, path: "/channels" });

describe("a reminder that is due", () => {
  it("arrives once as a direct message that pings no people, with its text as it was typed", async () => {
    const set = await town.command(`/remind me about:tea [Nitro](https://x.y) ${loud} in:2s`);
    expect([set.isEphemeral, set.text]).toEqual([true, expect.stringContaining(": tea")]);
    await town.pass(1_000);
    expect(about(town.inbox(ids.ada), "tea")).toEqual([]);
    await town.pass(2_000);
    const [message, ...more] = about(town.inbox(ids.ada), "tea");
    expect(more).toEqual([]);
    expect(message?.content).toContain(String.raw`⏰ tea [Nitro]\(https://x.y) @everyone`);
    expect(message?.content).toContain(`-# You asked for this <t:${Date.parse("2026-06-01T12:00:00Z") / 1_000}:R>.`);
    expect(message && pingedBy(message)).toEqual([]);
    expect((await town.command("/remind list")).text).toContain("You have no reminders.");
  });

  it.each(["/messages", "/users/@me/channels"])(
    "arrives once although Discord's answer to %s was lost",
    async (path) => {
      town.discord.setRestFault({ status: 502, times: 1, isAfter: true, path });
      await town.as("mei_lin").command(`/remind me about:nets ${path} in:1s`);
      await town.pass(2 * minute);
      expect(about(town.inbox("1100000000000000014"), `nets ${path}`)).toHaveLength(1);
    },
  );

  it("waits as long as Discord's limits say, which is no failed try", async () => {
    const mei = "1100000000000000014";
    town.discord.setRestFault({ status: 429, times: 1, retryAfter: 60, path: "/messages" });
    await town.as("mei_lin").command("/remind me about:limited in:1s");
    await town.pass(5_000);
    const due = (await town.redisCommand("ZRANGE", "sp:j:due", 0, -1, "WITHSCORES")) as string[];
    const id = due.find((one) => one.startsWith("remind:")) ?? "";
    const waitsMs = Number(due[due.indexOf(id) + 1]) - town.clock.now();
    expect(waitsMs).toBeGreaterThan(50_000);
    expect(waitsMs).toBeLessThanOrEqual(60_000);
    const [, , , , tries] = JSON.parse(String(await town.redisCommand("HGET", "sp:j:jobs", id))) as unknown[];
    expect(tries).toBe(0);
    expect(about(town.inbox(mei), "limited")).toEqual([]);
    await town.pass(2 * minute);
    expect(about(town.inbox(mei), "limited")).toHaveLength(1);
  });

  it.each([
    ["Again in 10 min", 10 * minute],
    ["Again in an hour", 60 * minute],
  ])("comes %s when its owner asks, with the same text", async (label, ms) => {
    await town.command(`/remind me about:${label} in:1s`);
    await town.pass(5_000);
    const id = about(town.inbox(ids.ada), label)[0]?.id ?? "";
    const clickedAt = town.clock.now();
    await town.discord.click(id, { label }, { user: "ada" });
    await town.pass(ms - 1_000);
    expect(about(town.inbox(ids.ada), label)).toHaveLength(1);
    await town.pass(5_000);
    const again = about(town.inbox(ids.ada), label);
    expect(again).toHaveLength(2);
    expect(Date.parse(again[1]?.timestamp ?? "") - clickedAt).toBeLessThan(ms + 2_000);
  });
});

describe("a reminder for a person who takes no direct messages", () => {
  it("is posted in the channel where it was asked for, pings its owner alone, and embeds no link", async () => {
    refuse();
    await town.as("grace.h").command(`/remind me about:fish ${loud} in:1s`);
    await town.pass(2 * minute);
    const [message, ...more] = about(town.messagesIn(channels.general), "fish");
    expect(more).toEqual([]);
    expect(message?.content).toMatch(/^<@1100000000000000012> ⏰ fish @everyone/);
    expect(message && pingedBy(message)).toEqual(["@grace.h"]);
    expect(Number(message?.flags) & suppressEmbeds).toBe(suppressEmbeds);
    expect(town.inbox(ids.grace)).toEqual([]);
  });

  it("is posted nowhere when it repeats, and says in the list why", async () => {
    const linus = town.as("linus");
    await linus.command("/remind me about:the bins every:hour");
    refuse();
    await town.pass(61 * minute);
    expect(about(town.messagesIn(channels.general), "the bins")).toEqual([]);
    const listed = await linus.command("/remind list");
    expect(listed.text).toContain("Not delivered last time: You do not accept direct messages from this bot.");
    await town.pass(60 * minute);
    expect(about(town.inbox(ids.linus), "the bins")).toHaveLength(1);
    await (await linus.command("/remind list")).click("Cancel");
  });

  it("is posted in no channel where the person may not write", async () => {
    const news = town.discord.world.guilds.get(harbour)?.channels.get(channels.news);
    Object.assign(news ?? {}, {
      permission_overwrites: [{ id: ids.linus, type: 1, allow: "0", deny: String(1 << 11) }],
    });
    refuse();
    await town.as("linus").in("#news").command("/remind me about:quiet in:1s");
    await town.pass(2 * minute);
    expect(about(town.messagesIn(channels.news), "quiet")).toEqual([]);
    expect((await town.as("linus").command("/remind list")).text).toMatch(/Not delivered .*quiet/);
  });

  it("is listed as not delivered where the bot cannot write either, and tried again when its owner asks", async () => {
    const robin = town.as("robin");
    refuse(2);
    await robin.command("/remind me about:rope in:1s");
    await town.pass(2 * minute);
    const listed = await robin.command("/remind list");
    expect(listed.text).toMatch(/Not delivered .*rope/);
    expect(listed.text).toContain("The bot cannot write in #1100000000000000111 either.");
    const again = await listed.click("Try again");
    expect(again.text).not.toContain("Not delivered");
    await town.pass(5_000);
    expect(about(town.inbox("1100000000000000015"), "rope")).toHaveLength(1);
    expect(about(town.messagesIn(channels.general), "rope")).toEqual([]);
  });

  it("arrives as a direct message again as soon as the person takes them", async () => {
    const robin = town.as("robin");
    refuse();
    await robin.command("/remind me about:knot in:1s");
    await town.pass(2_000);
    expect(about(town.messagesIn(channels.general), "knot")).toHaveLength(1);
    // Within the time for which a refusal is remembered.
    await robin.command("/remind me about:bowline in:1s");
    await town.pass(2_000);
    expect(about(town.inbox("1100000000000000015"), "bowline")).toHaveLength(1);
    expect(about(town.messagesIn(channels.general), "bowline")).toEqual([]);
  });

  it("is given up at once where Discord does not know the person any more", async () => {
    const { users } = town.discord.world;
    const robin = town.as("robin");
    await robin.command("/remind me about:gone in:1m");
    const known = users.get("1100000000000000015");
    users.delete("1100000000000000015");
    town.discord.world.directChannels.delete("1100000000000000015");
    await town.pass(2 * minute);
    expect(await town.redisCommand("ZCARD", "sp:j:of:1100000000000000015")).toBe(0);
    expect(await town.redisCommand("HLEN", "sp:j:dead:1100000000000000015")).toBe(1);
    expect(about(town.messagesIn(channels.general), "gone")).toEqual([]);
    if (known) users.set(known.id, known);
  });
});
