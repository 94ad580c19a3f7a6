import { describe, expect, it } from "vitest";
import { startSim } from "../../../local/kit/index.ts";

const sim = await startSim();

describe("/whois", () => {
  it("shows the user that the interaction brings along, without a request to Discord", async () => {
    const shown = await sim.command("/whois person:@linus");
    expect(shown.text).toContain("from this isolate's memory, 0 s old");
  });
});

describe("/server and /channel", () => {
  it("asks Discord once for a server and a channel, and says where the answer comes from", async () => {
    const first = await sim.command("/server");
    expect(first.text).toContain("The Harbour");
    expect(first.text).toContain("from Discord, just now");
    expect((await sim.as("robin").command("/server")).text).toContain("from this isolate's memory");
    expect((await sim.command("/channel")).text).toContain("Anything.");
    expect((await sim.command("/channel channel:#news")).text).toContain("#1100000000000000112");
  });

  it("shows a server without the bot's membership", async () => {
    sim.discord.world.guilds.get("1100000000000000200")?.members.delete(sim.discord.applicationId);
    expect((await sim.as("mei_lin", { channel: "accueil" }).command("/server")).text).toContain("Le Phare");
  });
});

describe("/cache", () => {
  it("shows the cache's statistics to members with Manage Server only", async () => {
    const { text, isEphemeral } = await sim.command("/cache stats");
    expect(isEphemeral).toBe(true);
    expect(text).toMatch(/guild +\d+ % +\d+ L1, \d+ Redis/);
    await expect(sim.as("robin").command("/cache stats")).rejects.toThrow(
      "robin lacks the permissions to use /cache here",
    );
  });

  it("forgets a server, and Discord is asked again", async () => {
    await sim.command("/server");
    expect((await sim.command("/cache clear")).text).toContain("Forgotten");
    expect((await sim.command("/server")).text).toContain("from Discord, just now");
  });
});

it("answers /whois, /server and /channel without Redis", async () => {
  await sim.redis.close();
  expect((await sim.command("/whois person:@grace.h")).text).toContain("Harbour master");
  expect((await sim.command("/server")).text).toContain("The Harbour");
  expect((await sim.command("/channel")).text).toContain("Anything.");
});
