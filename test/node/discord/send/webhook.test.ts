import { expect, it } from "vitest";
import { createInteractionWebhook, DiscordApiError, InteractionOverError } from "../../../../src/discord/index.ts";
import { createDiscord } from "../../support.ts";

const unknownWebhook = () => Response.json({ message: "Unknown Webhook", code: 10_015 }, { status: 404 });
const message = () => Response.json({ id: "1", content: "x" });

function openWebhook({ isUserInstall = false } = {}) {
  const discord = createDiscord();
  const { clock } = discord;
  const webhook = createInteractionWebhook({
    rest: discord.rest(),
    token: "very-secret-token",
    receivedAt: clock.now(),
    isUserInstall,
    clock,
  });
  return { ...discord, webhook };
}

it("sends follow-ups and edits without the bot's token, and pings no people", async () => {
  const { webhook, seen, answers, drive, simulator } = openWebhook();
  answers.push(message, message, () => new Response(null, { status: 204 }));
  await drive(webhook.followUp("@everyone"));
  await drive(webhook.edit("changed", "1"));
  await drive(webhook.remove());
  const base = `/webhooks/${simulator.applicationId}/very-secret-token`;
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST ${base}`,
    `PATCH ${base}/messages/1`,
    `DELETE ${base}/messages/@original`,
  ]);
  expect(seen.every(({ headers }) => headers.get("Authorization") === null)).toBe(true);
});

it("opens no webhook for a token that leads to another path", () => {
  const { rest, clock } = createDiscord();
  const options = { rest: rest(), receivedAt: clock.now(), isUserInstall: false, clock };
  expect(() => createInteractionWebhook({ ...options, token: "../../users/@me" })).toThrow(RangeError);
});

it("sends a follow-up once more when Discord has not read the first answer yet", async () => {
  const { webhook, seen, answers, drive } = openWebhook();
  answers.push(unknownWebhook, message);
  await drive(webhook.followUp("x"));
  expect(seen.map(({ at }) => at - (seen[0]?.at ?? 0))).toEqual([0, 750]);
});

it("sends no follow-up again that Discord refused twice a moment ago", async () => {
  const { webhook, seen, answers, drive } = openWebhook();
  answers.push(unknownWebhook, unknownWebhook);
  await expect(drive(webhook.followUp("x"))).rejects.toMatchObject({ code: 10_015 });
  await expect(drive(webhook.followUp("x"))).rejects.toMatchObject({ code: 10_015, isRemembered: true });
  expect(seen).toHaveLength(2);
});

it("lists a message's files, and pings only whom it names, in follow-ups and edits", async () => {
  const { webhook, seen, answers, drive } = openWebhook();
  answers.push(message, message, message);
  await drive(webhook.followUp({ content: "@everyone", files: [{ name: "a.txt", data: "abc", description: "A" }] }));
  await drive(webhook.edit("@everyone"));
  await drive(webhook.followUp({ content: "<@1>", allowed_mentions: { users: ["1"] } }));
  const none = { parse: [] };
  expect(seen[0]?.body).toContain(
    JSON.stringify({
      content: "@everyone",
      allowed_mentions: none,
      attachments: [{ id: 0, filename: "a.txt", description: "A" }],
    }),
  );
  expect(seen.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
    { content: "@everyone", allowed_mentions: none },
    { content: "<@1>", allowed_mentions: { users: ["1"] } },
  ]);
});

it.each([4_999, 5_000])(
  "sends a refused follow-up again %i ms after the interaction, and a moment later not",
  async (ms) => {
    const { webhook, seen, answers, drive, clock } = openWebhook();
    await clock.advance(ms);
    answers.push(unknownWebhook, message);
    await drive(webhook.followUp("x"));
    await clock.advance(5_001 - ms);
    answers.push(unknownWebhook);
    await expect(drive(webhook.edit("x"))).rejects.toThrow(DiscordApiError);
    expect(seen).toHaveLength(3);
  },
);

it("sends a refused follow-up only once when Discord has had time to read the first answer", async () => {
  const { webhook, seen, answers, drive, clock } = openWebhook();
  await clock.advance(10_000);
  answers.push(unknownWebhook);
  await expect(drive(webhook.followUp("x"))).rejects.toThrow(DiscordApiError);
  expect(seen).toHaveLength(1);
});

it("sends nothing after an interaction's 15 minutes, and says why", async () => {
  const { webhook, seen, answers, clock } = openWebhook();
  answers.push(message);
  await clock.advance(15 * 60_000);
  await webhook.edit("just in time");
  await clock.advance(1);
  await expect(webhook.edit("late")).rejects.toThrow(InteractionOverError);
  await expect(webhook.followUp("late")).rejects.toThrow(
    "The 15 minutes in which this interaction could be answered are over.",
  );
  expect(seen).toHaveLength(1);
});

it("throws InteractionOverError when Discord says that the interaction is over", async () => {
  const { webhook, answers, drive } = openWebhook();
  answers.push(() => Response.json({ message: "Invalid Webhook Token", code: 50_027 }, { status: 401 }));
  await expect(drive(webhook.edit("late"))).rejects.toThrow(InteractionOverError);
  answers.push(() => Response.json({ message: "Maximum number of follow ups", code: 40_094 }, { status: 400 }));
  await expect(drive(webhook.followUp("sixth"))).rejects.toThrow("may follow up five times");
});

it("says that the interaction is over where Discord says so only to the second try", async () => {
  const { webhook, answers, drive } = openWebhook();
  answers.push(unknownWebhook, () => Response.json({ message: "Invalid", code: 50_027 }, { status: 401 }));
  await expect(drive(webhook.followUp("x"))).rejects.toThrow("no longer takes this interaction's token");
});

it("allows five follow-ups for a user install, and sends no sixth", async () => {
  const { webhook, seen, answers, drive } = openWebhook({ isUserInstall: true });
  for (let index = 0; index < 5; index++) {
    answers.push(message);
    await drive(webhook.followUp("x"));
  }
  await expect(webhook.followUp("sixth")).rejects.toThrow(InteractionOverError);
  expect(seen).toHaveLength(5);
});

it("allows more than five follow-ups where the server installed the application", async () => {
  const { webhook, seen, answers, drive } = openWebhook();
  for (let index = 0; index < 7; index++) {
    answers.push(message);
    await drive(webhook.followUp("x"));
  }
  expect(seen).toHaveLength(7);
});
