import { button, customId, DiscordApiError, row } from "../../discord/index.ts";
import { JobRefusedError } from "../../jobs/index.ts";
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
  /** The channel it was asked for in: it is delivered there if the person takes no direct messages. */
  channelId: string;
  /** The rhythm, in the person's own words. */
  every?: string;
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes */
const cannotMessageUser = 50_007;

/** Delivers a reminder in a direct message, or in the channel it was asked for in. It appears once, however often it is tried. */
export const deliver: JobWork = async ({ owner, data, createdAt }, { discord }, { nonce }) => {
  const { about, channelId } = data as Reminder;
  const message = {
    content: `⏰ ${about}\n-# You asked for this <t:${Math.floor(createdAt / 1_000)}:R>.`,
    components: [row(...againButtons)],
    nonce,
    enforce_nonce: true,
  };
  const post = (channel: string, body: object) =>
    discord.post(`/channels/${channel}/messages`, { body, isRepeatable: true });
  try {
    const body = { ...message, allowed_mentions: { parse: [] } };
    await discord.sendDirect(owner, { body, isRepeatable: true });
  } catch (error) {
    if (!(error instanceof DiscordApiError) || (error.code !== cannotMessageUser && error.status !== 403))
      throw refused(error);
    try {
      const content = `<@${owner}> ${message.content}`;
      await post(channelId, { ...message, content, allowed_mentions: { users: [owner] } });
    } catch (second) {
      throw refused(second);
    }
  }
};

// --- Internal helpers ---

/** A message that Discord forbids, or whose channel it does not know, is not tried again. */
const refused = (error: unknown): unknown =>
  error instanceof DiscordApiError && (error.status === 403 || error.status === 404)
    ? new JobRefusedError(error.message, { cause: error })
    : error;
