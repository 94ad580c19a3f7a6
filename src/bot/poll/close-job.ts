import { isForbidden } from "../../discord/index.ts";
import { path } from "../../platform/index.ts";
import type { Invocation, JobWork } from "../../runtime/index.ts";
import { forgetIfRemoved } from "../membership.ts";
import { polls, showPoll } from "./poll.ts";

/** Returns the owner of the jobs that close a server's polls. */
export const ownerOfJobs = (guildId: string): string => `polls-${guildId}`;

/** Removes the jobs that close a server's polls. Cost: 5 commands, 1 round trip. */
export const forgetJobs = ({ jobs }: Invocation, guildId: string): Promise<void> => jobs.forget(ownerOfJobs(guildId));

/**
 * Closes a poll whose time is up, and shows that on its message. Where Discord never told the id of that message, and no click
 * on it did, the result is posted in the poll's channel. Closing it twice changes nothing.
 */
export const closePoll: JobWork = async ({ data }, services, { nonce }) => {
  const { sessions, discord } = services;
  const { poll, guildId } = data as { poll: string; guildId?: string };
  const closed = await sessions.store(polls).update({ id: poll }, (one) => ({ ...one, isClosed: true }));
  if (!closed.found) return;
  const { message, channelId } = closed.session.data;
  const body = showPoll(closed.session);
  try {
    if (message) await discord.patch(path`/channels/${message.channelId}/messages/${message.messageId}`, { body });
    else if (channelId !== undefined) {
      const once = { nonce, enforce_nonce: true };
      await discord.post(path`/channels/${channelId}/messages`, { body: { ...body, ...once }, isRepeatable: true });
    }
  } catch (error) {
    // The message or channel is gone or out of reach. A click on the poll is still told that it is closed.
    if (!isForbidden(error)) throw error;
    if (guildId !== undefined) await forgetIfRemoved(services, guildId);
  }
};
