import { type Application, readApplication } from "../deployment/application.ts";
import { connectDiscord } from "../deployment/clients.ts";
import { Failure } from "../deployment/failures.ts";
import type { Settings } from "../deployment/settings.ts";
import { obtain } from "./obtain.ts";
import type { Step } from "./step.ts";

/** The application, and the token that proves it. */
export interface Bot {
  token: string;
  application: Application;
}

export const botToken: Step<{ settings: Settings }, Bot> = {
  title: "Bot token",
  does: "Takes the bot's token, and asks Discord for the application's ID and public key. Changes nothing.",
  run: ({ settings }, tools) =>
    obtain(
      settings,
      {
        questions: { DISCORD_BOT_TOKEN: "Bot token, of https://discord.com/developers/applications → your app → Bot" },
        async check({ DISCORD_BOT_TOKEN: given = "" }) {
          const token = given.replace(/^Bot\s+/i, "");
          checkForm(token);
          const application = await readApplication(connectDiscord(settings, token));
          tools.say(`The token is that of ${application.name} (${application.id}).`);
          return { token, application };
        },
      },
      tools,
    ),
};

// --- Internal helpers ---

function checkForm(token: string): void {
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return;
  const looksLike = /^[0-9a-f]{64}$/i.test(token)
    ? "That is the public key, not the bot's token."
    : /^\d{17,20}$/.test(token)
      ? "That is an ID, not the bot's token."
      : "That is not a bot's token: it has three parts, with dots between.";
  throw new Failure(looksLike, "Press Reset Token on the application's Bot page, and copy what it shows once.");
}
