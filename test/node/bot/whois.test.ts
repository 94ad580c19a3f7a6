import { expect, it } from "vitest";
import { startTown } from "./support.ts";

const town = await startTown();

it("shows a user to the person who asked only", async () => {
  const shown = await town.command("/whois person:@grace.h");
  expect(shown.isEphemeral).toBe(true);
  expect(shown.text).toContain("Harbour master");
  expect(shown.text).toMatch(/On Discord since\n[^]*Here since/);
  expect(shown.raw.messages[0]?.embeds[0]).toMatchObject({
    thumbnail: { url: expect.stringContaining("https://cdn.discordapp.com/") },
    fields: [{}, {}, { name: "Roles", value: "<@&1100000000000000101>" }],
  });
});

it("shows the person who asks by default, and a stranger without membership", async () => {
  expect((await town.as("linus").command("/whois")).text).toContain("linus");
  expect((await town.command("/whois person:@stranger")).text).toContain("Not a member");
  expect((await town.in("dm").command("/whois")).text).toContain("Ada");
});

it("shows a user from the user's context menu", async () => {
  const shown = await town.userCommand("Who is", "robin");
  expect([shown.text, shown.isEphemeral]).toEqual([
    expect.stringContaining("Robin “the very long display name” B."),
    true,
  ]);
});
