import { DiscordApiError } from "../../discord/index.ts";
import { path } from "../../platform/index.ts";
import type { JobWork } from "../../runtime/index.ts";
import { polls, showPoll } from "./poll.ts";

/** Closes a poll whose time is up, and shows that on its message. Closing it twice changes nothing. */
export const closePoll: JobWork = async ({ data }, { sessions, discord }) => {
  const { poll } = data as { poll: string };
  const closed = await sessions.store(polls).update({ id: poll }, (one) => ({ ...one, isClosed: true }));
  if (!closed.found || !closed.session.data.message) return;
  const { channelId, messageId } = closed.session.data.message;
  try {
    await discord.patch(path`/channels/${channelId}/messages/${messageId}`, { body: showPoll(closed.session) });
  } catch (error) {
    // The message is gone or out of reach. A click on it is still told that the poll is closed.
    if (!(error instanceof DiscordApiError) || (error.status !== 403 && error.status !== 404)) throw error;
  }
};
