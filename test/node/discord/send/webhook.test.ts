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
  expect(seen).toHaveLength(2);
});

it("sends a refused follow-up only once when Discord has had time to read the first answer", async () => {
  const { webhook, seen, answers, drive, clock } = openWebhook();
  await clock.advance(10_000);
  answers.push(unknownWebhook);
  await expect(drive(webhook.followUp("x"))).rejects.toThrow(DiscordApiError);
  expect(seen).toHaveLength(1);
});

it("sends nothing after an interaction's 15 minutes, and says why", async () => {
  const { webhook, seen, clock } = openWebhook();
  await clock.advance(15 * 60_000 + 1);
  await expect(webhook.edit("late")).rejects.toThrow(InteractionOverError);
  await expect(webhook.followUp("late")).rejects.toThrow(
    "The 15 minutes in which this interaction could be answered are over.",
  );
  expect(seen).toEqual([]);
});

it("throws InteractionOverError when Discord says that the interaction is over", async () => {
  const { webhook, answers, drive } = openWebhook();
  answers.push(() => Response.json({ message: "Invalid Webhook Token", code: 50_027 }, { status: 401 }));
  await expect(drive(webhook.edit("late"))).rejects.toThrow(InteractionOverError);
  answers.push(() => Response.json({ message: "Maximum number of follow ups", code: 40_094 }, { status: 400 }));
  await expect(drive(webhook.followUp("sixth"))).rejects.toThrow("may follow up five times");
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
