import { expect, it } from "vitest";
import { botToken as step } from "../../../../local/setup/bot-token.ts";
import { applicationId, botToken, settingsOf, startDiscord } from "../deployment/support.ts";
import { createTools } from "./support.ts";

it.each([botToken, `Bot ${botToken}`, `bot   ${botToken}`])(
  "takes the token %j, and says whose it is",
  async (given) => {
    const { url } = await startDiscord();
    const { tools, said, asked } = createTools(given);
    const bot = await step.run({ settings: settingsOf({ DISCORD_API_URL: url }) }, tools);
    expect(bot).toMatchObject({ token: botToken, application: { id: applicationId } });
    expect(said).toEqual([`The token is that of Sandpiper (${applicationId}).`]);
    expect(asked).toEqual([expect.stringMatching(/^DISCORD_BOT_TOKEN: Bot token, of https:\/\//)]);
  },
);

it.each([
  ["ab".repeat(32), "That is the public key, not the bot's token."],
  ["AB".repeat(32), "That is the public key, not the bot's token."],
  ["ab".repeat(31), "That is not a bot's token: it has three parts, with dots between."],
  ["1".repeat(16), "That is not a bot's token"],
  ["1".repeat(17), "That is an ID, not the bot's token."],
  ["1".repeat(20), "That is an ID, not the bot's token."],
  ["1".repeat(21), "That is not a bot's token"],
  ["a.b", "That is not a bot's token"],
  ["a.b.c.d", "That is not a bot's token"],
  ["a.b.c d", "That is not a bot's token"],
  ["", "That is not a bot's token"],
])("does not send %j to Discord", async (given, problem) => {
  const discord = await startDiscord();
  const { tools, said } = createTools(given, botToken);
  await step.run({ settings: settingsOf({ DISCORD_API_URL: discord.url }) }, tools);
  expect(said[0]).toContain(problem);
  expect(said[1]).toBe("Press Reset Token on the application's Bot page, and copy what it shows once.");
  if (given !== "") expect(said.join()).not.toContain(given);
  expect(discord.state.asked).toBe(1);
});

it("asks again for a token that Discord refuses", async () => {
  const { url } = await startDiscord();
  const { tools, said } = createTools("x.y.z", botToken);
  expect(await step.run({ settings: settingsOf({ DISCORD_API_URL: url }) }, tools)).toMatchObject({ token: botToken });
  expect(said[1]).toContain("Discord does not accept this DISCORD_BOT_TOKEN.");
});
