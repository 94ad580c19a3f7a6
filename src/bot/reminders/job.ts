import { asWritten, button, customId, DiscordApiError, isForbidden, messageFlags, row } from "../../discord/index.ts";
import { JobRefusedError } from "../../jobs/index.ts";
import { path } from "../../platform/index.ts";
import type { JobWork } from "../../runtime/index.ts";

/** The custom_id pattern of the buttons on a delivered reminder. */
export const againPattern = "remind/again/:minutes<int>";
const again = customId(againPattern);
const againButtons = [
  button({ label: "Again in 10 min", custom_id: again.build({ minutes: 10 }) }),
  button({ label: "Again in an hour", custom_id: again.build({ minutes: 60 }) }),
];

/** The data of a reminder's job. */
export interface Reminder {
  about: string;
  /**
   * The channel it was asked for in, if the person may write there: it is delivered there if they accept no direct messages.
   */
  channelId?: string;
  /** The rhythm, in the person's own words. */
  every?: string;
}

/** Returns the data of a stored reminder; what cannot be read of it is missing. */
export function readReminder(data: unknown): Reminder {
  const { about, channelId, every }: Partial<Record<string, unknown>> = { ...(data as object) };
  return {
    about: typeof about === "string" ? about : "(the text of this reminder cannot be read)",
    ...(typeof channelId === "string" && { channelId }),
    ...(typeof every === "string" && { every }),
  };
}

/**
 * Delivers a reminder in a direct message. One that does not repeat is delivered in the channel it was asked for in, where the
 * person may write there and takes no direct messages. It appears once, however often it is tried.
 */
export const deliver: JobWork = async ({ owner, data, every, createdAt }, { discord }, { nonce }) => {
  const { about, channelId } = readReminder(data);
  const message = {
    content: `⏰ ${asWritten(about, maxAbout)}\n-# You asked for this <t:${Math.floor(createdAt / 1_000)}:R>.`,
    components: [row(...againButtons)],
    nonce,
    enforce_nonce: true,
  };
  // A refusal that is remembered is asked about anew: people open their direct messages, and try again.
  const post = (channel: string, body: object) =>
    discord.post(path`/channels/${channel}/messages`, { body, isRepeatable: true, isFresh: true });
  try {
    await discord.sendDirect(owner, { body: message, isRepeatable: true, isFresh: true });
  } catch (error) {
    if (!(error instanceof DiscordApiError) || error.status !== 403) throw refused(error);
    if (channelId === undefined || every) throw new JobRefusedError(noDirectMessages, { cause: error });
    try {
      const content = `<@${owner}> ${message.content}`;
      // The bot may embed what a link leads to where the person may not.
      const flags = messageFlags.suppressEmbeds;
      await post(channelId, { ...message, content, flags, allowed_mentions: { users: [owner] } });
    } catch (second) {
      throw refused(second, `${noDirectMessages} The bot cannot write in <#${channelId}> either.`);
    }
  }
};

// --- Internal helpers ---

/** The most characters of `about` in a message: more than a person can enter. */
const maxAbout = 1_600;

const noDirectMessages = "You do not accept direct messages from this bot.";

/** A message that Discord forbids, or whose channel it does not know, is not tried again. */
const refused = (error: unknown, reason?: string): unknown =>
  isForbidden(error) ? new JobRefusedError(reason ?? error.message, { cause: error }) : error;
