import { describe, expect, it } from "vitest";
import { envelope, slashWith } from "../../support/payloads.ts";
import { channels, harbour, pingedBy, startTown } from "./support.ts";

const town = await startTown();

describe("/whois", () => {
  it("shows the user that the interaction brings along, without a request to Discord", async () => {
    const shown = await town.command("/whois person:@linus");
    expect(shown.text).toContain("from this isolate's memory, 0 s old");
  });
});

describe("/server and /channel", () => {
  it("asks Discord once for a server and a channel, and says where the answer comes from", async () => {
    const first = await town.command("/server");
    expect(first.text).toContain("The Harbour");
    expect(first.text).toContain("from Discord, just now");
    expect((await town.as("robin").command("/server")).text).toContain("from this isolate's memory");
    expect((await town.command("/channel")).text).toContain("Anything.");
    expect((await town.command("/channel channel:#news")).text).toContain("#1100000000000000112");
  });

  it("says nothing of a channel that the person cannot see, though the bot can", async () => {
    const moderators = town.discord.world.guilds.get(harbour)?.channels.get(channels.moderators);
    Object.assign(moderators ?? {}, { topic: "who is banned next" });
    await town.command("/cache clear");
    const line = `/channel channel:${channels.moderators}`;
    expect((await town.command(line)).text).toContain("who is banned next");
    const refused = await town.as("robin").command(line);
    expect([refused.isEphemeral, refused.text]).toEqual([
      true,
      expect.stringContaining("You cannot see that channel."),
    ]);
    expect(refused.text).not.toContain("banned");
  });

  it("shows a server without the bot's membership", async () => {
    town.discord.world.guilds.get("1100000000000000200")?.members.delete(town.discord.applicationId);
    expect((await town.as("mei_lin", { channel: "accueil" }).command("/server")).text).toContain("Le Phare");
  });
});

describe("the words of others in /server, /channel and /help", () => {
  const nitro = "[Nitro](https://x.y) @everyone";
  const contentOf = async (line: string) => {
    const [message] = (await town.in("#news").command(line)).raw.messages;
    expect(message && pingedBy(message)).toEqual([]);
    return message?.content ?? "";
  };

  it("are shown as they were typed, whatever links and mentions are in them", async () => {
    const { guild, channels: known } = town.discord.world.guilds.get(harbour) ?? {};
    const news = known?.get(channels.news) ?? {};
    Object.assign(guild ?? {}, { name: `*${nitro}*`, description: nitro });
    Object.assign(news, { topic: nitro });
    await town.command("/cache clear");
    const server = await contentOf("/server");
    expect(server).toContain(String.raw`**\*\[Nitro\](https://x.y) \@everyone\***`);
    expect(server).toContain(String.raw` · [Nitro]\(https://x.y) @everyone`);
    expect(await contentOf("/channel")).toContain(String.raw`[Nitro]\(https://x.y) @everyone`);
    await town.redisCommand("SET", `sp:g:${harbour}`, JSON.stringify({ greeting: nitro }));
    expect(await contentOf("/help")).toMatch(/^\[Nitro\]\\\(https:\/\/x\.y\) @everyone\n/);
    await town.redisCommand("DEL", `sp:g:${harbour}`);
    Object.assign(guild ?? {}, { name: "The Harbour", description: null });
    await town.command("/cache clear");
  });
});

describe("/cache", () => {
  it("shows the cache's statistics to members with Manage Server only", async () => {
    const { text, isEphemeral } = await town.command("/cache stats");
    expect(isEphemeral).toBe(true);
    expect(text).toMatch(/guild +\d+ % +\d+ L1, \d+ Redis/);
    await expect(town.as("robin").command("/cache stats")).rejects.toThrow(
      "robin lacks the permissions to use /cache here",
    );
  });

  it("takes no order of a person who may not manage the server, whatever their client lets through", async () => {
    const from = envelope();
    for (const name of ["stats", "clear"]) {
      const payload = slashWith("cache", [{ type: 1, name }]);
      const { messages } = await town.discord.send({ ...payload, member: { ...from.member, permissions: "1024" } });
      expect(messages[0]).toMatchObject({ content: "You need **Manage Guild** for this.", flags: 64 });
    }
  });

  it("forgets a server, and Discord is asked again", async () => {
    await town.command("/server");
    expect((await town.command("/cache clear")).text).toContain("Forgotten");
    expect((await town.command("/server")).text).toContain("from Discord, just now");
  });
});

it("answers /whois, /server and /channel without Redis", async () => {
  await town.breakRedis({ at: "before", do: "drop" });
  expect((await town.command("/whois person:@grace.h")).text).toContain("Harbour master");
  expect((await town.command("/server")).text).toContain("The Harbour");
  expect((await town.command("/channel")).text).toContain("Anything.");
});
